/// Why a term has the value it has.
extension TermStore {
  /// Variables (by number) whose values alone already give each root its value, whatever the others are.
  ///
  /// Not always the fewest: of two reasons for a false conjunction one is taken. `value` says what each variable is. Linear in
  /// the number of different terms inside. (What PDR calls lifting or ternary simulation, done on the graph.)
  public func justification(of roots: [Term], _ value: (Int) -> UInt64) -> Set<Int> {
    computeValues(cone(of: roots), value)
    var variables = Set<Int>()
    var seen = Set<Int32>()
    var stack = roots.map(\.index)
    while let index = stack.popLast() {
      guard seen.insert(index).inserted else { continue }
      let node = nodes[Int(index)]
      switch node.op {
      case .variable: variables.insert(Int(node.payload))
      case .and: stack += reasons(node, decisive: 0, seen)
      case .or: stack += reasons(node, decisive: 1, seen)
      case .select: stack += [node.a, scratchValues[Int(node.a)] != 0 ? node.b : node.c]
      default: stack += [node.a, node.b, node.c].prefix(node.arity)
      }
    }
    return variables
  }

  /// Both operands of a connective, or one that decides it alone; best one that is needed anyway.
  private func reasons(
    _ node: TermNode, decisive: UInt64, _ seen: Set<Int32>
  ) -> [Int32] {
    let deciding = [node.a, node.b].filter { scratchValues[Int($0)] == decisive }
    guard let first = deciding.first else { return [node.a, node.b] }
    return [deciding.first { seen.contains($0) } ?? first]
  }
}
