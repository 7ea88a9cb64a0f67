import Evidence
import ExplicitEngine
import LemmaMining
import SymbolicEngine
import Terms
import TransitionIR

/// Proofs by induction with lemmas that were learned from a small scope.
struct LemmaStage {
  private let run: ProofRun
  init(_ run: ProofRun) { self.run = run }

  /// What the stage leaves to others: its goals, the lemmas that are proven, and what is known of every open goal.
  struct Result {
    let goals: Goals
    let lemmas: [Lemma]
    /// What lemmas are learned from; nil if there is nothing.
    let small: SmallScope?
    /// Properties that were proven, in the order in which that was said.
    let proven: [String]
    /// Writes the certificates that were asked for; what can be proven without them should be said before.
    let certify: () throws -> Void
  }

  /// Answers what can be proven, and says of everything else what is in the way; nil if there was no time to begin.
  ///
  /// Throws `EncodingRefusal` if the system has no formula, and whatever writing certificates throws.
  func prove() throws -> Result? {
    let (small, problem) = explored()
    let encoded = SymbolicSystem(run.system, allocation: .any)
    let wanted = Set(run.open)
    let orders =
      wanted.contains(BuiltinProperty.lockOrder.rawValue)
      ? try LockOrders.acyclic(encoded, seen: small?.lockOrder) : nil
    let goals = Goals(encoded, allowedOrders: orders, wanted: wanted.contains)
    run.refuse(goals)
    let source = small.map { MinedLemmas($0.pair, $0.states, sample: sampled()) }
    if run.isOver {
      run.giveUp(run.open, "time limit reached before the proof began")
      return nil
    }
    var options = run.options(seconds: run.remaining)
    options.resourceLimit = Self.queryLimit
    let proof = try InductiveProof(goals, source: source, options: options)
    let teller = ProofTeller(
      run: run, proof: proof, source: source, small: small, problem: problem, knowsOrders: orders != nil)
    // Teller and proof hold each other.
    defer { proof.onSettled = { _ in } }
    proof.onSettled = { undecided in
      let late = Set(undecided.map(\.property))
      teller.tell(run.open.filter { !late.contains($0) })
    }
    let (begin, rest) = (run.host.now(), run.remaining)
    try proof.run { run.isOver || run.host.now() - begin > rest * Self.share($0) }
    teller.tell(run.open)
    // What is left at the end is inductive by itself, even if time ended before all was settled.
    return Result(
      goals: goals, lemmas: proof.lemmas.filter(\.isActive), small: small, proven: teller.proven,
      certify: teller.certify)
  }

  /// Some states of the large scope itself.
  private func sampled() -> [[Int]] {
    if run.spec.isSymbolic { return [] }
    let (start, seconds) = (run.host.now(), min(1.5, run.remaining / 20))
    return SampledStates(of: Interpreter(run.system), limit: Self.sampleLimit) {
      run.host.now() - start > seconds
    }.states
  }

  private static let sampleLimit = 300

  /// Of one query, in Z3's units: what needs more is mostly not worth it.
  private static let queryLimit: UInt32 = 1_000_000

  /// By when a tier must be done, as a part of the time.
  private static func share(_ tier: InductiveProof.Tier) -> Double {
    switch tier {
    case .opening: 0.4
    case .plain: 0.7
    case .counting: 0.85
    case .last: 1
    }
  }

  /// The small scope, or why there is none.
  private func explored() -> (small: SmallScope?, problem: String) {
    let seconds = min(run.remaining, run.request.seconds / 3)
    do {
      let small = try SmallScope.explored(
        for: run.spec, of: run.loaded, run.request, host: run.host, seconds: seconds)
      return (small, "the spec has no smaller scope that corresponds")
    } catch { return (nil, "\(error)") }
  }
}

/// From the results of a proof, goal by goal, to answers, property by property.
private final class ProofTeller {
  private let run: ProofRun
  private let proof: InductiveProof
  private let source: MinedLemmas?
  private let small: SmallScope?
  private let problem: String
  private let knowsOrders: Bool
  private(set) var proven: [String] = []

  /// `problem`: why there is no small scope, if there is none.
  init(
    run: ProofRun, proof: InductiveProof, source: MinedLemmas?, small: SmallScope?, problem: String,
    knowsOrders: Bool
  ) {
    self.problem = problem
    self.run = run
    self.proof = proof
    self.source = source
    self.small = small
    self.knowsOrders = knowsOrders
  }

  /// A property is proven if every place is where it may fail.
  func tell(_ properties: [String]) {
    var goals: [String: [Goal]] = [:]
    for goal in proof.allGoals.sorted() { goals[goal.property, default: []].append(goal) }
    for property in properties {
      // Drawing a state that cannot be is not without danger.
      run.say(.working(on: [property]))
      if property == BuiltinProperty.lockOrder.rawValue, !knowsOrders {
        run.giveUp(
          [property], "the orders that were seen have a cycle or none were seen, so nothing is known of all")
        continue
      }
      tell(property, goals[property] ?? [])
    }
  }

  private func tell(_ property: String, _ goals: [Goal]) {
    var lemmas = Set<Int>()
    for goal in goals {
      switch proof.result(goal) {
      case .proven(let used): lemmas.formUnion(used)
      case .gaveUp(let reason): return run.giveUp([property], "the proof did not end: \(reason)")
      case .open(let state, let mover):
        return run.answer(
          property, .unknown(openReason(mover)), obstacle: obstacle(goal, state, mover))
      }
    }
    proven.append(property)
    if run.isReachability(property) { return run.answer(property, .unreachable) }
    let count = lemmas.count { if case .candidate = proof.lemmas[$0].origin { true } else { false } }
    run.answer(property, .inductive(k: 1, lemmas: count))
  }

  private func openReason(_ mover: Int?) -> String {
    let learned = small.map { "lemmas of scope \($0.name)" } ?? "no lemmas (\(problem))"
    guard let mover else { return "not inductive with \(learned): a state that none excludes breaks it" }
    return
      "not inductive with \(learned): a step of \(run.system.processName(mover)) that none excludes breaks it"
  }

  private func obstacle(_ goal: Goal, _ state: [Int], _ mover: Int?) -> String? {
    guard state.count == run.system.slotCount else { return nil }
    return InductionObstacle(
      interpreter: proof.goals.encoded.interpreter, property: goal.property, state: state, mover: mover,
      label: label(state, mover)
    ).render()
  }

  /// Whether the state can be reached, as far as anybody knows.
  private func label(_ state: [Int], _ mover: Int?) -> InductionObstacle.Label {
    guard let source, let small else { return .undecided }
    let all = Set(run.system.variables.indices.map { VariableID($0) })
    guard let lemma = source.lemmas(against: state, mover: mover, relevantTo: all).first else {
      return .undecided
    }
    return .unreachable("in scope \(small.name) it is always so that \(lemma.text)")
  }

  /// Where values are too many to walk there are none.
  private func heldStates() throws -> HeldStates? {
    run.spec.isSymbolic
      ? nil
      : try HeldStates(of: run.system, host: run.host, seconds: min(8, run.secondsForCertificates / 10))
  }

  /// Writes certificates of what is proven, if they are wanted.
  func certify() throws {
    guard let folder = run.request.certificateFolder else { return }
    let asked = Set(proof.allGoals.map(\.property))
    for property in proven where !asked.contains(property) {
      run.say(
        .certified(property: property, folder: nil, refusal: "there is no place where it could fail"))
    }
    try writeCertificates(
      of: proof, heldAgainst: try heldStates(), meta: run.spec.meta, onlyOf: Set(proven), into: folder,
      host: run.host,
      secondsLeft: { self.run.secondsForCertificates },
      tell: { run.say(.certified(property: $0.property, folder: $0.folder, refusal: $0.refusal)) })
  }
}
