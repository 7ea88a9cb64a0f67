import SMTSolver
import Terms
import TransitionIR

/// What is known about states alone: that lemmas hold in the beginning, and which goals the lemmas exclude by themselves.
final class StateProof {
  private let goals: [(goal: Goal, term: Term)]
  private let start: SymbolicStart
  private let startSolver: Solver
  /// Knows nothing: a run that fails for good while it starts has no state.
  private let failureSolver: Solver
  private let solver: GateSolver
  private let encoded: SymbolicSystem
  private var heard: Set<LemmaTable.InstanceID> = []
  private var heardLemmas: Set<Int> = []
  /// What was shown, each with the lemmas (by number) that were needed.
  var safeGoals: [Goal: Set<Int>] = [:]
  /// Terms over the state's variables as they are in the beginning.
  private var atStart: [Term: Term]
  private let startFailures: [(goal: Goal, term: Term)]

  /// `goals` are those on states that are not lemmas themselves.
  ///
  /// `options` are for questions about the start, `assuming` is said of every state that is asked about, whatever the lemmas are.
  init(
    _ all: Goals, _ goals: [(goal: Goal, term: Term)], _ options: SolverOptions, _ network: GateNetwork,
    assuming assumed: Term? = nil
  ) throws(EncodingRefusal) {
    encoded = all.encoded
    let store = encoded.store
    self.goals = goals
    start = try encoded.initialState()
    atStart = Dictionary(uniqueKeysWithValues: zip(encoded.slots, start.slots))
    startSolver = Solver(store: store, options: options)
    startSolver.assert(start.condition)
    failureSolver = Solver(store: store, options: options)
    startFailures = all.onStart(start)
    solver = GateSolver(network)
    solver.assert(encoded.typeInvariant(encoded.slots))
    if let assumed { solver.assert(assumed) }
  }

  /// One initial state, as words: what slots hold that nobody asks about.
  func someStart() -> [UInt64] {
    switch startSolver.check() {
    case .sat(let model): model.values(of: start.slots)
    case .unsat, .unknown: start.slots.map { _ in 0 }
    }
  }

  /// The goals that the initial statements may break, and whether they do.
  func brokenAtStart() -> [(goal: Goal, isBroken: Bool)] {
    startFailures.map { goal, term in
      guard term != encoded.store.no else { return (goal, false) }
      switch failureSolver.check(assuming: [term]) {
      case .unsat: return (goal, false)
      case .sat, .unknown: return (goal, true)
      }
    }
  }

  /// An initial state in which one of the terms is false.
  func startBreaking(_ terms: [Term]) -> [Int]? {
    let store = encoded.store
    store.substitute(terms, &atStart)
    let all = store.and(terms.map { atStart[$0] ?? $0 })
    if all == store.yes { return nil }
    switch startSolver.check(assuming: [store.not(all)]) {
    case .unsat: return nil
    case .sat(let model):
      return model.values(of: start.slots).enumerated().map { encoded.table.decoded($1, $0) }
    case .unknown:
      // Not known to hold is as good as broken: the lemma is taken back.
      return start.slots.indices.map { _ in 0 }
    }
  }

  func prove(_ lemmas: LemmaTable, skipping failed: Set<Goal>, base: [UInt64]) -> StepProof.Result {
    let store = encoded.store
    let open = goals.filter { safeGoals[$0.goal] == nil && !failed.contains($0.goal) && $0.term != store.no }
    if open.isEmpty { return .done }
    while true {
      let assumed = heardLemmas.filter { lemmas[$0].isActive }.sorted()
      let query = assumed.map { lemmas[$0].switchOn } + [store.or(open.map(\.term))]
      switch solver.check(assuming: query, conflictLimit: Self.conflictLimit) {
      case .unknown(let reason): return .unknown(reason)
      case .unsat(let core):
        let used = Set(assumed.filter { core.contains(lemmas[$0].switchOn) })
        for (goal, _) in open { safeGoals[goal] = used }
        return .done
      case .sat(let model):
        let words = base.indices.map { model[$0] ?? base[$0] }
        if hear(lemmas, words) { continue }
        func value(_ variable: Int) -> UInt64 {
          variable < words.count ? words[variable] : model[variable] ?? 0
        }
        let values = store.evaluate(open.map(\.term), value)
        let broken = open.indices.filter { values[$0] != 0 }.map { open[$0] }
        return .counterexample(
          StepProof.Counterexample(
            state: words, items: broken.map { .goal($0.goal) },
            // What was chosen is no part of the state.
            relevant: store.justification(of: broken.prefix(1).map(\.term), value).filter {
              $0 < words.count
            },
            changed: Set(words.indices.filter { words[$0] != base[$0] })))
      }
    }
  }

  /// Of one question.
  private static let conflictLimit = 400_000

  private func hear(_ lemmas: LemmaTable, _ words: [UInt64]) -> Bool {
    var isNews = false
    for id in lemmas.allBroken(in: words, limit: 24) where heard.insert(id).inserted {
      heardLemmas.insert(id.lemma)
      let instance = lemmas.allInstances(id.lemma)[id.instance]
      solver.assert(instance, if: lemmas[id.lemma].switchOn)
      isNews = true
    }
    return isNews
  }

  /// What Z3 has confirmed, so that it is not asked twice.
  private var confirmed: Set<Goal> = []

  /// Has Z3 answer once more all that was shown here; false if it disagrees, nil if it gives up.
  func confirm(_ lemmas: LemmaTable, _ options: SolverOptions) -> Bool? {
    let shown = goals.filter { safeGoals[$0.goal] != nil && !confirmed.contains($0.goal) }
    let trouble = encoded.store.or(shown.map(\.term))
    if trouble == encoded.store.no { return true }
    let solver = Solver(store: encoded.store, options: options)
    solver.assert(encoded.typeInvariant(encoded.slots))
    for id in heard.sorted(by: { ($0.lemma, $0.instance) < ($1.lemma, $1.instance) })
    where lemmas[id.lemma].isActive { solver.assert(lemmas.allInstances(id.lemma)[id.instance]) }
    switch solver.check(assuming: [trouble]) {
    case .sat: return false
    case .unknown: return nil
    case .unsat:
      confirmed.formUnion(shown.map(\.goal))
      return true
    }
  }

  func isSafe(_ goal: Goal) -> Bool {
    safeGoals[goal] != nil || !goals.contains { $0.goal == goal && $0.term != encoded.store.no }
  }

  /// Lemmas were taken back: what was shown with them is open again.
  func forget(_ gone: Set<Int>) {
    confirmed = []
    safeGoals = safeGoals.filter { $0.value.isDisjoint(with: gone) }
  }
}
