import Reductions
import Testing
import TransitionIR

/// Locals that nobody reads any more.
@Suite("Dead locals")
struct DeadLocalsTests {
  /// States without and with the reduction; what is found must be the same.
  private func states(_ text: String) throws -> [Int] {
    let system = try Specimens.system(text: text)
    let cleared = clearingDeadLocals(system)
    #expect(validate(cleared).isEmpty)
    let (whole, reduced) = (Explorer(system), Explorer(cleared))
    #expect(whole.found == reduced.found)
    return [whole.stateCount, reduced.stateCount]
  }

  @Test("one that was read for the last time")
  func lastRead() throws {
    let counts = try states(
      """
      0..3 x;
      process p { 0..3 a; choose { case: a = 1; case: a = 2; } x = a; x = 0; x = 3; }
      """)
    // x = a tells the two apart, what comes behind it does not.
    #expect(counts == [8, 7])
  }

  @Test("not one that is read later, by a loop or a property")
  func stillRead() throws {
    let loop = try states(
      """
      0..3 x;
      process p { 0..3 a; choose { case: a = 1; case: a = 2; } loop { x = a; x = 0; } }
      """)
    #expect(loop[0] == loop[1])
  }

  @Test("not a pointer: the object would be lost too early")
  func pointer() throws {
    let counts = try states(
      """
      struct obj pool 1 { bool b; };
      0..3 x;
      process p {
          struct obj *o = alloc_nofail(struct obj);
          x = 1;
          x = 2;
          wait_event(false);
      }
      """)
    #expect(counts[0] == counts[1])
  }

  @Test("a path of the cleared system is a path of the original")
  func replays() throws {
    for seed in 0..<60 {
      let system = try Specimens.system(text: RandomSpec.text(seed))
      let cleared = Interpreter(clearingDeadLocals(system))
      let original = Interpreter(system)
      var left = cleared.initialStates()
      var right = original.initialStates()
      #expect(left.map(\.choices) == right.map(\.choices))
      guard var a = left.first(where: { !$0.isFatal })?.state,
        var b = right.first(where: { !$0.isFatal })?.state
      else { continue }
      for step in 0..<40 {
        guard
          let process = (0..<system.processCount).map({ ($0 + step) % system.processCount }).first(where: {
            cleared.successors(of: a, process: $0).contains { !$0.isFatal }
          })
        else { break }
        left = cleared.successors(of: a, process: process)
        right = original.successors(of: b, process: process)
        #expect(left.map(\.choices) == right.map(\.choices))
        #expect(left.map(\.covered) == right.map(\.covered))
        #expect(left.map { $0.violations.map(\.property) } == right.map { $0.violations.map(\.property) })
        guard let index = left.indices.last(where: { !left[$0].isFatal }) else { break }
        (a, b) = (left[index].state, right[index].state)
      }
    }
  }
}
