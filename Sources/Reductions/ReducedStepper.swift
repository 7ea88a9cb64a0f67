import TransitionIR

/// Computes successors with safe steps taken at once: the definition that the compiled steps are tested against.
public struct ReducedStepper: Sendable {
  public let interpreter: Interpreter
  public let safeSteps: SafeSteps

  public init(_ interpreter: Interpreter, _ safeSteps: SafeSteps) {
    self.interpreter = interpreter
    self.safeSteps = safeSteps
  }

  /// A step, followed by safe steps until there is none.
  public struct MacroSuccessor: Sendable {
    public let state: [Int]
    /// Each step on the way: who, and which of his successors.
    public let steps: [(process: Int, alternative: Int)]
  }

  /// Everything that can be reached from a state before the next one is stored.
  public struct Expansion: Sendable {
    public var successors: [MacroSuccessor] = []
    /// Every single step on the way, fatal ones too, with the state before it.
    public var taken: [(before: [Int], process: Int, successor: Successor)] = []
    /// Somebody who is not of the environment can go on.
    public var canStep = false
  }

  /// All ways out of a state that has no safe process.
  public func successors(of state: [Int]) -> Expansion {
    var result = Expansion()
    for process in 0..<interpreter.system.processCount {
      let steps = interpreter.successors(of: state, process: process)
      let kind = interpreter.system.kind(ofProcess: process)
      if !steps.isEmpty, !interpreter.system.kinds[kind.index].isEnvironment { result.canStep = true }
      follow(steps, by: process, from: state, [], isLeading: true, &result)
    }
    return result
  }

  /// The states to begin with: safe steps are taken from `state` first.
  public func settled(_ state: [Int]) -> Expansion {
    var result = Expansion()
    settle(state, [], leader: nil, &result)
    return result
  }

  /// `leader`: who has made all steps of the path, the last one from where.
  private func settle(
    _ state: [Int], _ path: [(process: Int, alternative: Int)], leader: (process: Int, from: LocationID)?,
    _ result: inout Expansion
  ) {
    if let leader, safeSteps.goesOn(leader.process, from: leader.from, in: state, interpreter) {
      let steps = interpreter.successors(of: state, process: leader.process)
      if steps.contains(where: { !$0.isFatal }) {
        return follow(steps, by: leader.process, from: state, path, isLeading: true, &result)
      }
    }
    var start = 0
    while let process = safeSteps.safeProcess(in: state, interpreter, from: start) {
      let steps = interpreter.successors(of: state, process: process)
      // If none goes on, the others must not be forgotten.
      if steps.contains(where: { !$0.isFatal }) {
        return follow(steps, by: process, from: state, path, isLeading: false, &result)
      }
      start = process + 1
    }
    result.successors.append(MacroSuccessor(state: state, steps: path))
  }

  private func follow(
    _ steps: [Successor], by process: Int, from state: [Int], _ path: [(process: Int, alternative: Int)],
    isLeading: Bool, _ result: inout Expansion
  ) {
    guard let location = interpreter.location(of: process, in: state) else { return }
    for (alternative, step) in steps.enumerated() {
      result.taken.append((state, process, step))
      if step.isFatal { continue }
      settle(
        step.state, path + [(process, alternative)], leader: isLeading ? (process, location) : nil, &result)
    }
  }
}
