import Diagnostics
import SpecSyntax

/// Constant expressions: params, bounds, pool sizes, `when` conditions.
extension Checker {
  func constantValue(of name: String, at range: SourceRange) -> ConstantValue? {
    switch constants[name] {
    case .value(let value): return value
    case .failed, nil: return nil
    case .evaluating:
      error("E0307", "the value of '\(name)' depends on itself", range)
      constants[name] = .failed
      return nil
    case .unevaluated(let expression):
      constants[name] = .evaluating
      let value = evaluateConstant(expression)
      constants[name] = value.map(ConstantState.value) ?? .failed
      return value
    }
  }

  func evaluateInteger(_ expression: Expression) -> Int? {
    switch evaluateConstant(expression) {
    case .integer(let value): return value
    case .boolean:
      error("E0402", "a number is needed here", expression.range)
      return nil
    case nil: return nil
    }
  }

  func evaluateBoolean(_ expression: Expression) -> Bool? {
    switch evaluateConstant(expression) {
    case .boolean(let value): return value
    case .integer:
      error("E0402", "true or false is needed here", expression.range)
      return nil
    case nil: return nil
    }
  }

  /// Nil if it is not constant (diagnosed).
  func evaluateConstant(_ expression: Expression) -> ConstantValue? {
    switch expression.kind {
    case .integer(let value):
      guard let small = Int(exactly: value) else {
        error("E0403", "the number does not fit into 63 bits", expression.range)
        return nil
      }
      return .integer(small)
    case .boolean(let value): return .boolean(value)
    case .parenthesized(let inner): return evaluateConstant(inner)
    case .name(let name): return evaluateConstantName(name)
    case .prefix(let op, let operand): return evaluateConstantPrefix(op, operand)
    case .infix(let op, let left, let right): return evaluateConstantInfix(op, left, right, expression.range)
    case .conditional(let condition, let then, let otherwise):
      guard let isTrue = evaluateBoolean(condition) else { return nil }
      return evaluateConstant(isTrue ? then : otherwise)
    case .missing: return nil
    default:
      error("E0404", "this is not a constant", expression.range)
      return nil
    }
  }

  private func evaluateConstantName(_ name: Name) -> ConstantValue? {
    if constants[name.text] != nil { return constantValue(of: name.text, at: name.range) }
    if symbols[name.text] != nil {
      error("E0404", "'\(name.text)' is not a constant", name.range)
    } else {
      error(
        "E0308", "there is no constant '\(name.text)'", name.range,
        suggestion: suggestion(for: name.text, among: Array(constants.keys)))
    }
    return nil
  }

  private func evaluateConstantPrefix(_ op: PrefixOperator, _ operand: Expression) -> ConstantValue? {
    switch (op, evaluateConstant(operand)) {
    case (.not, .boolean(let value)?): return .boolean(!value)
    case (.negate, .integer(let value)?):
      if value == Int.min { return overflow(operand.range) }
      return .integer(-value)
    case (.complement, .integer(let value)?): return .integer(~value)
    case (_, nil): return nil
    default:
      error("E0402", "'\(op.rawValue)' cannot be applied to this", operand.range)
      return nil
    }
  }

  private func overflow(_ range: SourceRange) -> ConstantValue? {
    error("E0403", "the result does not fit into 63 bits", range)
    return nil
  }

  private func evaluateConstantInfix(
    _ op: InfixOperator, _ left: Expression, _ right: Expression, _ range: SourceRange
  ) -> ConstantValue? {
    guard let a = evaluateConstant(left), let b = evaluateConstant(right) else { return nil }
    switch (a, b) {
    case (.boolean(let a), .boolean(let b)):
      switch op {
      case .and: return .boolean(a && b)
      case .or: return .boolean(a || b)
      case .implies: return .boolean(!a || b)
      case .equal: return .boolean(a == b)
      case .notEqual: return .boolean(a != b)
      default: break
      }
    case (.integer(let a), .integer(let b)):
      if let value = foldInteger(op, a, b, range) { return value }
      if diagnostics.last?.range == range { return nil }
    default: break
    }
    error("E0402", "'\(op.rawValue)' cannot be applied to these", range)
    return nil
  }

  private func foldInteger(_ op: InfixOperator, _ a: Int, _ b: Int, _ range: SourceRange) -> ConstantValue? {
    func checked(_ result: (partialValue: Int, overflow: Bool)) -> ConstantValue? {
      result.overflow ? overflow(range) : .integer(result.partialValue)
    }
    switch op {
    case .equal: return .boolean(a == b)
    case .notEqual: return .boolean(a != b)
    case .less: return .boolean(a < b)
    case .lessEqual: return .boolean(a <= b)
    case .greater: return .boolean(a > b)
    case .greaterEqual: return .boolean(a >= b)
    case .add: return checked(a.addingReportingOverflow(b))
    case .subtract: return checked(a.subtractingReportingOverflow(b))
    case .multiply: return checked(a.multipliedReportingOverflow(by: b))
    case .divide, .remainder:
      if b == 0 {
        error("E0405", "division by zero", range)
        return nil
      }
      return checked(
        op == .divide ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b))
    case .bitAnd: return .integer(a & b)
    case .bitOr: return .integer(a | b)
    case .bitXor: return .integer(a ^ b)
    case .shiftLeft:
      return (0..<63).contains(b) ? checked(a.multipliedReportingOverflow(by: 1 << b)) : overflow(range)
    case .shiftRight: return (0..<63).contains(b) ? .integer(a >> b) : overflow(range)
    case .implies, .or, .and, .member: return nil
    }
  }
}
