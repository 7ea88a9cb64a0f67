import SMTSolver
import Terms
import TransitionIR

/// What is known about one step of one process: which lemmas it keeps, which goals it cannot break, and from what that follows.
final class StepProof {
  let step: SymbolicStep
  let goals: [(goal: Goal, term: Term)]
  private let solver: Solver
  private let store: TermStore
  private let written: Set<Int>
  /// State variables as they are while the process stands here.
  private var before: [Term: Term]
  /// The same after the step.
  private var after: [Term: Term]
  /// How many lemmas the solver has heard of.
  private var heardCount = 0
  /// What was shown, each with the lemmas (by number) that were needed.
  private(set) var keptLemmas: [Int: Set<Int>] = [:]
  private(set) var safeGoals: [Goal: Set<Int>] = [:]

  init(_ encoded: SymbolicSystem, _ step: SymbolicStep, _ goals: [(goal: Goal, term: Term)], _ options: SolverOptions) {
    self.step = step
    store = encoded.store
    solver = Solver(store: encoded.store, options: options)
    written = Set(step.written)
    let control = encoded.layout.controlSlot[step.process]
    let kind = encoded.system.kinds[encoded.layout.kindOfProcess[step.process]]
    let here = encoded.table.constant(step.location.index - kind.firstLocation, control, in: encoded.store)
    before = [encoded.slots[control]: here]
    var changed: [Term: Term] = [encoded.slots[control]: step.after[control]]
    for slot in written { changed[encoded.slots[slot]] = step.after[slot] }
    after = changed
    self.goals = goals
    // Formulas of the step speak of its control slot only as a constant, but for `isThere`.
    solver.assert(atLocation(encoded.typeInvariant(encoded.slots)))
  }

  private func atLocation(_ term: Term) -> Term { store.substitute([term], &before); return before[term] ?? term }

  private func afterStep(_ term: Term) -> Term {
    store.substitute([term], &after)
    let changed = after[term] ?? term
    return atLocation(changed)
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
    case unknown(String)
  }

  /// Tries to show everything that is not shown yet; stops at the first counterexample.
  func prove(_ lemmas: [Lemma], skipping failed: Set<Goal>, in encoded: SymbolicSystem) -> Result {
    let items = openItems(lemmas, skipping: failed)
    if items.isEmpty { return .done }
    hear(lemmas)
    solver.push()
    defer { solver.pop() }
    solver.assert(store.or(items.map(\.term)))
    switch solver.check(assuming: lemmas.filter(\.isActive).map(\.switchOn)) {
    case .unknown(let reason): return .unknown(reason)
    case .unsat(let core):
      let used = Set(lemmas.indices.filter { core.contains(lemmas[$0].switchOn) })
      for (item, _) in items { note(item, used) }
      return .done
    case .sat(let model):
      let values = model.values(of: items.map(\.term))
      let broken = items.indices.filter { values[$0] != 0 }
      var words = model.values(of: encoded.slots)
      let control = encoded.layout.controlSlot[step.process]
      words[control] = store.constantValue(before[encoded.slots[control]] ?? store.no) ?? 0
      let state = words.enumerated().map { encoded.table.decoded($1, $0) }
      let reasons = store.justification(of: broken.prefix(1).map { items[$0].term }) {
        model.variableValues[$0] ?? 0
      }
      return .counterexample(
        state: state, items: broken.map { items[$0].item },
        relevant: reasons.filter { $0 < encoded.slots.count })
    }
  }

  private func openItems(_ lemmas: [Lemma], skipping failed: Set<Goal>) -> [(item: Item, term: Term)] {
    var result: [(Item, Term)] = []
    for (goal, term) in goals where safeGoals[goal] == nil && !failed.contains(goal) {
      add(.goal(goal), atLocation(term), &result)
    }
    for (number, lemma) in lemmas.enumerated() where lemma.isActive && keptLemmas[number] == nil {
      if lemma.support.isDisjoint(with: written) {
        keptLemmas[number] = []
        continue
      }
      let isBroken = store.and(atLocation(step.happens), store.not(afterStep(lemma.term)))
      add(.lemma(number), isBroken, &result)
    }
    return result
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

  private func hear(_ lemmas: [Lemma]) {
    for lemma in lemmas[heardCount...] {
      solver.assert(store.implies(lemma.switchOn, atLocation(lemma.term)))
    }
    heardCount = lemmas.count
  }

  /// A lemma was taken back: what was shown with it is open again.
  ///
  /// Returns whether anything was.
  func forget(_ lemma: Int) -> Bool {
    let count = keptLemmas.count + safeGoals.count
    keptLemmas = keptLemmas.filter { !$0.value.contains(lemma) }
    safeGoals = safeGoals.filter { !$0.value.contains(lemma) }
    return keptLemmas.count + safeGoals.count < count
  }
}
