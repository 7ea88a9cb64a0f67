import Reductions
import Testing
import TransitionIR

/// What each condition is for: a spec in which something is missed without it.
@Suite("Conditions of safe steps")
struct SafeStepsConditionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let condition: SafeSteps.Refusal
    /// What is missed.
    let finding: String
    let text: String
    var testDescription: String { condition.rawValue }
  }

  @Test(
    "each is needed",
    arguments: [
      Case(
        condition: .visible, finding: "never_one",
        text: """
          0..2 x;
          process p { x = 1; x = 2; }
          invariant never_one "x": x != 1;
          """),
      Case(
        condition: .conflict, finding: "assert",
        text: """
          0..1 x;
          process p { x = 1; }
          process q { 0..1 a; a = x; assert(a == 1, "too early"); }
          """),
      Case(
        condition: .environment, finding: "deadlock",
        text: """
          mutex m;
          0..1 x;
          process p { mutex_lock(&m); mutex_unlock(&m); }
          process hardware environment { mutex_lock(&m); x = 1; mutex_unlock(&m); }
          """),
      Case(
        condition: .conjures, finding: "lifetime.never_freed",
        text: """
          struct obj pool 1 { bool b; };
          struct obj *g;
          init { g = alloc_nofail(struct obj); }
          process finder {
              struct obj *o;
              o = any obj in obj;
              g = o;
              wait_event(false);
          }
          process loser daemon { g = null; wait_event(false); }
          """),
      Case(
        condition: .circular, finding: "deadlock",
        text: """
          mutex a;
          mutex b;
          process p { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
          process q { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
          """),
    ])
  func isNeeded(_ example: Case) throws {
    let system = try Specimens.system(text: example.text)
    let whole = Explorer(system)
    #expect(whole.found.violations.contains { $0.hasPrefix(example.finding) }, "\(whole.found.violations)")
    let reduced = Explorer(system, steps: SafeSteps(system, kinds: [.partialOrder, .atomicity]))
    #expect(reduced.found == whole.found)
    let careless = Explorer(
      system, steps: SafeSteps(system, kinds: [.partialOrder, .atomicity], ignoring: [example.condition]))
    #expect(!careless.found.violations.contains { $0.hasPrefix(example.finding) })
  }

  /// Without it nobody else would ever move.
  @Test("a loop of safe steps is cut")
  func loopIsCut() throws {
    let system = try Specimens.system(
      text: """
        0..1 x;
        process p { loop { x = 1; x = 0; } }
        process q { assert(false, "q moves"); }
        """)
    let interpreter = Interpreter(system)
    func safeStepCount(_ steps: SafeSteps) throws -> Int {
      var state = try #require(interpreter.initialStates().first).state
      for count in 0..<100 {
        guard let process = steps.safeProcess(in: state, interpreter),
          let next = interpreter.successors(of: state, process: process).first
        else { return count }
        state = next.state
      }
      return 100
    }
    // Only p: q's own step is safe, too.
    #expect(try safeStepCount(SafeSteps(system, kinds: [.partialOrder])) <= 3)
    #expect(try safeStepCount(SafeSteps(system, kinds: [.partialOrder], ignoring: [.sticky])) == 100)
    #expect(
      Explorer(system, steps: SafeSteps(system, kinds: [.partialOrder])).found == Explorer(system).found)
  }

  @Test("a fatal step does not make the others forgotten")
  func fatalStep() throws {
    let system = try Specimens.system(
      text: """
        0..3 z;
        0..1 y;
        process p { 0..3 a; z = 3; z++; }
        process q { y = 1; assert(y == 0, "q moves"); }
        """)
    let whole = Explorer(system)
    #expect(whole.found.violations.count == 2)
    for way in Way.allCases { #expect(way.explore(system).found == whole.found) }
  }
}
