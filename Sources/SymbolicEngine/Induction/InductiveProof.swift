import Reductions
import SMTSolver
import Terms
import TransitionIR

/// Proofs by induction over steps, with lemmas that answer counterexamples.
///
/// All goals are tried together. For each step of each process the solver is asked whether, from a state in which all lemmas
/// hold, the step can break a goal or a lemma. A state in which it can is a counterexample to induction: either it cannot be
/// reached, then some lemma should say so, and the source of lemmas is asked for one; or there is no lemma, then what is broken
/// there cannot be shown. A lemma that cannot be shown is taken back, with all that was shown by it. What remains is inductive.
///
/// This is property-directed reachability with one frame, whose clauses are generalised by what was seen in a small system
/// and not by the solver (A. R. Bradley, VMCAI 2011; P. Garg et al., "ICE", CAV 2014).
public final class InductiveProof {
  /// What became of a goal.
  public enum Result {
    /// Shown with these lemmas, by number: with them, and nothing else, it is inductive.
    case proven(lemmas: Set<Int>)
    /// From this state, which no lemma excludes, this process breaks the goal or a lemma it stands on.
    case open(state: [Int], mover: Int?)
    case gaveUp(String)
  }

  public let goals: Goals
  public private(set) var lemmas: [Lemma] = []
  /// Steps of one process of each symmetric kind stand for those of all others.
  public private(set) var stepProofs: [StepProofSummary] = []
  private let source: (any LemmaSource)?
  private let options: SolverOptions
  private var steps: [StepProof] = []
  private let states: StateProof
  private var failed: [Goal: (state: [Int], mover: Int?)] = [:]
  private var texts: Set<String> = []
  private var goalLemmas: [Goal: Int] = [:]
  private var endReason: String?
  public var lemmasPerState = 1
  public private(set) var counterexampleCount = 0
  public var log: (String) -> Void = { _ in }
  private var encoded: SymbolicSystem { goals.encoded }
  private var store: TermStore { encoded.store }

  /// Numbers of a step for reports.
  public struct StepProofSummary: Sendable {
    public let process: Int
    public let location: LocationID
  }

  public init(_ goals: Goals, source: (any LemmaSource)?, options: SolverOptions) throws(EncodingRefusal) {
    self.goals = goals
    self.source = source
    self.options = options
    states = try StateProof(goals, options)
    for process in Self.representatives(goals.encoded.system) {
      let kind = goals.encoded.system.kinds[goals.encoded.layout.kindOfProcess[process]]
      for number in kind.firstLocation..<kind.firstLocation + kind.locationCount {
        let step = try goals.encoded.step(of: process, at: LocationID(number))
        steps.append(StepProof(goals.encoded, step, goals.onStep(step), options))
      }
    }
    for (goal, term) in goals.onStates where goal.property != BuiltinProperty.deadlock.rawValue {
      goalLemmas[goal] = lemmas.count
      add(.goal(goal), goal.property, goals.encoded.store.not(term))
    }
  }

  /// One process of each kind whose processes are interchangeable, and all processes of the others.
  ///
  /// Lemmas and goals range over all processes, so a permutation maps them to themselves, and what one process of a kind
  /// cannot break none can.
  static func representatives(_ system: TransitionSystem) -> [Int] {
    let symmetric = Set(
      Symmetry(system).groups.compactMap { group -> KindID? in
        if case .kind(let kind) = group.origin { kind } else { nil }
      })
    return system.kinds.enumerated().flatMap { index, kind in
      let all = kind.firstProcess..<kind.firstProcess + kind.count
      return Array(symmetric.contains(KindID(index)) ? all.prefix(1) : all[...])
    }
  }

  private func add(_ origin: Lemma.Origin, _ text: String, _ term: Term) {
    lemmas.append(
      Lemma(
        origin: origin, text: text, term: term, support: store.variables(in: [term]),
        switchOn: store.variable("lemma \(lemmas.count)", .bool)))
  }

  /// Goals that can be asked about: on states, and on some step or at the start.
  public var allGoals: Set<Goal> {
    Set(goals.onStates.map(\.goal) + steps.flatMap { $0.goals.map(\.goal) } + states.startGoals)
  }

  // MARK: The loop

  /// Tries to prove everything; `isOver` is asked between queries.
  public func run(isOver: () -> Bool) throws(EncodingRefusal) {
    checkStart(from: 0)
    var queue = Array(steps.indices)
    var isQueued = [Bool](repeating: true, count: steps.count)
    func requeueAll() {
      for index in steps.indices where !isQueued[index] {
        isQueued[index] = true
        queue.append(index)
      }
    }
    while true {
      while let index = queue.first {
        if isOver() { return giveUp("time limit reached") }
        switch steps[index].prove(lemmas, skipping: Set(failed.keys), in: encoded) {
        case .done:
          queue.removeFirst()
          isQueued[index] = false
        case .unknown(let reason): return giveUp(reason)
        case .counterexample(let state, let items, let relevant):
          try answer(state, items, relevant, mover: steps[index].step.process)
          requeueAll()
        }
      }
      if isOver() { return giveUp("time limit reached") }
      switch states.prove(lemmas, skipping: Set(failed.keys)) {
      case .done: return
      case .unknown(let reason): return giveUp(reason)
      case .counterexample(let state, let items, let relevant):
        try answer(state, items, relevant, mover: nil)
        requeueAll()
      }
    }
  }

  private func giveUp(_ reason: String) { endReason = reason }

  /// Finds lemmas against a state, or takes back what is broken there.
  private func answer(
    _ state: [Int], _ items: [StepProof.Item], _ relevant: Set<Int>, mover: Int?
  ) throws(EncodingRefusal) {
    counterexampleCount += 1
    let count = lemmas.count
    if let source {
      let variables = Set(relevant.flatMap { encoded.table.variables(ofSlot: $0) })
      for candidate in source.lemmas(against: state, mover: mover, relevantTo: variables) {
        guard texts.insert(candidate.text).inserted else { continue }
        let term = try encoded.total(candidate.expression)
        add(.candidate(candidate), candidate.text, term)
        log("\(counterexampleCount) \(items.prefix(2)) + \(candidate.text)")
        if lemmas.count == count + lemmasPerState { break }
      }
      checkStart(from: count)
      if lemmas[count...].contains(where: \.isActive) { return }
    }
    for item in items {
      switch item {
      case .goal(let goal): failed[goal] = (state, mover)
      case .lemma(let number): takeBack(number, state, mover)
      }
    }
  }

  private func takeBack(_ number: Int, _ state: [Int], _ mover: Int?) {
    guard lemmas[number].isActive else { return }
    log("take back \(number) \(lemmas[number].text)")
    lemmas[number].isActive = false
    if case .goal(let goal) = lemmas[number].origin { failed[goal] = (state, mover) }
    for step in steps { _ = step.forget(number) }
    states.forget(number)
  }

  /// Lemmas that are not even true in the beginning.
  private func checkStart(from first: Int) {
    for number in first..<lemmas.count where lemmas[number].isActive {
      if let state = states.startBreaking(lemmas[number].term) { takeBack(number, state, nil) }
    }
  }

  // MARK: Results

  public func result(_ goal: Goal) -> Result {
    if let (state, mover) = failed[goal] { return .open(state: state, mover: mover) }
    if let endReason { return .gaveUp(endReason) }
    var used = Set<Int>()
    var stack: [Int] = []
    if let lemma = goalLemmas[goal] { stack.append(lemma) }
    for step in steps { stack += step.safeGoals[goal] ?? [] }
    stack += states.safeGoals[goal] ?? []
    while let number = stack.popLast() {
      guard used.insert(number).inserted else { continue }
      for step in steps { stack += step.keptLemmas[number] ?? [] }
    }
    return .proven(lemmas: used)
  }
}
