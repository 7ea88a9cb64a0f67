import Terms

/// What a tree means, worked out bit by bit: slow, and sharing no code with `TermStore.evaluate`.
///
/// Words are arrays of bits, lowest first; truth values are words of one bit. The definitions are those of SMT-LIB's theory
/// FixedSizeBitVectors, division by zero included.
extension Tree {
  public typealias Bits = [Bool]

  public func value(_ variable: (Int) -> UInt64) -> UInt64 { Self.number(bits(variable)) }

  private func bits(_ variable: (Int) -> UInt64) -> Bits {
    switch self {
    case .constant(let value, let sort): return Self.bits(value, sort.width)
    case .variable(let number, let sort): return Self.bits(variable(number), sort.width)
    case .apply(let op, let operands, let sort, let low):
      return Self.apply(op, operands.map { $0.bits(variable) }, width: sort.width, low: low)
    }
  }

  static func bits(_ value: UInt64, _ width: Int) -> Bits { (0..<width).map { value >> UInt64($0) & 1 == 1 } }

  static func number(_ bits: Bits) -> UInt64 { bits.reversed().reduce(0) { $0 * 2 + ($1 ? 1 : 0) } }

  private static func apply(_ op: Operator, _ x: [Bits], width: Int, low: Int) -> Bits {
    switch op {
    case .constant, .variable: preconditionFailure("a leaf has no operands")
    case .not, .bitNot: x[0].map { !$0 }
    case .and, .bitAnd: zip(x[0], x[1]).map { $0 && $1 }
    case .or, .bitOr: zip(x[0], x[1]).map { $0 || $1 }
    case .bitXor: zip(x[0], x[1]).map { $0 != $1 }
    case .equal: [x[0] == x[1]]
    case .select: x[0][0] ? x[1] : x[2]
    case .less: [isLess(x[0], x[1])]
    case .lessEqual: [!isLess(x[1], x[0])]
    case .signedLess: [isSignedLess(x[0], x[1])]
    case .signedLessEqual: [!isSignedLess(x[1], x[0])]
    case .add: sum(x[0], x[1], carry: false)
    case .subtract: sum(x[0], x[1].map { !$0 }, carry: true)
    case .multiply: product(x[0], x[1])
    case .divide: division(x[0], x[1]).quotient
    case .remainder: division(x[0], x[1]).remainder
    case .signedDivide: signedDivision(x[0], x[1]).quotient
    case .signedRemainder: signedDivision(x[0], x[1]).remainder
    case .shiftLeft: Bits(shifted(x[0].reversed(), x[1], fill: false).reversed())
    case .shiftRight: shifted(x[0], x[1], fill: false)
    case .signedShiftRight: shifted(x[0], x[1], fill: isNegative(x[0]))
    case .zeroExtend: x[0] + Bits(repeating: false, count: width - x[0].count)
    case .signExtend: x[0] + Bits(repeating: isNegative(x[0]), count: width - x[0].count)
    case .extract: Bits(x[0][low..<low + width])
    }
  }

  private static func isNegative(_ a: Bits) -> Bool { a[a.count - 1] }

  private static func isLess(_ a: Bits, _ b: Bits) -> Bool {
    for (x, y) in zip(a, b).reversed() where x != y { return y }
    return false
  }

  private static func isSignedLess(_ a: Bits, _ b: Bits) -> Bool {
    isNegative(a) == isNegative(b) ? isLess(a, b) : isNegative(a)
  }

  private static func sum(_ a: Bits, _ b: Bits, carry: Bool) -> Bits {
    var carry = carry
    return zip(a, b).map { x, y in
      let ones = [x, y, carry].count { $0 }
      carry = ones > 1
      return ones % 2 == 1
    }
  }

  private static func negated(_ a: Bits) -> Bits {
    sum(Bits(repeating: false, count: a.count), a.map { !$0 }, carry: true)
  }

  private static func product(_ a: Bits, _ b: Bits) -> Bits {
    var result = Bits(repeating: false, count: a.count)
    for (place, bit) in b.enumerated() where bit {
      result = sum(result, Bits(repeating: false, count: place) + a.dropLast(place), carry: false)
    }
    return result
  }

  /// As on paper: the dividend is taken down digit by digit.
  private static func division(_ a: Bits, _ b: Bits) -> (quotient: Bits, remainder: Bits) {
    guard b.contains(true) else { return (Bits(repeating: true, count: a.count), a) }
    // One bit more, so that doubling the remainder loses nothing.
    let divisor = b + [false]
    var remainder = Bits(repeating: false, count: a.count + 1)
    var quotient = a
    for place in a.indices.reversed() {
      remainder = [a[place]] + remainder.dropLast()
      quotient[place] = !isLess(remainder, divisor)
      if quotient[place] { remainder = sum(remainder, divisor.map { !$0 }, carry: true) }
    }
    return (quotient, Bits(remainder.dropLast()))
  }

  private static func signedDivision(_ a: Bits, _ b: Bits) -> (quotient: Bits, remainder: Bits) {
    let (x, y) = (isNegative(a) ? negated(a) : a, isNegative(b) ? negated(b) : b)
    let (quotient, remainder) = division(x, y)
    return (
      isNegative(a) == isNegative(b) ? quotient : negated(quotient),
      isNegative(a) ? negated(remainder) : remainder
    )
  }

  /// Towards the lowest bit.
  private static func shifted(_ a: Bits, _ amount: Bits, fill: Bool) -> Bits {
    let places = Int(min(number(amount), UInt64(a.count)))
    return Bits(a.dropFirst(places)) + Bits(repeating: fill, count: places)
  }
}
