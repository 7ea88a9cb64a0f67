import TransitionIR

/// Where successors come from: the seam between the search and whatever executes steps.
protocol Stepper {
  func initialStates() -> [Successor]
  /// In a fixed order; empty if the process waits or has ended.
  func successors(of state: [Int], process: Int) -> [Successor]
}

extension Interpreter: Stepper {}
