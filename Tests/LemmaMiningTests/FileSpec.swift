/// Objects that come and go, with all kinds of fields: what the classic specs do not have.
let fileSpec = """
  spec files "a file in a table, opened, used and closed by several tasks";

  param TASKS = 2;
  param FILES = 2;

  enum phase_t { fresh, used };
  flags access_t { READ, WRITE };

  struct file pool FILES {
      refcount_t refs;
      access_t access;
      phase_t phase;
      mutex lock;
      set of task users;
      struct file *before;
  };

  mutex table_lock;
  struct file *table;
  struct file *last_closed;

  process user[TASKS] symmetric {
      loop {
          struct file *f;

          mutex_lock(&table_lock);
          atomic {
              if (!table) {
                  f = alloc(struct file);
                  if (f) {
                      refcount_set(&f->refs, 1);
                      f->access = READ;
                      f->before = last_closed;
                      table = f;
                  }
              }
              f = table;
              if (f)
                  refcount_inc(&f->refs);
              mutex_unlock(&table_lock);
          }
          if (f) {
              mutex_lock(&f->lock);
              atomic {
                  f->phase = used;
                  f->users |= {current};
                  mutex_unlock(&f->lock);
              }
              mutex_lock(&table_lock);
              atomic {
                  f->users -= {current};
                  if (table == f && maybe) {
                      table = null;
                      refcount_dec(&f->refs);
                      last_closed = f;
                  }
                  if (refcount_dec_and_test(&f->refs))
                      free(f);
                  mutex_unlock(&table_lock);
              }
          }
      }
  }
  """

/// Sets of pointers to what is freed while it is in them.
let bagSpec = """
  spec bags "things that are put into a bag, freed, and only then taken out";

  param TASKS = 2;
  param THINGS = 2;

  struct thing pool THINGS {
      set of struct thing *friends;
  };
  bool somebody_freed;

  process user[TASKS] symmetric {
      loop {
          struct thing *made;
          set of struct thing *bag;

          made = alloc(struct thing);
          if (made) {
              made->friends = {made};
              bag = {made};
              made->friends = {};
              free(made);
              somebody_freed = true;
              bag = {};
          }
      }
  }
  """
