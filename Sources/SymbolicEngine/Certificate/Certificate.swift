import SMTSolver
import Terms
import TransitionIR

/// An inductive invariant that implies a property: a proof that can be checked without knowing how it was found.
///
/// The invariant is the type bounds of all variables and the lemmas, each for all processes. Three things make it a proof: every
/// initial state has it, every step from a state that has it leads to one that has it, and no such state or step breaks the
/// property. All three were asked anew when a certificate exists, and other solvers can be asked with `CertificateText`.
public struct Certificate {
  public struct Lemma {
    /// In the notation of specs, for people.
    public let text: String
    /// What it means to the interpreter: closed, without side effects.
    public let expression: Expression
    /// What it means to solvers: it is the conjunction of these.
    let instances: [Term]
    /// The same, not without repetition; of what is interchangeable some stand for all.
    let parts: [(term: Term, standsForAll: Bool)]

    /// `isTotal`: the expression has a value in every state, so nothing has to be said of those where it has none.
    init(
      _ idea: CandidateLemma, isTotal: Bool = true, _ obligations: Obligations
    ) throws(EncodingRefusal) {
      text = idea.text
      expression = idea.expression
      parts = try obligations.encoded.instances(
        of: idea.expression, isTotal: isTotal, obligations.interchangeable)
      // What is symmetric in its subjects says everything twice.
      var seen = Set<Term>()
      instances = parts.map(\.term).filter { seen.insert($0).inserted }
    }
  }

  public let property: String
  public let lemmas: [Lemma]
  /// No lemma can be left out: without it the rest is not inductive or does not imply the property.
  ///
  /// False if there was no time to see.
  public let isMinimal: Bool
  let obligations: Obligations
  /// Which lemmas are enough for what.
  let reasons: ObligationSolver.Reasons

  /// Why there is no certificate.
  public struct Refusal: Error, CustomStringConvertible {
    public let description: String
  }

  /// What a proof says of a property, as a certificate with as few lemmas as could be found until `isOver`.
  ///
  /// Throws a `Refusal` if the property is not proven, and if the proof does not stand when all obligations are checked anew.
  public init(
    of property: String, in proof: InductiveProof, _ solver: ObligationSolver, isOver: @escaping () -> Bool
  ) throws {
    let goals = proof.allGoals.filter { $0.property == property }.sorted()
    guard !goals.isEmpty else { throw Refusal(description: "\(property) was not asked about") }
    var used: Set<Int> = []
    for goal in goals {
      guard case .proven(let lemmas) = proof.result(goal) else {
        throw Refusal(description: "\(property) is not proven")
      }
      used.formUnion(lemmas)
    }
    let lemmas = try used.sorted().map { try Self.lemma(proof.lemmas[$0], solver.obligations) }
    try self.init(of: property, among: lemmas, solver, isOver: isOver)
  }

  /// The same for lemmas from anywhere.
  public init(
    of property: String, lemmas: [CandidateLemma], _ solver: ObligationSolver, isOver: @escaping () -> Bool
  ) throws {
    let all = try lemmas.map { try Lemma($0, solver.obligations) }
    try self.init(of: property, among: all, solver, isOver: isOver)
  }

  private init(
    of property: String, among all: [Lemma], _ solver: ObligationSolver, isOver: @escaping () -> Bool
  ) throws(Refusal) {
    let found = try solver.fewest(of: all, for: property, isOver: isOver)
    obligations = solver.obligations
    self.property = property
    lemmas = found.kept.map { all[$0] }
    isMinimal = found.isMinimal
    reasons = found.reasons
  }

  /// A lemma of a proof as a closed expression: that of a property is its body, or that there is no witness.
  private static func lemma(_ lemma: SymbolicEngine.Lemma, _ obligations: Obligations) throws -> Lemma {
    switch lemma.origin {
    case .candidate(let candidate): return try Lemma(candidate, obligations)
    case .goal(let goal):
      guard let property = obligations.encoded.system.properties.first(where: { $0.name == goal.property })
      else {
        throw Refusal(description: "\(goal.property) is used as a lemma, but has no expression")
      }
      let isWitness = property.group == .reachable
      let idea = CandidateLemma(
        expression: isWitness ? .unary(.not, property.body, mask: 0) : property.body,
        text: "\(property.name)\(isWitness ? " has no witness" : "") (\(property.documentation))")
      return try Lemma(idea, isTotal: false, obligations)
    }
  }
}
