import Evidence
import TransitionIR

/// The lock-order graph: its nodes are lock classes and subclasses; a lock that is held counts as subclass 0.
struct LockOrderGraph {
  private struct Node: Hashable {
    let lock: LockClassID
    let subclass: Int
  }
  private let edges: [LockOrderEdge]

  init(_ edges: [LockOrderEdge]) { self.edges = edges }

  /// A shortest cycle through each node that lies on one, each set of nodes once.
  func cycles() -> [[LockOrderEdge]] {
    var seen = Set<Set<LockOrderEdge>>()
    var covered = Set<Node>()
    var result: [[LockOrderEdge]] = []
    for edge in edges {
      let node = Node(lock: edge.held, subclass: 0)
      guard !covered.contains(node), let cycle = shortestCycle(through: node) else { continue }
      cycle.forEach { covered.insert(Node(lock: $0.held, subclass: 0)) }
      if seen.insert(Set(cycle)).inserted { result.append(cycle) }
    }
    return result
  }

  private func shortestCycle(through start: Node) -> [LockOrderEdge]? {
    var paths: [(node: Node, edges: [LockOrderEdge])] = [(start, [])]
    var visited = Set<Node>()
    var next = 0
    while next < paths.count {
      let (node, path) = paths[next]
      next += 1
      for edge in edges where Node(lock: edge.held, subclass: 0) == node {
        let target = Node(lock: edge.taken, subclass: edge.subclass)
        if target == start { return path + [edge] }
        if visited.insert(target).inserted { paths.append((target, path + [edge])) }
      }
    }
    return nil
  }
}
