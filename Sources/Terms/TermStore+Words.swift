/// Machine words: arithmetic, bits, comparisons, widths.
extension TermStore {
  public func add(_ a: Term, _ b: Term) -> Term { arithmetic(.add, a, b, isCommutative: true) }
  public func subtract(_ a: Term, _ b: Term) -> Term { arithmetic(.subtract, a, b) }
  public func multiply(_ a: Term, _ b: Term) -> Term { arithmetic(.multiply, a, b, isCommutative: true) }
  public func divide(_ a: Term, _ b: Term) -> Term { arithmetic(.divide, a, b) }
  public func remainder(_ a: Term, _ b: Term) -> Term { arithmetic(.remainder, a, b) }
  public func signedDivide(_ a: Term, _ b: Term) -> Term { arithmetic(.signedDivide, a, b) }
  public func signedRemainder(_ a: Term, _ b: Term) -> Term { arithmetic(.signedRemainder, a, b) }
  public func bitAnd(_ a: Term, _ b: Term) -> Term { arithmetic(.bitAnd, a, b, isCommutative: true) }
  public func bitOr(_ a: Term, _ b: Term) -> Term { arithmetic(.bitOr, a, b, isCommutative: true) }
  public func bitXor(_ a: Term, _ b: Term) -> Term { arithmetic(.bitXor, a, b, isCommutative: true) }
  public func shiftLeft(_ a: Term, _ b: Term) -> Term { arithmetic(.shiftLeft, a, b) }
  public func shiftRight(_ a: Term, _ b: Term) -> Term { arithmetic(.shiftRight, a, b) }
  public func signedShiftRight(_ a: Term, _ b: Term) -> Term { arithmetic(.signedShiftRight, a, b) }

  /// The operands, which have to be words of one width.
  private func arithmetic(_ op: Operator, _ a: Term, _ b: Term, isCommutative: Bool = false) -> Term {
    precondition(sort(of: a) == sort(of: b) && node(a).width > 0, "'\(op)' of words of different widths")
    let (x, y) = isCommutative ? (min(a, b), max(a, b)) : (a, b)
    let node = TermNode(op, sort(of: a), x, y)
    if let left = constantValue(x), let right = constantValue(y) {
      return word(apply(node, left, right), width: Int(node.width))
    }
    return neutral(op, x, y) ?? neutral(op, y, x, isSwapped: true) ?? intern(node)
  }

  /// The result if the second operand is a constant that makes it plain.
  private func neutral(_ op: Operator, _ a: Term, _ b: Term, isSwapped: Bool = false) -> Term? {
    guard let value = constantValue(b) else { return nil }
    let all = node(b).mask
    switch op {
    case .add, .bitOr, .bitXor: return value == 0 ? a : op == .bitOr && value == all ? b : nil
    case .bitAnd: return value == 0 ? b : value == all ? a : nil
    case .multiply: return value == 0 ? b : value == 1 ? a : nil
    case .subtract, .shiftLeft, .shiftRight, .signedShiftRight: return !isSwapped && value == 0 ? a : nil
    case .divide: return !isSwapped && value == 1 ? a : nil
    default: return nil
    }
  }

  public func bitNot(_ a: Term) -> Term {
    let node = node(a)
    precondition(node.width > 0, "'bitNot' of a truth value")
    if let value = constantValue(a) { return word(~value, width: Int(node.width)) }
    if node.op == .bitNot { return Term(node.a) }
    return intern(TermNode(.bitNot, node.sort, a))
  }

  // MARK: Comparisons

  public func less(_ a: Term, _ b: Term) -> Term { compared(.less, a, b, ifEqual: false) }
  public func lessEqual(_ a: Term, _ b: Term) -> Term { compared(.lessEqual, a, b, ifEqual: true) }
  public func signedLess(_ a: Term, _ b: Term) -> Term { compared(.signedLess, a, b, ifEqual: false) }
  public func signedLessEqual(_ a: Term, _ b: Term) -> Term {
    compared(.signedLessEqual, a, b, ifEqual: true)
  }

  private func compared(_ op: Operator, _ a: Term, _ b: Term, ifEqual: Bool) -> Term {
    precondition(sort(of: a) == sort(of: b) && node(a).width > 0, "'\(op)' of words of different widths")
    if a == b { return bool(ifEqual) }
    if let x = constantValue(a), let y = constantValue(b) {
      return bool(compare(op, x, y, width: Int(node(a).width)))
    }
    return intern(TermNode(op, .bool, a, b))
  }

  // MARK: Widths

  public func zeroExtend(_ a: Term, to width: Int) -> Term { extended(.zeroExtend, a, to: width) }
  public func signExtend(_ a: Term, to width: Int) -> Term { extended(.signExtend, a, to: width) }

  private func extended(_ op: Operator, _ a: Term, to width: Int) -> Term {
    let node = node(a)
    precondition(node.width > 0 && Int(node.width) <= width, "a word is extended to fewer bits")
    if Int(node.width) == width { return a }
    if let value = constantValue(a) {
      return word(op == .zeroExtend ? value : signed(value, width: Int(node.width)), width: width)
    }
    if node.op == .zeroExtend { return extended(.zeroExtend, Term(node.a), to: width) }
    return intern(TermNode(op, .bits(width), a))
  }

  /// `width` bits of the word, from bit `low` on.
  public func extract(_ a: Term, low: Int, width: Int) -> Term {
    let node = node(a)
    precondition(low >= 0 && width > 0 && low + width <= Int(node.width), "bits outside of the word")
    if width == Int(node.width) { return a }
    if let value = constantValue(a) { return word(value >> UInt64(low), width: width) }
    if node.op == .zeroExtend || node.op == .signExtend, low == 0 {
      let inner = Term(node.a)
      let innerWidth = sort(of: inner).width
      if width <= innerWidth { return extract(inner, low: 0, width: width) }
      return extended(node.op, inner, to: width)
    }
    return intern(TermNode(.extract, .bits(width), a, payload: UInt64(low)))
  }

  /// A truth value as a word: 1 or 0.
  public func word(of truth: Term, width: Int) -> Term {
    select(truth, word(1, width: width), word(0, width: width))
  }

  /// One bit of a word as a truth value.
  public func bit(_ a: Term, _ index: Int) -> Term {
    equal(extract(a, low: index, width: 1), word(1, width: 1))
  }
}
