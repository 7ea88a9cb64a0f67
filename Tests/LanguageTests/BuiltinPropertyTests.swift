import Testing

/// Each property that is checked without a line written, violated once: its name, the line and the object.
@Suite("Built-in properties")
struct BuiltinPropertyTests {
  @Test("lock.unlock_not_held: releasing what the process does not hold, in that mode")
  func unlockNotHeld() throws {
    try check(
      """
      mutex m;
      process p { mutex_unlock(&m); } // @p
      """, states: 1, transitions: 1, violations: ["lock.unlock_not_held @p: m"])
    try check(
      """
      rwsem s;
      process p {
          down_read(&s);
          up_write(&s); // @p
      }
      """, states: 2, transitions: 2, violations: ["lock.unlock_not_held @p: s"])
    try check(
      """
      spinlock l[2];
      process p { spin_lock(&l[0]); wait_event(false); }
      process q { spin_unlock(&l[0]); } // @q
      """, violations: ["lock.unlock_not_held @q: l[0]"])
  }

  @Test("lock.held_at_return: leaving an entry function, or ending, with a lock held")
  func heldAtReturn() throws {
    try check(
      """
      mutex m;
      bool b;
      entry void sys()
      {
          mutex_lock(&m);
          if (b)
              return; // @early
          mutex_unlock(&m);
      }
      process p {
          b = maybe;
          sys();
          exit;
      }
      """, violations: ["lock.held_at_return @early: m"])
    try check(
      """
      mutex m;
      process p { mutex_lock(&m); } // @p
      """, states: 2, transitions: 1, violations: ["lock.held_at_return @p: m"])
  }

  @Test("lock.self_deadlock: taking what the process holds")
  func selfDeadlock() throws {
    try check(
      """
      struct obj pool 1 { mutex lock; };
      process p {
          struct obj *o = alloc_nofail(struct obj);
          mutex_lock(&o->lock);
          mutex_lock(&o->lock); // @again
      }
      """, states: 3, transitions: 3, violations: ["lock.self_deadlock @again: obj#0.lock"])
    try check(
      """
      rwsem s;
      process p {
          down_read(&s);
          down_write(&s); // @again
      }
      """, states: 2, transitions: 2, violations: ["lock.self_deadlock @again: s"])
  }

  @Test("lock.order: a cycle is found even if no run deadlocks")
  func lockOrder() throws {
    // q takes the locks the other way round, but only after p has ended.
    try check(
      """
      mutex a;
      mutex b;
      process p {
          mutex_lock(&a);
          mutex_lock(&b);
          mutex_unlock(&b);
          mutex_unlock(&a);
      }
      process q {
          wait_event(ended(p));
          mutex_lock(&b);
          mutex_lock(&a); // @back
          mutex_unlock(&a);
          mutex_unlock(&b);
      }
      """, states: 10, transitions: 9, violations: ["lock.order @back"])
  }

  @Test("lock.order: two locks of one class have no order, but a nested one has")
  func lockClasses() throws {
    func body(_ second: String) -> String {
      """
      mutex m[2];
      process p {
          mutex_lock(&m[0]);
          \(second) // @second
          mutex_unlock(&m[1]);
          mutex_unlock(&m[0]);
      }
      """
    }
    try check(body("mutex_lock(&m[1]);"), states: 5, transitions: 4, violations: ["lock.order @second"])
    try check(body("mutex_lock_nested(&m[1], 1);"), states: 5, transitions: 4)
  }

  @Test("lock.unguarded: reading and writing without the lock")
  func unguarded() throws {
    try check(
      """
      mutex m;
      0..3 x guarded_by m;
      process p {
          0..3 a;
          mutex_lock(&m);
          x = 1;
          a = x;
          mutex_unlock(&m);
          a = x; // @read
          x = 2; // @write
      }
      """, states: 7, transitions: 6, violations: ["lock.unguarded @read: m", "lock.unguarded @write: m"])
  }

  @Test("lock.unguarded: a lock for reading is not enough to write")
  func unguardedWrite() throws {
    try check(
      """
      rwsem s;
      0..3 x guarded_by s;
      process p {
          0..3 a;
          down_read(&s);
          a = x;
          x = 1; // @write
          up_read(&s);
          down_write(&s);
          x = a;
          up_write(&s);
      }
      """, violations: ["lock.unguarded @write: s"])
  }

  @Test("lock.unguarded: who has the only pointers to an object needs no lock")
  func exclusiveObject() throws {
    try check(
      """
      struct obj pool 1 { mutex lock; 0..3 n guarded_by lock; };
      struct obj *list;
      process p {
          struct obj *o = alloc_nofail(struct obj);
          o->n = 1;
          list = o;
          o->n = 2; // @published
          mutex_lock(&o->lock);
          o->n = 3;
          mutex_unlock(&o->lock);
          list = null;
          o->n = 0;
          free(o);
      }
      """, violations: ["lock.unguarded @published: list.lock"])
  }

  @Test("lock.freed_while_held")
  func freedWhileHeld() throws {
    try check(
      """
      struct obj pool 1 { spinlock lock; };
      process p {
          struct obj *o = alloc_nofail(struct obj);
          spin_lock(&o->lock);
          free(o); // @free
      }
      """, violations: ["lock.freed_while_held @free: obj#0.lock"])
  }

  @Test("lifetime.null: following null")
  func null() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      struct obj *g;
      process p {
          g = null;
          g->b = true; // @here
      }
      """, states: 2, transitions: 2, violations: ["lifetime.null @here: obj.b"])
  }

  @Test("lifetime.use_after_free: even if the place was allocated again")
  func useAfterFree() throws {
    try check(
      """
      struct obj pool 1 { 0..3 n; };
      struct obj *g;
      process p {
          struct obj *o = alloc_nofail(struct obj);
          g = o;
          free(o);
          o = alloc_nofail(struct obj);
          g->n = 1; // @here
          free(o);
      }
      """, states: 5, transitions: 5, violations: ["lifetime.use_after_free @here: obj.n"])
  }

  @Test("lifetime.stale_compare: comparing a stale pointer with an object, but not with null")
  func staleCompare() throws {
    try check(
      """
      struct obj pool 2 { 0..3 n; };
      struct obj *g;
      process p {
          struct obj *o = alloc_nofail(struct obj);
          g = o;
          free(o);
          o = alloc_nofail(struct obj);
          assert(g != null && o != null);
          if (g == o) // @here
              o->n = 1;
          free(o);
      }
      """, violations: ["lifetime.stale_compare @here: obj"])
  }

  @Test("lifetime.double_free")
  func doubleFree() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      struct obj *g;
      process p {
          g = alloc_nofail(struct obj);
          free(g);
          free(g); // @again
      }
      """, states: 3, transitions: 3, violations: ["lifetime.double_free @again: obj"])
  }

  @Test("lifetime.refcount_from_zero and lifetime.refcount_underflow")
  func refcounts() throws {
    try check(
      """
      refcount_t r;
      process p { refcount_inc(&r); } // @p
      """, states: 1, transitions: 1, violations: ["lifetime.refcount_from_zero @p: r"])
    try check(
      """
      refcount_t r = 1;
      process p {
          refcount_dec(&r);
          refcount_dec(&r); // @again
      }
      """, states: 2, transitions: 2, violations: ["lifetime.refcount_underflow @again: r"])
    try check(
      """
      refcount_t r;
      process p {
          bool last;
          last = refcount_dec_and_test(&r); // @p
      }
      """, states: 1, transitions: 1, violations: ["lifetime.refcount_underflow @p: r"])
  }

  @Test("lifetime.never_freed: an object that nothing leads to any more")
  func lost() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      struct obj *g;
      process p {
          g = alloc_nofail(struct obj); // @alloc
          g = null;
          loop g = null;
      }
      """, states: 3, transitions: 3, violations: ["lifetime.never_freed @alloc: obj#0"])
  }

  @Test("lifetime.never_freed: an object that is still there when every process has ended")
  func leftBehind() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      struct obj *g;
      process p { g = alloc_nofail(struct obj); } // @p
      """, states: 2, transitions: 1, violations: ["lifetime.never_freed @p: g"])
  }

  @Test("lifetime.never_freed: objects lost in two ways are two violations")
  func lostTwice() throws {
    let found = try SpecRun(
      """
      struct obj pool 1 { bool b; };
      struct obj *g;
      process p {
          if (maybe) {
              g = alloc_nofail(struct obj);
              g = null;
          } else {
              g = alloc_nofail(struct obj);
              g->b = true;
              g = null;
          }
          loop g = null;
      }
      """)
    // Leaks of one pool are told as one violation, at its first allocation; the docs say so.
    withKnownIssue("two leaks of one pool are one violation") {
      #expect(found.violations.count == 2)
    }
    #expect(!found.violations.isEmpty)
  }

  @Test("range.overflow: a range and a refcount above its bound")
  func overflow() throws {
    try check(
      """
      0..3 x;
      process p {
          x = 3;
          x++; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.overflow @here: x"])
    try check(
      """
      refcount_t r = 7;
      process p { refcount_inc(&r); } // @here
      """, states: 1, transitions: 1, violations: ["range.overflow @here: r"])
  }

  @Test("range.overflow: a result that no number holds")
  func hugeNumbers() throws {
    try check(
      """
      bool x;
      bool b;
      process p {
          b = (x ? 1 : 9223372036854775807) + 1 > 0; // @here
          x = true;
      }
      """, states: 1, transitions: 1, violations: ["range.overflow @here"])
  }

  @Test("range.index: reading and writing out of bounds")
  func index() throws {
    try check(
      """
      bool a[2];
      u8 i;
      process p {
          i = 5;
          a[i] = true; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.index @here: a"])
    try check(
      """
      bool a[2];
      bool b;
      u8 i;
      process p {
          i = 5;
          b = a[i]; // @here
          a[0] = b;
      }
      """, states: 2, transitions: 2, violations: ["range.index @here: a"])
  }

  @Test("range.division: by zero, and shifts by the width of the word or more")
  func division() throws {
    try check(
      """
      0..3 x;
      process p {
          x = 6 / x; // @here
      }
      """, states: 1, transitions: 1, violations: ["range.division @here"])
    try check(
      """
      u8 w;
      u8 n;
      process p {
          n = 8;
          w = w % 2 << n; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.division @here"])
    try check(
      """
      -3..3 n;
      bool b;
      process p {
          n = -1;
          b = 1 << n == 2; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.division @here"])
  }

  @Test("range.pool: a full pool")
  func pool() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      process p {
          struct obj *a = alloc_nofail(struct obj);
          struct obj *b = alloc_nofail(struct obj); // @full
          free(a);
          free(b);
      }
      """, states: 2, transitions: 2, violations: ["range.pool @full"])
  }

  @Test("deadlock: said to be where a process waits")
  func deadlock() throws {
    // p and q each take one lock: 3 * 3 + ... places; the deadlock is one of them.
    try check(
      """
      mutex a;
      mutex b;
      process p {
          mutex_lock(&a);
          mutex_lock(&b); // @p
          mutex_unlock(&b);
          mutex_unlock(&a);
      }
      process q {
          mutex_lock(&b);
          mutex_lock(&a); // @q
          mutex_unlock(&a);
          mutex_unlock(&b);
      }
      """, violations: ["lock.order @q", "deadlock @p"])
  }

  @Test("deadlock: daemons may wait, environments do not count, and who has ended does not either")
  func deadlockKinds() throws {
    try check(
      "bool b; process d daemon { wait_event(b); } process p { b = false; }", states: 2, transitions: 1)
    // The hardware goes on for ever, and still p is stuck in both states of it.
    try check(
      """
      bool tick;
      bool go;
      process hardware environment { loop tick = !tick; }
      process p { wait_event(go); go = true; } // @p
      """, states: 2, transitions: 2, violations: ["deadlock @p"])
    // A daemon that can step keeps p alive; an environment that waits is no deadlock.
    try check(
      "bool b; process d daemon { b = true; } process p { wait_event(b); }", states: 3, transitions: 2)
    try check("bool b; process e environment { wait_event(b); b = true; }", states: 1, transitions: 0)
  }

  @Test("assert: its line, and the search goes on")
  func assertion() throws {
    try check(
      """
      0..3 x;
      process p { assert(x == 1); } // @before
      """, states: 1, transitions: 0, violations: ["assert @before"])
    try check(
      """
      0..3 x;
      process p {
          assert(x == 1); // @first
          x = 2;
          assert(x == 1, "with a text"); // @second
      }
      """, states: 4, transitions: 3, violations: ["assert @first", "assert @second"])
  }

  @Test("violations of one property in one run are told apart by their place")
  func places() throws {
    try check(
      """
      mutex m;
      0..3 x guarded_by m;
      process p {
          choose {
          case: x = 1; // @one
          case: x = 2; // @two
          }
          mutex_unlock(&m); // @three
      }
      """, states: 5, transitions: 6,
      violations: ["lock.unlock_not_held @three: m", "lock.unguarded @one: m", "lock.unguarded @two: m"])
  }
}
