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
  var counts: Bool { if case .candidate(let candidate) = origin { candidate.counts } else { false } }

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
    /// If a step can break any instance, it can break one of those that stand for all.
    let standsForAll: Bool
  }
}

extension SymbolicSystem {
  /// A closed expression as a conjunction: one term for each value of the variables of its outermost `forall`s.
  ///
  /// Of what is interchangeable few instances stand for all: what is shown of these is shown of all. The others are there to be
  /// assumed, since a step may use any object, and sums are about all processes.
  func instances(
    of expression: Expression, isTotal: Bool, _ interchangeable: Interchangeable
  ) throws(EncodingRefusal) -> [(term: Term, standsForAll: Bool)] {
    var machine = machine(process: nil, slots)
    var result: [(Term, Bool)] = []
    let start = Choice(
      condition: store.yes, representatives: Representatives(interchangeable), standsForAll: true)
    try split(expression, start, &machine) { (machine, choice, body) throws(EncodingRefusal) in
      let condition = choice.condition
      let truth = try machine.within(condition) { machine throws(EncodingRefusal) in try machine.truth(body) }
      let term = store.implies(condition, isTotal ? truth : store.and(machine.alive, truth))
      machine.alive = store.yes
      if term != store.yes { result.append((term, choice.standsForAll)) }
    }
    return result
  }

  /// Values of some of the outermost variables.
  private struct Choice {
    /// They are elements of what the variables range over.
    var condition: Term
    var representatives: Representatives
    var standsForAll: Bool
  }

  private func split(
    _ expression: Expression, _ choice: Choice, _ machine: inout SymbolicMachine,
    _ body: (inout SymbolicMachine, Choice, Expression) throws(EncodingRefusal) -> Void
  ) throws(EncodingRefusal) {
    switch expression {
    case .labelled(_, let inner): return try split(inner, choice, &machine, body)
    case .quantified(.forall, let id, let iteration, let inner):
      let count = machine.failures.count
      let elements = try machine.elements(of: iteration)
      // What an iteration ranges over may itself have no value; then the whole is one instance.
      if machine.failures.count > count { break }
      var next = choice
      let needed = next.representatives.next(iteration) ?? elements.count
      for (number, (value, isElement)) in elements.enumerated() {
        next.condition = store.and(choice.condition, isElement)
        if next.condition == store.no { continue }
        next.standsForAll = choice.standsForAll && number < needed
        machine.bound[id.index] = store.number(value)
        try split(inner, next, &machine, body)
      }
      return
    default: break
    }
    machine.alive = store.yes
    try body(&machine, choice, expression)
  }
}
