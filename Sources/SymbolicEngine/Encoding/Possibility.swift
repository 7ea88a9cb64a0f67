import Terms
import TransitionIR

/// When a process can move at all, whatever it chooses: what a deadlock is the opposite of.
///
/// The formula of a step speaks of one choice (its inputs); "no choice works" needs all of them. So here each way to choose is
/// followed by itself, as far as something on it can still wait. Of a choice among too many values only a few are tried:
/// the condition is then sufficient, and its negation says more than that nothing can move.
struct Possibility {
  private var pathCount = 0

  /// More ways than this through one step are not followed.
  static let pathLimit = 400

  /// Over the state before the step: it has a successor or is a fatal violation.
  ///
  /// Assumes that the process stands there.
  static func condition(
    _ body: [Statement], _ machine: SymbolicMachine
  ) throws(EncodingRefusal) -> Term {
    var possibility = Possibility()
    return try possibility.follow(body[...], machine)
  }

  private mutating func follow(
    _ body: ArraySlice<Statement>, _ machine: SymbolicMachine
  ) throws(EncodingRefusal) -> Term {
    pathCount += 1
    if pathCount > Self.pathLimit { throw EncodingRefusal("a step with too many ways to choose") }
    var machine = machine
    var rest = body
    while let statement = rest.popFirst() {
      if machine.alive == machine.store.no { break }
      guard statement.mayBlock || rest.contains(where: \.mayBlock) else {
        // From here on the step happens, or fails for good.
        return machine.store.or(machine.alive, done(machine))
      }
      guard statement.chooses else {
        try machine.run([statement])
        continue
      }
      switch statement {
      case .branch(let condition, let then, let otherwise):
        let test = try machine.truth(condition)
        return machine.store.or([
          done(machine), try follow(then, rest, machine, if: test),
          try follow(otherwise, rest, machine, if: machine.store.not(test)),
        ])
      case .fork(let branches):
        var ways = [done(machine)]
        for branch in branches { ways.append(try follow(branch, rest, machine, if: machine.store.yes)) }
        return machine.store.or(ways)
      case .pick(let place, let id, let iteration, let filter):
        return machine.store.or(
          done(machine), try pick(place, id, iteration, filter, rest, machine))
      default: try machine.run([statement])
      }
    }
    return machine.store.or(machine.alive, done(machine))
  }

  private mutating func follow(
    _ arm: [Statement], _ rest: ArraySlice<Statement>, _ machine: SymbolicMachine, if condition: Term
  ) throws(EncodingRefusal) -> Term {
    var machine = machine
    machine.alive = machine.store.and(machine.alive, condition)
    if machine.alive == machine.store.no { return machine.store.no }
    return try follow((arm + rest)[...], machine)
  }

  private mutating func pick(
    _ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression,
    _ rest: ArraySlice<Statement>, _ machine: SymbolicMachine
  ) throws(EncodingRefusal) -> Term {
    var machine = machine
    var ways: [Term] = []
    let elements: [(value: Int, condition: Term)]
    if iteration.isWide {
      elements = Self.witnesses(iteration, machine.store)
    } else {
      elements = try machine.elements(of: iteration)
    }
    var chosen: [(value: Int, condition: Term)] = []
    for (value, isElement) in elements {
      machine.bound[id.index] = machine.store.number(value)
      let isWanted = try machine.within(isElement) { machine throws(EncodingRefusal) in
        try machine.truth(filter)
      }
      chosen.append((value, machine.store.and(isElement, isWanted)))
    }
    ways.append(done(machine))
    for (value, condition) in chosen where condition != machine.store.no {
      let assignment = Statement.assign(place, .constant(value))
      ways.append(try follow([assignment], rest, machine, if: condition))
      if ways.last == machine.store.yes { break }
    }
    return machine.store.or(ways)
  }

  /// Values of a wide choice that satisfy many a condition: small ones, a page, the ends.
  private static func witnesses(_ iteration: Iteration, _ store: TermStore) -> [(value: Int, condition: Term)]
  {
    let bounds: ClosedRange<Int>
    switch iteration {
    case .values(let domain): bounds = domain.bounds
    case .span(.constant(let low), .constant(let high)): bounds = low...high
    case .span, .members, .processes: return []
    }
    let values = [0, 4096, 1, bounds.lowerBound, bounds.upperBound].filter { bounds.contains($0) }
    return values.map { (value: $0, condition: store.yes) }
  }

  /// The step has ended already, or failed for good.
  private func done(_ machine: SymbolicMachine) -> Term {
    machine.store.or(machine.failures.filter(\.isFatal).map(\.condition) + machine.exits.map(\.condition))
  }
}

extension Statement {
  /// Some way through the statement depends on a choice.
  var chooses: Bool {
    switch self {
    case .fork, .pick: true
    case .branch(_, let then, let otherwise): (then + otherwise).contains(where: \.chooses)
    default: false
    }
  }

  /// Some way through the statement waits.
  var mayBlock: Bool {
    switch self {
    case .wait, .pick: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.mayBlock) || otherwise.contains(where: \.mayBlock)
    case .fork(let branches): branches.contains { $0.contains(where: \.mayBlock) }
    default: false
    }
  }
}
