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

  /// Seed 3435 (part 54): nobody can move or not, as was chosen.
  ///
  /// 3938 (part 117): nobody has a step.
  @Test("never proves what a search refutes, in random specs", arguments: [0, 1, 2, 3, 4, 5, 54, 117])
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

  /// Of two initial states each idea holds in one.
  @Test("believes nothing of a likely lemma: it has to hold in every initial state, too")
  func likely() throws {
    let system = try compile(
      """
      spec s "s";
      0..2 x = 0; 0..2 y = 0;
      bool x_was_1; bool y_was_1;
      init { if (maybe) x = 2; else y = 2; }
      process p {
        atomic { if (x == 0) x = 1; }
        atomic { if (y == 0) y = 1; }
        atomic { if (x == 1) x_was_1 = true; if (y == 1) y_was_1 = true; }
      }
      invariant x_is_2 "": x == 2;
      invariant y_is_2 "": y == 2;
      invariant x_right "": !x_was_1;
      invariant y_right "": !y_was_1;
      """)
    let ideas = system.properties.filter { $0.name.hasSuffix("is_2") }.map {
      CandidateLemma(expression: $0.body, text: $0.name)
    }
    #expect(ideas.count == 2)
    let proof = try InductiveProof(
      Goals(SymbolicSystem(system)) { $0.hasSuffix("right") }, source: Ideas(ideas), options: SolverOptions())
    try proof.run { _ in false }
    #expect(proof.allGoals.count == 2)
    for goal in proof.allGoals {
      if case .proven = proof.result(goal) {
        Issue.record("\(goal.property) is proven, though a run breaks it")
      }
    }
  }

  @Test("an idea that waits is used when a counterexample needs it, and not before")
  func waiting() throws {
    let system = try compile(
      """
      spec s "s";
      0..3 x = 0; 0..3 y = 0; bool wrong;
      process p {
        loop {
          atomic { if (x < 2) { x++; y++; } else { x = 0; y = 0; } }
          atomic { if (x != y) wrong = true; }
        }
      }
      invariant same "": x == y;
      invariant small "": x <= 2;
      invariant right "": !wrong;
      """)
    let ideas = system.properties.filter { $0.name != "right" }.map {
      CandidateLemma(expression: $0.body, text: $0.name)
    }
    for count in 0...2 {
      let source = Ideas([], waiting: Array(ideas.prefix(count)))
      let goals = Goals(SymbolicSystem(system)) { $0 == "right" }
      let proof = try InductiveProof(goals, source: source, options: SolverOptions())
      try proof.run { _ in false }
      let goal = try #require(proof.allGoals.first)
      let used: [String]? =
        if case .proven(let lemmas) = proof.result(goal) {
          lemmas.map { proof.lemmas[$0] }.filter { if case .candidate = $0.origin { true } else { false } }
            .map(\.text)
        } else { nil }
      #expect(used == (count == 0 ? nil : ["same"]), "\(count) ideas")
    }
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

/// Lemmas to begin with, some that wait, and nothing else.
private final class Ideas: LemmaSource {
  private let ideas: [CandidateLemma]
  private let waiting: [CandidateLemma]
  init(_ ideas: [CandidateLemma], waiting: [CandidateLemma] = []) {
    self.ideas = ideas
    self.waiting = waiting
  }
  func sampledStates() -> [[Int]] { [] }
  func likelyLemmas() -> [CandidateLemma] { ideas }
  func ideas(against state: [Int]) -> [CandidateLemma] { waiting }
  func lemmas(against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>) -> [CandidateLemma] {
    []
  }
}
