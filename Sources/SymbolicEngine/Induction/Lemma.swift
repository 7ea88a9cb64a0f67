import Terms
import TransitionIR

/// A property of states that a proof tries to show of all reachable ones, together with others.
public struct Lemma {
  public enum Origin {
    /// The negation of a goal: proving it proves the property.
    case goal(Goal)
    /// Somebody's idea.
    case candidate(CandidateLemma)
  }

  public let origin: Origin
  /// For people.
  public let text: String
  /// What it says of each choice of its outermost variables; it is their conjunction.
  public let instances: [Instance]
  /// Assumed where this is true: so a lemma can be taken back, and unsatisfiable cores tell which were needed.
  let switchOn: Term
  public internal(set) var stage: Stage
  public var isActive: Bool { stage == .active }

  public enum Stage: Sendable {
    /// Known, but nothing needed it yet.
    case dormant
    /// Assumed, and to be shown.
    case active
    /// Could not be shown.
    case gone
  }

  public struct Instance {
    /// Over the state's variables.
    public let term: Term
    /// The slots that it depends on.
    let support: Set<Int>
  }
}

extension SymbolicSystem {
  /// A closed expression as a conjunction: one term for each value of the variables of its outermost `forall`s.
  ///
  /// Of interchangeable processes only the first `representatives` are looked at. If the first one moves, three are enough for
  /// two variables: whatever two processes are taken, a permutation that keeps the mover brings them there. So what is shown of
  /// these is shown of all; and what is assumed of the others is not needed.
  func instances(
    of expression: Expression, isTotal: Bool, symmetric: Set<KindID>, representatives: Int = 3
  ) throws(EncodingRefusal) -> [Term] {
    var machine = machine(process: nil, slots)
    var result: [Term] = []
    try split(expression, if: store.yes, &machine, symmetric, representatives) {
      (machine, condition, body) throws(EncodingRefusal) in
      let truth = try machine.within(condition) { machine throws(EncodingRefusal) in try machine.truth(body) }
      let term = store.implies(condition, isTotal ? truth : store.and(machine.alive, truth))
      machine.alive = store.yes
      if term != store.yes { result.append(term) }
    }
    return result
  }

  private func split(
    _ expression: Expression, if condition: Term, _ machine: inout SymbolicMachine,
    _ symmetric: Set<KindID>, _ representatives: Int,
    _ body: (inout SymbolicMachine, Term, Expression) throws(EncodingRefusal) -> Void
  ) throws(EncodingRefusal) {
    switch expression {
    case .labelled(_, let inner):
      return try split(inner, if: condition, &machine, symmetric, representatives, body)
    case .quantified(.forall, let id, let iteration, let inner):
      let count = machine.failures.count
      var elements = try machine.elements(of: iteration)
      // What an iteration ranges over may itself have no value; then the whole is one instance.
      if machine.failures.count > count { break }
      if case .processes(let kind) = iteration, symmetric.contains(kind) {
        elements = Array(elements.prefix(representatives))
      }
      for (value, isElement) in elements {
        let reached = store.and(condition, isElement)
        if reached == store.no { continue }
        machine.bound[id.index] = store.number(value)
        try split(inner, if: reached, &machine, symmetric, representatives, body)
      }
      return
    default: break
    }
    machine.alive = store.yes
    try body(&machine, condition, expression)
  }
}
