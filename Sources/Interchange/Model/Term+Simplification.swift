import TransitionIR

/// Terms are made by these, which leave out what is decided already: most checks of indices and pointers are.
extension Term {
  static prefix func ! (term: Term) -> Term {
    switch term {
    case .truth(let value): .truth(!value)
    case .not(let inner): inner
    case .compare(.equal, let a, let b): .compare(.notEqual, a, b)
    case .compare(.notEqual, let a, let b): .compare(.equal, a, b)
    case .compare(.less, let a, let b): .compare(.lessEqual, b, a)
    case .compare(.lessEqual, let a, let b): .compare(.less, b, a)
    default: .not(term)
    }
  }

  static func && (a: Term, b: @autoclosure () -> Term) -> Term {
    if case .truth(let value) = a { return value ? b() : a }
    let b = b()
    if case .truth(let value) = b { return value ? a : b }
    return a == b ? a : .and(a, b)
  }

  static func || (a: Term, b: @autoclosure () -> Term) -> Term {
    if case .truth(let value) = a { return value ? a : b() }
    let b = b()
    if case .truth(let value) = b { return value ? b : a }
    return a == b ? a : .or(a, b)
  }

  /// Comparisons of numbers look at what is known about both sides.
  static func comparison(_ sign: Comparison, _ a: Term, _ b: Term) -> Term {
    if let x = a.constant, let y = b.constant {
      switch sign {
      case .equal: return .truth(x == y)
      case .notEqual: return .truth(x != y)
      case .less: return .truth(x < y)
      case .lessEqual: return .truth(x <= y)
      }
    }
    if a.kind == .truth, let value = b.constant { return (sign == .equal) == (value != 0) ? a : !a }
    if a.kind == .truth, let value = a.constant { return (sign == .equal) == (value != 0) ? b : !b }
    if a == b { return .truth(sign == .equal || sign == .lessEqual) }
    if a.kind == .number, let x = a.interval, let y = b.interval {
      switch sign {
      case .equal: if !x.overlaps(y) { return .truth(false) }
      case .notEqual: if !x.overlaps(y) { return .truth(true) }
      case .less:
        if x.upperBound < y.lowerBound { return .truth(true) }
        if x.lowerBound >= y.upperBound { return .truth(false) }
      case .lessEqual:
        if x.upperBound <= y.lowerBound { return .truth(true) }
        if x.lowerBound > y.upperBound { return .truth(false) }
      }
    }
    return .compare(sign, a, b)
  }

  static func computed(_ op: NumberOperator, _ a: Term, _ b: Term) -> Term {
    if let x = a.constant, let y = b.constant, let value = op.apply(x, y), portable.contains(value) {
      return .number(value)
    }
    switch (op, b) {
    case (.add, .number(0)), (.subtract, .number(0)), (.multiply, .number(1)), (.divide, .number(1)),
      (.shiftLeft, .number(0)), (.shiftRight, .number(0)):
      return a
    case (.add, .number(let y)): if let sum = moved(a, by: y) { return sum }
    case (.subtract, .number(let y)): if let sum = moved(a, by: -y) { return sum }
    default: break
    }
    if case .number(0) = a, op == .add { return b }
    return .arithmetic(op, a, b)
  }

  /// A sum or difference with a constant, and another constant added to it.
  private static func moved(_ term: Term, by amount: Int) -> Term? {
    guard case .arithmetic(let op, let inner, .number(let x)) = term, op == .add || op == .subtract else {
      return nil
    }
    let total = amount + (op == .add ? x : -x)
    return total < 0
      ? .computed(.subtract, inner, .number(-total)) : .computed(.add, inner, .number(total))
  }

  static func combined(_ op: MaskOperator, _ a: Term, _ b: Term) -> Term {
    if let x = a.constant, let y = b.constant { return .mask(op.apply(x, y)) }
    switch (op, a, b) {
    case (.union, .mask(0), _), (.symmetricDifference, .mask(0), _): return b
    case (.union, _, .mask(0)), (.difference, _, .mask(0)), (.symmetricDifference, _, .mask(0)): return a
    case (.intersection, .mask(0), _), (.intersection, _, .mask(0)), (.difference, .mask(0), _):
      return .mask(0)
    default: return .combine(op, a, b)
    }
  }

  static func membership(_ bit: Term, in mask: Term) -> Term {
    switch (mask, bit) {
    case (.mask(0), _): .truth(false)
    case (.mask(let bits), .number(let bit)): .truth((bits >> bit) & 1 == 1)
    case (.single(let only), _): .comparison(.equal, only, bit)
    default: .contains(mask, bit: bit)
    }
  }

  static func singleton(_ bit: Term) -> Term {
    if case .number(let value) = bit { return .mask(1 << value) }
    return .single(bit: bit)
  }

  static func selection(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term {
    if case .truth(let value) = condition { return value ? then : otherwise }
    if then == otherwise { return then }
    switch (then, otherwise) {
    case (.truth(true), _): return condition || otherwise
    case (.truth(false), _): return !condition && otherwise
    case (_, .truth(true)): return !condition || then
    case (_, .truth(false)): return condition && then
    default: break
    }
    return .select(condition, then, otherwise)
  }

  static func quantify(_ quantifier: Quantifier, _ local: Local, _ body: Term) -> Term {
    if local.lower > local.upper { return quantifier == .count ? .number(0) : .truth(quantifier == .forall) }
    if case .truth(let value) = body {
      switch quantifier {
      case .forall, .exists: return body
      case .count: return .number(value ? local.upper - local.lower + 1 : 0)
      }
    }
    if local.lower == local.upper {
      let only = body.replacing(local, with: .constant(local.lower, local.kind))
      return quantifier == .count ? .selection(only, .number(1), .number(0)) : only
    }
    return .quantified(quantifier, local, body)
  }

  /// The term as a value of another kind, as the transition system's integers would be read.
  static func convert(_ term: Term, to kind: ValueKind) -> Term {
    if term.kind == kind { return term }
    if let value = term.constant { return .constant(value, kind) }
    if case .select(let condition, let then, let otherwise) = term {
      return .selection(condition, convert(then, to: kind), convert(otherwise, to: kind))
    }
    if kind == .mask, case .arithmetic(let op, let a, let b) = term, let same = MaskOperator(op) {
      // A set that is put together element by element begins as the number 0.
      return combined(same, convert(a, to: .mask), convert(b, to: .mask))
    }
    switch (term.kind, kind) {
    case (.truth, _): return .selection(term, .constant(1, kind), .constant(0, kind))
    case (_, .truth): return .comparison(.notEqual, term, .constant(0, term.kind))
    default:
      if case .cast(let inner, _) = term { return convert(inner, to: kind) }
      return .cast(term, to: kind)
    }
  }
}

extension NumberOperator {
  /// Nil if the result has no value or needs more than 64 bits.
  func apply(_ a: Int, _ b: Int) -> Int? {
    func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
      result.overflow ? nil : result.partialValue
    }
    switch self {
    case .add: return exact(a.addingReportingOverflow(b))
    case .subtract: return exact(a.subtractingReportingOverflow(b))
    case .multiply: return exact(a.multipliedReportingOverflow(by: b))
    case .divide: return b == 0 ? nil : exact(a.dividedReportingOverflow(by: b))
    case .remainder: return b == 0 ? nil : exact(a.remainderReportingOverflow(dividingBy: b))
    case .shiftLeft: return (0..<63).contains(b) ? exact(a.multipliedReportingOverflow(by: 1 << b)) : nil
    case .shiftRight: return (0..<63).contains(b) ? a >> b : nil
    case .bitAnd: return a & b
    case .bitOr: return a | b
    case .bitXor: return a ^ b
    }
  }
}

extension MaskOperator {
  /// What the operator on numbers does to the bits; nil if it is not of that sort.
  init?(_ op: NumberOperator) {
    switch op {
    case .bitAnd: self = .intersection
    case .bitOr: self = .union
    case .bitXor: self = .symmetricDifference
    default: return nil
    }
  }

  func apply(_ a: Int, _ b: Int) -> Int {
    switch self {
    case .union: a | b
    case .intersection: a & b
    case .difference: a & ~b
    case .symmetricDifference: a ^ b
    }
  }
}
