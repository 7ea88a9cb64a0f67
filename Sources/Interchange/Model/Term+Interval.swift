/// What values a term may have, without knowing the state.
extension Term {
  /// Bounds of a number, truth value (0 or 1) or mask (as bits); nil if nothing useful is known.
  var interval: ClosedRange<Int>? {
    switch self {
    case .number(let value), .mask(let value): return value...value
    case .truth(let value): return value ? 1...1 : 0...0
    case .local(let local): return local.lower...max(local.lower, local.upper)
    case .read(let storage, _): return storage.lower...storage.upper
    case .not, .and, .or, .compare, .contains: return 0...1
    case .select(_, let a, let b):
      guard let a = a.interval, let b = b.interval else { return nil }
      return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    case .quantified(let quantifier, let local, _):
      return quantifier == .count ? 0...max(0, local.upper - local.lower + 1) : 0...1
    case .size: return 0...62
    case .cast(let inner, _): return inner.interval
    case .single(let bit): return bit.interval.map { 0...(1 << min(61, max(0, $0.upperBound))) }
    case .combine(_, let a, let b):
      guard let a = a.interval, let b = b.interval else { return nil }
      return 0...Self.allBits(max(a.upperBound, b.upperBound))
    case .arithmetic(let op, let a, let b):
      guard let a = a.interval, let b = b.interval else { return nil }
      return Self.interval(op, a, b)
    }
  }

  /// The smallest number of the form 2^n - 1 that is not below `value`.
  private static func allBits(_ value: Int) -> Int {
    value <= 0 ? 0 : Int.max >> (value.leadingZeroBitCount - 1)
  }

  private static func interval(
    _ op: NumberOperator, _ a: ClosedRange<Int>, _ b: ClosedRange<Int>
  ) -> ClosedRange<Int>? {
    switch op {
    case .add, .subtract, .multiply, .shiftLeft, .shiftRight:
      return hull(op, a, b)
    case .divide:
      // The caller has made sure that the divisor is not zero when the value is used.
      if b.lowerBound > 0 { return hull(op, a, b) }
      let limit = max(abs(a.lowerBound), abs(a.upperBound))
      return -limit...limit
    case .remainder:
      let limit = max(abs(b.lowerBound), abs(b.upperBound), 1) - 1
      return (a.lowerBound < 0 ? -limit : 0)...min(limit, max(0, a.upperBound))
    case .bitAnd, .bitOr, .bitXor:
      guard a.lowerBound >= 0, b.lowerBound >= 0 else { return nil }
      if op == .bitAnd { return 0...min(a.upperBound, b.upperBound) }
      return 0...allBits(max(a.upperBound, b.upperBound))
    }
  }

  /// For operators that are monotonous in both operands.
  private static func hull(
    _ op: NumberOperator, _ a: ClosedRange<Int>, _ b: ClosedRange<Int>
  ) -> ClosedRange<Int>? {
    var corners: [Int] = []
    for x in [a.lowerBound, a.upperBound] {
      for y in [b.lowerBound, b.upperBound] {
        guard let value = op.apply(x, y) else { return nil }
        corners.append(value)
      }
    }
    guard let low = corners.min(), let high = corners.max() else { return nil }
    return low...high
  }
}
