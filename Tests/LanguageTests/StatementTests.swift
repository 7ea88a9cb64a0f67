import Testing

/// Control flow: each statement with the states it goes through, counted by hand.
@Suite("Statements")
struct StatementTests {
  @Test("while tests before each iteration")
  func whileLoop() throws {
    // Test and increment for x = 0, 1, 2; the last test; the end.
    try check(
      "0..3 x; process p { while (x < 3) x++; }", states: 8, transitions: 7)
  }

  @Test("do tests after each iteration")
  func doWhile() throws {
    try check(
      "0..3 x; process p { do x++; while (x < 3); }", states: 7, transitions: 6)
  }

  @Test("loop goes on for ever, and break ends it")
  func endless() throws {
    try check("0..3 x; process p { loop x = x == 3 ? 0 : x + 1; }", states: 4, transitions: 4)
    try check(
      "0..3 x; process p { loop { if (x == 2) break; x++; } }", states: 6, transitions: 5)
  }

  @Test("break and continue belong to the innermost loop")
  func nestedLoops() throws {
    // Inner loop: x is set to 1, 2, 3, then broken off; continue of the outer goes back to its head once more.
    try check(
      """
      0..3 x;
      0..2 rounds;
      process p {
          loop {
              loop {
                  x++;
                  break;
              }
              rounds++;
              if (rounds < 2)
                  continue;
              break;
          }
      }
      """, states: 7, transitions: 6)
  }

  @Test("for takes the values of a range in order")
  func orderedFor() throws {
    // 0, 1, 3, 6.
    try check("0..6 sum; process p { for (i in 1..3) sum += i; }", states: 4, transitions: 3)
  }

  @Test("for with break and continue")
  func forBreakContinue() throws {
    // i = 0 adds 1, i = 1 is skipped, i = 2 adds 3, i = 3 ends it.
    try check(
      """
      0..9 sum;
      process p {
          for (i in 0..9) {
              if (i == 1)
                  continue;
              if (i == 3)
                  break;
              sum += i + 1;
          }
          assert(sum == 4);
      }
      """, states: 4, transitions: 3)
  }

  @Test("for takes enum values and members of an ordered set in order")
  func orderedSets() throws {
    try check(
      """
      enum color { RED, GREEN, BLUE };
      color last;
      0..3 n;
      process p {
          for (c in color) {
              atomic {
                  assert(n == 0 || last != c);
                  last = c;
                  n++;
              }
          }
          assert(last == BLUE && n == 3);
      }
      """, states: 5, transitions: 4)
    try check(
      """
      set of 0..3 s;
      0..3 last;
      init { s = {3, 1}; }
      process p {
          for (e in s where e > 0) {
              assert(e > last);
              last = e;
          }
          assert(last == 3);
      }
      """, states: 6, transitions: 5)
  }

  @Test("the set of a for is taken once, before the loop")
  func snapshot() throws {
    // Take the set (a step), empty it twice, for 0 and for 1, and n = 2.
    try check(
      """
      set of 0..2 s;
      0..2 n;
      init { s = {0, 1}; }
      process p {
          for (e in s)
              s = {};
          n = 2;
      }
      """, states: 5, transitions: 4)
  }

  @Test("for takes processes in every order")
  func processOrder() throws {
    // Two initial states (which one is first), one step each, the other one, together at the end.
    try check(
      """
      0..1 hits[worker];
      process worker[2] daemon { wait_event(false); }
      process p { for (w in worker) hits[w]++; }
      """, states: 5, transitions: 4)
  }

  @Test("for takes the objects of a pool in every order")
  func objectOrder() throws {
    // Which are there (2 ways to go on), touch one (2), touch the other (together), free both.
    try check(
      """
      struct obj pool 2 { bool touched; };
      struct obj *a;
      struct obj *b;
      init {
          a = alloc_nofail(struct obj);
          b = alloc_nofail(struct obj);
      }
      process p {
          for (o in obj)
              o->touched = true;
          free(a);
          free(b);
      }
      """, states: 8, transitions: 8)
  }

  @Test("switch takes the case of the value, several values or the default")
  func switching() throws {
    // Start; 3 colors before the switch, 3 after it, 3 at the end: BLUE and GREEN share their place.
    try check(
      """
      enum color { RED, GREEN, BLUE };
      color c;
      0..2 n;
      process p {
          c = any k in color;
          switch (c) {
          case RED: n = 0; break;
          case GREEN: case BLUE: n = 1; break;
          default: n = 2; break;
          }
      }
      invariant no_default "every value has its case": n != 2;
      """, states: 10, transitions: 9)
  }

  @Test("switch without a case for the value goes on behind")
  func switchFallsOut() throws {
    try check(
      """
      0..3 x;
      process p {
          switch (x) {
          case 1: x = 3; break;
          case 2: x = 3; break;
          }
          x = 1;
      }
      """, states: 3, transitions: 2)
  }

  @Test("choose takes any case whose condition holds")
  func chooseGuards() throws {
    // Decision at x = 0, 1, 2 (1 + 2 + 1 ways), ++ at 0 and 1, -- at 1 and 2.
    try check(
      """
      0..2 x;
      process p {
          loop choose {
          case x < 2: x++;
          case x > 0: x--;
          else: wait;
          }
      }
      """, states: 7, transitions: 8)
  }

  @Test("else is taken if no condition holds")
  func chooseElse() throws {
    try check(
      """
      0..2 x;
      process p {
          choose {
          case x == 1: x = 0;
          else: x = 2;
          }
          assert(x == 2);
      }
      """, states: 4, transitions: 3)
  }

  @Test("else wait waits until a condition holds")
  func chooseWait() throws {
    // p waits for q: decision, x = 0, end with q at 2 places, but p cannot decide before q is done.
    try check(
      """
      0..2 x;
      process p {
          choose {
          case x == 1: x = 0;
          else: wait;
          }
      }
      process q { x = 1; }
      """, states: 4, transitions: 3)
    try check(
      """
      0..2 x;
      process p {
          choose { // @here
          case x == 1: x = 0;
          else: wait;
          }
      }
      """, states: 1, transitions: 0, violations: ["deadlock @here"])
  }

  @Test("maybe, any and where choose within the step of their statement")
  func choices() throws {
    try check("bool b; process p { b = maybe; }", states: 3, transitions: 2)
    try check("0..3 x; process p { x = any v in 0..3 where v != 1; }", states: 4, transitions: 3)
    try check(
      """
      0..3 x;
      process p { x = (any v in 1..2) + (maybe ? 1 : 0); }
      """, states: 4, transitions: 4)
  }

  @Test("any waits if there is nothing to choose")
  func emptyChoice() throws {
    // q first, then p has one way; p cannot go first.
    try check(
      """
      0..3 x;
      0..3 y;
      process p { y = any v in 0..3 where v < x; }
      process q { x = 1; }
      """, states: 3, transitions: 2)
  }

  @Test("wait_event waits")
  func waiting() throws {
    try check(
      """
      bool go;
      process p { wait_event(go); go = false; }
      process q { go = true; }
      """, states: 4, transitions: 3)
  }

  @Test("exit ends the process anywhere")
  func exiting() throws {
    try check(
      """
      0..3 x;
      void f() { x = 1; exit; }
      process p { f(); x = 3; }
      invariant no_three "nothing follows": x != 3;
      """, states: 2, transitions: 1)
  }

  @Test("goto leads forward to an error exit and backward to a retry")
  func jumps() throws {
    // Attempts: x = 1; back; x = 2; back ... until it is 3; then y.
    try check(
      """
      0..3 x;
      bool y;
      process p {
      retry:
          x++;
          if (x < 3)
              goto retry;
          if (x == 3)
              goto out;
          x = 0;
      out:
          y = true;
      }
      """, states: 9, transitions: 8)
  }

  @Test("return leaves a function from inside of its loops")
  func returning() throws {
    try check(
      """
      0..3 x;
      0..3 first_above(0..3 low)
      {
          for (i in 0..3) {
              if (i > low)
                  return i;
          }
          return 0;
      }
      process p { x = first_above(1); }
      invariant two "0 or 2": x == 0 || x == 2;
      """, states: 2, transitions: 1)
  }

  @Test("a local starts at its default value each time its declaration is executed")
  func freshLocals() throws {
    // p: the assertion, again and again; q: one write. Nothing of the last iteration is left.
    try check(
      """
      struct v { bool f; bool g[2]; };
      0..1 x;
      process p {
          loop {
              struct v s;
              bool a[2];
              0..3 k;
              assert(!s.f && !s.g[1] && !a[0] && k == 0 && x < 2);
              s.f = true;
              s.g[1] = true;
              a[0] = true;
              k = 2;
          }
      }
      process q { x = 1; }
      """, states: 2, transitions: 3)
  }
}
