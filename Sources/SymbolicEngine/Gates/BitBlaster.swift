import Terms

/// Terms as gates: each bit of each word is a literal, lowest first.
///
/// Tested against `TermStore.evaluate`, operator by operator.
struct BitBlaster {
  typealias Literal = AndGraph.Literal

  let store: TermStore
  var graph: AndGraph
  private var bits: [Term: [Literal]]

  /// `leaves` says which literals the bits of the variables are.
  init(_ store: TermStore, _ graph: AndGraph, leaves: [Term: [Literal]]) {
    self.store = store
    self.graph = graph
    bits = leaves
  }

  /// Variables that were not met before get leaves of their own.
  ///
  /// Requires: they have fewer than 2^40 bits together.
  init(growing store: TermStore) {
    self.init(store, AndGraph(leafCount: 1 << 40), leaves: [:])
    owners = []
  }

  /// Which bit of which variable a leaf is; only of leaves that `growing` made.
  func owner(ofLeaf node: Int) -> (variable: Int, bit: Int) { owners![node - 1] }

  /// Nil if all leaves were given.
  private var owners: [(variable: Int, bit: Int)]?

  private mutating func newLeaves(for term: Term, width: Int) -> [Literal] {
    guard let count = owners?.count else { preconditionFailure("a variable without literals") }
    let number = Int(store.payload(of: term))
    owners! += (0..<width).map { (number, $0) }
    return (0..<width).map { graph.leaf(count + $0) }
  }

  mutating func literals(of roots: [Term]) -> [[Literal]] {
    if roots.allSatisfy({ bits[$0] != nil }) { return roots.map { bits[$0]! } }
    for term in store.cone(of: roots) where bits[term] == nil { bits[term] = blast(term) }
    return roots.map { bits[$0]! }
  }

  private mutating func blast(_ term: Term) -> [Literal] {
    let width = store.sort(of: term).width
    let x = store.operands(of: term).map { bits[$0]! }
    switch store.operator(of: term) {
    case .constant:
      let value = store.payload(of: term)
      return (0..<width).map { value >> UInt64($0) & 1 == 1 ? AndGraph.yes : AndGraph.no }
    case .variable: return newLeaves(for: term, width: width)
    case .not, .bitNot: return x[0].map(graph.not)
    case .and, .bitAnd: return zip(x[0], x[1]).map { graph.and($0, $1) }
    case .or, .bitOr: return zip(x[0], x[1]).map { graph.or($0, $1) }
    case .bitXor: return zip(x[0], x[1]).map { graph.xor($0, $1) }
    case .equal: return [equal(x[0], x[1])]
    case .select: return select(x[0][0], x[1], x[2])
    case .less: return [less(x[0], x[1])]
    case .lessEqual: return [graph.not(less(x[1], x[0]))]
    case .signedLess: return [less(signFlipped(x[0]), signFlipped(x[1]))]
    case .signedLessEqual: return [graph.not(less(signFlipped(x[1]), signFlipped(x[0])))]
    case .zeroExtend: return x[0] + [Literal](repeating: AndGraph.no, count: width - x[0].count)
    case .signExtend: return x[0] + [Literal](repeating: x[0][x[0].count - 1], count: width - x[0].count)
    case .extract:
      let low = Int(store.payload(of: term))
      return Array(x[0][low..<low + width])
    default: return arithmetic(store.operator(of: term), x[0], x[1])
    }
  }

  private mutating func arithmetic(_ op: Operator, _ a: [Literal], _ b: [Literal]) -> [Literal] {
    switch op {
    case .add: return sum(a, b, carry: AndGraph.no)
    case .subtract: return difference(a, b)
    case .multiply: return product(a, b)
    case .divide: return division(a, b).quotient
    case .remainder: return division(a, b).remainder
    case .signedDivide: return signedDivision(a, b).quotient
    case .signedRemainder: return signedDivision(a, b).remainder
    case .shiftLeft: return Array(shifted(a.reversed(), b, fill: AndGraph.no).reversed())
    case .shiftRight: return shifted(a, b, fill: AndGraph.no)
    case .signedShiftRight: return shifted(a, b, fill: a[a.count - 1])
    default: preconditionFailure("\(op) is no operator on two words of one width")
    }
  }

  private mutating func equal(_ a: [Literal], _ b: [Literal]) -> Literal {
    zip(a, b).reduce(AndGraph.yes) { graph.and($0, graph.not(graph.xor($1.0, $1.1))) }
  }

  mutating func select(_ condition: Literal, _ a: [Literal], _ b: [Literal]) -> [Literal] {
    zip(a, b).map { graph.select(condition, $0, $1) }
  }

  /// The highest bit in which they differ decides.
  mutating func less(_ a: [Literal], _ b: [Literal]) -> Literal {
    zip(a, b).reduce(AndGraph.no) { graph.select(graph.xor($1.0, $1.1), $1.1, $0) }
  }

  /// With the sign bit turned, signed order is unsigned order.
  private func signFlipped(_ a: [Literal]) -> [Literal] { a.dropLast() + [graph.not(a[a.count - 1])] }
}
