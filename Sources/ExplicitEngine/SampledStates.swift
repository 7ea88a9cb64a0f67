import TransitionIR

/// States that random walks meet: a look at a system that is too large to search.
public struct SampledStates: Sendable {
  /// Reachable, each once or more, as the interpreter knows them; in the order of the walks.
  public private(set) var states: [[Int]] = []

  /// Walks from initial states to where nobody can move, again and again, until `limit` states were met or `isOver`.
  ///
  /// At each step a process is drawn, and then one of its steps. Deterministic but for `isOver`.
  public init(of interpreter: Interpreter, limit: Int, isOver: () -> Bool) {
    let starts = interpreter.initialStates().filter { !$0.isFatal }.map(\.state)
    if starts.isEmpty { return }
    var random = SplitMix(state: 0xD1B5_4A32_D192_ED03)
    while states.count < limit, !isOver() {
      var state = starts[random.below(starts.count)]
      states.append(state)
      for _ in 0..<Self.walkLength where states.count < limit && !isOver() {
        guard let next = Self.next(state, interpreter, &random) else { break }
        state = next
        states.append(state)
      }
    }
  }

  /// Steps of one walk: systems without an end are begun anew.
  private static let walkLength = 2_000

  private static func next(_ state: [Int], _ interpreter: Interpreter, _ random: inout SplitMix) -> [Int]? {
    var processes = Array(0..<interpreter.system.processCount)
    while !processes.isEmpty {
      let process = processes.remove(at: random.below(processes.count))
      let next = interpreter.successors(of: state, process: process).filter { !$0.isFatal }
      if !next.isEmpty { return next[random.below(next.count)].state }
    }
    return nil
  }
}
