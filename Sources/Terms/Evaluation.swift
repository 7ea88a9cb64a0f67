/// What terms mean: their values under an assignment of the variables.
///
/// This is what solvers, printers and simplifications are tested against.
extension TermStore {
  /// The values of `roots` when `value` says what each variable (by number) is.
  ///
  /// Truth values are 0 or 1. Time is linear in the number of different terms inside.
  public func evaluate(_ roots: [Term], _ value: (Int) -> UInt64) -> [UInt64] {
    computeValues(cone(of: roots), value)
    return roots.map { scratchValues[Int($0.index)] }
  }

  /// Leaves the values of the terms of a cone in `scratchValues`.
  func computeValues(_ cone: [Term], _ value: (Int) -> UInt64) {
    for term in cone {
      let index = Int(term.index)
      let node = nodes[index]
      scratchValues[index] =
        node.op == .variable
        ? value(Int(node.payload)) & node.mask : apply(node) { scratchValues[Int($0)] }
    }
  }

  /// Everything that the terms are made of, themselves included, in order of numbers.
  public func cone(of roots: some Sequence<Term>) -> [Term] {
    prepareScratch()
    var found: [Int32] = []
    var stack = roots.map(\.index)
    while let index = stack.popLast() {
      guard scratchStamps[Int(index)] != stamp else { continue }
      scratchStamps[Int(index)] = stamp
      found.append(index)
      let node = nodes[Int(index)]
      if node.a >= 0 { stack.append(node.a) }
      if node.b >= 0 { stack.append(node.b) }
      if node.c >= 0 { stack.append(node.c) }
    }
    found.sort()
    return found.map { Term($0) }
  }

  /// Room for each term, and nothing met yet.
  func prepareScratch() {
    if scratchStamps.count < nodes.count {
      let missing = nodes.count + nodes.count / 4 - scratchStamps.count
      scratchStamps += repeatElement(0, count: missing)
      scratchValues += repeatElement(0, count: missing)
    }
    stamp &+= 1
  }

  /// The variables inside, by number.
  public func variables(in roots: some Sequence<Term>) -> Set<Int> {
    Set(cone(of: roots).lazy.filter { self.node($0).op == .variable }.map { Int(self.node($0).payload) })
  }

  /// Applies a node to the values of its operands, by the index of these.
  func apply(_ node: TermNode, _ operand: (Int32) -> UInt64) -> UInt64 {
    switch node.op {
    case .constant: return node.payload
    case .variable: return 0
    case .not: return operand(node.a) ^ 1
    case .and: return operand(node.a) & operand(node.b)
    case .or: return operand(node.a) | operand(node.b)
    case .equal: return operand(node.a) == operand(node.b) ? 1 : 0
    case .select: return operand(node.a) != 0 ? operand(node.b) : operand(node.c)
    case .less, .lessEqual, .signedLess, .signedLessEqual:
      let width = Int(nodes[Int(node.a)].width)
      return compare(node.op, operand(node.a), operand(node.b), width: width) ? 1 : 0
    case .bitNot: return ~operand(node.a) & node.mask
    case .zeroExtend: return operand(node.a)
    case .signExtend: return signed(operand(node.a), width: Int(nodes[Int(node.a)].width)) & node.mask
    case .extract: return (operand(node.a) >> node.payload) & node.mask
    default: return apply(node, operand(node.a), operand(node.b))
    }
  }

  /// An operator on two words of the node's own width.
  func apply(_ node: TermNode, _ a: UInt64, _ b: UInt64) -> UInt64 {
    let width = Int(node.width)
    let result: UInt64
    switch node.op {
    case .add: result = a &+ b
    case .subtract: result = a &- b
    case .multiply: result = a &* b
    case .divide: result = b == 0 ? .max : a / b
    case .remainder: result = b == 0 ? a : a % b
    case .signedDivide, .signedRemainder: result = signedQuotient(node.op, a, b, width: width)
    case .bitAnd: result = a & b
    case .bitOr: result = a | b
    case .bitXor: result = a ^ b
    case .shiftLeft: result = b >= UInt64(width) ? 0 : a << b
    case .shiftRight: result = b >= UInt64(width) ? 0 : a >> b
    case .signedShiftRight:
      let value = Int64(bitPattern: signed(a, width: width))
      result = UInt64(bitPattern: value >> Int64(min(b, 63)))
    default: preconditionFailure("\(node.op) has no two words")
    }
    return result & node.mask
  }

  private func signedQuotient(_ op: Operator, _ a: UInt64, _ b: UInt64, width: Int) -> UInt64 {
    let x = Int64(bitPattern: signed(a, width: width))
    let y = Int64(bitPattern: signed(b, width: width))
    if op == .signedDivide {
      if y == 0 { return x < 0 ? 1 : .max }
      return UInt64(bitPattern: x.dividedReportingOverflow(by: y).partialValue)
    }
    if y == 0 { return a }
    return UInt64(bitPattern: x.remainderReportingOverflow(dividingBy: y).partialValue)
  }

  func compare(_ op: Operator, _ a: UInt64, _ b: UInt64, width: Int) -> Bool {
    let x = Int64(bitPattern: signed(a, width: width))
    let y = Int64(bitPattern: signed(b, width: width))
    switch op {
    case .less: return a < b
    case .lessEqual: return a <= b
    case .signedLess: return x < y
    case .signedLessEqual: return x <= y
    default: preconditionFailure("\(op) is no comparison")
    }
  }

  /// The word with its sign bit copied into all higher bits.
  func signed(_ value: UInt64, width: Int) -> UInt64 {
    if width == 64 { return value }
    let sign: UInt64 = 1 << UInt64(width - 1)
    return (value ^ sign) &- sign
  }
}
