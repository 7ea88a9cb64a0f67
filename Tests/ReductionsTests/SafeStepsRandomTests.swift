import Testing
import TransitionIR

/// Systems that nobody has thought of.
@Suite("Reductions of random specs")
struct SafeStepsRandomTests {
  /// Beyond it a search is given up.
  private static let limit = 2_000

  @Test("the same findings", arguments: Way.allCases)
  func sameFindings(_ way: Way) throws {
    var compared = 0
    var broken = 0
    for seed in 0..<300 {
      let system = try Specimens.system(text: RandomSpec.text(seed))
      let whole = Explorer(system, limit: Self.limit)
      if whole.isTooLarge { continue }
      let reduced = way.explore(system, limit: 4 * Self.limit)
      #expect(reduced.found == whole.found, "random spec \(seed)")
      compared += 1
      if !whole.found.violations.isEmpty { broken += 1 }
    }
    #expect(compared > 250)
    #expect(broken > 100, "most of them break something")
  }
}
