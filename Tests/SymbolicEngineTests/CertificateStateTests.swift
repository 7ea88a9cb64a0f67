import ExplicitEngine
import LemmaMining
import SMTSolver
import Testing
import TransitionIR

@testable import CheckDriver
@testable import SymbolicEngine

@Suite("The states that a search reaches, held against certificates")
struct CertificateStateTests {
  /// Certificates of everything that can be proven, with lemmas mined in the same scope.
  private func certificates(_ spec: ClassicSpec) throws -> [Certificate] {
    let system = spec.compiled.system
    let states = try ReachableStates(of: Interpreter(system), limits: SearchLimits(clock: { 0 }))
    let source = MinedLemmas(try SystemPair(small: system, large: system), states, sample: [])
    let proof = try InductiveProof(spec.goals, source: source, options: SolverOptions())
    try proof.run { _ in false }
    let solver = try ObligationSolver(try Obligations(spec.goals))
    return try provenProperties(proof).map {
      try Certificate(of: $0, in: proof, solver, isOver: { false })
    }
  }

  @Test("are all inside", arguments: ["mutex", "rwlock", "refcount"])
  func inside(name: String) throws {
    let spec = try ClassicSpec(name, scope: "small")
    let certificates = try certificates(spec)
    #expect(certificates.count >= 3)
    #expect(certificates.filter { !$0.isMinimal }.isEmpty)
    let states = try spec.states()
    for certificate in certificates {
      let invariant = InvariantEvaluation(certificate)
      let part = states.lazy.compactMap { invariant.partThatExcludes($0) }.first
      #expect(part == nil, "\(certificate.property)")
    }
  }

  @Test("are found outside of a lemma that is false")
  func outsideOfLemma() throws {
    let spec = try ClassicSpec("mutex", scope: "small")
    let obligations = try Obligations(spec.goals)
    let lemma = try Certificate.Lemma(spec.lemma("both_used", negated: true), obligations)
    let invariant = InvariantEvaluation([lemma], obligations)
    let states = try spec.states()
    let parts = states.compactMap { invariant.partThatExcludes($0) }
    #expect(!parts.isEmpty)
    #expect(parts.count < states.count)
    #expect(Set(parts) == ["not both_used"])
  }

  @Test("are found outside of the bounds if a value is none of its variable")
  func outsideOfBounds() throws {
    let spec = try ClassicSpec("mutex", scope: "small")
    let obligations = try Obligations(spec.goals)
    let invariant = InvariantEvaluation([], obligations)
    var state = try #require(try spec.states().first)
    #expect(invariant.partThatExcludes(state) == nil)
    let control = obligations.encoded.layout.controlSlot[0]
    state[control] = obligations.encoded.system.kinds[0].locationCount + 1
    #expect(invariant.partThatExcludes(state) == "the bounds of variables and places")
  }
}
