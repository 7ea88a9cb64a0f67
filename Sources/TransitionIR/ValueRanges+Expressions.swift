/// Ranges of expressions, by the ranges of their parts.
extension ValueRanges {
  /// The values of an expression, given those of the variables that are bound around it.
  public func range(of expression: Expression, _ bound: [BoundID: ClosedRange<Int>]) -> ClosedRange<Int> {
    switch expression {
    case .constant(let value): return value...value
    case .read(let place): return range(of: place.variable)
    case .bound(let id): return bound[id] ?? Int.min...Int.max
    case .current: return 1...max(1, kinds.reduce(0) { $0 + $1.count })
    case .unary(let op, let operand, let mask): return Self.unary(op, range(of: operand, bound), mask)
    case .binary(let op, let left, let right, let arithmetic, _):
      return Self.binary(op, range(of: left, bound), range(of: right, bound), arithmetic)
    case .singleton(let element, let domain): return Self.singleton(range(of: element, bound), domain)
    case .cardinality: return 0...64
    case .select(_, let then, let otherwise):
      return hull(range(of: then, bound), range(of: otherwise, bound))
    case .quantified(let quantifier, _, _, _): return quantifier == .count ? 0...Int.max : 0...1
    case .old(let operand), .labelled(_, let operand): return range(of: operand, bound)
    case .samePointer, .member, .live, .exclusive, .isAt, .hasEnded: return 0...1
    case .heldLockCount: return 0...Int.max
    }
  }

  /// The values that an iteration visits.
  public func range(of iteration: Iteration, _ bound: [BoundID: ClosedRange<Int>]) -> ClosedRange<Int> {
    switch iteration {
    case .values(.pointer(_, let capacity)): return 1...max(1, capacity)
    case .values(let domain): return domain.bounds
    case .span(let low, let high):
      let first = range(of: low, bound).lowerBound
      return first...max(first, range(of: high, bound).upperBound)
    case .members(let set, let domain):
      let mask = range(of: set, bound)
      let top = mask.lowerBound < 0 ? 63 : max(0, 63 - mask.upperBound.leadingZeroBitCount)
      return domain.element(ofBit: 0)...domain.element(ofBit: min(top, max(0, domain.elementCount - 1)))
    case .processes(let id):
      let kind = kinds[id.index]
      return kind.firstProcess + 1...kind.firstProcess + max(1, kind.count)
    }
  }

  // MARK: Operators

  public static func unary(_ op: UnaryOperator, _ range: ClosedRange<Int>, _ mask: Int) -> ClosedRange<Int> {
    switch op {
    case .not: return range == 0...0 ? 1...1 : range.contains(0) ? 0...1 : 0...0
    case .negate where mask == 0:
      return range.lowerBound == Int.min ? Int.min...Int.max : -range.upperBound...(-range.lowerBound)
    case .negate, .complement: return mask < 0 ? Int.min...Int.max : 0...mask
    }
  }

  public static func singleton(_ element: ClosedRange<Int>, _ domain: Domain) -> ClosedRange<Int> {
    let first = domain.element(ofBit: 0)
    let count = domain.elementCount
    guard element.upperBound >= first, count > 0, count <= 63 else {
      return count > 63 ? Int.min...Int.max : 0...0
    }
    let top = min(count - 1, element.upperBound - first)
    let isMember = element.lowerBound >= first && element.upperBound - first < count
    return (isMember ? 1 << (element.lowerBound - first) : 0)...1 << top
  }

  public static func binary(
    _ op: BinaryOperator, _ a: ClosedRange<Int>, _ b: ClosedRange<Int>, _ arithmetic: Arithmetic
  ) -> ClosedRange<Int> {
    let everything = Int.min...Int.max
    switch op {
    case .and, .or, .implies, .notEqual, .less, .lessEqual: return 0...1
    case .equal: return a.overlaps(b) ? 0...1 : 0...0
    case .bitOr, .bitXor:
      if a.lowerBound < 0 || b.lowerBound < 0 { return everything }
      let bits = 64 - max(a.upperBound, b.upperBound).leadingZeroBitCount
      return 0...(bits == 63 ? Int.max : (1 << bits) - 1)
    case .bitAnd:
      if a.lowerBound < 0, b.lowerBound < 0 { return everything }
      let tops = [a, b].filter { $0.lowerBound >= 0 }.map(\.upperBound)
      return 0...(tops.min() ?? Int.max)
    case .without: return a.lowerBound < 0 ? everything : 0...a.upperBound
    default: break
    }
    if case .wrapping(let bits) = arithmetic { return bits == 64 ? everything : 0...(1 << bits) - 1 }
    return arithmeticRange(op, a, b) ?? everything
  }

  /// Nil if it is unknown, or if the operation may overflow.
  private static func arithmeticRange(
    _ op: BinaryOperator, _ a: ClosedRange<Int>, _ b: ClosedRange<Int>
  ) -> ClosedRange<Int>? {
    func corners(_ compute: (Int, Int) -> (partialValue: Int, overflow: Bool)) -> ClosedRange<Int>? {
      let results = [a.lowerBound, a.upperBound].flatMap { x in
        [b.lowerBound, b.upperBound].map { compute(x, $0) }
      }
      guard !results.contains(where: \.overflow) else { return nil }
      let values = results.map(\.partialValue)
      return values.min().flatMap { low in values.max().map { low...$0 } }
    }
    switch op {
    case .add: return corners { $0.addingReportingOverflow($1) }
    case .subtract: return corners { $0.subtractingReportingOverflow($1) }
    case .multiply: return corners { $0.multipliedReportingOverflow(by: $1) }
    case .divide where b.lowerBound > 0: return corners { ($0 / $1, false) }
    case .remainder where b.lowerBound > 0 && a.lowerBound >= 0:
      return a == a.lowerBound...a.lowerBound && b == b.lowerBound...b.lowerBound
        ? a.lowerBound % b.lowerBound...a.lowerBound % b.lowerBound
        : 0...min(a.upperBound, b.upperBound - 1)
    case .shiftLeft where 0 <= b.lowerBound && b.upperBound < 62:
      return corners { $0.multipliedReportingOverflow(by: 1 << $1) }
    case .shiftRight where 0 <= b.lowerBound && b.upperBound < 63: return corners { ($0 >> $1, false) }
    default: return nil
    }
  }
}

/// The smallest range that holds both.
func hull(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) -> ClosedRange<Int> {
  min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
}
