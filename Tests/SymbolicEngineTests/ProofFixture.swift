import SMTSolver
import Terms
import Testing
import TransitionIR

@testable import SymbolicEngine

/// A small system with some of its properties as lemmas, and after them those about control, with which all proofs begin.
struct ProofFixture {
  let goals: Goals
  let table: LemmaTable
  let network: GateNetwork
  let interchangeable: Interchangeable
  /// An initial state.
  let base: [UInt64]

  init(lemmas: [String]) throws {
    let spec = try ClassicSpec("mutex", scope: "small")
    goals = spec.goals
    interchangeable = Interchangeable(goals.encoded)
    table = LemmaTable(goals.encoded, interchangeable)
    network = GateNetwork(goals.encoded.store)
    base = try StateProof(goals, goals.onStates, SolverOptions(), network).someStart()
    let places = try goals.encoded.reachableSteps(of: [0]).map(\.location.index)
    let control = ControlLemmas(goals.encoded.system).lemmas(reached: [KindID(0): Set(places)])
    for lemma in try lemmas.map({ try spec.lemma($0) }) + control {
      let isNew = try table.add(lemma, .active)
      #expect(isNew)
    }
  }

  func states() throws -> StateProof {
    try StateProof(goals, goals.onStates, SolverOptions(), network)
  }

  func steps() throws -> [StepProof] {
    try goals.encoded.reachableSteps(of: [0]).map {
      StepProof(goals.encoded, $0, goals.onStep($0), interchangeable, network)
    }
  }

  func goal(_ property: String) throws -> Goal {
    try #require(goals.onStates.first { $0.goal.property == property }).goal
  }

  func isKept(_ lemma: Int, by step: StepProof) -> Bool {
    step.reasons(for: .lemma(lemma), table, base: base) != nil
  }
}
