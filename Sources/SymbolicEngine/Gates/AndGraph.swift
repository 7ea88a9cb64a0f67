/// And-gates and inverters: what AIGER describes.
///
/// A literal is twice the number of a node, plus one if it is negated. Node 0 is false, then come leaves, then gates, each after
/// its operands. Equal gates are one.
struct AndGraph {
  typealias Literal = Int

  struct Gate: Hashable {
    /// The larger literal; AIGER wants it first.
    let left: Literal
    let right: Literal
  }

  static let no: Literal = 0
  static let yes: Literal = 1

  let leafCount: Int
  private(set) var gates: [Gate] = []
  private var numbers: [Gate: Int] = [:]

  init(leafCount: Int) { self.leafCount = leafCount }

  /// Leaves are numbered from 0.
  func leaf(_ number: Int) -> Literal { 2 * (number + 1) }

  /// The gate that a node is; nil for leaves.
  func gate(ofNode node: Int) -> Gate? { node <= leafCount ? nil : gates[node - leafCount - 1] }

  func not(_ a: Literal) -> Literal { a ^ 1 }

  mutating func and(_ a: Literal, _ b: Literal) -> Literal {
    if a == b || b == Self.yes { return a }
    if a == Self.yes { return b }
    if a == Self.no || b == Self.no || a == not(b) { return Self.no }
    let gate = Gate(left: max(a, b), right: min(a, b))
    if let known = numbers[gate] { return 2 * known }
    gates.append(gate)
    let number = leafCount + gates.count
    numbers[gate] = number
    return 2 * number
  }

  mutating func or(_ a: Literal, _ b: Literal) -> Literal { not(and(not(a), not(b))) }

  mutating func xor(_ a: Literal, _ b: Literal) -> Literal { and(not(and(a, b)), or(a, b)) }

  mutating func select(_ condition: Literal, _ a: Literal, _ b: Literal) -> Literal {
    if a == b { return a }
    return or(and(condition, a), and(not(condition), b))
  }

  /// Only the gates that the roots need, and the roots in this graph.
  func pruned(_ roots: [Literal]) -> (graph: AndGraph, roots: [Literal]) {
    var isNeeded = [Bool](repeating: false, count: 1 + leafCount + gates.count)
    for root in roots { isNeeded[root / 2] = true }
    for (index, gate) in gates.enumerated().reversed() where isNeeded[1 + leafCount + index] {
      isNeeded[gate.left / 2] = true
      isNeeded[gate.right / 2] = true
    }
    var result = AndGraph(leafCount: leafCount)
    var moved = Array(0...leafCount).map { 2 * $0 }
    for (index, gate) in gates.enumerated() {
      guard isNeeded[1 + leafCount + index] else {
        moved.append(-1)
        continue
      }
      moved.append(
        result.and(moved[gate.left / 2] ^ (gate.left & 1), moved[gate.right / 2] ^ (gate.right & 1)))
    }
    return (result, roots.map { moved[$0 / 2] ^ ($0 & 1) })
  }
}
