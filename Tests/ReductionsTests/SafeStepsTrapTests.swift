import Testing
import TransitionIR

/// Specs in which a step looks harmless: each is missed by an analysis that forgets one kind of conflict.
@Suite("Traps for safe steps")
struct SafeStepsTrapTests {
  struct Trap: Sendable, CustomTestStringConvertible {
    let name: String
    /// What must be found, or nothing if it is an edge of the lock order.
    let finding: String
    let text: String
    var testDescription: String { name }
  }

  @Test("what is found", arguments: traps, Way.allCases)
  func found(_ trap: Trap, _ way: Way) throws {
    let system = try Specimens.system(text: trap.text)
    let whole = Explorer(system)
    #expect(
      trap.finding.isEmpty
        ? !whole.found.lockOrder.isEmpty : whole.found.violations.contains { $0.hasPrefix(trap.finding) })
    #expect(way.explore(system).found == whole.found)
  }

  private static let traps = [
    Trap(
      name: "another lock of the same class", finding: "assert",
      text: """
        typedef 0..1 ix;
        mutex m[ix];
        0..3 x;
        process p { mutex_lock(&m[0]); x = 1; mutex_unlock(&m[0]); }
        process q {
            0..3 a;
            mutex_lock(&m[1]);
            a = x;
            assert(a == 1, "too early");
            mutex_unlock(&m[1]);
        }
        """),
    Trap(
      name: "a lock released under another name", finding: "assert",
      text: """
        struct obj pool 1 { mutex lock; 0..3 n; };
        struct obj *g;
        struct obj *h;
        bool b;
        init { g = alloc_nofail(struct obj); h = g; }
        process p {
            struct obj *o;
            struct obj *r;
            o = g;
            r = h;
            mutex_lock(&o->lock);
            b = true;
            if (held(&r->lock)) {
                mutex_unlock(&r->lock);
                o->n = 1;
            }
        }
        process q {
            struct obj *t;
            t = g;
            mutex_lock(&t->lock);
            assert(!b || t->n == 1, "in between");
            mutex_unlock(&t->lock);
        }
        """),
    Trap(
      name: "an object that is freed before it is used", finding: "lifetime.use_after_free",
      text: """
        struct obj pool 1 { 0..3 n; };
        struct obj *g;
        init { g = alloc_nofail(struct obj); }
        process p { struct obj *o; o = g; o->n = 1; }
        process q { struct obj *r; r = g; free(r); }
        """),
    Trap(
      name: "a pointer that is forgotten before somebody asks for it", finding: "lock.unguarded",
      text: """
        struct obj pool 1 { mutex lock; 0..3 n guarded_by lock; };
        struct obj *g;
        bool b;
        0..1 y;
        init { g = alloc_nofail(struct obj); }
        process q { struct obj *r; r = g; b = true; y = 1; r = null; wait_event(!b); }
        process p { struct obj *o; wait_event(b); o = g; g = null; o->n = 1; wait_event(!b); }
        """),
    Trap(
      name: "a lock that goes with its object before the next one is taken", finding: "",
      text: """
        struct obj pool 1 { mutex lock; 0..3 n; };
        struct obj *g;
        mutex m;
        bool b;
        init { g = alloc_nofail(struct obj); }
        process q { struct obj *r; wait_event(b); r = g; free(r); }
        process p { struct obj *o; o = g; mutex_lock(&o->lock); b = true; mutex_lock(&m); }
        """),
    Trap(
      name: "a property of steps that looks at what others have done", finding: "slow",
      text: """
        0..2 x;
        0..1 y;
        process p { y = 1; }
        process q { x = 2; }
        step slow "x": old(x) != 2;
        """),
  ]
}
