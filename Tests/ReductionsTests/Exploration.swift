import Reductions
import TransitionIR

/// What a search through all states of a system finds, in a form that two searches can be compared by.
struct Exploration: Equatable {
  /// `property @site`, deadlocks and lost objects included.
  var violations: Set<String> = []
  var lockOrder: Set<String> = []
  var covered: Set<CoverID> = []
  /// Names of `reachable` properties that have a witness, and `name/number` of antecedents that held.
  var witnesses: Set<String> = []
}

/// A breadth-first search, with or without safe steps.
struct Explorer {
  let interpreter: Interpreter
  let stepper: ReducedStepper?
  var found = Exploration()
  private(set) var stateCount = 0
  private(set) var stepCount = 0
  /// The search was given up.
  private(set) var isTooLarge = false

  private var system: TransitionSystem { interpreter.system }

  /// The whole search; without `steps`, every step is a transition.
  init(_ system: TransitionSystem, steps: SafeSteps? = nil, limit: Int = .max) {
    interpreter = Interpreter(system)
    stepper = steps.map { [interpreter] in ReducedStepper(interpreter, $0) }
    var seen: Set<[Int]> = []
    var frontier: [[Int]] = []
    for initial in interpreter.initialStates() {
      note(initial)
      if initial.isFatal { continue }
      guard let stepper else {
        if seen.insert(initial.state).inserted { frontier.append(initial.state) }
        continue
      }
      take(stepper.settled(initial.state), &seen, &frontier)
    }
    while !frontier.isEmpty, seen.count <= limit {
      let level = frontier
      frontier = []
      for state in level { expand(state, &seen, &frontier) }
    }
    isTooLarge = seen.count > limit
    stateCount = seen.count
  }

  private mutating func expand(_ state: [Int], _ seen: inout Set<[Int]>, _ frontier: inout [[Int]]) {
    check(state)
    if let stepper {
      let expansion = stepper.successors(of: state)
      if !expansion.canStep { noteDeadlock(state) }
      return take(expansion, &seen, &frontier)
    }
    var canStep = false
    for process in 0..<system.processCount {
      let successors = interpreter.successors(of: state, process: process)
      let kind = system.kinds[system.kind(ofProcess: process).index]
      if !successors.isEmpty, !kind.isEnvironment { canStep = true }
      for successor in successors {
        noteStep(state, process, successor)
        if !successor.isFatal, seen.insert(successor.state).inserted { frontier.append(successor.state) }
      }
    }
    if !canStep { noteDeadlock(state) }
  }

  private mutating func take(
    _ expansion: ReducedStepper.Expansion, _ seen: inout Set<[Int]>, _ frontier: inout [[Int]]
  ) {
    for step in expansion.taken { noteStep(step.before, step.process, step.successor) }
    for successor in expansion.successors where seen.insert(successor.state).inserted {
      frontier.append(successor.state)
    }
  }

  // MARK: Noting

  private mutating func note(_ successor: Successor) {
    for violation in successor.violations { note(violation) }
    found.covered.formUnion(successor.covered)
    for acquisition in successor.acquisitions {
      for held in acquisition.held {
        found.lockOrder.insert(
          "\(held.index) \(acquisition.lock.index)/\(acquisition.subclass) @\(acquisition.site.index)")
      }
    }
  }

  private mutating func note(_ violation: Violation) {
    found.violations.insert("\(violation.property.rawValue) @\(violation.site.index)")
  }

  private mutating func noteStep(_ before: [Int], _ process: Int, _ successor: Successor) {
    stepCount += 1
    note(successor)
    if successor.isFatal { return }
    for property in system.properties where property.group == .step {
      if !holds(property.body, successor.state, old: before, process: process) {
        found.violations.insert("\(property.name) @\(property.site.index)")
      }
    }
  }

  private mutating func check(_ state: [Int]) {
    for property in system.properties {
      for (number, antecedent) in property.antecedents.enumerated()
      where holds(antecedent.expression, state, old: state, process: 0) {
        found.witnesses.insert("\(property.name)/\(number)")
      }
      switch property.group {
      case .step: break
      case .invariant:
        if !holds(property.body, state) {
          found.violations.insert("\(property.name) @\(property.site.index)")
        }
      case .reachable: if holds(property.body, state) { found.witnesses.insert(property.name) }
      }
    }
    for leak in interpreter.leaks(in: state) { note(leak) }
  }

  private func holds(_ body: Expression, _ state: [Int], old: [Int]? = nil, process: Int? = nil) -> Bool {
    ((try? interpreter.value(body, in: state, old: old, process: process)) ?? 0) != 0
  }

  private mutating func noteDeadlock(_ state: [Int]) {
    let stuck = (0..<system.processCount).first { process in
      let kind = system.kinds[system.kind(ofProcess: process).index]
      return !kind.isDaemon && !kind.isEnvironment && interpreter.location(of: process, in: state) != nil
    }
    guard let stuck, let location = interpreter.location(of: stuck, in: state) else { return }
    found.violations.insert("deadlock @\(system.locations[location.index].site.index)")
  }
}
