import CheckDriver
import Testing

/// What one step is.
///
/// The numbers are counted by hand: states are drawn as `pc: values` in the comments where it helps.
@Suite("Steps")
struct StepTests {
  @Test("locals run with the step before them, and a choose is a step of its own")
  func stepRule() throws {
    // writer: 4 places in a row. reader: decision, one of two assertions, end. Nothing couples them: 4 * 4 states,
    // 3 * 4 steps of the writer and 4 * (2 + 1 + 1) of the reader.
    try check(
      """
      0..4 x;
      0..4 y;
      process writer {
          0..4 a = 0;
          x = 1;
          a = 3;
          y = a;
          atomic {
              x = 2;
              y = 2;
          }
      }
      process reader {
          choose {
          case: assert(x != 3);
          case: assert(x <= y || y != 2);
          }
      }
      """, states: 16, transitions: 28)
  }

  @Test("what stands before the first step has happened in the initial states")
  func beforeTheFirstStep() throws {
    // Two initial states: before `x = 1` and before `x = 3`. Then 1, 2, 3 in a row.
    try check(
      """
      0..3 x;
      process p {
          if (maybe)
              goto out;
          x = 1;
          x = 2;
      out:
          x = 3;
      }
      invariant never_twice "the jump goes over both": x == 0 || x == 1 || x == 2 || x == 3;
      """, states: 5, transitions: 4)
  }

  @Test("variables that no statement writes make no step")
  func constants() throws {
    try check(
      """
      0..3 limit = 2;
      0..3 x;
      process p {
          0..3 a = limit;
          a = limit;
          x = a;
      }
      """, states: 2, transitions: 1)
  }

  @Test("fields of per process structs that are only reached through current make no step")
  func ownFields() throws {
    // Each process has one step only: the write of x.
    try check(
      """
      struct task per process { 0..3 mine; };
      0..3 x;
      process p[2] {
          current->mine = 1;
          current->mine = current->mine + 1;
          x = current->mine;
      }
      """, states: 4, transitions: 4)
  }

  @Test("fields of per process structs that others reach are shared")
  func foreignFields() throws {
    // p: write, end. q: read, end.
    try check(
      """
      struct task per process { 0..3 mine; };
      process p { current->mine = 1; }
      process q { assert(p->mine < 2); }
      """, states: 4, transitions: 4)
  }

  @Test("an atomic is one step, and waits as a whole if something inside would block")
  func atomic() throws {
    // a: 3 places, and holds m at the second. b: 2 places; its only step needs m free: at 2 of 3 places of a.
    try check(
      """
      mutex m;
      bool half;
      process a {
          mutex_lock(&m);
          mutex_unlock(&m);
      }
      process b {
          atomic {
              half = true;
              mutex_lock(&m);
              half = false;
              mutex_unlock(&m);
          }
      }
      invariant whole "nobody sees the middle": !half;
      """, states: 6, transitions: 6)
  }

  @Test("an atomic that can never go on is a deadlock, and leaves no trace in the state")
  func blockedAtomic() throws {
    try check(
      """
      0..2 x;
      process p {
          atomic { // @here
              x = 1;
              wait_event(x == 2);
          }
      }
      invariant untouched "the first half did not happen": x == 0;
      """, states: 1, transitions: 0, violations: ["deadlock @here"])
  }

  @Test("a jump into an atomic does not take what follows out of its step")
  func jumpIntoAtomic() throws {
    // Whatever is made of it, x is shared: it cannot be 3 before anyone has taken a step.
    do {
      let found = try SpecRun(
        """
        0..3 x;
        process p {
            goto inside;
            atomic {
                x = 1;
        inside:
                x = 2;
                x = 3;
            }
        }
        """)
      #expect(found.states > 1)
    } catch is SpecErrors {
      // Refusing it is as good.
    }
  }

  @Test("a label that a property observes begins a step")
  func observedLabel() throws {
    // Without `at` the label would be no place: `a = 1` runs with `x = 1`.
    let body = """
      0..1 x;
      process p {
          0..1 a;
          x = 1;
      critical:
          a = 1;
      }
      """
    try check(body, states: 2, transitions: 1)
    try check(
      body + "\nreachable there \"p gets there\": exists q in p: at(q, critical);\n", states: 3,
      transitions: 2)
  }

  @Test("a label inside of an atomic cannot be observed silently")
  func labelInAtomic() throws {
    #expect(throws: SpecErrors.self) {
      try SpecRun(
        """
        0..1 x;
        process p {
            atomic {
                x = 1;
        here:
                x = 0;
            }
        }
        invariant never "p is never seen there": !(exists q in p: at(q, here));
        """)
    }
  }

  @Test("an increment is one step of a statement, and two of accesses")
  func granularity() throws {
    let body = """
      0..2 x;
      process p[2] { x++; }
      invariant counted "nothing is lost": // @counted
          (forall q in p: ended(q)) ==> x == 2;
      """
    // Two processes with two places.
    try check(body, states: 4, transitions: 4)
    // Start, read r, end: SS0, RS0*2, RR0, ES1*2, ER(r=0)1*2, ER(r=1)1*2, EE1, EE2.
    try check(body, states: 12, transitions: 14, violations: ["counted @counted"], granularity: .access)
  }

  @Test("an atomic stays one step when accesses are steps")
  func atomicAccesses() throws {
    try check(
      """
      0..2 x;
      process p[2] { atomic { x++; } }
      invariant counted "nothing is lost": (forall q in p: ended(q)) ==> x == 2;
      """, states: 4, transitions: 4, granularity: .access)
  }

  @Test("each read and the write of a statement are steps of accesses")
  func accessSequence() throws {
    // With q and r free: 4 states before the first read, 3 * 2 after it, 3 * 3 after the second, 1 + 2 + 2 + 3 at the end.
    // p takes 4 + 6 + 9 steps, q 2 + 2 + 3 + 3, r 2 + 3 + 3 + 3.
    try check(
      """
      0..2 x; 0..2 y; 0..4 z;
      process p { z = x + y; }
      process q { x = 1; }
      process r { y = 1; }
      """, states: 27, transitions: 40, granularity: .access)
  }

  @Test("init runs before the first state, with every choice that it leaves")
  func initialChoices() throws {
    // 3 * 2 initial states; then x = 0 leaves 2.
    try check(
      """
      0..2 x;
      bool y;
      init {
          x = any v in 0..2;
          if (maybe)
              y = true;
      }
      process p { x = 0; }
      """, states: 8, transitions: 6)
  }

  @Test("init blocks run in the order of their declaration")
  func initialOrder() throws {
    try check(
      """
      0..3 x;
      init { x = 1; }
      process p {
          assert(x == 3);
          x = 0;
      }
      init { x = x + 2; }
      """, states: 3, transitions: 2)
  }
}
