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
/// not by the solver (A. R. Bradley, VMCAI 2011; P. Garg et al., "ICE", CAV 2014); what is known to be likely is sieved before
/// (C. Flanagan, K. R. M. Leino, "Houdini", FME 2001).
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
  private var control: [CandidateLemma] = []
  private var samples: LemmaSamples?
  private var tier = Tier.plain
  /// Why a tier was left before everything in it was settled.
  private var ends: [Tier: String] = [:]
  /// An initial state.
  private var base: [UInt64] = []
  /// Goals on which the solver gave up, and why.
  private var undecided: [Goal: String] = [:]
  private var endReason: String?
  /// The two solvers disagree about a step.
  private var isRefuted = false
  public private(set) var counterexampleCount = 0
  /// Told what the proof does, for whoever looks for the reason why one takes long.
  public var log: (String) -> Void = { _ in }
  /// Called after each tier with the goals that are still to come: what is shown of the others by then is shown, whatever
  /// happens later.
  public var onSettled: (_ open: Set<Goal>) -> Void = { _ in }
  private var encoded: SymbolicSystem { goals.encoded }
  private var store: TermStore { encoded.store }

  public init(_ goals: Goals, source: (any LemmaSource)?, options: SolverOptions) throws(EncodingRefusal) {
    self.goals = goals
    self.source = source
    self.options = options
    table = LemmaTable(goals.encoded)
    let encoded = goals.encoded
    let network = GateNetwork(encoded.store)
    states = try StateProof(goals, goals.onStates.filter { Self.isAskedLast($0.goal) }, options, network)
    for step in try encoded.reachableSteps(of: table.interchangeable.movers(encoded.system)) {
      steps.append(StepProof(encoded, step, goals.onStep(step), table.interchangeable, network))
    }
    addControl()
  }

  /// The first lemmas: of where processes may be, and of what their locals are there.
  private func addControl() {
    var places: [KindID: Set<Int>] = [:]
    for proof in steps {
      let kind = KindID(encoded.layout.kindOfProcess[proof.step.process])
      places[kind, default: []].insert(proof.step.location.index)
    }
    control = ControlLemmas(encoded.system).lemmas(reached: places)
  }

  /// Properties of states that say little about the step before: they are asked of the lemmas alone, when these are settled.
  private static func isAskedLast(_ goal: Goal) -> Bool {
    [BuiltinProperty.deadlock.rawValue, BuiltinProperty.neverFreed.rawValue].contains(goal.property)
  }

  public var lemmas: [Lemma] { table.lemmas }

  /// Goals that can be asked about: on states, and on some step or at the start.
  public private(set) lazy var allGoals: Set<Goal> = Set(
    goals.onStates.map(\.goal) + steps.flatMap { $0.goals.map(\.goal) } + states.brokenAtStart().map(\.goal))

  // MARK: The loop

  /// Tries to prove everything; `isOver` is asked between queries.
  public func run(isOver: (Tier) -> Bool) throws(EncodingRefusal) {
    base = states.someStart()
    for (goal, isBroken) in states.brokenAtStart() where isBroken { failed[goal] = ([], nil) }
    for candidate in control { _ = try table.add(candidate, .active) }
    if let source {
      for candidate in source.likelyLemmas() { _ = try table.add(candidate, .active) }
      samples = LemmaSamples(source.sampledStates(), encoded)
      checkSamples(from: 0)
      log("\(table.lemmas.count { $0.stage != .gone }) true in all samples")
    }
    checkStart(from: 0)
    if source != nil {
      isOpening = true
      try settle { isOver(.opening) }
      isOpening = false
      // What there was no time for stays an idea.
      if endReason != nil { salvage(.dormant) }
      endReason = nil
      log("opening: \(table.active.count) lemmas")
    }
    let first = table.count
    for (goal, term) in goals.onStates where !Self.isAskedLast(goal) {
      goalLemmas[goal] = table.count
      try table.add(goal, isBroken: term)
    }
    checkStart(from: first)
    // What does not stand on counting references is settled first: it needs less, and the rest may take long.
    let tiers = Set(allGoals.map { Tier(of: $0) }).sorted()
    for tier in tiers {
      self.tier = tier
      isNeedStale = true
      // The last one may use all of the time.
      try settle { isOver(tier == tiers.last ? .last : tier) }
      // What nothing stands on was not asked about; it stays an idea.
      salvage(endReason == nil ? .dormant : .gone)
      log("\(tier): \(endReason ?? "settled"), \(table.active.count) lemmas, \(counterexampleCount) ctis")
      ends[tier] = endReason
      endReason = nil
      confirm { isOver(.last) }
      onSettled(allGoals.filter { Tier(of: $0) > tier })
    }
  }

  /// Z3 answers once more what was shown of steps and states, as far as there is time.
  ///
  /// It has to agree: the proof stands on two solvers that share the terms, and nothing else.
  private func confirm(_ isOver: () -> Bool) {
    for step in steps where !isOver() && !isRefuted {
      guard let isRight = step.confirm(table, options) else { continue }
      if !isRight { isRefuted = true }
    }
    if !isOver() && !isRefuted, states.confirm(table, options) == false { isRefuted = true }
  }

  /// Goals in the order in which they are tried.
  public enum Tier: Int, Comparable, Sendable {
    /// Before there are goals: what the language promises, and likely lemmas.
    case opening
    case plain, counting, last
    public static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }

    init(of goal: Goal) {
      switch BuiltinProperty(rawValue: goal.property) {
      case .deadlock?, .neverFreed?: self = .last
      case .useAfterFree?, .doubleFree?, .staleCompare?, .refcountFromZero?, .refcountUnderflow?,
        .freedWhileHeld?,
        .pool?:
        self = .counting
      default: self = .plain
      }
    }
  }

  // MARK: What the goals stand on

  /// Lemmas that goals were shown with, and those that these were shown with, and so on; nobody has to show any other.
  private var needed: Set<Int> = []
  /// Something was taken back, or goals came into play.
  private var isNeedStale = true

  /// Adds lemmas and what they stand on, as far as it is known; true if there are new ones.
  @discardableResult
  private func need(_ numbers: some Sequence<Int>) -> Bool {
    var stack = numbers.filter { !needed.contains($0) }
    if stack.isEmpty { return false }
    while let number = stack.popLast() {
      guard needed.insert(number).inserted else { continue }
      for step in steps { stack += step.keptLemmas[number] ?? [] }
    }
    return true
  }

  /// From the beginning: after something was taken back, less may be needed.
  private func findNeeded() {
    isNeedStale = false
    needed = []
    let skipped = skipped
    need(goalLemmas.values.filter { table[$0].isActive })
    for step in steps { for (goal, used) in step.safeGoals where !skipped.contains(goal) { need(used) } }
    for (goal, used) in states.safeGoals where !skipped.contains(goal) { need(used) }
  }

  /// Time ended in the middle: lemmas that are not shown yet are taken back, with all that stands on them.
  ///
  /// What remains is inductive by itself.
  private func salvage(_ stage: Lemma.Stage) {
    while true {
      let open = Set(
        table.active.filter { number in steps.contains { $0.keptLemmas[number] == nil } })
      if open.isEmpty { return }
      for number in open {
        table.set(number, stage)
        if case .goal(let goal) = table[number].origin { undecided[goal] = endReason }
      }
      for step in steps { step.forget(open) }
      states.forget(open)
    }
  }

  /// Only lemmas are asked about: what is broken is taken back, and nothing is put in its place.
  private var isOpening = false

  /// Goals that are not asked about now.
  private var skipped: Set<Goal> {
    if isOpening { return allGoals }
    return Set(failed.keys).union(undecided.keys).union(allGoals.filter { Tier(of: $0) > tier })
  }

  /// Goes on until nothing is open of this tier and those before.
  private func settle(_ isOver: () -> Bool) throws(EncodingRefusal) {
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
        if isNeedStale { findNeeded() }
        let result = steps[index].prove(
          table, skipping: skipped, needed: isOpening ? nil : needed, base: base)
        let used = steps[index].takeUsed()
        let isMoreNeeded = !isOpening && need(used)
        if isMoreNeeded { requeueAll() }
        switch result {
        // What is needed now has to be shown here, too.
        case .done where isMoreNeeded: continue
        case .done:
          queue.removeFirst()
          isQueued[index] = false
        case .unknown(let reason): return giveUp(reason)
        case .stuck(let items, let reason):
          for case .goal(let goal) in items { undecided[goal] = reason }
          takeBack(items, [], nil)
          requeueAll()
        case .counterexample(let found):
          try answer(found, mover: steps[index].step.process)
          requeueAll()
        }
      }
      if isOver() { return giveUp("time limit reached") }
      if tier < .last || isOpening { return }
      switch states.prove(table, skipping: skipped, base: base) {
      case .done:
        findNeeded()
        if steps.allSatisfy({ $0.hasShown(needed) }) { return }
        requeueAll()
      case .unknown(let reason), .stuck(_, let reason): return giveUp(reason)
      case .counterexample(let found):
        try answer(found, mover: nil)
        requeueAll()
      }
    }
  }

  private func giveUp(_ reason: String) { endReason = reason }

  /// Finds a lemma against a state, or takes back what is broken there.
  private func answer(_ found: StepProof.Counterexample, mover: Int?) throws(EncodingRefusal) {
    counterexampleCount += 1
    let items = found.items
    let state = found.state.enumerated().map { encoded.table.decoded($1, $0) }
    if isOpening { return takeBack(items, state, mover) }
    let known = table.count
    for candidate in source?.ideas(against: state) ?? [] { _ = try table.add(candidate, .dormant) }
    checkSamples(from: known)
    if wake(against: found) { return }
    if let source {
      let variables = Set(found.relevant.flatMap { encoded.table.variables(ofSlot: $0) })
      for candidate in source.lemmas(against: state, mover: mover, relevantTo: variables) {
        let count = table.count
        guard try table.add(candidate, .active) else { continue }
        checkSamples(from: count)
        checkStart(from: count)
        log("\(counterexampleCount) \(itemText(items)) + \(candidate.text)")
        if table[count].isActive { return }
      }
    }
    takeBack(items, state, mover)
  }

  /// For the log.
  private func itemText(_ items: [StepProof.Item]) -> String {
    items.prefix(2).map { item in
      switch item {
      case .goal(let goal): "goal \(goal.property)"
      case .lemma(let number): "lemma \(number)"
      }
    }.joined(separator: ", ")
  }

  /// Takes a lemma from the store of ideas; false if none of them helps.
  private func wake(against found: StepProof.Counterexample) -> Bool {
    for number in table.dormant(
      brokenIn: found.state, changed: found.changed, relevant: found.relevant)
    {
      table.set(number, .active)
      log("\(counterexampleCount) \(itemText(found.items)) awakes \(number) \(table[number].text)")
      if let start = states.startBreaking(table[number].instances.map(\.term)) {
        takeBack([number], start, nil)
      } else {
        return true
      }
    }
    return false
  }

  private func takeBack(_ items: [StepProof.Item], _ state: [Int], _ mover: Int?) {
    var gone = Set<Int>()
    for item in items {
      switch item {
      case .goal(let goal): failed[goal] = (state, mover)
      case .lemma(let number): gone.insert(number)
      }
    }
    takeBack(gone, state, mover)
  }

  private func takeBack(_ numbers: Set<Int>, _ state: [Int], _ mover: Int?) {
    let gone = numbers.filter { table[$0].isActive }
    if gone.isEmpty { return }
    for number in gone {
      // What could not be shown among first ideas may be shown with others.
      table.set(number, isOpening ? .dormant : .gone)
      if case .goal(let goal) = table[number].origin {
        failed[goal] = (state, mover)
        log("take back \(number) \(table[number].text)")
      }
    }
    for step in steps { step.forget(gone) }
    states.forget(gone)
    isNeedStale = true
  }

  /// Lemmas that are false in a state that was seen.
  private func checkSamples(from first: Int) {
    guard let samples else { return }
    let numbers = (first..<table.count).filter { table[$0].stage != .gone }
    let isTrue = samples.survivors(of: numbers.map { table[$0] })
    for (number, isTrue) in zip(numbers, isTrue) where !isTrue { table.set(number, .gone) }
  }

  /// Lemmas that are not even true in the beginning.
  private func checkStart(from first: Int) {
    for number in first..<table.count where table[number].isActive {
      if let state = states.startBreaking(table[number].instances.map(\.term)) {
        takeBack([number], state, nil)
      }
    }
  }

  // MARK: Results

  public func result(_ goal: Goal) -> Result {
    if isRefuted { return .gaveUp("Z3 does not confirm it, which is a defect of mmck: please report it") }
    if let reason = undecided[goal] { return .gaveUp(reason) }
    if let (state, mover) = failed[goal] { return .open(state: state, mover: mover) }
    let isShown = steps.allSatisfy { $0.isSafe(goal) } && states.isSafe(goal)
    if !isShown { return .gaveUp(ends[Tier(of: goal)] ?? "not settled") }
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
