import SMTSolver
import Terms
import TransitionIR

/// What is known about one step of one process: which lemmas it keeps, which goals it cannot break, and from what that follows.
///
/// Lemmas are assumed only when a counterexample shows that they are needed: a state that the solver proposes is first held
/// against all of them, and those that it breaks are told to the solver. Few of many are ever needed at one step.
final class StepProof {
  let step: SymbolicStep
  let goals: [(goal: Goal, term: Term)]
  private let solver: Solver
  private let encoded: SymbolicSystem
  private var store: TermStore { encoded.store }
  private let written: Set<Int>
  private let controlSlot: Int
  private let controlValue: UInt64
  /// State variables as they are while the process stands here.
  private var before: [Term: Term]
  /// The same after the step.
  private var after: [Term: Term]
  /// For each lemma, when the step breaks it.
  private var brokenTerms: [Int: Term] = [:]
  /// Instances of lemmas that the solver has heard of.
  private var heard: Set<InstanceID> = []
  private var heardLemmas: Set<Int> = []
  /// What was shown, each with the lemmas (by number) that were needed.
  private(set) var keptLemmas: [Int: Set<Int>] = [:]
  private(set) var safeGoals: [Goal: Set<Int>] = [:]

  struct InstanceID: Hashable {
    let lemma: Int
    let instance: Int
  }

  init(
    _ encoded: SymbolicSystem, _ step: SymbolicStep, _ goals: [(goal: Goal, term: Term)],
    _ options: SolverOptions
  ) {
    self.encoded = encoded
    self.step = step
    self.goals = goals
    solver = Solver(store: encoded.store, options: options)
    written = Set(step.written)
    controlSlot = encoded.layout.controlSlot[step.process]
    let kind = encoded.system.kinds[encoded.layout.kindOfProcess[step.process]]
    let value = step.location.index - kind.firstLocation
    controlValue = encoded.table.encoded(value, controlSlot)
    let here = encoded.table.constant(value, controlSlot, in: encoded.store)
    before = [encoded.slots[controlSlot]: here]
    after = [encoded.slots[controlSlot]: step.after[controlSlot]]
    for slot in written { after[encoded.slots[slot]] = step.after[slot] }
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
    case counterexample(state: [Int], items: [Item], relevant: Set<Int>)
    /// The solver gave up on all together.
    case unknown(String)
    /// The solver gave up on each of these alone, and everything else is shown.
    case stuck([Item], String)
  }

  private var lastReason = ""

  /// Tries to show everything that is not shown yet; stops at the first counterexample.
  ///
  /// `base` is some initial state.
  func prove(_ lemmas: LemmaTable, skipping failed: Set<Goal>, base: [UInt64]) -> Result {
    var open = [openItems(lemmas, skipping: failed)]
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

  /// Asks about some items at once; nil if all of them are shown.
  private func ask(_ items: [(item: Item, term: Term)], _ lemmas: LemmaTable, _ base: [UInt64]) -> Result? {
    let trouble = store.or(items.map(\.term))
    while true {
      let assumed = heardLemmas.filter { lemmas[$0].isActive }.sorted()
      switch solver.check(assuming: assumed.map { lemmas[$0].switchOn } + [trouble]) {
      case .unknown(let reason): return .unknown(reason)
      case .unsat(let core):
        let used = Set(assumed.filter { core.contains(lemmas[$0].switchOn) })
        for (item, _) in items { note(item, used) }
        return nil
      case .sat(let model):
        if hear(lemmas, brokenIn: plainest(trouble, model, base)) { continue }
        let words = words(model, base)
        if hear(lemmas, brokenIn: words) { continue }
        return counterexample(items, words, model)
      }
    }
  }

  /// A state of the model; slots that no query mentions are as in `base`.
  private func words(_ model: Model, _ base: [UInt64]) -> [UInt64] {
    var words = base.indices.map { model.variableValues[$0] ?? base[$0] }
    words[controlSlot] = controlValue
    return words
  }

  /// A state with the same trouble, and as much of `base` as it allows: lemmas that are false in it have to do with the trouble.
  private func plainest(_ trouble: Term, _ model: Model, _ base: [UInt64]) -> [UInt64] {
    let all = words(model, base)
    func value(_ variable: Int) -> UInt64 {
      variable < all.count ? all[variable] : model.variableValues[variable] ?? 0
    }
    var words = base
    words[controlSlot] = controlValue
    for slot in store.justification(of: [trouble], value) where slot < base.count { words[slot] = all[slot] }
    return words
  }

  private func counterexample(_ items: [(item: Item, term: Term)], _ words: [UInt64], _ model: Model)
    -> Result
  {
    let count = encoded.slots.count
    func value(_ variable: Int) -> UInt64 {
      variable < count ? words[variable] : model.variableValues[variable] ?? 0
    }
    let values = store.evaluate(items.map(\.term), value)
    let broken = items.indices.filter { values[$0] != 0 }
    let reasons = store.justification(of: broken.prefix(1).map { items[$0].term }, value)
    return .counterexample(
      state: words.enumerated().map { encoded.table.decoded($1, $0) },
      items: broken.map { items[$0].item }, relevant: reasons.filter { $0 < count })
  }

  /// Tells the solver of lemmas that are false in a state; false if there are none.
  private func hear(_ lemmas: LemmaTable, brokenIn words: [UInt64]) -> Bool {
    var isNews = false
    for slot in invalidSlots(words) where told.insert(slot).inserted {
      solver.assert(atLocation(encoded.table.isValid(encoded.slots[slot], slot, in: store)))
      isNews = true
    }
    if isNews { return true }
    for id in lemmas.broken(in: words, limit: 24) where heard.insert(id).inserted {
      let lemma = lemmas[id.lemma]
      heardLemmas.insert(id.lemma)
      solver.assert(store.implies(lemma.switchOn, atLocation(lemma.instances[id.instance].term)))
      isNews = true
    }
    return isNews
  }

  /// Slots whose bounds the solver knows.
  private var told: Set<Int> = []

  private func invalidSlots(_ words: [UInt64]) -> [Int] {
    words.indices.filter { slot in
      let value = encoded.table.decoded(words[slot], slot)
      let shape = encoded.table.slots[slot]
      return value < shape.lower || value > shape.upper
    }
  }

  private func openItems(
    _ lemmas: LemmaTable, skipping failed: Set<Goal>
  ) -> [(item: Item, term: Term)] {
    var result: [(Item, Term)] = []
    for (goal, term) in goals where safeGoals[goal] == nil && !failed.contains(goal) {
      add(.goal(goal), atLocation(term), &result)
    }
    for number in lemmas.active where keptLemmas[number] == nil {
      add(.lemma(number), brokenAfter(number, lemmas[number]), &result)
    }
    return result
  }

  private func brokenAfter(_ number: Int, _ lemma: Lemma) -> Term {
    if let known = brokenTerms[number] { return known }
    let touched = lemma.instances.filter { !$0.support.isDisjoint(with: written) }
    let isBroken = store.or(touched.map { store.not(afterStep($0.term)) })
    let term = store.and(atLocation(step.happens), isBroken)
    brokenTerms[number] = term
    return term
  }

  private func add(_ item: Item, _ term: Term, _ list: inout [(Item, Term)]) {
    if term == store.no { note(item, []) } else { list.append((item, term)) }
  }

  private func note(_ item: Item, _ used: Set<Int>) {
    switch item {
    case .goal(let goal): safeGoals[goal] = used
    case .lemma(let number): keptLemmas[number] = used
    }
  }

  /// The step cannot break the goal.
  func isSafe(_ goal: Goal) -> Bool {
    safeGoals[goal] != nil || !goals.contains { $0.goal == goal }
  }

  /// Lemmas were taken back: what was shown with them is open again.
  func forget(_ gone: Set<Int>) {
    keptLemmas = keptLemmas.filter { $0.value.isDisjoint(with: gone) }
    safeGoals = safeGoals.filter { $0.value.isDisjoint(with: gone) }
  }
}
