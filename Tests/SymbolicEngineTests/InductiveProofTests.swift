import Evidence
import ExplicitEngine
import LemmaMining
import RandomSpecs
import SMTSolver
import Testing
import TransitionIR

@testable import CheckDriver
@testable import SymbolicEngine

/// What is proven with lemmas, held against the search.
@Suite("Induction with lemmas")
struct InductiveProofTests {
  private func proof(_ system: TransitionSystem) throws -> InductiveProof? {
    let goals = Goals(SymbolicSystem(system, allocation: .any)) { _ in true }
    guard goals.refused.isEmpty else { return nil }
    let states = try ReachableStates(of: Interpreter(system), limits: SearchLimits(clock: { 0 }))
    let source = MinedLemmas(try SystemPair(small: system, large: system), states, sample: [])
    let proof = try InductiveProof(goals, source: source, options: SolverOptions())
    try proof.run { _ in false }
    return proof
  }

  @Test("never proves what a search refutes, in random specs", arguments: 0..<6)
  func random(part: UInt64) throws {
    var count = 0
    for seed in part * 8..<part * 8 + 8 {
      let system = try compile(RandomSpec(seed: seed + 3000).text)
      guard let proof = try? proof(system) else { continue }
      let outcome = try checkExplicitly(Interpreter(system), limits: SearchLimits(clock: { 0 }))
      for answer in outcome.answers where answer.property != "lock.order" {
        for case .violated(let found) in answer.verdicts + (answer.witness.map { [.violated($0)] } ?? []) {
          let goal = Goal(found.property, found.property == "deadlock" ? SiteID(-1) : found.site)
          guard proof.allGoals.contains(goal) else { continue }
          if case .proven = proof.result(goal) { Issue.record("seed \(seed + 3000): \(found.property)") }
        }
      }
      count += proof.allGoals.count { if case .proven = proof.result($0) { true } else { false } }
    }
    #expect(count > 0)
  }

  @Test("shows of the first objects what is so of all, however they are named")
  func objects() throws {
    let text = { (bug: Bool) in
      """
      spec s "s";
      struct node pool 3 { bool used; };
      struct node *first; struct node *second;
      process p[2] symmetric {
        loop {
          atomic {
            struct node *mine = alloc(struct node);
            if (mine) {
              mine->used = true;
              if (maybe && first == null) first = mine;
              else if (second == null) second = \(bug ? "first" : "mine");
              else free(mine);
            }
          }
        }
      }
      invariant all_used "": forall n in node: n->used;
      invariant different "": first == null || first != second;
      """
    }
    #expect(try proven(text(false)) == ["all_used", "different"])
    #expect(try proven(text(true)) == ["all_used"])
  }

  /// Which of the invariants of a spec are proven.
  private func proven(_ text: String) throws -> Set<String> {
    let proof = try #require(try proof(compile(text)))
    return Set(
      proof.goals.onStates.map(\.goal).filter { goal in
        if case .proven = proof.result(goal) {
          goal.property != "lifetime.never_freed" && goal.property != "deadlock"
        } else {
          false
        }
      }.map(\.property))
  }
}
