import Testing

/// Each property of locks, violated once: its name, the line and the object.
@Suite("lock.*")
struct LockPropertyTests {
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
