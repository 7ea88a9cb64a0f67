import SpecSyntax
import TransitionIR

/// The control-flow graph of one process kind, with all calls inlined.
struct FlowGraph {
  enum Operation {
    case plain([Statement])
    /// Statements, then a test: successor 0 if true, 1 if false.
    case branch([Statement], Expression)
    /// One of the successors, freely.
    case fork
    case end([Statement])
  }

  struct Node {
    var operation: Operation
    var successors: [Int]
    var site: SiteID
    /// The locals in scope.
    var locals: [VariableID]
    var touchesShared: Bool
    /// Begins a step whatever it touches: a decision, or a label that a property observes.
    var isForced = false
    /// Inside of `atomic`, after its first node: never begins a step.
    var isInterior: Bool
    var labels: [String] = []

    var isBoundary: Bool { isForced || (touchesShared && !isInterior) }
  }

  /// A successor that is not known yet.
  struct Edge {
    let node: Int
    let position: Int
  }

  var nodes: [Node] = []
  /// Where control comes from; the next node becomes the successor of these.
  var open: [Edge] = []
  /// Observed labels that wait for their node.
  var pendingLabels: [String] = []
  /// The first node.
  var start: Int?

  /// Adds a node after the open edges; its own successors become the open edges.
  mutating func append(_ node: Node, successorCount: Int, takesLabels: Bool = true) -> Int {
    let index = nodes.count
    var node = node
    node.successors = [Int](repeating: -1, count: successorCount)
    if takesLabels, !pendingLabels.isEmpty {
      node.labels = pendingLabels
      node.isForced = true
      pendingLabels = []
    }
    nodes.append(node)
    connect(to: index)
    if start == nil { start = index }
    open = (0..<successorCount).map { Edge(node: index, position: $0) }
    return index
  }

  /// Makes `target` the successor of all open edges.
  mutating func connect(to target: Int) {
    for edge in open { nodes[edge.node].successors[edge.position] = target }
    open = []
  }
}
