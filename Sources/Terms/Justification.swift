/// Why a term has the value it has.
extension TermStore {
  /// Variables (by number) whose values alone already give each root its value, whatever the others are.
  ///
  /// Not always the fewest: of two reasons for a false conjunction one is taken. `value` says what each variable is. Linear in
  /// the number of different terms inside. (What PDR calls lifting or ternary simulation, done on the graph.)
  public func justification(of roots: [Term], _ value: (Int) -> UInt64) -> Set<Int> {
    let cone = cone(of: roots)
    var values: [Int32: UInt64] = [:]
    values.reserveCapacity(cone.count)
    for term in cone {
      let node = node(term)
      values[term.index] =
        node.op == .variable
        ? value(Int(node.payload)) & node.mask : apply(node) { values[$0, default: 0] }
    }
    var variables = Set<Int>()
    var seen = Set<Int32>()
    var stack = roots.map(\.index)
    while let index = stack.popLast() {
      guard seen.insert(index).inserted else { continue }
      let node = nodes[Int(index)]
      switch node.op {
      case .variable: variables.insert(Int(node.payload))
      case .and: stack += reasons(node, values, decisive: 0, seen)
      case .or: stack += reasons(node, values, decisive: 1, seen)
      case .select: stack += [node.a, values[node.a] != 0 ? node.b : node.c]
      default: stack += [node.a, node.b, node.c].prefix(node.arity)
      }
    }
    return variables
  }

  /// Both operands of a connective, or one that decides it alone; best one that is needed anyway.
  private func reasons(
    _ node: TermNode, _ values: [Int32: UInt64], decisive: UInt64, _ seen: Set<Int32>
  ) -> [Int32] {
    let deciding = [node.a, node.b].filter { values[$0] == decisive }
    guard let first = deciding.first else { return [node.a, node.b] }
    return [deciding.first { seen.contains($0) } ?? first]
  }
}
