import Terms

/// An integer of the transition system as a term, with what is known about its size.
///
/// The term is a truth value (0 or 1) or a two's complement word that is wide enough for the range, so integer
/// arithmetic is exact: results get as many bits as they need, and only what may leave 64 bits has to be watched.
struct Number {
  let term: Term
  let range: ClosedRange<Int>

  /// The smallest word that has all numbers of a range, sign bit included.
  static func width(of range: ClosedRange<Int>) -> Int {
    let low = range.lowerBound < 0 ? ~range.lowerBound : range.lowerBound
    let high = range.upperBound < 0 ? ~range.upperBound : range.upperBound
    return Int.bitWidth - max(low, high).leadingZeroBitCount + 1
  }

  /// The smallest number of the form 2^n - 1 that is not below `value`.
  static func allBits(_ value: Int) -> Int {
    value <= 0 ? 0 : Int.max >> (value.leadingZeroBitCount - 1)
  }
}

/// Conversions between numbers, truth values and words.
extension TermStore {
  func number(_ value: Int) -> Number {
    if value == 0 || value == 1 { return Number(term: bool(value == 1), range: value...value) }
    let width = Number.width(of: value...value)
    return Number(term: word(UInt64(bitPattern: Int64(value)), width: width), range: value...value)
  }

  func number(truth: Term) -> Number {
    if let value = constantValue(truth) { return number(Int(value)) }
    return Number(term: truth, range: 0...1)
  }

  /// The number is not zero.
  func truth(_ number: Number) -> Term {
    switch sort(of: number.term) {
    case .bool: return number.term
    case .bits(let width):
      if number.range.lowerBound > 0 || number.range.upperBound < 0 { return yes }
      return not(equal(number.term, word(0, width: width)))
    }
  }

  /// The number as a word of `width` bits: extended with its sign, or its low bits.
  func word(_ number: Number, width: Int) -> Term {
    switch sort(of: number.term) {
    case .bool: return word(of: number.term, width: width)
    case .bits(let own):
      return own <= width ? signExtend(number.term, to: width) : extract(number.term, low: 0, width: width)
    }
  }

  func equal(_ a: Number, _ b: Number) -> Term {
    if !a.range.overlaps(b.range) { return no }
    if case .bool = sort(of: a.term), case .bool = sort(of: b.term) { return equal(a.term, b.term) }
    let width = max(Number.width(of: a.range), Number.width(of: b.range))
    return equal(word(a, width: width), word(b, width: width))
  }

  func equal(_ a: Number, _ value: Int) -> Term { equal(a, number(value)) }

  func less(_ a: Number, _ b: Number) -> Term {
    if a.range.upperBound < b.range.lowerBound { return yes }
    if a.range.lowerBound >= b.range.upperBound { return no }
    let width = max(Number.width(of: a.range), Number.width(of: b.range))
    return signedLess(word(a, width: width), word(b, width: width))
  }

  func lessEqual(_ a: Number, _ b: Number) -> Term { not(less(b, a)) }

  /// Requires: the range ends well below the greatest integer.
  func plusOne(_ a: Number) -> Number {
    let range = a.range.lowerBound...a.range.upperBound + 1
    let width = max(Number.width(of: range), Number.width(of: a.range))
    return Number(
      term: add(word(a, width: width), word(1, width: width)),
      range: a.range.lowerBound + 1...range.upperBound)
  }

  func select(_ condition: Term, _ a: Number, _ b: Number) -> Number {
    if condition == yes { return a }
    if condition == no { return b }
    let range = min(a.range.lowerBound, b.range.lowerBound)...max(a.range.upperBound, b.range.upperBound)
    if case .bool = sort(of: a.term), case .bool = sort(of: b.term) {
      return Number(term: select(condition, a.term, b.term), range: range)
    }
    let width = Number.width(of: range)
    return Number(term: select(condition, word(a, width: width), word(b, width: width)), range: range)
  }

  /// Bit `index` of the number's two's complement.
  func bit(_ number: Number, _ index: Int) -> Term {
    if case .bool = sort(of: number.term) { return index == 0 ? number.term : no }
    let width = sort(of: number.term).width
    return bit(number.term, min(index, width - 1))
  }
}
