import Testing

/// Statements in each other: where inlining, atomic steps, loops and jumps meet.
@Suite("Combinations")
struct CombinationTests {
  @Test("a function with choices and loops inside of an atomic is one step")
  func callInAtomic() throws {
    // One step to each of the values 1, 2 (by i = 1 or i = 2) and 0 (by falling through).
    try check(
      """
      0..3 x;
      0..3 find()
      {
          for (i in 1..2) {
              if (maybe)
                  return i;
          }
          return 0;
      }
      process p {
          atomic {
              x = 3;
              x = find();
          }
      }
      invariant whole "the 3 is never seen": x != 3;
      """, states: 4, transitions: 3)
  }

  @Test("a choose inside of an atomic is part of the step, and waits with it")
  func chooseInAtomic() throws {
    try check(
      """
      0..3 x;
      process p {
          atomic {
              x++;
              choose {
              case x == 1: x = 2;
              case x == 1: x = 3;
              else: wait;
              }
          }
          atomic { // @stuck
              choose {
              case x == 2: x = 0;
              else: wait;
              }
          }
      }
      """, states: 4, transitions: 3, violations: ["deadlock @stuck"])
  }

  @Test("goto leaves loops and atomics")
  func jumpOut() throws {
    // atomic; x = 1; end.
    try check(
      """
      0..3 x;
      process p {
          for (i in 0..2) {
              atomic {
                  x = 3;
                  if (i == 1)
                      goto out;
              }
          }
          x = 0;
      out:
          x = 1;
      }
      invariant never_zero_again "the jump skips x = 0": old_or(x);
      bool old_or(0..3 v) { return v == 0 || v == 1 || v == 3; }
      """, states: 4, transitions: 3)
  }

  @Test("one variable in two calls of one function are two variables")
  func frames() throws {
    // The argument x is read in a step of its own: what is called is inlined, so the call is not one statement.
    try check(
      """
      0..9 x;
      0..9 add(0..9 a, 0..9 b) { 0..9 sum = a; sum += b; return sum; }
      process p { x = add(add(1, 2), add(x, 4)); }
      invariant seven "": x == 0 || x == 7;
      """, states: 3, transitions: 2)
  }

  @Test("arguments are evaluated from left to right, each in its own steps")
  func argumentOrder() throws {
    try check(
      """
      0..9 x;
      0..9 next() { x++; return x; }
      0..99 pair(0..9 a, 0..9 b) { return 10 * a + b; }
      0..99 y;
      process p { y = pair(next(), next()); }
      invariant twelve "": y == 0 || y == 12;
      """, violations: [])
  }

  @Test("and, or and ?: with calls run only what they need")
  func lazyCalls() throws {
    try check(
      """
      0..9 x;
      bool yes() { x++; return true; }
      bool no() { x++; return false; }
      process p {
          if (no() && yes())
              x = 9;
          assert(x == 1);
          if (yes() || no())
              assert(x == 2);
          if (!no() && (yes() ==> yes()))
              assert(x == 5);
          x = x == 5 ? 6 : next();
          assert(x == 6);
      }
      0..9 next() { x = 0; return 1; }
      """, violations: [])
  }

  @Test("a while whose condition is a call evaluates it each time")
  func callInCondition() throws {
    try check(
      """
      0..9 x;
      bool more() { x++; return x < 3; }
      process p {
          while (more())
              assert(x < 3);
          assert(x == 3);
          do { } while (more());
          assert(x == 4);
      }
      """, violations: [])
  }

  @Test("an exit inside of a function ends the process with its locks")
  func exitInside() throws {
    try check(
      """
      mutex m;
      void give_up()
      {
          mutex_lock(&m);
          if (maybe)
              exit; // @exit
          mutex_unlock(&m);
      }
      process p { give_up(); }
      """, violations: ["lock.held_at_return @exit: m"])
  }

  @Test("locals of the processes of a kind are their own")
  func ownLocals() throws {
    try check(
      """
      0..2 x;
      process p[2] {
          0..2 mine;
          mine = x;
          x = mine + 1 > 2 ? 2 : mine + 1;
          assert(mine < 2);
      }
      """, states: 12, transitions: 14)
  }

  @Test("a lock taken in a loop over objects is known by its object")
  func locksInLoops() throws {
    try check(
      """
      struct obj pool 2 { mutex lock; 0..1 n guarded_by lock; };
      init {
          struct obj *a = alloc_nofail(struct obj);
          struct obj *b = alloc_nofail(struct obj);
          all = {a, b};
      }
      set of struct obj * all;
      process p[2] {
          for (o in all) {
              mutex_lock(&o->lock);
              o->n = 1;
              mutex_unlock(&o->lock);
          }
          loop wait_event(false);
      }
      process idle daemon { wait_event(false); }
      expect violated deadlock;
      """, violations: ["deadlock @line 14"])
  }

  @Test("switch, break and continue inside of loops")
  func switchInLoop() throws {
    try check(
      """
      0..9 x;
      process p {
          for (i in 0..4) {
              switch (i) {
              case 0: continue;
              case 1: x += 1; break;
              case 2: case 3: x += 2; break;
              default: return_point(); break;
              }
          }
          assert(x == 9);
      }
      void return_point() { if (x != 5) return; x += 4; }
      """, violations: [])
  }

  @Test("the same spec has the same verdicts with steps of accesses, if it locks properly")
  func lockedAccesses() throws {
    let body = """
      mutex m;
      0..4 x guarded_by m;
      process p[2] {
          mutex_lock(&m);
          if (x < 2 && x >= 0)
              x = x + 1;
          mutex_unlock(&m);
      }
      invariant counted "": (forall q in p: ended(q)) ==> x == 2;
      """
    #expect(try SpecRun(body).violations == [])
    #expect(try SpecRun(body, granularity: .access).violations == [])
  }
}
