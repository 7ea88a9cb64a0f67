import Evidence
import SMTSolver
import Terms
import TransitionIR

/// Bounded model checking: is there a run of 0, 1, 2, ... steps that breaks something?
///
/// Each goal is found at its smallest depth. States are unrolled as terms of the initial state and the choices, so what is
/// constant stays constant, and the solver sees only what depends on a choice. (A. Biere, A. Cimatti, E. Clarke, Y. Zhu,
/// "Symbolic model checking without BDDs", TACAS 1999.)
public final class BoundedCheck {
  /// A goal and a shortest run that breaks it.
  public struct Finding {
    public let goal: Goal
    public let path: Path
  }

  /// Why the check went no further.
  public enum End {
    /// Everything that was asked for is found.
    case allFound
    /// All runs of that many steps were looked at.
    case depthReached
    /// No run is longer: every reachable state was looked at.
    case noLongerRun
    case gaveUp(String)
  }

  private let goals: Goals
  private let transition: Transition
  private let solver: Solver
  private let paths: PathBuilder
  /// What the initial statements may break.
  private let startFailures: [(goal: Goal, term: Term)]
  private var encoded: SymbolicSystem { goals.encoded }
  private var store: TermStore { encoded.store }

  /// The states of the run, by frame, as terms.
  private var states: [[Term]] = []
  private let startInputs: [Term]
  private var movers: [Term] = []
  /// What each step chose.
  private var inputs: [[Term]] = []
  private var open: Set<Goal> = []
  public private(set) var findings: [Finding] = []
  /// All runs of this many steps break nothing but what was found.
  public private(set) var depth = -1

  /// The run has an initial state.
  private let isStarted: Term

  /// Requires: `goals` are those of the system that is asked about.
  public init(_ goals: Goals, options: SolverOptions) throws(EncodingRefusal) {
    self.goals = goals
    transition = try Transition(goals)
    solver = Solver(store: goals.encoded.store, options: options)
    paths = PathBuilder(
      interpreter: goals.encoded.interpreter, allowedOrders: goals.allowedOrders ?? [])
    let start = try goals.encoded.initialState()
    startInputs = start.inputs
    startFailures = goals.onStart(start)
    states = [start.slots]
    isStarted = start.condition
    open = Set((goals.onStates + transition.broken + startFailures).map(\.goal))
  }

  /// Goals that were asked about and not found.
  public var remaining: Set<Goal> { open }

  /// Looks at all runs of at most `limit` steps, shortest first.
  ///
  /// `isOver` is asked between queries. Throws `PathMismatch` if the solver's run is none of the interpreter's.
  public func run(limit: Int, isOver: () -> Bool) throws(PathMismatch) -> End {
    // First, since a run that fails for good while it starts has no state.
    if let end = try search(startFailures, steps: 0) { return end }
    solver.assert(isStarted)
    while true {
      let frame = transition.frame(depth + 1, states[depth + 1])
      var replaced = frame.replaced
      let onState = substituted(goals.onStates, &replaced)
      if let end = try search(onState, steps: depth + 1) { return end }
      depth += 1
      if open.isEmpty { return .allFound }
      if depth >= limit { return .depthReached }
      if isOver() { return .gaveUp("time limit reached") }
      movers.append(frame.mover)
      inputs.append(frame.inputs)
      let onStep = substituted(transition.broken, &replaced)
      if let end = try search(onStep, steps: depth + 1) { return end }
      if open.isEmpty { return .allFound }
      store.substitute([transition.happens] + transition.next, &replaced)
      solver.assert(replaced[transition.happens] ?? transition.happens)
      states.append(transition.next.map { replaced[$0] ?? $0 })
      switch solver.check() {
      case .sat: break
      case .unsat: return .noLongerRun
      case .unknown(let reason): return .gaveUp(reason)
      }
    }
  }

  private func substituted(
    _ list: [(goal: Goal, term: Term)], _ replaced: inout [Term: Term]
  ) -> [(goal: Goal, term: Term)] {
    let wanted = list.filter { open.contains($0.goal) }
    store.substitute(wanted.map(\.term), &replaced)
    return wanted.map { ($0.goal, replaced[$0.term] ?? $0.term) }
  }

  /// Looks for all goals of a list at one depth; nil if that was possible.
  private func search(_ list: [(goal: Goal, term: Term)], steps: Int) throws(PathMismatch) -> End? {
    while true {
      let candidates = list.filter { open.contains($0.goal) && $0.term != store.no }
      if candidates.isEmpty { return nil }
      switch solver.check(assuming: [store.or(candidates.map(\.term))]) {
      case .unsat: return nil
      case .unknown(let reason): return .gaveUp(reason)
      case .sat(let model):
        let values = model.values(of: candidates.map(\.term))
        for (candidate, value) in zip(candidates, values) where value != 0 {
          try found(candidate.goal, model, steps: steps)
        }
      }
    }
  }

  private func found(_ goal: Goal, _ model: Model, steps: Int) throws(PathMismatch) {
    let run = states.prefix(steps + 1).map { slots in
      model.values(of: slots).enumerated().map { encoded.table.decoded($1, $0) }
    }
    let movers = model.values(of: Array(self.movers.prefix(steps))).map { Int($0) }
    let isOnStep = !goals.onStates.contains { $0.goal == goal }
    let candidates = [chosen(startInputs, model)] + inputs.prefix(steps).map { chosen($0, model) }
    guard let path = paths.path(run, movers, candidates: candidates, breaking: isOnStep ? goal : nil) else {
      throw PathMismatch(description: "\(goal.property): the solver's run of \(steps) steps is no run")
    }
    open.remove(goal)
    findings.append(Finding(goal: goal, path: path))
  }

  /// What a model chose, for choices among more values than can be tried: as they are, and with their sign.
  private func chosen(_ inputs: [Term], _ model: Model) -> [Int] {
    let words = zip(inputs, model.values(of: inputs)).flatMap { input, word -> [Int] in
      let unused = 64 - max(1, store.sort(of: input).width)
      let value = Int(bitPattern: UInt(word))
      return [value, (value << unused) >> unused]
    }
    return Set(words).sorted()
  }

  /// A finding with the words that a search would say about it.
  public func counterexample(_ finding: Finding) -> Counterexample {
    paths.counterexample(finding.goal, finding.path)
  }
}

/// A solver's run that the interpreter cannot make: the encoding is wrong.
///
/// A bug of ours, never of a spec.
public struct PathMismatch: Error, Sendable, CustomStringConvertible {
  public let description: String
}
