import TransitionIR

/// Cuts a control-flow graph into steps.
///
/// A step begins at a boundary node and goes on through nodes that touch nothing shared until the next boundaries. The part between is
/// acyclic (a loop without a step in it is refused), so its branches are turned back into nested statements by joining them at
/// their immediate postdominators; nothing is duplicated but what follows a branch that leaves to different boundaries.
struct StepBuilder {
  let graph: FlowGraph
  let kind: KindID
  let variables: [Variable]
  /// Boundary node to location number within the kind.
  private(set) var locationOfNode: [Int: Int] = [:]
  private(set) var boundaries: [Int] = []
  /// A node on a loop without a step, if there is one.
  private(set) var stuckNode: Int?
  private var postdominator: [Int: Int] = [:]
  private var depth: [Int: Int] = [:]
  private var visiting = Set<Int>()
  private let firstLocation: Int

  private static let exit = -1

  init(graph: FlowGraph, kind: KindID, variables: [Variable], firstLocation: Int) {
    self.graph = graph
    self.kind = kind
    self.variables = variables
    self.firstLocation = firstLocation
  }

  /// What happens before the first step.
  ///
  /// Call first.
  mutating func startBody() -> [Statement] {
    guard let start = graph.start else { return [.end] }
    return body(from: start, isFirst: false)
  }

  /// The step that begins at the n-th boundary found so far; finds more boundaries.
  mutating func stepBody(_ index: Int) -> [Statement] {
    body(from: boundaries[index], isFirst: true)
  }

  private mutating func body(from node: Int, isFirst: Bool) -> [Statement] {
    let locals = localsOnTheWay(from: node, isFirst: isFirst)
    if stuckNode != nil { return [.end] }
    var result: [Statement] = []
    append(node, until: nil, locals, into: &result, isFirst: isFirst)
    return result
  }

  /// All locals that are in scope at some node of the step: those that may need clearing at its end.
  private func localsOnTheWay(from node: Int, isFirst: Bool) -> [VariableID] {
    var seen = Set<Int>()
    var found = Set<VariableID>()
    var work = [node]
    while let next = work.popLast() {
      guard next >= 0, seen.insert(next).inserted else { continue }
      if next != node || !isFirst, graph.nodes[next].isBoundary { continue }
      found.formUnion(graph.nodes[next].locals)
      work += graph.nodes[next].successors
    }
    return found.sorted { $0.index < $1.index }
  }

  private mutating func append(
    _ first: Int, until stop: Int?, _ locals: [VariableID], into result: inout [Statement], isFirst: Bool
  ) {
    var node = first
    var isFirst = isFirst
    while node != stop {
      guard node >= 0 else {
        result.append(.end)
        return
      }
      let description = graph.nodes[node]
      if description.isBoundary, !isFirst {
        result += arrival(at: node, locals)
        return
      }
      isFirst = false
      switch description.operation {
      case .plain(let statements):
        result += statements
        node = description.successors[0]
      case .end(let statements):
        result += statements + clearing(locals, keeping: []) + [.end]
        return
      case .branch(let statements, let condition):
        result += statements
        let join = self.join(description.successors)
        let arms = description.successors.map { arm($0, until: join, locals) }
        result.append(.branch(condition, then: arms[0], otherwise: arms[1]))
        guard join != Self.exit else { return }
        node = join
      case .fork:
        let join = self.join(description.successors)
        result.append(.fork(description.successors.map { arm($0, until: join, locals) }))
        guard join != Self.exit else { return }
        node = join
      }
    }
  }

  private mutating func arm(_ node: Int, until join: Int, _ locals: [VariableID]) -> [Statement] {
    var result: [Statement] = []
    append(node, until: join == Self.exit ? nil : join, locals, into: &result, isFirst: false)
    return result
  }

  private mutating func arrival(at node: Int, _ locals: [VariableID]) -> [Statement] {
    let number: Int
    if let known = locationOfNode[node] {
      number = known
    } else {
      number = boundaries.count
      boundaries.append(node)
      locationOfNode[node] = number
    }
    return clearing(locals, keeping: graph.nodes[node].locals) + [.jump(LocationID(firstLocation + number))]
  }

  /// Clears locals that go out of scope, unless something in scope lives in their slot.
  private func clearing(_ locals: [VariableID], keeping kept: [VariableID]) -> [Statement] {
    let keptSlots = Set(kept.map { variables[$0.index].slot })
    var seen = Set<Int>()
    let gone = locals.filter { id in
      let slot = variables[id.index].slot
      return !keptSlots.contains(slot) && seen.insert(slot).inserted
    }
    return gone.isEmpty ? [] : [.clear(gone)]
  }

  // MARK: Postdominators of the region between boundaries

  /// The first node that all paths from these nodes have in common, or `exit`.
  private mutating func join(_ nodes: [Int]) -> Int {
    nodes.dropFirst().reduce(nodes[0]) { meet($0, $1) }
  }

  private mutating func meet(_ a: Int, _ b: Int) -> Int {
    var a = a
    var b = b
    while a != b {
      if depthOf(a) >= depthOf(b) { a = parent(a) } else { b = parent(b) }
    }
    return a
  }

  private mutating func depthOf(_ node: Int) -> Int {
    if node == Self.exit { return 0 }
    _ = parent(node)
    return depth[node] ?? 1
  }

  private mutating func parent(_ node: Int) -> Int {
    if node == Self.exit { return Self.exit }
    if let known = postdominator[node] { return known }
    let description = graph.nodes[node]
    guard !description.isBoundary, visiting.insert(node).inserted else {
      if !description.isBoundary { stuckNode = stuckNode ?? node }
      if description.isBoundary { (postdominator[node], depth[node]) = (Self.exit, 1) }
      return Self.exit
    }
    defer { visiting.remove(node) }
    let successors = description.successors.map { $0 < 0 ? Self.exit : $0 }
    let result = successors.isEmpty ? Self.exit : join(successors)
    postdominator[node] = result
    depth[node] = result == Self.exit ? 1 : depthOf(result) + 1
    return result
  }

  /// Looks for loops without a step; must be called before bodies are built.
  mutating func findStuckLoop() {
    var state = [Int](repeating: 0, count: graph.nodes.count)
    for root in graph.nodes.indices where state[root] == 0 && !graph.nodes[root].isBoundary {
      var stack = [(node: root, next: 0)]
      state[root] = 1
      while let top = stack.last {
        let successors = graph.nodes[top.node].successors
        guard top.next < successors.count else {
          state[top.node] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let next = successors[top.next]
        guard next >= 0, !graph.nodes[next].isBoundary else { continue }
        if state[next] == 1 {
          stuckNode = next
          return
        }
        if state[next] == 0 {
          state[next] = 1
          stack.append((next, 0))
        }
      }
    }
  }
}
