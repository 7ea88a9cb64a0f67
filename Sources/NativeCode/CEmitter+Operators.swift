import TransitionIR

/// Operators on terms.
extension CEmitter {
  func unary(_ op: UnaryOperator, _ operand: Term, _ mask: Int) -> Term {
    let range = ValueRanges.unary(op, operand.range, mask)
    switch op {
    case .not: return Term("!\(operand.text)", range, of: [operand])
    case .negate:
      let negated = "(int64_t)(0 - (uint64_t)\(operand.text))"
      return Term(mask == 0 ? "(\(negated))" : "(\(negated) & \(Term.literal(mask)))", range, of: [operand])
    case .complement: return Term("(~(int64_t)\(operand.text) & \(Term.literal(mask)))", range, of: [operand])
    }
  }

  mutating func binary(
    _ op: BinaryOperator, _ a: Term, _ b: Term, _ arithmetic: Arithmetic, _ site: SiteID
  ) -> Term {
    var (a, b) = (a, b)
    // Bits beyond a word do not count, whatever is done with it.
    if case .wrapping(let bits) = arithmetic, !op.isLogical { (a, b) = (cut(a, to: bits), cut(b, to: bits)) }
    let range = ValueRanges.binary(op, a.range, b.range, arithmetic)
    func simple(_ symbol: String) -> Term { Term("(\(a.text) \(symbol) \(b.text))", range, of: [a, b]) }
    switch op {
    case .and:
      if let left = a.constant { return left == 0 ? Term(constant: 0) : truth(b) }
      return simple("&&")
    case .or:
      if let left = a.constant { return left != 0 ? Term(constant: 1) : truth(b) }
      return simple("||")
    case .implies:
      if let left = a.constant { return left == 0 ? Term(constant: 1) : truth(b) }
      return Term("(!\(a.text) || \(b.text))", range, of: [a, b])
    case .equal:
      return b.constant == 0 && !a.text.hasPrefix("-") ? Term("!\(a.text)", range, of: [a]) : simple("==")
    case .notEqual: return simple("!=")
    case .bitAnd: return simple("&")
    case .bitOr: return a.constant == 0 ? b : b.constant == 0 ? a : simple("|")
    case .bitXor: return simple("^")
    case .without: return Term("(\(a.text) & ~(int64_t)\(b.text))", range, of: [a, b])
    default: break
    }
    if case .wrapping(let bits) = arithmetic { return wrapping(op, a, b, bits, site) }
    switch op {
    case .less:
      if a.range.upperBound < b.range.lowerBound, !a.mayFail, !b.mayFail { return Term(constant: 1) }
      return simple("<")
    case .lessEqual: return simple("<=")
    case .add: return exact("add", "+", a, b, range, site)
    case .subtract: return exact("sub", "-", a, b, range, site)
    case .multiply: return exact("mul", "*", a, b, range, site)
    default: return divisionOrShift(op, a, b, range, site)
    }
  }

  /// The bits of a term that a word has.
  private func cut(_ term: Term, to bits: Int) -> Term {
    if bits == 64 || (term.range.lowerBound >= 0 && term.range.upperBound >> bits == 0) { return term }
    let mask = (1 << bits) - 1
    if let value = term.constant { return Term(constant: value & mask) }
    return Term("(\(term.text) & \(Term.literal(mask)))", 0...mask, of: [term])
  }

  /// 1 for anything but 0.
  private func truth(_ term: Term) -> Term {
    term.range.lowerBound >= 0 && term.range.upperBound <= 1
      ? term : Term("(\(term.text) != 0)", 0...1, of: [term])
  }

  /// An operation that cannot overflow, or the call of a function that looks.
  private mutating func exact(
    _ name: String, _ symbol: String, _ a: Term, _ b: Term, _ range: ClosedRange<Int>, _ site: SiteID
  ) -> Term {
    if range != Int.min...Int.max {
      return Term("((int64_t)\(a.text) \(symbol) \(b.text))", range, of: [a, b])
    }
    let failure = number(of: .overflow, site)
    return Term("\(name)(s, \(a.text), \(b.text), \(failure))", range, mayFail: true, of: [a, b])
  }

  private mutating func divisionOrShift(
    _ op: BinaryOperator, _ a: Term, _ b: Term, _ range: ClosedRange<Int>, _ site: SiteID
  ) -> Term {
    let isDivision = op == .divide || op == .remainder
    if isDivision, b.range.lowerBound > 0 {
      return Term("((int64_t)\(a.text) \(op == .divide ? "/" : "%") \(b.text))", range, of: [a, b])
    }
    let isShort = 0 <= b.range.lowerBound && b.range.upperBound < 62
    if op == .shiftRight, isShort { return Term("((int64_t)\(a.text) >> \(b.text))", range, of: [a, b]) }
    if op == .shiftLeft, isShort, range != Int.min...Int.max {
      return Term("((int64_t)\(a.text) * (INT64_C(1) << \(b.text)))", range, of: [a, b])
    }
    let names: [BinaryOperator: String] = [
      .divide: "divide", .remainder: "remains", .shiftLeft: "shift_left", .shiftRight: "shift_right",
    ]
    let (division, overflow) = (number(of: .division, site), number(of: .overflow, site))
    return Term(
      "\(names[op] ?? "")(s, \(a.text), \(b.text), \(division), \(overflow))", Int.min...Int.max,
      mayFail: true,
      of: [a, b])
  }

  /// Words of `bits` bits, kept as bit patterns.
  private mutating func wrapping(
    _ op: BinaryOperator, _ a: Term, _ b: Term, _ bits: Int, _ site: SiteID
  ) -> Term {
    let mask = bits == 64 ? UInt64.max : (1 << UInt64(bits)) - 1
    let range = ValueRanges.binary(op, a.range, b.range, .wrapping(bits))
    let (x, y) = ("(uint64_t)\(a.text)", "(uint64_t)\(b.text)")
    func cut(_ symbol: String) -> Term {
      Term("(int64_t)((\(x) \(symbol) \(y)) & \(Term.literal(mask)))", range, of: [a, b])
    }
    switch op {
    case .less: return Term("(\(x) < \(y))", 0...1, of: [a, b])
    case .lessEqual: return Term("(\(x) <= \(y))", 0...1, of: [a, b])
    case .add: return cut("+")
    case .subtract: return cut("-")
    case .multiply: return cut("*")
    default: break
    }
    let failure = number(of: .division, site)
    let names: [BinaryOperator: String] = [
      .divide: "divide_word", .remainder: "remainder_word", .shiftLeft: "shift_word_left",
      .shiftRight: "shift_word_right",
    ]
    return Term(
      "(int64_t)(\(names[op] ?? "")(s, \(x), \(y), \(bits), \(failure)) & \(Term.literal(mask)))", range,
      mayFail: true, of: [a, b])
  }
}

extension BinaryOperator {
  /// Its operands are true or false, whatever words it is said to compute with.
  fileprivate var isLogical: Bool { self == .and || self == .or || self == .implies }
}
