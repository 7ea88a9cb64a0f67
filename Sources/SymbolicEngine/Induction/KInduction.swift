import SMTSolver
import Terms
import TransitionIR

/// Induction over several steps: after any `k` steps that break nothing, the next breaks nothing either.
///
/// All goals are assumed of the first `k` states and steps at once; a goal that can be broken after them is dropped, and the rest
/// is tried again, so what remains holds together. That runs of `k` steps from the beginning break nothing is for somebody else
/// to show (`BoundedCheck`). (M. Sheeran, S. Singh, G. Stålmarck, "Checking safety properties using induction and a SAT-solver",
/// FMCAD 2000.)
public final class KInduction {
  private let goals: Goals
  private let transition: Transition
  private let options: SolverOptions
  private let invariant: Term
  private var encoded: SymbolicSystem { goals.encoded }
  private var store: TermStore { encoded.store }
  /// Goals that could be broken after `k` good steps.
  public private(set) var dropped: Set<Goal> = []
  /// Why it was not decided, if it was not.
  public private(set) var gaveUp: String?

  /// `lemmas` are truths about every reachable state, over the variables of the system.
  public init(_ goals: Goals, lemmas: [Term] = [], options: SolverOptions) throws(EncodingRefusal) {
    self.goals = goals
    self.options = options
    transition = try Transition(goals)
    let encoded = goals.encoded
    invariant = encoded.store.and(encoded.typeInvariant(encoded.slots), encoded.store.and(lemmas))
  }

  /// All goals that there are; those that only the initial statements could break are for the bounded check.
  public var allGoals: Set<Goal> { Set((goals.onStates + transition.broken).map(\.goal)) }

  /// The goals among `wanted` that `k` good steps exclude.
  ///
  /// Requires: no run of `k` steps breaks one of them.
  public func proven(_ wanted: Set<Goal>, k: Int, isOver: () -> Bool) -> Set<Goal> {
    precondition(k >= 1, "induction over no step")
    var open = wanted
    gaveUp = nil
    dropped = []
    while !open.isEmpty {
      if isOver() {
        gaveUp = "time limit reached"
        return []
      }
      let (solver, after) = unrolled(k, open)
      switch solver.check(assuming: [store.or(after.map(\.term))]) {
      case .unsat: return open
      case .unknown(let reason):
        gaveUp = reason
        return []
      case .sat(let model):
        let values = model.values(of: after.map(\.term))
        let broken = Set(zip(after, values).filter { $0.1 != 0 }.map(\.0.goal))
        dropped.formUnion(broken)
        open.subtract(broken)
      }
    }
    return []
  }

  private typealias Condition = (goal: Goal, term: Term)

  /// `k` steps in which nothing is broken, and what the state after them and the step from there may break.
  private func unrolled(_ k: Int, _ open: Set<Goal>) -> (solver: Solver, after: [Condition]) {
    let solver = Solver(store: store, options: options)
    var state = encoded.slots
    let onStates = goals.onStates.filter { open.contains($0.goal) }
    let onSteps = transition.broken.filter { open.contains($0.goal) }
    for number in 0...k {
      var replaced = transition.frame(number, state).replaced
      store.substitute(
        [invariant, transition.happens] + (onStates + onSteps).map(\.term) + transition.next, &replaced)
      func now(_ term: Term) -> Term { replaced[term] ?? term }
      solver.assert(now(invariant))
      let here = (onStates + onSteps).map { (goal: $0.goal, term: now($0.term)) }
      if number == k { return (solver, here) }
      solver.assert(store.not(store.or(here.map(\.term))))
      solver.assert(now(transition.happens))
      state = transition.next.map(now)
    }
    preconditionFailure("the loop returns")
  }
}
