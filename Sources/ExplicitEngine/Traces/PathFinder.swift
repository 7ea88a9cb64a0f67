import Evidence
import TransitionIR

/// Finds, among the shortest paths to a violation, one with the fewest context switches; among those the one whose first
/// different step has the lowest process and alternative, so that the choice never depends on anything but the system.
struct PathFinder {
  let graph: TraceGraph
  /// The first edge out of each level, by level.
  private let edgeStarts: [Int]

  init(_ graph: TraceGraph) {
    self.graph = graph
    var starts: [Int] = []
    for start in graph.levelStarts {
      let low = starts.last ?? 0
      starts.append(
        graph.edges[low...].partitioningIndex { $0.from.index >= start })
    }
    edgeStarts = starts + [graph.edges.count]
  }

  /// The steps of the best path and the initial state it begins in.
  func path(to targets: [Target]) -> (start: StateID, steps: [StepName], target: Target)? {
    guard let first = targets.first else { return nil }
    let last = graph.level(of: first.state)
    // cost[level][state]: for each process that can make the next step, the fewest switches from there on.
    var costs: [[StateID: Onward]] = Array(repeating: [:], count: last + 1)
    for target in targets where graph.level(of: target.state) == last {
      costs[last][target.state, default: Onward()].finish(target.step?.process)
    }
    var level = last
    while level > 0 {
      level -= 1
      for edge in graph.edges[edgeStarts[level]..<edgeStarts[level + 1]] {
        guard let onward = costs[level + 1][edge.to] else { continue }
        costs[level][edge.from, default: Onward()].offer(
          edge.step.process, onward.cost(after: edge.step.process))
      }
    }
    guard let start = costs[0].min(by: { ($0.value.best, $0.key) < ($1.value.best, $1.key) })?.key else {
      return nil
    }
    return walk(from: start, costs, targets, last)
  }

  private func walk(
    from start: StateID, _ costs: [[StateID: Onward]], _ targets: [Target], _ last: Int
  ) -> (start: StateID, steps: [StepName], target: Target)? {
    var state = start
    var steps: [StepName] = []
    var previous: Int?
    for level in 0..<last {
      var best: (cost: Int, edge: LevelEdge)?
      for edge in edges(from: state, level) {
        guard let onward = costs[level + 1][edge.to] else { continue }
        let process = edge.step.process
        let cost = onward.cost(after: process) + (previous == nil || previous == process ? 0 : 1)
        if best.map({ (cost, edge.step) < ($0.cost, $0.edge.step) }) ?? true { best = (cost, edge) }
      }
      guard let edge = best?.edge else { return nil }
      steps.append(edge.step)
      previous = edge.step.process
      state = edge.to
    }
    let ends = targets.filter { $0.state == state }
    let end = ends.min { a, b in
      func rank(_ target: Target) -> (Int, StepName) {
        guard let step = target.step else { return (0, StepName(process: -1, alternative: 0)) }
        return (previous == nil || previous == step.process ? 0 : 1, step)
      }
      return rank(a) < rank(b)
    }
    return end.map { (start, steps + ($0.step.map { [$0] } ?? []), $0) }
  }

  private func edges(from state: StateID, _ level: Int) -> ArraySlice<LevelEdge> {
    let all = graph.edges[edgeStarts[level]..<edgeStarts[level + 1]]
    let low = all.partitioningIndex { $0.from.index >= state.index }
    let high = all[low...].partitioningIndex { $0.from.index > state.index }
    return all[low..<high]
  }

  /// What is left to pay from a state on, by the process that makes the next step.
  private struct Onward {
    private var byProcess: [Int: Int] = [:]
    private var isEnd = false

    mutating func finish(_ process: Int?) {
      if let process { offer(process, 0) } else { isEnd = true }
    }

    mutating func offer(_ process: Int, _ cost: Int) {
      byProcess[process] = min(byProcess[process] ?? .max, cost)
    }

    /// Fewest switches if the step before was made by `process`.
    func cost(after process: Int) -> Int {
      if isEnd { return 0 }
      return byProcess.map { $0.value + ($0.key == process ? 0 : 1) }.min() ?? .max / 2
    }

    var best: Int { isEnd ? 0 : byProcess.values.min() ?? .max / 2 }
  }
}

extension RandomAccessCollection {
  /// The first index for which the predicate holds, for a collection in which it holds from some index on.
  ///
  /// O(log n).
  func partitioningIndex(where predicate: (Element) -> Bool) -> Index {
    var low = startIndex
    var count = self.count
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if predicate(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
