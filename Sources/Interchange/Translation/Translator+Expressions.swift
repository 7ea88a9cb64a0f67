import TransitionIR

/// Expressions, case by case as the interpreter evaluates them.
extension Translator {
  mutating func evaluate(_ expression: Expression) throws(ExportRefusal) -> Evaluated {
    switch expression {
    case .constant(let value):
      guard Term.portable.contains(value) else {
        throw ExportRefusal("the number \(value): more than 32 bits")
      }
      return Evaluated(.number(value))
    case .read(let place):
      let (storage, index, defined) = try slot(of: place)
      return Evaluated(.read(storage, index), defined: defined)
    case .bound(let id):
      guard let value = bound[id] else { throw ExportRefusal("a bound variable outside of its binder") }
      return Evaluated(value)
    case .current: return Evaluated(try currentPointer())
    case .unary(let op, let operand, let mask): return try unary(op, operand, mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      return try binary(op, left, right, arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, _):
      return try samePointer(left, right, pool, strict)
    case .member(let element, let set, let domain):
      let bit = try bit(of: element, domain)
      let set = try evaluate(set).as(.mask)
      // The set is evaluated only if the element can be in it.
      return Evaluated(
        bit.inRange && .membership(bit.value, in: set.value),
        defined: bit.defined && (!bit.inRange || set.defined))
    case .singleton(let element, let domain):
      let bit = try bit(of: element, domain)
      return Evaluated(
        .selection(bit.inRange, .singleton(bit.value), .mask(0)), defined: bit.defined)
    case .cardinality(let set):
      let set = try evaluate(set).as(.mask)
      return Evaluated(.size(set.value), defined: set.defined)
    case .select(let condition, let then, let otherwise):
      return try select(condition, then, otherwise)
    case .quantified(let quantifier, let id, let iteration, let body):
      return try quantified(quantifier, id, iteration, body)
    case .old: throw ExportRefusal("'old': a property of steps")
    case .live(let pointer, let pool):
      let pointer = try evaluate(pointer).as(.number)
      return Evaluated(isObject(pointer.value, pool), defined: pointer.defined)
    case .exclusive(let pointer, let pool):
      let pointer = try evaluate(pointer).as(.number)
      return Evaluated(try isExclusive(pointer.value, pool), defined: pointer.defined)
    case .isAt(let process, let locations): return try isAt(process, locations)
    case .hasEnded(let process): return try hasEnded(process)
    case .heldLockCount: return Evaluated(try heldLockCount())
    case .labelled(_, let operand): return try evaluate(operand)
    }
  }

  private mutating func select(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression
  ) throws(ExportRefusal) -> Evaluated {
    let condition = try evaluate(condition).as(.truth)
    let (a, b) = try aligned(try evaluate(then), try evaluate(otherwise))
    return Evaluated(
      .selection(condition.value, a.value, b.value),
      defined: condition.defined && .selection(condition.value, a.defined, b.defined))
  }

  /// Both values in the kind that fits both: masks win over truth values, these over numbers if the other is 0 or 1.
  func aligned(_ a: Evaluated, _ b: Evaluated) throws(ExportRefusal) -> (Evaluated, Evaluated) {
    if a.value.kind == b.value.kind { return (a, b) }
    let kinds: Set = [a.value.kind, b.value.kind]
    if kinds.contains(.mask) { return (a.as(.mask), b.as(.mask)) }
    let number = a.value.kind == .number ? a.value : b.value
    if let value = number.constant, value == 0 || value == 1 { return (a.as(.truth), b.as(.truth)) }
    return (a.as(.number), b.as(.number))
  }

  private mutating func unary(
    _ op: UnaryOperator, _ operand: Expression, _ mask: Int
  ) throws(ExportRefusal) -> Evaluated {
    let inner = try evaluate(operand)
    switch op {
    case .not: return Evaluated(!inner.as(.truth).value, defined: inner.defined)
    case .complement where inner.value.kind == .mask:
      return Evaluated(.combined(.difference, .mask(mask), inner.value), defined: inner.defined)
    case .complement:
      let value = inner.as(.number).value
      guard mask >= 0, mask & (mask + 1) == 0, let range = value.interval, 0...mask ~= range.lowerBound,
        0...mask ~= range.upperBound
      else { throw ExportRefusal("'~' of a number that may have other bits") }
      return Evaluated(try computed(.subtract, .number(mask), value, ""), defined: inner.defined)
    case .negate:
      let value = inner.as(.number).value
      if mask == 0 {
        return Evaluated(try computed(.subtract, .number(0), value, ""), defined: inner.defined)
      }
      guard mask > 0, mask & (mask + 1) == 0, let range = value.interval, 0...mask ~= range.lowerBound,
        0...mask ~= range.upperBound
      else { throw ExportRefusal("'-' of a machine word of 32 bits or more") }
      let negated = try computed(.subtract, .number(mask + 1), value, "")
      return Evaluated(
        .selection(.comparison(.equal, value, .number(0)), .number(0), negated), defined: inner.defined)
    }
  }

  private mutating func samePointer(
    _ left: Expression, _ right: Expression, _ pool: PoolID, _ strict: Bool
  ) throws(ExportRefusal) -> Evaluated {
    let a = try evaluate(left).as(.number)
    let b = try evaluate(right).as(.number)
    var defined = a.defined && b.defined
    if strict {
      let stale = Term.number(system.pools[pool.index].capacity + 1)
      let isStale = Term.comparison(.equal, a.value, stale) || .comparison(.equal, b.value, stale)
      let oneIsNull =
        Term.comparison(.equal, a.value, .number(0)) || .comparison(.equal, b.value, .number(0))
      defined = defined && (!isStale || oneIsNull)
    }
    return Evaluated(.comparison(.equal, a.value, b.value), defined: defined)
  }

  /// The bit of an element, and whether there is one.
  private mutating func bit(
    of element: Expression, _ domain: Domain
  ) throws(ExportRefusal) -> (value: Term, inRange: Term, defined: Term) {
    let element = try evaluate(element).as(.number)
    let bit = try computed(.subtract, element.value, .number(domain.element(ofBit: 0)), "")
    let inRange =
      Term.comparison(.lessEqual, .number(0), bit)
      && .comparison(.less, bit, .number(domain.elementCount))
    return (bit, inRange, element.defined)
  }

  // MARK: Processes

  private mutating func isAt(
    _ process: Expression, _ locations: [LocationID]
  ) throws(ExportRefusal) -> Evaluated {
    let pointer = try evaluate(process).as(.number)
    var result = Term.truth(false)
    for location in locations {
      let kind = system.locations[location.index].kind
      let number = location.index - system.kinds[kind.index].firstLocation
      let isThere = try stands(pointer.value, kind, at: number)
      result = result || isThere
    }
    return Evaluated(result, defined: pointer.defined)
  }

  private mutating func hasEnded(_ process: Expression) throws(ExportRefusal) -> Evaluated {
    let pointer = try evaluate(process).as(.number)
    var result = Term.truth(false)
    for (index, kind) in system.kinds.enumerated() where kind.count > 0 {
      let isThere = try stands(pointer.value, KindID(index), at: kind.locationCount)
      result = result || isThere
    }
    return Evaluated(result, defined: pointer.defined)
  }

  /// The pointer names a process of this kind that is at this place of it.
  private func stands(_ pointer: Term, _ kind: KindID, at place: Int) throws(ExportRefusal) -> Term {
    let description = system.kinds[kind.index]
    guard description.count > 0 else { return .truth(false) }
    let control = try controlSlot(of: .computed(.subtract, pointer, .number(1)), kind)
    return Term.comparison(.less, .number(description.firstProcess), pointer)
      && .comparison(.lessEqual, pointer, .number(description.firstProcess + description.count))
      && .comparison(.equal, control, .number(place))
  }
}
