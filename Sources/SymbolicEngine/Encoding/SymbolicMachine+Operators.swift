import Terms
import TransitionIR

/// Binary operators: integers of up to 64 bits, exactly, and wrapping words.
extension SymbolicMachine {
  mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID
  ) throws(EncodingRefusal) -> Number {
    if let small = try comparedSize(op, left, right) { return store.number(truth: small) }
    let a = try evaluate(left)
    switch op {
    case .and, .or, .implies: return try logical(op, store.truth(a), right)
    default: break
    }
    let b = try evaluate(right)
    if case .wrapping(let bits) = arithmetic { return wrapping(op, a, b, bits, site) }
    switch op {
    case .equal: return store.number(truth: store.equal(a, b))
    case .notEqual: return store.number(truth: store.not(store.equal(a, b)))
    case .less: return store.number(truth: store.less(a, b))
    case .lessEqual: return store.number(truth: store.lessEqual(a, b))
    case .bitAnd, .bitOr, .bitXor, .without: return bitwise(op, a, b)
    case .add, .subtract: return sum(op, a, b, site)
    case .multiply: return try product(a, b, site)
    case .divide, .remainder: return quotient(op, a, b, site)
    case .shiftLeft, .shiftRight: return shifted(op, a, b, site)
    case .and, .or, .implies: return store.number(0)
    }
  }

  /// How many elements a set has, compared with 0 or 1: without adding up anything, which is hard for solvers.
  private mutating func comparedSize(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) throws(EncodingRefusal) -> Term? {
    let (set, size): (Expression, SmallSize)
    switch (op, left, right) {
    case (.equal, .cardinality(let counted), .constant(0)),
      (.lessEqual, .cardinality(let counted), .constant(0)),
      (.less, .cardinality(let counted), .constant(1)):
      (set, size) = (counted, .none)
    case (.notEqual, .cardinality(let counted), .constant(0)),
      (.less, .constant(0), .cardinality(let counted)),
      (.lessEqual, .constant(1), .cardinality(let counted)):
      (set, size) = (counted, .some)
    case (.lessEqual, .cardinality(let counted), .constant(1)),
      (.less, .cardinality(let counted), .constant(2)):
      (set, size) = (counted, .atMostOne)
    case (.less, .constant(1), .cardinality(let counted)): (set, size) = (counted, .several)
    default: return nil
    }
    let value = try evaluate(set)
    let isEmpty = store.equal(value, 0)
    switch size {
    case .none: return isEmpty
    case .some: return store.not(isEmpty)
    case .atMostOne, .several:
      let width = Number.width(of: value.range)
      let word = store.word(value, width: width)
      let rest = store.bitAnd(word, store.subtract(word, store.word(1, width: width)))
      let isAtMostOne = store.equal(rest, store.word(0, width: width))
      return size == .atMostOne ? isAtMostOne : store.not(isAtMostOne)
    }
  }

  private enum SmallSize { case none, some, atMostOne, several }

  private mutating func logical(
    _ op: BinaryOperator, _ a: Term, _ right: Expression
  ) throws(EncodingRefusal) -> Number {
    let needsRight = op == .or ? store.not(a) : a
    if needsRight == store.no { return store.number(op == .and ? 0 : 1) }
    let b = try within(needsRight) { machine throws(EncodingRefusal) in try machine.truth(right) }
    switch op {
    case .and: return store.number(truth: store.and(a, b))
    case .or: return store.number(truth: store.or(a, b))
    default: return store.number(truth: store.implies(a, b))
    }
  }

  private func bitwise(_ op: BinaryOperator, _ a: Number, _ b: Number) -> Number {
    let width = max(Number.width(of: a.range), Number.width(of: b.range))
    let (x, y) = (store.word(a, width: width), store.word(b, width: width))
    let isPositive = a.range.lowerBound >= 0 && b.range.lowerBound >= 0
    let all = Number.allBits(max(a.range.upperBound, b.range.upperBound))
    let whole = width == 64 ? Int.min...Int.max : -(1 << (width - 1))...(1 << (width - 1)) - 1
    switch op {
    case .bitAnd:
      let top = min(a.range.upperBound, b.range.upperBound)
      return fitted(store.bitAnd(x, y), isPositive ? 0...top : whole)
    case .bitOr: return fitted(store.bitOr(x, y), isPositive ? 0...all : whole)
    case .bitXor: return fitted(store.bitXor(x, y), isPositive ? 0...all : whole)
    default:
      let term = store.bitAnd(x, store.bitNot(y))
      return fitted(term, a.range.lowerBound >= 0 ? 0...Number.allBits(a.range.upperBound) : whole)
    }
  }

  /// A word whose value is known to be in the range, with just the bits that it needs.
  private func fitted(_ term: Term, _ range: ClosedRange<Int>) -> Number {
    let width = Number.width(of: range)
    let own = store.sort(of: term).width
    return Number(
      term: own <= width ? store.signExtend(term, to: width) : store.extract(term, low: 0, width: width),
      range: range)
  }

  /// The sum or difference; beyond 64 bits it is `range.overflow`.
  private mutating func sum(_ op: BinaryOperator, _ a: Number, _ b: Number, _ site: SiteID) -> Number {
    let isSum = op == .add
    let (low, lowOverflows) =
      isSum
      ? a.range.lowerBound.addingReportingOverflow(b.range.lowerBound)
      : a.range.lowerBound.subtractingReportingOverflow(b.range.upperBound)
    let (high, highOverflows) =
      isSum
      ? a.range.upperBound.addingReportingOverflow(b.range.upperBound)
      : a.range.upperBound.subtractingReportingOverflow(b.range.lowerBound)
    let mayOverflow = lowOverflows || highOverflows
    let width =
      mayOverflow
      ? 64 : max(Number.width(of: low...high), Number.width(of: a.range), Number.width(of: b.range))
    let (x, y) = (store.word(a, width: width), store.word(b, width: width))
    let result = isSum ? store.add(x, y) : store.subtract(x, y)
    guard mayOverflow else { return fitted(result, low...high) }
    // Signs: a sum overflows if both operands have the sign that the result has not.
    let (signA, signB, sign) = (store.bit(x, 63), store.bit(y, 63), store.bit(result, 63))
    let sameSigns = isSum ? store.equal(signA, signB) : store.not(store.equal(signA, signB))
    fail(.overflow, site, if: store.and(sameSigns, store.not(store.equal(signA, sign))))
    return Number(term: result, range: Int.min...Int.max)
  }

  private mutating func product(_ a: Number, _ b: Number, _ site: SiteID) throws(EncodingRefusal) -> Number {
    var corners: [Int] = []
    for x in [a.range.lowerBound, a.range.upperBound] {
      for y in [b.range.lowerBound, b.range.upperBound] {
        let (value, overflow) = x.multipliedReportingOverflow(by: y)
        if overflow { throw EncodingRefusal("a product that may need more than 64 bits") }
        corners.append(value)
      }
    }
    let range = (corners.min() ?? 0)...(corners.max() ?? 0)
    let width = max(Number.width(of: range), Number.width(of: a.range), Number.width(of: b.range))
    return fitted(store.multiply(store.word(a, width: width), store.word(b, width: width)), range)
  }

  private mutating func quotient(_ op: BinaryOperator, _ a: Number, _ b: Number, _ site: SiteID) -> Number {
    fail(.division, site, if: store.equal(b, 0))
    let width = max(Number.width(of: a.range), Number.width(of: b.range))
    let (x, y) = (store.word(a, width: width), store.word(b, width: width))
    if a.range.lowerBound == Int.min, b.range ~= -1 {
      fail(.overflow, site, if: store.and(store.equal(a, Int.min), store.equal(b, -1)))
    }
    if op == .remainder {
      let limit = max(
        b.range.upperBound == Int.max ? Int.max : abs(b.range.upperBound),
        b.range.lowerBound == Int.min ? Int.max : abs(b.range.lowerBound))
      let top = max(0, limit - 1)
      return fitted(store.signedRemainder(x, y), (a.range.lowerBound < 0 ? -top : 0)...top)
    }
    let limit = max(
      a.range.upperBound, a.range.lowerBound == Int.min ? Int.max : abs(a.range.lowerBound))
    // One bit more: -128 / -1 is 128.
    if width == 64 { return Number(term: store.signedDivide(x, y), range: Int.min...Int.max) }
    let wide = store.signedDivide(store.signExtend(x, to: width + 1), store.signExtend(y, to: width + 1))
    return fitted(wide, -limit...limit)
  }

  private mutating func shifted(_ op: BinaryOperator, _ a: Number, _ b: Number, _ site: SiteID) -> Number {
    let isAmount = store.and(store.lessEqual(store.number(0), b), store.less(b, store.number(63)))
    fail(.division, site, if: store.not(isAmount))
    let x = store.word(a, width: 64)
    let y = store.word(b, width: 64)
    if op == .shiftRight {
      let range = min(a.range.lowerBound, 0)...max(a.range.upperBound, 0)
      return fitted(store.signedShiftRight(x, y), range)
    }
    let result = store.shiftLeft(x, y)
    fail(.overflow, site, if: store.not(store.equal(store.signedShiftRight(result, y), x)))
    let most = min(62, max(0, b.range.upperBound))
    let (low, lowOverflows) = a.range.lowerBound.multipliedReportingOverflow(by: 1 << most)
    let (high, highOverflows) = a.range.upperBound.multipliedReportingOverflow(by: 1 << most)
    if lowOverflows || highOverflows { return Number(term: result, range: Int.min...Int.max) }
    return fitted(result, min(low, a.range.lowerBound)...max(high, a.range.upperBound))
  }

  // MARK: Words

  private mutating func wrapping(
    _ op: BinaryOperator, _ left: Number, _ right: Number, _ bits: Int, _ site: SiteID
  ) -> Number {
    let (a, b) = (store.word(left, width: bits), store.word(right, width: bits))
    switch op {
    case .equal: return store.number(truth: store.equal(a, b))
    case .notEqual: return store.number(truth: store.not(store.equal(a, b)))
    case .less: return store.number(truth: store.less(a, b))
    case .lessEqual: return store.number(truth: store.lessEqual(a, b))
    case .bitAnd: return number(store.bitAnd(a, b))
    case .bitOr: return number(store.bitOr(a, b))
    case .bitXor: return number(store.bitXor(a, b))
    case .without: return number(store.bitAnd(a, store.bitNot(b)))
    case .add: return number(store.add(a, b))
    case .subtract: return number(store.subtract(a, b))
    case .multiply: return number(store.multiply(a, b))
    case .divide, .remainder:
      fail(.division, site, if: store.equal(b, store.word(0, width: bits)))
      return number(op == .divide ? store.divide(a, b) : store.remainder(a, b))
    case .shiftLeft, .shiftRight:
      fail(.division, site, if: store.not(store.less(b, store.word(UInt64(bits), width: bits))))
      return number(op == .shiftLeft ? store.shiftLeft(a, b) : store.shiftRight(a, b))
    case .and, .or, .implies: return store.number(0)
    }
  }

  /// A machine word as a number: 64 bits are kept as their pattern, as the interpreter does.
  private func number(_ word: Term) -> Number {
    let bits = store.sort(of: word).width
    if bits == 64 { return Number(term: word, range: Int.min...Int.max) }
    return Number(term: store.zeroExtend(word, to: bits + 1), range: 0...(1 << bits) - 1)
  }
}
