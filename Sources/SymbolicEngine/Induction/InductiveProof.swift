import Reductions
import SMTSolver
import Terms
import TransitionIR

/// Proofs by induction over steps, with lemmas that answer counterexamples.
///
/// Goals are tried together. For each step of each process the solver is asked whether, from a state in which all lemmas hold,
/// the step can break a goal or a lemma. A state in which it can is a counterexample to induction: either it cannot be reached,
/// then some lemma should say so, and the source of lemmas is asked for one; or there is no lemma, then what is broken there
/// cannot be shown. A lemma that cannot be shown is taken back, with all that was shown by it. What remains is inductive.
///
/// This is property-directed reachability with one frame, whose clauses are generalised by what was seen in a small system and
/// not by the solver, after a sieve of many candidates (C. Flanagan, K. R. M. Leino, "Houdini", FME 2001; A. R. Bradley, VMCAI
/// 2011; P. Garg et al., "ICE", CAV 2014).
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
  private let table: LemmaTable
  private let source: (any LemmaSource)?
  private let options: SolverOptions
  private var steps: [StepProof] = []
  private let states: StateProof
  private var failed: [Goal: (state: [Int], mover: Int?)] = [:]
  private var goalLemmas: [Goal: Int] = [:]
  private var endReason: String?
  /// All goals but those asked last are decided; what comes after does not change that, though it may stop in the middle.
  private var isSettled = false
  public private(set) var counterexampleCount = 0
  public var log: (String) -> Void = { _ in }
  /// Called when all goals but the ones told are decided; so whatever happens later, their results can be used.
  public var onSettled: (_ open: Set<Goal>) -> Void = { _ in }
  private var encoded: SymbolicSystem { goals.encoded }
  private var store: TermStore { encoded.store }

  public init(_ goals: Goals, source: (any LemmaSource)?, options: SolverOptions) throws(EncodingRefusal) {
    self.goals = goals
    self.source = source
    self.options = options
    let symmetric = Self.symmetricKinds(goals.encoded.system)
    table = LemmaTable(goals.encoded, symmetric: symmetric)
    states = try StateProof(goals, goals.onStates.filter { Self.isAskedLast($0.goal) }, options)
    for process in Self.movers(goals.encoded.system, symmetric) {
      let kind = goals.encoded.system.kinds[goals.encoded.layout.kindOfProcess[process]]
      for number in kind.firstLocation..<kind.firstLocation + kind.locationCount {
        let step = try goals.encoded.step(of: process, at: LocationID(number))
        steps.append(StepProof(goals.encoded, step, goals.onStep(step), options))
      }
    }
  }

  /// Properties of states that say little about the step before: they are asked of the lemmas alone, when these are settled.
  private static func isAskedLast(_ goal: Goal) -> Bool {
    [BuiltinProperty.deadlock.rawValue, BuiltinProperty.neverFreed.rawValue].contains(goal.property)
  }

  private static func symmetricKinds(_ system: TransitionSystem) -> Set<KindID> {
    Set(
      Symmetry(system).groups.compactMap { group in
        if case .kind(let kind) = group.origin { kind } else { nil }
      })
  }

  /// One process of each kind whose processes are interchangeable, and all processes of the others.
  ///
  /// Lemmas and goals range over all processes, so a permutation maps them to themselves, and what one process of a kind
  /// cannot break none can.
  private static func movers(_ system: TransitionSystem, _ symmetric: Set<KindID>) -> [Int] {
    system.kinds.enumerated().flatMap { index, kind in
      let all = kind.firstProcess..<kind.firstProcess + kind.count
      return Array(symmetric.contains(KindID(index)) ? all.prefix(1) : all[...])
    }
  }

  public var lemmas: [Lemma] { table.lemmas }

  /// Goals that can be asked about: on states, and on some step or at the start.
  public var allGoals: Set<Goal> {
    Set(
      goals.onStates.map(\.goal) + steps.flatMap { $0.goals.map(\.goal) } + states.brokenAtStart().map(\.goal))
  }

  // MARK: The loop

  /// Tries to prove everything; `isOver` is asked between queries.
  public func run(isOver: () -> Bool) throws(EncodingRefusal) {
    for (goal, isBroken) in states.brokenAtStart() where isBroken { failed[goal] = ([], nil) }
    if let source {
      for candidate in source.initialLemmas() { _ = try table.add(candidate) }
      log("\(table.count) initial lemmas, terms \(store.count)")
      checkStart(from: 0)
      log("\(table.active.count) true at the start")
      try settle(isOver, .lemmas)
      log("sieved: \(table.active.count) left")
    }
    let first = table.count
    for (goal, term) in goals.onStates where !Self.isAskedLast(goal) {
      goalLemmas[goal] = table.count
      table.add(.goal(goal), goal.property, try terms(of: goal, term))
    }
    checkStart(from: first)
    try settle(isOver, .steps)
    log("steps settled: \(table.active.count) lemmas")
    isSettled = endReason == nil
    if isSettled { onSettled(allGoals.filter(Self.isAskedLast)) }
    try settle(isOver, .states)
  }

  /// What is asked about.
  private enum Stage { case lemmas, steps, states }

  /// The negation of a goal, in pieces where it is a declared invariant that can be taken apart.
  private func terms(of goal: Goal, _ term: Term) throws(EncodingRefusal) -> [Term] {
    [store.not(term)]
  }

  /// Goes on until nothing is open. Without goals lemmas are only sieved: what is broken is taken back, and nothing is put in
  /// its place.
  private func settle(_ isOver: () -> Bool, _ stage: Stage) throws(EncodingRefusal) {
    var queue = Array(steps.indices)
    var isQueued = [Bool](repeating: true, count: steps.count)
    func requeueAll() {
      for index in steps.indices where !isQueued[index] {
        isQueued[index] = true
        queue.append(index)
      }
    }
    while endReason == nil {
      while let index = queue.first {
        if isOver() { return giveUp("time limit reached") }
        switch steps[index].prove(table, goals: stage != .lemmas, skipping: Set(failed.keys)) {
        case .done:
          queue.removeFirst()
          isQueued[index] = false
        case .unknown(let reason): return giveUp(reason)
        case .counterexample(let state, let items, let relevant):
          let mover = steps[index].step.process
          if stage == .lemmas {
            takeBack(items, state, mover)
          } else {
            try answer(state, items, relevant, mover: mover)
          }
          requeueAll()
        }
      }
      if isOver() { return giveUp("time limit reached") }
      if stage != .states { return }
      switch states.prove(table, skipping: Set(failed.keys)) {
      case .done: return
      case .unknown(let reason): return giveUp(reason)
      case .counterexample(let state, let items, let relevant):
        try answer(state, items, relevant, mover: nil)
        requeueAll()
      }
    }
  }

  private func giveUp(_ reason: String) { endReason = reason }

  /// Finds a lemma against a state, or takes back what is broken there.
  private func answer(
    _ state: [Int], _ items: [StepProof.Item], _ relevant: Set<Int>, mover: Int?
  ) throws(EncodingRefusal) {
    counterexampleCount += 1
    if let source {
      let variables = Set(relevant.flatMap { encoded.table.variables(ofSlot: $0) })
      for candidate in source.lemmas(against: state, mover: mover, relevantTo: variables) {
        let count = table.count
        guard try table.add(candidate) else { continue }
        checkStart(from: count)
        log("\(counterexampleCount) \(items.prefix(2)) + \(candidate.text)")
        if table[count].isActive { return }
      }
    }
    takeBack(items, state, mover)
  }

  private func takeBack(_ items: [StepProof.Item], _ state: [Int], _ mover: Int?) {
    for item in items {
      switch item {
      case .goal(let goal): failed[goal] = (state, mover)
      case .lemma(let number): takeBack(number, state, mover)
      }
    }
  }

  private func takeBack(_ number: Int, _ state: [Int], _ mover: Int?) {
    guard table[number].isActive else { return }
    table.takeBack(number)
    if case .goal(let goal) = table[number].origin {
      failed[goal] = (state, mover)
      log("take back \(number) \(table[number].text)")
    }
    for step in steps { _ = step.forget(number) }
    states.forget(number)
  }

  /// Lemmas that are not even true in the beginning.
  private func checkStart(from first: Int) {
    for number in first..<table.count where table[number].isActive {
      if let state = states.startBreaking(table[number].instances.map(\.term)) { takeBack(number, state, nil) }
    }
  }

  // MARK: Results

  public func result(_ goal: Goal) -> Result {
    if let (state, mover) = failed[goal] { return .open(state: state, mover: mover) }
    if let endReason, !isSettled || Self.isAskedLast(goal) { return .gaveUp(endReason) }
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
