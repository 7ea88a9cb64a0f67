import Evidence
import ExplicitEngine
import RandomSpecs
import SMTSolver
import Testing
import TransitionIR

@testable import SymbolicEngine

@Suite("Induction over steps")
struct KInductionTests {
  /// What `k` good steps exclude, if no run of `k` steps breaks it.
  private func proven(_ system: TransitionSystem, k: Int) throws -> Set<Goal>? {
    let goals = Goals(SymbolicSystem(system)) { _ in true }
    guard goals.refused.isEmpty, let check = try? BoundedCheck(goals, options: SolverOptions()) else {
      return nil
    }
    _ = try check.run(limit: k) { false }
    let induction = try KInduction(goals, options: SolverOptions())
    return induction.proven(induction.allGoals.subtracting(check.findings.map(\.goal)), k: k) { false }
  }

  @Test("needs as many steps as it takes to come from a bad state to a worse one", arguments: [1, 2, 3])
  func steps(k: Int) throws {
    // 5 and 6 are not reached; from 5 it takes two steps to 7.
    let system = try compile(
      """
      spec s "s"; 0..7 x;
      process p {
        loop { atomic { if (x < 3) x = x + 1; else if (x > 4 && x < 7) x = x + 1; else x = 0; } }
      }
      invariant never_seven "": x != 7;
      """)
    let isProven = try #require(try proven(system, k: k)).contains { $0.property == "never_seven" }
    #expect(isProven == (k == 3))
  }

  @Test("never proves what a search refutes, in random specs", arguments: 0..<4)
  func random(part: UInt64) throws {
    var count = 0
    for seed in part * 8..<part * 8 + 8 {
      let spec = RandomSpec(seed: seed + 1000)
      let system = try compile(spec.text)
      guard let proven = try proven(system, k: 2) else { continue }
      let outcome = try checkExplicitly(Interpreter(system), limits: SearchLimits(clock: { 0 }))
      for answer in outcome.answers {
        for case .violated(let found) in answer.verdicts + (answer.witness.map { [.violated($0)] } ?? []) {
          let site = found.property == "deadlock" ? SiteID(-1) : found.site
          #expect(!proven.contains(Goal(found.property, site)), "seed \(seed + 1000): \(found.property)")
        }
      }
      count += proven.count
    }
    #expect(count > 0)
  }
}
