import Testing

@testable import SymbolicEngine

@Suite("What is shown of one step")
struct StepProofTests {
  /// A step that breaks the lemma, since another one is missing.
  private func breakingStep(_ fixture: ProofFixture) throws -> StepProof {
    let found = try fixture.steps().first { !fixture.isKept(0, by: $0) }
    return try #require(found)
  }

  private func prove(_ step: StepProof, needed: Set<Int>?, _ fixture: ProofFixture) -> StepProof.Result {
    step.prove(
      fixture.table, skipping: Set(step.goals.map(\.goal)), needed: needed, base: fixture.base)
  }

  @Test("is nothing about a lemma on which nothing stands: it may be broken")
  func unneeded() throws {
    let fixture = try ProofFixture(lemmas: ["mutual_exclusion"])
    let step = try breakingStep(fixture)
    guard case .done = prove(step, needed: [], fixture) else {
      Issue.record("asked about what nobody needs")
      return
    }
    #expect(!step.hasShown([0]))
    for needed: Set<Int>? in [[0], Set(fixture.table.active)] {
      guard case .counterexample(let found) = prove(step, needed: needed, fixture) else {
        Issue.record("no counterexample")
        return
      }
      #expect(found.items == [.lemma(0)])
    }
  }

  @Test("names the lemmas that it stands on, once")
  func used() throws {
    let fixture = try ProofFixture(lemmas: ["mutual_exclusion", "lock_pairing"])
    let alone = try ProofFixture(lemmas: ["mutual_exclusion"])
    let place = try breakingStep(alone).step.location
    let step = try #require(try fixture.steps().first { $0.step.location == place })
    guard case .done = prove(step, needed: [0], fixture) else {
      Issue.record("not shown")
      return
    }
    #expect(step.hasShown([0]))
    #expect(step.takeUsed().contains(1))
    #expect(step.takeUsed().isEmpty)
  }
}
