import Terms
import TransitionIR

/// When a process can move at all, whatever it chooses: what a deadlock is the opposite of.
///
/// The formula of a step speaks of one choice (its inputs); "no choice works" needs all of them. So here each way to choose is
/// followed by itself, as far as something on it can still wait.
struct Possibility {
  private var pathCount = 0

  /// More ways than this through one step are not followed.
  static let pathLimit = 400

  /// Over the state before the step: it has a successor or is a fatal violation. Assumes that the process stands there.
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
    let elements = try machine.elements(of: iteration)
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
    }
    return machine.store.or(ways)
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
