import Evidence
import TransitionIR

/// What was said about each property so far, and what that makes of its verdict.
struct ProofLedger: Sendable {
  let wanted: [String]
  private let system: TransitionSystem
  private var findings: [String: [Counterexample]] = [:]
  private var answers: [String: ProofMessage.Answer] = [:]
  private var certificates: [String: String] = [:]
  private var refusals: [String: String] = [:]
  private var numberRefusals: [String: String] = [:]
  /// Why nobody answers any more, by property.
  private var endings: [String: String] = [:]
  private(set) var depth = -1
  private(set) var working: [String] = []
  /// What the prover says of itself if it is wrong.
  private(set) var failure: String?

  init(_ system: TransitionSystem, wanted: [String]) {
    self.system = system
    self.wanted = wanted
  }

  mutating func note(_ message: ProofMessage) {
    switch message {
    case .working(let properties): working = properties
    case .bounded(let depth): self.depth = max(self.depth, depth)
    case .found(let finding):
      let found = finding.counterexample
      // A prover that was started again finds the same once more.
      if findings[found.property]?.contains(where: { $0.site == found.site }) != true {
        findings[found.property, default: []].append(found)
      }
    case .answered(let answer): answers[answer.property] = answer
    case .certified(let property, let folder, let refusal):
      certificates[property] = folder
      refusals[property] = refusal
    case .onlyHere(let property, let refusal): numberRefusals[property] = refusal
    case .broken(let text): failure = text
    }
  }

  /// Properties about which nothing was said.
  var unanswered: [String] {
    wanted.filter { findings[$0] == nil && answers[$0] == nil && endings[$0] == nil }
  }

  /// The answer to a property that is decided; nil if it is not.
  func decision(_ property: String, group: String) -> Outcome.Answer? {
    undecided.contains(property) || !wanted.contains(property) ? nil : answer(property, group)
  }

  /// Properties that have no verdict but `unknown`.
  var undecided: [String] { wanted.filter { findings[$0] == nil && answers[$0]?.isFinal != true } }

  mutating func end(_ properties: some Sequence<String>, _ reason: String) {
    for property in properties { endings[property] = reason }
  }

  /// The answers in the order in which a search gives them.
  ///
  func outcome(seconds: Double) -> Outcome {
    var statistics = RunStatistics()
    statistics.depth = depth
    statistics.seconds = seconds
    let builtins = BuiltinProperty.allCases.map { ($0.rawValue, $0.group) }
    let declared = system.properties.map { ($0.name, $0.group.rawValue) }
    let answers = (builtins + declared).filter { wanted.contains($0.0) }.map(answer)
    return Outcome(answers: answers, statistics: statistics, uncovered: [], untried: [], lockOrder: [])
  }

  private func answer(_ property: String, _ group: String) -> Outcome.Answer {
    var result: Outcome.Answer
    if let found = findings[property] {
      let isWitness = group == Property.Group.reachable.rawValue
      result = Outcome.Answer(
        property: property, group: group,
        verdicts: isWitness ? [.holds(.depth(found[0].path.steps.count))] : found.map { .violated($0) },
        witness: isWitness ? found[0] : nil)
    } else {
      result = Outcome.Answer(property: property, group: group, verdicts: [verdict(property)])
      result.obstacle = answers[property]?.isFinal == false ? answers[property]?.obstacle : nil
    }
    result.engine = "z3"
    result.certificate = certificates[property]
    result.certificateRefusal = refusals[property]
    result.numberRefusal = numberRefusals[property]
    return result
  }

  private func verdict(_ property: String) -> Verdict {
    switch answers[property]?.verdict {
    case .exhaustive: .holds(.exhaustive)
    case .inductive(let k, let lemmas): .holds(.inductive(k: k, lemmas: lemmas))
    case .anyNumber(let kinds, let lemmas): .holds(.anyNumber(of: kinds, lemmas: lemmas))
    case .unreachable: .unreachable
    case .unknown(let reason): .unknown(upToDepth + reason)
    case nil: .unknown(upToDepth + (endings[property] ?? "the prover said nothing about it"))
    }
  }

  private var upToDepth: String { depth < 0 ? "" : "nothing found up to depth \(depth); " }
}
