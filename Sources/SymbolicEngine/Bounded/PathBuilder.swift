import Evidence
import TransitionIR

/// From what a solver says to a run that the interpreter has made: states and movers become a path, or nothing.
struct PathBuilder {
  let interpreter: Interpreter
  /// See `Goals.allowedOrders`: what is no violation of `lock.order`.
  let allowedOrders: Set<Goals.LockOrder>

  /// A run from an initial state through these states; the last step is one that breaks the goal if `breaking` is given.
  ///
  /// `candidates` are values for choices among more than can be tried: first those at the start, then those of each step.
  /// Nil if there is none: then the formula and the interpreter disagree, which is a bug of ours.
  func path(
    _ states: [[Int]], _ movers: [Int], candidates: [[Int]], breaking goal: Goal?
  ) -> Path? {
    let initial = interpreter.initialStates(candidates: candidates[0]).first {
      movers.isEmpty && goal != nil
        ? fits($0, from: nil, nil, target: nil, breaking: goal) : $0.state == states[0]
    }
    guard let initial else { return nil }
    var steps: [Path.Step] = []
    var state = initial.state
    for (index, mover) in movers.enumerated() {
      guard let location = interpreter.location(of: mover, in: state) else { return nil }
      let isLast = index == movers.count - 1
      let wanted = isLast ? goal : nil
      let target = index + 1 < states.count ? states[index + 1] : nil
      let successor = interpreter.successors(
        of: state, process: mover, candidates: candidates[index + 1]
      ).first {
        fits($0, from: state, mover, target: wanted == nil ? target : nil, breaking: wanted)
      }
      guard let successor else { return nil }
      steps.append(
        Path.Step(process: mover, location: location, choices: successor.choices, state: successor.state))
      state = successor.state
    }
    return Path(initialChoices: initial.choices, initialState: initial.state, steps: steps)
  }

  private func fits(
    _ successor: Successor, from state: [Int]?, _ mover: Int?, target: [Int]?, breaking goal: Goal?
  ) -> Bool {
    if let target { return !successor.isFatal && successor.state == target }
    guard let goal else { return true }
    if let declared = interpreter.system.properties.first(where: { $0.name == goal.property }) {
      guard declared.group == .step, !successor.isFatal else { return false }
      let value = try? interpreter.value(declared.body, in: successor.state, old: state, process: mover)
      return (value ?? 0) == 0
    }
    if goal.property == BuiltinProperty.lockOrder.rawValue {
      return successor.acquisitions.contains { taking in
        taking.site == goal.site
          && taking.held.contains {
            !allowedOrders.contains(.init(held: $0, taken: taking.lock, subclass: taking.subclass))
          }
      }
    }
    return successor.violations.contains { $0.property.rawValue == goal.property && $0.site == goal.site }
  }

  /// A path with the words that the explicit engine would say about it.
  func counterexample(_ goal: Goal, _ path: Path) -> Counterexample {
    let last = path.steps.last?.state ?? path.initialState
    var violations = interpreter.leaks(in: last)
    if let step = path.steps.last {
      let before = path.steps.dropLast().last?.state ?? path.initialState
      violations +=
        interpreter.successors(
          of: before, process: step.process, candidates: step.choices
        ).first { $0.choices == step.choices }?.violations ?? []
    } else {
      violations +=
        interpreter.initialStates(candidates: path.initialChoices).first {
          $0.choices == path.initialChoices
        }?.violations ?? []
    }
    let found = violations.last { $0.property.rawValue == goal.property && $0.site == goal.site }
    let declared = interpreter.system.properties.first { $0.name == goal.property }
    return Counterexample(
      property: goal.property, site: goal.site.index < 0 ? deadlockSite(last) : goal.site,
      message: found?.message ?? message(goal, declared, last), subject: found?.subject, path: path)
  }

  private func message(_ goal: Goal, _ declared: Property?, _ last: [Int]) -> String {
    if let declared {
      return declared.group == .reachable ? "is satisfied here" : declared.documentation
    }
    if goal.property == BuiltinProperty.lockOrder.rawValue {
      return "a lock is taken while another lock of its class is held, in no declared order"
    }
    return interpreter.deadlockMessage(last)
  }

  /// Where the first process that waits stands.
  private func deadlockSite(_ state: [Int]) -> SiteID {
    let system = interpreter.system
    let places = (0..<system.processCount).compactMap { process -> LocationID? in
      let kind = system.kinds[system.kind(ofProcess: process).index]
      return kind.isDaemon || kind.isEnvironment ? nil : interpreter.location(of: process, in: state)
    }
    return places.min { $0.index < $1.index }.map { system.locations[$0.index].site } ?? SiteID(0)
  }
}
