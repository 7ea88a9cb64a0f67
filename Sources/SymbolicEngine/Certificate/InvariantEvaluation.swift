import Terms
import TransitionIR

/// An invariant, to be evaluated in states that can be reached.
///
/// Lemmas are evaluated twice, as expressions by the interpreter and as the terms that solvers are given: the two have to agree.
public struct InvariantEvaluation {
  private let lemmas: [Certificate.Lemma]
  private let obligations: Obligations
  private let interpreter: Interpreter
  /// Of the bounds and each lemma.
  private let terms: [Term]

  init(_ lemmas: [Certificate.Lemma], _ obligations: Obligations) {
    self.lemmas = lemmas
    self.obligations = obligations
    var system = obligations.encoded.system
    // Mined lemmas bind variables that the system does not have.
    system.boundCount += 16
    interpreter = Interpreter(system)
    terms = [obligations.bounds] + lemmas.map { obligations.encoded.store.and($0.instances) }
  }

  public init(_ certificate: Certificate) { self.init(certificate.lemmas, certificate.obligations) }

  /// The text of a part that is false in a state, or has no value there; nil if the state is inside.
  ///
  /// A state that can be reached and is outside refutes the proof, whatever any solver says.
  public func partThatExcludes(_ state: [Int]) -> String? {
    let encoded = obligations.encoded
    let values = encoded.store.evaluate(terms) { encoded.table.encoded(state[$0], $0) }
    if values[0] == 0 { return "the bounds of variables and places" }
    let broken = lemmas.indices.first { index in
      let value = (try? interpreter.value(lemmas[index].expression, in: state)) ?? 0
      return value == 0 || values[index + 1] == 0
    }
    return broken.map { lemmas[$0].text }
  }
}
