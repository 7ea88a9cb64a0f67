/// Terms with other terms in the place of some of their parts.
extension TermStore {
  /// The roots with every part that `replacements` names replaced; what follows is simplified again.
  ///
  /// Linear in the number of different terms inside.
  public func substitute(_ roots: [Term], _ replacements: [Term: Term]) -> [Term] {
    var results = replacements
    substitute(roots, &results)
    return roots.map { results[$0] ?? $0 }
  }

  /// The same with a memory: `results` begins as the replacements and holds every term that was made afterwards.
  public func substitute(_ roots: [Term], _ results: inout [Term: Term]) {
    var stack = roots.reversed().map { ($0, false) }
    while let (term, isReady) = stack.popLast() {
      if results[term] != nil { continue }
      let node = node(term)
      let operands = [node.a, node.b, node.c].prefix(node.arity).map { Term($0) }
      if isReady || operands.isEmpty {
        results[term] = rebuilt(term, node, operands.map { results[$0] ?? $0 })
        continue
      }
      stack.append((term, true))
      for operand in operands where results[operand] == nil { stack.append((operand, false)) }
    }
  }

  private func rebuilt(_ term: Term, _ node: TermNode, _ operands: [Term]) -> Term {
    if zip(operands, [node.a, node.b, node.c]).allSatisfy({ $0.index == $1 }) { return term }
    switch node.op {
    case .constant, .variable: return term
    case .not: return not(operands[0])
    case .and: return and(operands[0], operands[1])
    case .or: return or(operands[0], operands[1])
    case .equal: return equal(operands[0], operands[1])
    case .select: return select(operands[0], operands[1], operands[2])
    case .less: return less(operands[0], operands[1])
    case .lessEqual: return lessEqual(operands[0], operands[1])
    case .signedLess: return signedLess(operands[0], operands[1])
    case .signedLessEqual: return signedLessEqual(operands[0], operands[1])
    case .add: return add(operands[0], operands[1])
    case .subtract: return subtract(operands[0], operands[1])
    case .multiply: return multiply(operands[0], operands[1])
    case .divide: return divide(operands[0], operands[1])
    case .remainder: return remainder(operands[0], operands[1])
    case .signedDivide: return signedDivide(operands[0], operands[1])
    case .signedRemainder: return signedRemainder(operands[0], operands[1])
    case .bitAnd: return bitAnd(operands[0], operands[1])
    case .bitOr: return bitOr(operands[0], operands[1])
    case .bitXor: return bitXor(operands[0], operands[1])
    case .bitNot: return bitNot(operands[0])
    case .shiftLeft: return shiftLeft(operands[0], operands[1])
    case .shiftRight: return shiftRight(operands[0], operands[1])
    case .signedShiftRight: return signedShiftRight(operands[0], operands[1])
    case .zeroExtend: return zeroExtend(operands[0], to: Int(node.width))
    case .signExtend: return signExtend(operands[0], to: Int(node.width))
    case .extract: return extract(operands[0], low: Int(node.payload), width: Int(node.width))
    }
  }
}
