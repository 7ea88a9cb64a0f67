import Diagnostics
import SpecSyntax

/// What binders range over.
extension Checker {
  /// A pick may be among many values where nobody has to try them all, see `mayPickAnything`.
  func checkDomain(_ domain: DomainSyntax, isPick: Bool = false) -> (TypedDomain, Type) {
    switch domain {
    case .span(let low, let high):
      let first = coerce(check(low), to: .integer, allowNarrowing: true)
      let last = coerce(check(high), to: .integer, allowNarrowing: true)
      return (.span(first, last), spanType(interval(of: first), interval(of: last), domain.range, isPick))
    case .named(let expression):
      if case .name(let name) = expression.kind, !isLocal(name.text), constants[name.text] == nil {
        if case .kind(let kind)? = symbols[name.text] {
          return (.kind(kind), .pointer(program.processStruct))
        }
        if case .structure(let index)? = symbols[name.text] {
          if program.structs[index].storage == .value {
            error("E0442", "struct '\(name.text)' has no pool to range over", name.range)
            return (.type(.bool), .error)
          }
          return (.type(.pointer(index)), .pointer(index))
        }
        if let type = typeNamed(name.text) { return checkTypeDomain(type, name, isPick) }
      }
      let typed = check(expression)
      if case .set(let element) = typed.type { return (.set(typed), element) }
      if typed.type != .error {
        error(
          "E0443", "\(describe(typed.type)) is not something to range over", expression.range,
          suggestion: "use lo..hi, a type name or a set")
      }
      return (.type(.bool), .error)
    }
  }

  private func checkTypeDomain(_ type: Type, _ name: Name, _ isPick: Bool) -> (TypedDomain, Type) {
    switch type {
    case .bool, .enumeration, .pointer: return (.type(type), type)
    case .range(let low, let high):
      if high - low >= 4096, !(isPick && mayPickAnything) {
        error(
          "E0444", "'\(name.text)' has too many values to range over", name.range,
          suggestion: wideHint(isPick))
      }
      return (.type(type), type)
    case .word where isPick && mayPickAnything: return (.type(type), type)
    case .word:
      error(
        "E0443", "'\(name.text)' is not something to range over", name.range, suggestion: wideHint(isPick))
      return (.type(.bool), .error)
    default:
      error("E0443", "'\(name.text)' is not something to range over", name.range)
      return (.type(.bool), .error)
    }
  }

  /// Whether a pick here may be among any number of values: in a symbolic scope, and in a process of which this scope
  /// has none.
  ///
  /// Everything else that visits values (quantifiers, `for`) visits each of them, in every scope.
  private var mayPickAnything: Bool { analysis.isSymbolic || frame?.isAbsent == true }

  private func wideHint(_ isPick: Bool) -> String? {
    isPick ? "mark the scope `symbolic` if only a solver is to be asked about it" : nil
  }

  private func isLocal(_ name: String) -> Bool {
    bindings.contains { $0.name == name } || frame?.blocks.contains { $0[name] != nil } == true
  }

  /// The range that a bound variable of `low..high` needs.
  private func spanType(
    _ low: ClosedRange<Int>?, _ high: ClosedRange<Int>?, _ range: SourceRange, _ isPick: Bool
  ) -> Type {
    guard let low, let high else {
      error(
        "E0444", "the bounds have no known range", range,
        suggestion: "keep them in variables of a range type, as 0..7")
      return .error
    }
    let (first, last) = (low.lowerBound, max(low.lowerBound, high.upperBound))
    let (width, overflow) = last.subtractingReportingOverflow(first)
    if overflow || (width >= 4096 && !(isPick && mayPickAnything)) {
      error(
        "E0444", "\(first)..\(last) has too many values to range over", range, suggestion: wideHint(isPick))
      return .error
    }
    return .range(first, last)
  }

  /// The values that an integer expression can have, as far as its form tells.
  private func interval(of expression: TypedExpression) -> ClosedRange<Int>? {
    switch expression.kind {
    case .constant(let value): return value...value
    case .infix(let op, let left, let right):
      guard let a = interval(of: left), let b = interval(of: right),
        [a.lowerBound, a.upperBound, b.lowerBound, b.upperBound].allSatisfy({ abs($0) < 1 << 30 })
      else { return nil }
      switch op {
      case .add: return a.lowerBound + b.lowerBound...a.upperBound + b.upperBound
      case .subtract: return a.lowerBound - b.upperBound...a.upperBound - b.lowerBound
      case .multiply:
        let corners = [a.lowerBound, a.upperBound].flatMap { x in [b.lowerBound * x, b.upperBound * x] }
        return (corners.min() ?? 0)...(corners.max() ?? 0)
      default: return nil
      }
    case .bound, .local, .global, .objectField, .valueField, .element, .call:
      if case .range(let low, let high) = expression.type { return low...high }
      return nil
    case .conditional(_, let a, let b):
      guard let a = interval(of: a), let b = interval(of: b) else { return nil }
      return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    default:
      if case .range(let low, let high) = expression.type { return low...high }
      return nil
    }
  }
}
