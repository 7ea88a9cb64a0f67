import SMTSolver
import Terms
import TransitionIR

/// What is known about one step of one process: which lemmas it keeps, which goals it cannot break, and from what that follows.
///
/// Lemmas are assumed only when a counterexample shows that they are needed: a state that the solver proposes is first held
/// against all of them, and those that it breaks are told to the solver. Few of many are ever needed at one step.
///
/// `assuming` is said of the state before, whatever the lemmas are.
final class StepProof {
  let step: SymbolicStep
  let goals: [(goal: Goal, term: Term)]
  private let solver: GateSolver
  private let encoded: SymbolicSystem
  private var store: TermStore { encoded.store }
  private let written: Set<Int>
  private let inOrder: Term
  private let controlSlot: Int
  private let controlValue: UInt64
  /// State variables as they are while the process stands here.
  private var before: [Term: Term]
  /// The same after the step.
  private var after: [Term: Term]
  /// For each lemma, when the step breaks it.
  private var brokenTerms: [Int: Term] = [:]
  /// Instances of lemmas that the solver has heard of.
  private var heard: Set<LemmaTable.InstanceID> = []
  private var heardLemmas: Set<Int> = []
  /// What was shown, each with the lemmas (by number) that were needed.
  private(set) var keptLemmas: [Int: Set<Int>] = [:]
  private(set) var safeGoals: [Goal: Set<Int>] = [:]
  /// Lemmas that something was shown with since somebody looked.
  private var used: Set<Int> = []

  init(
    _ encoded: SymbolicSystem, _ step: SymbolicStep, _ goals: [(goal: Goal, term: Term)],
    _ interchangeable: Interchangeable, _ network: GateNetwork, assuming assumed: Term? = nil
  ) {
    self.encoded = encoded
    self.step = step
    self.goals = goals
    solver = GateSolver(network)
    written = Set(step.written)
    controlSlot = encoded.layout.controlSlot[step.process]
    let kind = encoded.system.kinds[encoded.layout.kindOfProcess[step.process]]
    let value = step.location.index - kind.firstLocation
    controlValue = encoded.table.encoded(value, controlSlot)
    let here = encoded.table.constant(value, controlSlot, in: encoded.store)
    before = [encoded.slots[controlSlot]: here]
    after = [encoded.slots[controlSlot]: step.after[controlSlot]]
    for slot in written { after[encoded.slots[slot]] = step.after[slot] }
    inOrder = encoded.namesInOrder(step, interchangeable)
    solver.assert(atLocation(inOrder))
    if let assumed { solver.assert(atLocation(assumed)) }
  }

  private func atLocation(_ term: Term) -> Term {
    store.substitute([term], &before)
    return before[term] ?? term
  }

  private func afterStep(_ term: Term) -> Term {
    store.substitute([term], &after)
    return atLocation(after[term] ?? term)
  }

  /// What is asked about a step at once.
  enum Item: Hashable {
    case goal(Goal)
    case lemma(Int)
  }

  enum Result {
    /// Nothing is left to show here.
    case done
    /// A state in which something goes wrong: what, and what the trouble depends on.
    case counterexample(Counterexample)
    /// The solver gave up on all together.
    case unknown(String)
    /// The solver gave up on each of these alone, and everything else is shown.
    case stuck([Item], String)
  }

  /// A state from which the step breaks something.
  struct Counterexample {
    let state: [UInt64]
    let items: [Item]
    /// The slots that the trouble depends on.
    let relevant: Set<Int>
    /// The slots that differ from the initial state it was made of.
    let changed: Set<Int>
  }

  /// Of one question.
  private static let conflictLimit = 20_000
  /// Of a question that has heard only of lemmas that were found to be needed: what is hard then is mostly easy for who knows more.
  private static let firstConflictLimit = 500
  private var lastReason = ""

  /// Tries to show everything that is not shown yet, but of lemmas only those that are `needed` (nil: all); stops at the first
  /// counterexample.
  ///
  /// `base` is some initial state.
  func prove(
    _ lemmas: LemmaTable, skipping failed: Set<Goal>, needed: Set<Int>? = nil, base: [UInt64]
  ) -> Result {
    let all = openItems(lemmas, skipping: failed, needed)
    // In pieces: a question about hundreds of lemmas takes long, and most of the answer would be about the first.
    var open = stride(from: 0, to: all.count, by: Self.pieceSize).map {
      Array(all[$0..<min($0 + Self.pieceSize, all.count)])
    }
    open.reverse()
    var stuck: [Item] = []
    while let items = open.popLast() {
      if items.isEmpty { continue }
      switch ask(items, lemmas, base) {
      case .none: continue
      case .unknown(let reason)?:
        if items.count == 1 {
          stuck.append(items[0].item)
          lastReason = reason
        } else {
          open.append(Array(items[(items.count / 2)...]))
          open.append(Array(items[..<(items.count / 2)]))
        }
      case let result?: return result
      }
    }
    return stuck.isEmpty ? .done : .stuck(stuck, lastReason)
  }

  private static let pieceSize = 24
  /// So many instances are told at once.
  private static let hearingLimit = 100

  /// Asks about some items at once; nil if all of them are shown.
  private func ask(_ items: [(item: Item, term: Term)], _ lemmas: LemmaTable, _ base: [UInt64]) -> Result? {
    let trouble = store.or(items.map(\.term))
    var isTold = false
    while true {
      let assumed = heardLemmas.filter { lemmas[$0].isActive }.sorted()
      let query = assumed.map { lemmas[$0].switchOn } + [trouble]
      let limit = isTold ? Self.conflictLimit : Self.firstConflictLimit
      switch solver.check(assuming: query, conflictLimit: limit) {
      case .unknown(let reason):
        if isTold { return .unknown(reason) }
        _ = hearAll(lemmas, about: trouble)
        isTold = true
      case .unsat(let core):
        let used = Set(assumed.filter { core.contains(lemmas[$0].switchOn) })
        for (item, _) in items { note(item, used) }
        return nil
      case .sat(let model):
        let point = point(trouble, model, base)
        var state = point.plain
        while true {
          if hear(lemmas, state) { break }
          // What the solver knows is true in the model: so much of it is needed, too.
          let broken = lemmas.broken(in: state.words, changed: state.changed)
          if broken.isEmpty { return .counterexample(counterexample(items, model, point, state)) }
          state.take(broken.reduce(into: []) { $0.formUnion(lemmas[$1].support) }, of: point.words)
        }
      }
    }
  }

  /// What a model says of the state.
  private struct Point {
    let words: [UInt64]
    /// The slots that the trouble depends on.
    let relevant: Set<Int>
    /// With the trouble, and otherwise as some initial state: lemmas that are false in it have to do with the trouble.
    let plain: PlainState
  }

  /// A state that differs from an initial one in few slots.
  private struct PlainState {
    private(set) var words: [UInt64]
    private(set) var changed: Set<Int> = []
    init(_ base: [UInt64]) { words = base }

    mutating func take(_ slots: Set<Int>, of other: [UInt64]) {
      for slot in slots where slot < words.count && words[slot] != other[slot] {
        words[slot] = other[slot]
        changed.insert(slot)
      }
    }
  }

  private func point(_ trouble: Term, _ model: [Int: UInt64], _ base: [UInt64]) -> Point {
    var words = base.indices.map { model[$0] ?? base[$0] }
    words[controlSlot] = controlValue
    let reasons = store.justification(of: [trouble]) { variable in
      variable < words.count ? words[variable] : model[variable] ?? 0
    }
    var plain = PlainState(base)
    plain.take(reasons.union([controlSlot]), of: words)
    return Point(words: words, relevant: reasons.filter { $0 < words.count }, plain: plain)
  }

  private func counterexample(
    _ items: [(item: Item, term: Term)], _ model: [Int: UInt64], _ point: Point, _ state: PlainState
  ) -> Counterexample {
    let values = store.evaluate(items.map(\.term)) { variable in
      variable < state.words.count ? state.words[variable] : model[variable] ?? 0
    }
    return Counterexample(
      state: state.words, items: items.indices.filter { values[$0] != 0 }.map { items[$0].item },
      relevant: point.relevant, changed: state.changed)
  }

  /// Tells the solver of lemmas that are false in a state and that it has not heard of; false if there are none.
  private func hear(_ lemmas: LemmaTable, _ state: PlainState) -> Bool {
    var isNews = false
    for slot in state.changed where !isValid(state.words, slot) && told.insert(slot).inserted {
      solver.assert(atLocation(encoded.table.isValid(encoded.slots[slot], slot, in: store)))
      isNews = true
    }
    if isNews { return true }
    let news = lemmas.broken(in: state.words, changed: state.changed) { !heard.contains($0) }.prefix(
      Self.hearingLimit)
    for id in news { tell(id, lemmas) }
    return !news.isEmpty
  }

  /// Tells the solver of all lemmas about what a term depends on; false if it knew them.
  private func hearAll(_ lemmas: LemmaTable, about trouble: Term) -> Bool {
    let news = lemmas.about(store.variables(in: [trouble])) { !heard.contains($0) }
    for id in news { tell(id, lemmas) }
    return !news.isEmpty
  }

  private func tell(_ id: LemmaTable.InstanceID, _ lemmas: LemmaTable) {
    heard.insert(id)
    heardLemmas.insert(id.lemma)
    solver.assert(atLocation(lemmas[id].term), if: lemmas[id.lemma].switchOn)
  }

  /// Slots whose bounds the solver knows.
  private var told: Set<Int> = []

  private func isValid(_ words: [UInt64], _ slot: Int) -> Bool {
    let value = encoded.table.decoded(words[slot], slot)
    let shape = encoded.table.slots[slot]
    return value >= shape.lower && value <= shape.upper
  }

  private func openItems(
    _ lemmas: LemmaTable, skipping failed: Set<Goal>, _ needed: Set<Int>?
  ) -> [(item: Item, term: Term)] {
    var result: [(Item, Term)] = []
    for (goal, term) in goals where safeGoals[goal] == nil && !failed.contains(goal) {
      add(.goal(goal), atLocation(term), &result)
    }
    for number in lemmas.active where keptLemmas[number] == nil && needed?.contains(number) ?? true {
      add(.lemma(number), brokenAfter(number, lemmas[number]), &result)
    }
    return result
  }

  private func brokenAfter(_ number: Int, _ lemma: Lemma) -> Term {
    if let known = brokenTerms[number] { return known }
    let touched = lemma.instances.filter { $0.standsForAll && !$0.support.isDisjoint(with: written) }
    let isBroken = store.or(touched.map { store.not(afterStep($0.term)) })
    let term = store.and(atLocation(step.happens), isBroken)
    brokenTerms[number] = term
    return term
  }

  private func add(_ item: Item, _ term: Term, _ list: inout [(Item, Term)]) {
    if term == store.no { note(item, []) } else { list.append((item, term)) }
  }

  private func note(_ item: Item, _ lemmas: Set<Int>) {
    used.formUnion(lemmas)
    switch item {
    case .goal(let goal): safeGoals[goal] = lemmas
    case .lemma(let number): keptLemmas[number] = lemmas
    }
  }

  func hasShown(_ lemmas: Set<Int>) -> Bool { lemmas.allSatisfy { keptLemmas[$0] != nil } }

  /// Lemmas that something was shown with since this was asked last.
  func takeUsed() -> Set<Int> {
    defer { used = [] }
    return used
  }

  // MARK: One thing at a time

  /// The lemmas that one thing was shown with, and nothing but it; nil if it cannot be shown, or the solver gives up.
  func reasons(for item: Item, _ lemmas: LemmaTable, base: [UInt64]) -> Set<Int>? {
    if let known = noted(item) { return known }
    let term =
      switch item {
      case .goal(let goal): goals.first { $0.goal == goal }.map { atLocation($0.term) } ?? store.no
      case .lemma(let number): brokenAfter(number, lemmas[number])
      }
    if term == store.no { return [] }
    return ask([(item, term)], lemmas, base) == nil ? noted(item) : nil
  }

  private func noted(_ item: Item) -> Set<Int>? {
    switch item {
    case .goal(let goal): safeGoals[goal]
    case .lemma(let number): keptLemmas[number]
    }
  }

  /// What was shown; set to go back to it after lemmas were left out for a try.
  var shown: (lemmas: [Int: Set<Int>], goals: [Goal: Set<Int>]) {
    get { (keptLemmas, safeGoals) }
    set { (keptLemmas, safeGoals) = newValue }
  }

  // MARK: Confirmation

  /// What Z3 has confirmed, so that it is not asked twice.
  private var confirmed: (goals: Set<Goal>, lemmas: Set<Int>) = ([], [])

  /// Has Z3 answer once more all that was shown here; false if it disagrees, nil if it gives up.
  func confirm(_ lemmas: LemmaTable, _ options: SolverOptions) -> Bool? {
    let shown = goals.filter { safeGoals[$0.goal] != nil && !confirmed.goals.contains($0.goal) }
    let kept = keptLemmas.keys.filter { lemmas[$0].isActive && !confirmed.lemmas.contains($0) }.sorted()
    let trouble = store.or(shown.map { atLocation($0.term) } + kept.map { brokenAfter($0, lemmas[$0]) })
    if trouble == store.no { return true }
    let solver = Solver(store: store, options: options)
    solver.assert(atLocation(inOrder))
    for slot in told.sorted() {
      solver.assert(atLocation(encoded.table.isValid(encoded.slots[slot], slot, in: store)))
    }
    for id in heard.sorted(by: { ($0.lemma, $0.instance) < ($1.lemma, $1.instance) }) {
      if lemmas[id.lemma].isActive { solver.assert(atLocation(lemmas[id].term)) }
    }
    switch solver.check(assuming: [trouble]) {
    case .sat: return false
    case .unknown: return nil
    case .unsat:
      confirmed.goals.formUnion(shown.map(\.goal))
      confirmed.lemmas.formUnion(kept)
      return true
    }
  }

  /// The step cannot break the goal.
  func isSafe(_ goal: Goal) -> Bool {
    safeGoals[goal] != nil || !goals.contains { $0.goal == goal }
  }

  /// Lemmas were taken back: what was shown with them is open again.
  func forget(_ gone: Set<Int>) {
    confirmed = ([], [])
    keptLemmas = keptLemmas.filter { $0.value.isDisjoint(with: gone) }
    safeGoals = safeGoals.filter { $0.value.isDisjoint(with: gone) }
  }
}
