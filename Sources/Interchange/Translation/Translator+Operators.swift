import TransitionIR

/// Binary operators, and arithmetic that fits into the 32 bits of the peers.
extension Translator {
  mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID
  ) throws(ExportRefusal) -> Evaluated {
    let a = try evaluate(left)
    let b = try evaluate(right)
    switch op {
    case .and, .or, .implies: return logical(op, a.as(.truth), b.as(.truth))
    case .equal, .notEqual:
      let (x, y) = try aligned(a, b)
      return Evaluated(
        .comparison(op == .equal ? .equal : .notEqual, x.value, y.value), defined: a.defined && b.defined)
    case .bitAnd, .bitOr, .bitXor, .without:
      return try bitwise(op, a, b, site)
    default: break
    }
    let (x, y) = (a.as(.number).value, b.as(.number).value)
    let defined = a.defined && b.defined
    if case .wrapping(let bits) = arithmetic { return try wrapping(op, x, y, bits, defined, site) }
    switch op {
    case .less: return Evaluated(.comparison(.less, x, y), defined: defined)
    case .lessEqual: return Evaluated(.comparison(.lessEqual, x, y), defined: defined)
    case .add: return Evaluated(try computed(.add, x, y, place(site)), defined: defined)
    case .subtract: return Evaluated(try computed(.subtract, x, y, place(site)), defined: defined)
    case .multiply: return Evaluated(try computed(.multiply, x, y, place(site)), defined: defined)
    case .divide, .remainder:
      let result = try computed(op == .divide ? .divide : .remainder, x, y, place(site))
      return Evaluated(result, defined: defined && .comparison(.notEqual, y, .number(0)))
    default: return try shifted(op, x, y, defined, limit: 63, site)
    }
  }

  private func logical(_ op: BinaryOperator, _ a: Evaluated, _ b: Evaluated) -> Evaluated {
    switch op {
    case .and: Evaluated(a.value && b.value, defined: a.defined && (!a.value || b.defined))
    case .or: Evaluated(a.value || b.value, defined: a.defined && (a.value || b.defined))
    default: Evaluated(!a.value || b.value, defined: a.defined && (!a.value || b.defined))
    }
  }

  private func bitwise(
    _ op: BinaryOperator, _ a: Evaluated, _ b: Evaluated, _ site: SiteID
  ) throws(ExportRefusal) -> Evaluated {
    let defined = a.defined && b.defined
    // A constant alone does not tell: `0 | x` is a set if x is one. A set that is put together from constants, as
    // comprehensions are, has nothing else in it.
    if a.value.kind == .mask || b.value.kind == .mask || (a.value.isLiteral && b.value.isLiteral) {
      let (x, y) = (a.as(.mask).value, b.as(.mask).value)
      let maskOperator: MaskOperator =
        switch op {
        case .bitAnd: .intersection
        case .bitOr: .union
        case .bitXor: .symmetricDifference
        default: .difference
        }
      return Evaluated(.combined(maskOperator, x, y), defined: defined)
    }
    let (x, y) = (a.as(.number).value, b.as(.number).value)
    guard let first = x.interval, let second = y.interval, min(first.lowerBound, second.lowerBound) >= 0
    else {
      throw ExportRefusal("bit operations on numbers that may be negative\(place(site))")
    }
    switch op {
    case .bitAnd: return Evaluated(try computed(.bitAnd, x, y, place(site)), defined: defined)
    case .bitOr: return Evaluated(try computed(.bitOr, x, y, place(site)), defined: defined)
    case .bitXor: return Evaluated(try computed(.bitXor, x, y, place(site)), defined: defined)
    default:
      let common = try computed(.bitAnd, x, y, place(site))
      return Evaluated(try computed(.subtract, x, common, place(site)), defined: defined)
    }
  }

  /// Words are kept below 2^31, so that their results are exact before they are reduced.
  private func wrapping(
    _ op: BinaryOperator, _ x: Term, _ y: Term, _ bits: Int, _ defined: Term, _ site: SiteID
  ) throws(ExportRefusal) -> Evaluated {
    guard bits < 31 else { throw ExportRefusal("machine words of \(bits) bits\(place(site))") }
    let size = Term.number(1 << bits)
    let word = 0...(1 << bits) - 1
    func reduced(_ term: Term) throws(ExportRefusal) -> Term {
      if let range = term.interval, word.contains(range.lowerBound), word.contains(range.upperBound) {
        return term
      }
      return try computed(.remainder, term, size, place(site))
    }
    guard let first = x.interval, let second = y.interval, min(first.lowerBound, second.lowerBound) >= 0
    else {
      throw ExportRefusal("arithmetic of machine words on numbers that may be negative\(place(site))")
    }
    let (a, b) = (try reduced(x), try reduced(y))
    switch op {
    case .less: return Evaluated(.comparison(.less, a, b), defined: defined)
    case .lessEqual: return Evaluated(.comparison(.lessEqual, a, b), defined: defined)
    case .add: return Evaluated(try reduced(try computed(.add, a, b, place(site))), defined: defined)
    case .subtract:
      let difference = try computed(.subtract, try computed(.add, a, size, place(site)), b, place(site))
      return Evaluated(try computed(.remainder, difference, size, place(site)), defined: defined)
    case .multiply:
      return Evaluated(try reduced(try computed(.multiply, a, b, place(site))), defined: defined)
    case .divide, .remainder:
      let result = try computed(op == .divide ? .divide : .remainder, a, b, place(site))
      return Evaluated(result, defined: defined && .comparison(.notEqual, b, .number(0)))
    default:
      let result = try shifted(op, a, b, defined, limit: bits, site)
      return Evaluated(try reduced(result.value), defined: result.defined)
    }
  }

  private func shifted(
    _ op: BinaryOperator, _ x: Term, _ y: Term, _ defined: Term, limit: Int, _ site: SiteID
  ) throws(ExportRefusal) -> Evaluated {
    guard let value = x.interval, let shift = y.interval, min(value.lowerBound, shift.lowerBound) >= 0 else {
      throw ExportRefusal("shifts by or of a number that may be negative\(place(site))")
    }
    let fits = Term.comparison(.less, y, .number(limit))
    return Evaluated(
      try computed(op == .shiftLeft ? .shiftLeft : .shiftRight, x, y, place(site)), defined: defined && fits)
  }

  /// Arithmetic whose result surely fits into 32 bits; there it cannot fail, and the peers compute the same.
  func computed(_ op: NumberOperator, _ a: Term, _ b: Term, _ place: String) throws(ExportRefusal) -> Term {
    let result = Term.computed(op, a, b)
    guard let range = result.interval, Term.portable.contains(range.lowerBound),
      Term.portable.contains(range.upperBound)
    else { throw ExportRefusal("arithmetic whose result may need more than 32 bits\(place)") }
    return result
  }
}

extension Term {
  /// Made of constants that conditions choose from.
  fileprivate var isLiteral: Bool {
    switch self {
    case .number(let value): value >= 0
    case .select(_, let a, let b): a.isLiteral && b.isLiteral
    default: false
    }
  }
}
