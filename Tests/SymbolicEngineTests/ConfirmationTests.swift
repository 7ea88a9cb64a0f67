import SMTSolver
import Terms
import Testing
import TransitionIR

@testable import SymbolicEngine

/// Clauses answer first and Z3 is asked again; here it is also given answers that nobody gave.
@Suite("What clauses have shown, asked again of Z3")
struct ConfirmationTests {
  @Test("states: that a lemma excludes a goal is confirmed")
  func states() throws {
    let fixture = try ProofFixture(lemmas: ["mutual_exclusion"])
    let proof = try fixture.states()
    let goal = try fixture.goal("mutual_exclusion")
    let others = Set(fixture.goals.onStates.map(\.goal)).subtracting([goal])
    let result = proof.prove(fixture.table, skipping: others, base: proof.someStart())
    guard case .done = result else {
      Issue.record("\(result)")
      return
    }
    #expect(proof.safeGoals[goal] == [0])
    #expect(proof.confirm(fixture.table, SolverOptions()) == true)
  }

  @Test("states: an answer without a reason is refused")
  func forgedStates() throws {
    let fixture = try ProofFixture(lemmas: [])
    let proof = try fixture.states()
    proof.safeGoals[try fixture.goal("mutual_exclusion")] = []
    #expect(proof.confirm(fixture.table, SolverOptions()) == false)
  }

  @Test("steps: that lemmas are kept is confirmed")
  func steps() throws {
    let fixture = try ProofFixture(lemmas: ["mutual_exclusion", "lock_pairing"])
    for step in try fixture.steps() {
      for lemma in fixture.table.active { #expect(fixture.isKept(lemma, by: step)) }
      #expect(step.confirm(fixture.table, SolverOptions()) == true)
    }
  }

  @Test("steps: that one is kept which needs another is refused")
  func forgedSteps() throws {
    let fixture = try ProofFixture(lemmas: ["mutual_exclusion"])
    let breaking = try fixture.steps().filter { !fixture.isKept(0, by: $0) }
    #expect(!breaking.isEmpty)
    for step in breaking {
      step.shown.lemmas[0] = []
      #expect(step.confirm(fixture.table, SolverOptions()) == false)
    }
  }
}
