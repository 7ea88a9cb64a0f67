import Diagnostics
import SpecSyntax

/// Infix operators and conversions between types.
extension Checker {
  func checkInfix(
    _ op: InfixOperator, _ left: Expression, _ right: Expression, _ range: SourceRange, _ expected: Type?
  ) -> TypedExpression {
    switch op {
    case .and, .or, .implies:
      return TypedExpression(.infix(op, checkCondition(left), checkCondition(right)), .bool, range)
    case .member: return checkMembership(left, right, range)
    case .equal, .notEqual: return checkEquality(op, left, right, range)
    case .less, .lessEqual, .greater, .greaterEqual: return checkOrder(op, left, right, range)
    case .bitAnd, .bitOr, .bitXor, .subtract, .add, .multiply, .divide, .remainder, .shiftLeft, .shiftRight:
      return checkArithmetic(op, left, right, range, expected)
    }
  }

  private func checkMembership(_ left: Expression, _ right: Expression, _ range: SourceRange)
    -> TypedExpression
  {
    let domainSyntax: DomainSyntax = .named(right)
    let (domain, elementType) = checkDomain(domainSyntax)
    let element = coerce(check(left, expecting: elementType), to: elementType, allowNarrowing: true)
    return TypedExpression(.member(element, domain), .bool, range)
  }

  private func checkEquality(
    _ op: InfixOperator, _ left: Expression, _ right: Expression, _ range: SourceRange
  ) -> TypedExpression {
    var a = check(left)
    let b = check(right, expecting: a.type)
    if case .integer = a.type, case .flags = b.type { a = check(left, expecting: b.type) }
    guard let type = common(a.type, b.type) else {
      if a.type != .error, b.type != .error {
        error("E0445", "\(describe(a.type)) cannot be compared with \(describe(b.type))", range)
      }
      return TypedExpression(.constant(0), .error, range)
    }
    if !type.isScalar {
      error("E0445", "\(describe(type)) cannot be compared", range)
      return bad(range)
    }
    return TypedExpression(.infix(op, convert(a, to: type), convert(b, to: type)), .bool, range)
  }

  private func checkOrder(
    _ op: InfixOperator, _ left: Expression, _ right: Expression, _ range: SourceRange
  ) -> TypedExpression {
    let a = check(left)
    let b = check(right, expecting: a.type)
    guard let type = common(a.type, b.type), type.isInteger else {
      if a.type != .error, b.type != .error {
        error("E0446", "\(describe(a.type)) and \(describe(b.type)) have no order", range)
      }
      return bad(range)
    }
    return TypedExpression(.infix(op, convert(a, to: type), convert(b, to: type)), .bool, range)
  }

  private func checkArithmetic(
    _ op: InfixOperator, _ left: Expression, _ right: Expression, _ range: SourceRange, _ expected: Type?
  ) -> TypedExpression {
    var a = check(left, expecting: expected)
    let b = check(right, expecting: a.type)
    if case .integer = a.type, case .flags = b.type { a = check(left, expecting: b.type) }
    if a.type == .error || b.type == .error { return bad(range) }
    let isShift = op == .shiftLeft || op == .shiftRight
    if isShift, case .word(let bits) = a.type, b.type.isInteger {
      if case .constant(let count) = b.kind, !(0..<bits).contains(count) {
        error("E0473", "a shift of a u\(bits) is by 0 to \(bits - 1) bits, not \(count)", right.range)
      }
      return TypedExpression(.infix(op, a, convert(b, to: a.type)), a.type, range)
    }
    if case .word? = expected, let expected, case .constant = a.kind, case .constant = b.kind,
      a.type == .integer,
      b.type == .integer
    {
      // Constants adapt to the word they are meant for: `u64 x = 1 << 63`.
      return TypedExpression(.infix(op, convert(a, to: expected), convert(b, to: expected)), expected, range)
    }
    guard let type = common(a.type, b.type) else {
      error("E0447", "'\(op.rawValue)' cannot join \(describe(a.type)) and \(describe(b.type))", range)
      return bad(range)
    }
    let isBitwise = op == .bitAnd || op == .bitOr || op == .bitXor
    let isAllowed: Bool
    switch type {
    case .integer, .word, .range: isAllowed = true
    case .flags: isAllowed = isBitwise
    case .set, .emptySet: isAllowed = isBitwise || op == .subtract
    default: isAllowed = false
    }
    if !isAllowed {
      error("E0447", "'\(op.rawValue)' cannot be applied to \(describe(type))", range)
      return bad(range)
    }
    let result: Type = if case .range = type { .integer } else { type }
    let x = convert(a, to: type)
    let y = convert(b, to: type)
    if case .constant(let p) = x.kind, case .constant(let q) = y.kind, result == .integer,
      case .integer(let value)? = foldQuietly(op, p, q)
    {
      return TypedExpression(.constant(value), .integer, range)
    }
    return TypedExpression(.infix(op, x, y), result, range)
  }

  /// Folds constants of expressions; nil leaves the operation to run time, where it is diagnosed if it fails.
  private func foldQuietly(_ op: InfixOperator, _ a: Int, _ b: Int) -> ConstantValue? {
    switch op {
    case .add:
      let result = a.addingReportingOverflow(b)
      return result.overflow ? nil : .integer(result.partialValue)
    case .subtract:
      let result = a.subtractingReportingOverflow(b)
      return result.overflow ? nil : .integer(result.partialValue)
    case .multiply:
      let result = a.multipliedReportingOverflow(by: b)
      return result.overflow ? nil : .integer(result.partialValue)
    case .divide where b != 0 && b != -1: return .integer(a / b)
    case .remainder where b != 0 && b != -1: return .integer(a % b)
    case .bitAnd: return .integer(a & b)
    case .bitOr: return .integer(a | b)
    case .bitXor: return .integer(a ^ b)
    case .shiftLeft where (0..<62).contains(b):
      let result = a.multipliedReportingOverflow(by: 1 << b)
      return result.overflow ? nil : .integer(result.partialValue)
    case .shiftRight where (0..<63).contains(b): return .integer(a >> b)
    default: return nil
    }
  }

  /// The type in which two operands meet; nil if there is none.
  func common(_ a: Type, _ b: Type) -> Type? {
    if a == b { return a }
    switch (a, b) {
    case (.error, let other), (let other, .error): return other
    case (.pointer, .null): return a
    case (.null, .pointer): return b
    case (.set, .emptySet): return a
    case (.emptySet, .set): return b
    case (.word, .integer), (.word, .range): return a
    case (.integer, .word), (.range, .word): return b
    case (.range, .range), (.range, .integer), (.integer, .range): return .integer
    case (.set(.range), .set(.range)): return nil
    default: return nil
    }
  }

  /// Adapts an operand to the type that `common` found.
  func convert(_ expression: TypedExpression, to type: Type) -> TypedExpression {
    switch (expression.type, type) {
    case (.integer, .word(let bits)), (.range, .word(let bits)):
      if case .constant(let value) = expression.kind {
        let masked = bits == 64 ? value : value & ((1 << bits) - 1)
        return TypedExpression(.constant(masked), type, expression.range)
      }
      return TypedExpression(.convert(expression, bits: bits), type, expression.range)
    case (.null, .pointer), (.emptySet, .set), (.error, _):
      return TypedExpression(expression.kind, type, expression.range)
    default: return expression
    }
  }

  /// Makes a value of `type` for an assignment, an argument or a result; diagnoses what does not fit.
  ///
  /// An integer may be stored in any range: whether it fits is checked when it happens (`range.overflow`), or here if it is a constant.
  func coerce(_ expression: TypedExpression, to type: Type, allowNarrowing: Bool = false) -> TypedExpression {
    switch (expression.type, type) {
    case let (a, b) where a == b: return expression
    case (.error, _), (_, .error): return TypedExpression(expression.kind, type, expression.range)
    case (.integer, .range(let low, let high)):
      if !allowNarrowing, case .constant(let value) = expression.kind, !(low...high).contains(value) {
        error("E0415", "\(value) is outside of \(low)..\(high)", expression.range)
      }
      return TypedExpression(expression.kind, type, expression.range)
    case (.range, .range), (.word, .range), (.range, .integer), (.word, .integer):
      return expression
    case (.integer, .word), (.range, .word), (.null, .pointer), (.emptySet, .set):
      return convert(expression, to: type)
    case (.integer, .flags):
      if case .constant(0) = expression.kind { return TypedExpression(.constant(0), type, expression.range) }
    default: break
    }
    var hint: String?
    if case .pointer = type, case .integer = expression.type { hint = "write `null`" }
    if case .bool = type, expression.type.isInteger { hint = "write `!= 0`" }
    if case .word = expression.type, case .word(let bits) = type { hint = "convert it: u\(bits)(…)" }
    error(
      "E0448", "this is \(describe(expression.type)), but \(describe(type)) is needed", expression.range,
      suggestion: hint)
    return bad(expression.range)
  }

  func describe(_ type: Type) -> String {
    switch type {
    case .void: "nothing"
    case .bool: "a bool"
    case .range(let low, let high): "a number \(low)..\(high)"
    case .integer: "a number"
    case .word(let bits): "a u\(bits)"
    case .enumeration(let index): "an enum \(program.enums[index].name)"
    case .flags(let index): "flags \(program.flagTypes[index].name)"
    case .pointer(let index):
      index == program.processStruct ? "a process" : "a struct \(program.structs[index].name) *"
    case .set(let element):
      "a set of \(describe(element).split(separator: " ").dropFirst().joined(separator: " "))"
    case .structure(let index): "a struct \(program.structs[index].name)"
    case .array: "an array"
    case .mutex: "a mutex"
    case .spinlock: "a spinlock"
    case .rwsem: "an rwsem"
    case .refcount: "a refcount_t"
    case .null: "null"
    case .emptySet: "an empty set"
    case .error: "something unknown"
    }
  }
}
