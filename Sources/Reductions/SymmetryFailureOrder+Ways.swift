import TransitionIR

/// In which ways an expression can fail; an over-approximation.
extension FailureOrder {
  func failures(of expression: Expression) -> Set<Failing> {
    switch expression {
    case .constant, .bound, .current, .heldLockCount: []
    case .read(let place): failures(of: place)
    case .unary(_, let operand, _), .singleton(let operand, _), .cardinality(let operand), .old(let operand),
      .live(let operand, _), .exclusive(let operand, _), .isAt(let operand, _), .hasEnded(let operand),
      .labelled(_, let operand):
      failures(of: operand)
    case .binary(let op, let left, let right, let arithmetic, let site):
      failures(of: left).union(failures(of: right)).union(ways(op, left, right, arithmetic, site))
    case .samePointer(let left, let right, let pool, let isStrict, let site):
      failures(of: left).union(failures(of: right)).union(
        isStrict && canBeStale(left, right, pool) ? [Failing(property: .staleCompare, site: site)] : [])
    case .member(let element, let set, _): failures(of: element).union(failures(of: set))
    case .select(let condition, let then, let otherwise):
      failures(of: condition).union(failures(of: then)).union(failures(of: otherwise))
    case .quantified(_, let id, let iteration, let body): quantified(id, iteration, body)
    }
  }

  private func quantified(_ id: BoundID, _ iteration: Iteration, _ body: Expression) -> Set<Failing> {
    // A stale element of the inner set fails for some of the outer elements only: here it counts.
    var inner = self
    var result: Set<Failing> = []
    switch iteration {
    case .values(let domain):
      var isMember = false
      if case .pointer = domain { isMember = true }
      inner.bounds[id.index] = Bound(interval: domain.bounds, isMember: isMember)
    case .members(let set, let domain):
      result = failures(of: set)
      var bound = Bound(interval: domain.bounds, isMember: false)
      if case .pointer(let pool, _) = domain {
        bound = Bound(interval: domain.bounds, isMember: true, canBeStale: freedPools.contains(pool))
      }
      inner.bounds[id.index] = bound
    case .processes(let kind):
      inner.bounds[id.index] = Bound(interval: pointers(to: kind), isMember: true)
    case .span(let low, let high):
      result = failures(of: low).union(failures(of: high))
      inner.bounds[id.index] = Bound(interval: nil, isMember: false)
      if let first = interval(low), let last = interval(high), first.lowerBound <= last.upperBound {
        inner.bounds[id.index] = Bound(interval: first.lowerBound...last.upperBound, isMember: false)
      }
    }
    return result.union(inner.failures(of: body))
  }

  private func failures(of place: Place) -> Set<Failing> {
    var result: Set<Failing> = []
    let variable = system.variables[place.variable.index]
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      switch index {
      case .current: break
      case .process(let pointer): result.formUnion(failures(of: pointer))
      case .object(let pointer):
        result.formUnion(failures(of: pointer))
        if isSafe(pointer) { break }
        if !isMember(pointer) { result.insert(Failing(property: .null, site: place.site)) }
        if case .pool(let pool, _) = dimension, freedPools.contains(pool) {
          result.insert(Failing(property: .useAfterFree, site: place.site))
        }
      case .element(let expression):
        result.formUnion(failures(of: expression))
        guard case .array(let count, let lower) = dimension, let range = interval(expression),
          range.lowerBound >= lower, range.upperBound < lower + count
        else {
          result.insert(Failing(property: .index, site: place.site))
          break
        }
      }
    }
    return result
  }

  /// The pointer names something that exists.
  private func isSafe(_ pointer: Expression) -> Bool {
    switch pointer {
    case .current: true
    case .bound(let id): bounds[id.index].map { $0.isMember && !$0.canBeStale } ?? false
    case .labelled(_, let operand): isSafe(operand)
    default: false
    }
  }

  /// The pointer is not null.
  private func isMember(_ pointer: Expression) -> Bool {
    switch pointer {
    case .bound(let id): bounds[id.index]?.isMember ?? false
    case .labelled(_, let operand): isMember(operand)
    default: isSafe(pointer)
    }
  }

  private func canBeStale(_ left: Expression, _ right: Expression, _ pool: PoolID) -> Bool {
    guard freedPools.contains(pool) else { return false }
    if case .constant(0) = left { return false }
    if case .constant(0) = right { return false }
    return !(isSafe(left) && isSafe(right))
  }

  private func ways(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID
  ) -> Set<Failing> {
    let overflow = Failing(property: .overflow, site: site)
    let division = Failing(property: .division, site: site)
    switch op {
    case .and, .or, .implies, .equal, .notEqual, .less, .lessEqual, .bitAnd, .bitOr, .bitXor, .without:
      return []
    case .add, .subtract, .multiply:
      if case .wrapping = arithmetic { return [] }
      return computed(op, left, right) == nil ? [overflow] : []
    case .divide, .remainder:
      guard let divisor = interval(right), !divisor.contains(0) else { return [division, overflow] }
      if case .wrapping = arithmetic { return [] }
      return divisor.contains(-1) ? [overflow] : []
    case .shiftLeft, .shiftRight:
      var limit = 63
      if case .wrapping(let bits) = arithmetic { limit = bits }
      guard let shift = interval(right), shift.lowerBound >= 0, shift.upperBound < limit else {
        return [division, overflow]
      }
      if case .wrapping = arithmetic { return [] }
      return op == .shiftLeft && computed(op, left, right) == nil ? [overflow] : []
    }
  }

  // MARK: Intervals

  /// Bounds of an expression's value; nil if nothing is known.
  func interval(_ expression: Expression) -> ClosedRange<Int>? {
    switch expression {
    case .constant(let value): return value...value
    case .read(let place):
      let bounds = system.variables[place.variable.index].domain.bounds
      return min(0, bounds.lowerBound)...max(0, bounds.upperBound)
    case .bound(let id): return bounds[id.index]?.interval
    case .current: return current
    case .unary(.not, _, _): return 0...1
    case .unary(_, _, let mask): return mask > 0 ? 0...mask : nil
    case .binary(let op, let left, let right, let arithmetic, _):
      if case .wrapping(let bits) = arithmetic, !op.isPredicate {
        return bits < 63 ? 0...(1 << bits) - 1 : nil
      }
      return computed(op, left, right)
    case .samePointer, .member, .live, .exclusive, .isAt, .hasEnded: return 0...1
    case .singleton: return nil
    case .cardinality, .heldLockCount: return 0...Int(Int32.max)
    case .quantified: return 0...Int(Int32.max)
    case .select(_, let then, let otherwise):
      guard let a = interval(then), let b = interval(otherwise) else { return nil }
      return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    case .old(let operand), .labelled(_, let operand): return interval(operand)
    }
  }

  /// Bounds of an operator's result over the integers; nil if it may overflow.
  private func computed(_ op: BinaryOperator, _ left: Expression, _ right: Expression) -> ClosedRange<Int>? {
    if op.isPredicate { return 0...1 }
    guard let a = interval(left), let b = interval(right) else { return nil }
    switch op {
    case .add: return hull(a, b) { $0.addingReportingOverflow($1) }
    case .subtract: return hull(a, b) { $0.subtractingReportingOverflow($1) }
    case .multiply: return hull(a, b) { $0.multipliedReportingOverflow(by: $1) }
    case .divide:
      return b.lowerBound > 0 ? hull(a, b) { $0.dividedReportingOverflow(by: $1) } : nil
    case .remainder: return b.lowerBound > 0 ? min(0, a.lowerBound)...max(0, b.upperBound - 1) : nil
    case .bitAnd: return a.lowerBound >= 0 && b.lowerBound >= 0 ? 0...min(a.upperBound, b.upperBound) : nil
    case .shiftRight: return a.lowerBound >= 0 ? 0...a.upperBound : nil
    case .shiftLeft:
      guard b.lowerBound >= 0, b.upperBound < 62 else { return nil }
      return hull(a, 1 << b.lowerBound...1 << b.upperBound) { $0.multipliedReportingOverflow(by: $1) }
    default: return nil
    }
  }

  /// The operators here are monotonic in each operand, so the corners are the extremes.
  private func hull(
    _ a: ClosedRange<Int>, _ b: ClosedRange<Int>,
    _ apply: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> ClosedRange<Int>? {
    var corners: [Int] = []
    for x in [a.lowerBound, a.upperBound] {
      for y in [b.lowerBound, b.upperBound] {
        let (value, overflow) = apply(x, y)
        if overflow { return nil }
        corners.append(value)
      }
    }
    guard let low = corners.min(), let high = corners.max() else { return nil }
    return low...high
  }
}

extension BinaryOperator {
  /// The result is 0 or 1.
  fileprivate var isPredicate: Bool {
    switch self {
    case .and, .or, .implies, .equal, .notEqual, .less, .lessEqual: true
    default: false
    }
  }
}
