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
      let outside = Certificate.statesOutside(certificate.lemmas, spec.goals.encoded, states)
      #expect(outside.isEmpty, "\(certificate.property): \(outside.first.map { "\($0)" } ?? "")")
    }
  }

  @Test("are found outside of a lemma that is false")
  func outside() throws {
    let spec = try ClassicSpec("mutex", scope: "small")
    let lemma = try Certificate.Lemma(spec.lemma("both_used", negated: true), try Obligations(spec.goals))
    let states = try spec.states()
    let outside = Certificate.statesOutside([lemma], spec.goals.encoded, states)
    #expect(!outside.isEmpty)
    #expect(outside.count < states.count)
    #expect(outside.allSatisfy { $0.lemma == "not both_used" })
  }
}
