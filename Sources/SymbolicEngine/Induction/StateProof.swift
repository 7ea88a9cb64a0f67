import SMTSolver
import Terms
import TransitionIR

/// What is known about states alone: that lemmas hold in the beginning, and which goals the lemmas exclude by themselves.
final class StateProof {
  private let goals: [(goal: Goal, term: Term)]
  private let start: SymbolicStart
  private let startSolver: Solver
  private let solver: Solver
  private let encoded: SymbolicSystem
  private var heardCount = 0
  private(set) var safeGoals: [Goal: Set<Int>] = [:]
  let startGoals: [Goal]

  init(_ goals: Goals, _ options: SolverOptions) throws(EncodingRefusal) {
    encoded = goals.encoded
    let store = encoded.store
    // Other goals on states are lemmas themselves; a deadlock says little about the step before it.
    self.goals = goals.onStates.filter { $0.goal.property == BuiltinProperty.deadlock.rawValue }
    start = try encoded.initialState()
    startSolver = Solver(store: store, options: options)
    startSolver.assert(start.condition)
    startGoals = goals.onStart(start).map(\.goal)
    solver = Solver(store: store, options: options)
    solver.assert(encoded.typeInvariant(encoded.slots))
  }

  /// An initial state in which the term is false.
  func startBreaking(_ term: Term) -> [Int]? {
    let store = encoded.store
    let replaced = store.substitute([term], Dictionary(uniqueKeysWithValues: zip(encoded.slots, start.slots)))
    if replaced[0] == store.yes { return nil }
    startSolver.push()
    defer { startSolver.pop() }
    startSolver.assert(store.not(replaced[0]))
    switch startSolver.check() {
    case .unsat: return nil
    case .sat(let model):
      return model.values(of: start.slots).enumerated().map { encoded.table.decoded($1, $0) }
    case .unknown:
      // Not known to hold is as good as broken: the lemma is taken back.
      return start.slots.indices.map { _ in 0 }
    }
  }

  func prove(_ lemmas: [Lemma], skipping failed: Set<Goal>) -> StepProof.Result {
    let store = encoded.store
    let open = goals.filter { safeGoals[$0.goal] == nil && !failed.contains($0.goal) && $0.term != store.no }
    if open.isEmpty { return .done }
    for lemma in lemmas[heardCount...] { solver.assert(store.implies(lemma.switchOn, lemma.term)) }
    heardCount = lemmas.count
    solver.push()
    defer { solver.pop() }
    solver.assert(store.or(open.map(\.term)))
    switch solver.check(assuming: lemmas.filter(\.isActive).map(\.switchOn)) {
    case .unknown(let reason): return .unknown(reason)
    case .unsat(let core):
      let used = Set(lemmas.indices.filter { core.contains(lemmas[$0].switchOn) })
      for (goal, _) in open { safeGoals[goal] = used }
      return .done
    case .sat(let model):
      let state = model.values(of: encoded.slots).enumerated().map { encoded.table.decoded($1, $0) }
      let relevant = store.justification(of: open.map(\.term)) { model.variableValues[$0] ?? 0 }
      return .counterexample(
        state: state, items: open.map { .goal($0.goal) },
        relevant: relevant.filter { $0 < encoded.slots.count })
    }
  }

  func forget(_ lemma: Int) { safeGoals = safeGoals.filter { !$0.value.contains(lemma) } }
}
