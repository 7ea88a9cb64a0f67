import Terms
import TransitionIR

/// Expressions, case by case as the interpreter evaluates them.
extension SymbolicMachine {
  mutating func truth(_ expression: Expression) throws(EncodingRefusal) -> Term {
    store.truth(try evaluate(expression))
  }

  mutating func evaluate(_ expression: Expression) throws(EncodingRefusal) -> Number {
    switch expression {
    case .constant(let value): return store.number(value)
    case .read(let place): return read(try address(of: place))
    case .bound(let id):
      guard let value = bound[id.index] else {
        throw EncodingRefusal("a bound variable outside of its binder")
      }
      return value
    case .current: return store.number(currentPointer)
    case .unary(let op, let operand, let mask): return unary(op, try evaluate(operand), mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      return try binary(op, left, right, arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, let site):
      let a = try evaluate(left)
      let b = try evaluate(right)
      if strict { failIfStale(a, b, pool, site) }
      return store.number(truth: store.equal(a, b))
    case .member(let element, let set, let domain): return try member(element, set, domain)
    case .singleton(let element, let domain):
      let value = try evaluate(element)
      return mask((0..<domain.elementCount).map { store.equal(value, domain.element(ofBit: $0)) })
    case .cardinality(let set):
      let value = try evaluate(set)
      return sum((0..<store.sort(of: value.term).width).map { store.bit(value, $0) })
    case .select(let condition, let then, let otherwise):
      let test = try truth(condition)
      let a = try within(test) { machine throws(EncodingRefusal) in try machine.evaluate(then) }
      let b = try within(store.not(test)) { machine throws(EncodingRefusal) in
        try machine.evaluate(otherwise)
      }
      return store.select(test, a, b)
    case .quantified(let quantifier, let id, let iteration, let body):
      return try quantified(quantifier, id, iteration, body)
    case .old(let operand):
      guard let before = oldSlots else { return try evaluate(operand) }
      let now = slots
      slots = before
      defer { slots = now }
      return try evaluate(operand)
    case .live(let pointer, let pool):
      return store.number(truth: isObject(try evaluate(pointer), pool))
    case .exclusive(let pointer, let pool):
      return store.number(truth: isExclusive(try evaluate(pointer), pool))
    case .isAt(let process, let locations): return try isAt(process, locations)
    case .hasEnded(let process):
      let pointer = try evaluate(process)
      return stands(pointer) { kind, control in store.equal(control, kind.locationCount) }
    case .heldLockCount: return heldLockCount
    case .labelled(_, let operand): return try evaluate(operand)
    }
  }

  private mutating func failIfStale(_ a: Number, _ b: Number, _ pool: PoolID, _ site: SiteID) {
    let stale = layout.capacity[pool.index] + 1
    let isStale = store.or(store.equal(a, stale), store.equal(b, stale))
    let isNull = store.or(store.equal(a, 0), store.equal(b, 0))
    fail(.staleCompare, site, if: store.and(isStale, store.not(isNull)))
  }

  private func unary(_ op: UnaryOperator, _ value: Number, _ mask: Int) -> Number {
    switch op {
    case .not: return store.number(truth: store.not(store.truth(value)))
    case .negate where mask == 0 && value.range.lowerBound > Int.min:
      let range = -value.range.upperBound ... -value.range.lowerBound
      let width = max(Number.width(of: range), Number.width(of: value.range))
      let zero = store.word(0, width: width)
      let term = store.subtract(zero, store.word(value, width: width))
      return Number(
        term: store.extract(term, low: 0, width: Number.width(of: range)), range: range)
    case .negate:
      let negated = store.subtract(store.word(0, width: 64), store.word(value, width: 64))
      return masked(negated, mask == 0 ? -1 : mask)
    case .complement: return masked(store.bitNot(store.word(value, width: 64)), mask)
    }
  }

  /// The bits of a 64-bit word that are in the mask.
  private func masked(_ word: Term, _ mask: Int) -> Number {
    let term = store.bitAnd(word, store.word(UInt64(bitPattern: Int64(mask)), width: 64))
    if mask < 0 { return Number(term: term, range: Int.min...Int.max) }
    let range = 0...mask
    return Number(term: store.extract(term, low: 0, width: Number.width(of: range)), range: range)
  }

  private mutating func member(
    _ element: Expression, _ set: Expression, _ domain: Domain
  ) throws(EncodingRefusal) -> Number {
    let value = try evaluate(element)
    let cases = (0..<domain.elementCount).map {
      (bit: $0, isIt: store.equal(value, domain.element(ofBit: $0)))
    }
    let isInDomain = store.or(cases.map(\.isIt))
    let mask = try within(isInDomain) { machine throws(EncodingRefusal) in try machine.evaluate(set) }
    return store.number(truth: store.or(cases.map { store.and($0.isIt, store.bit(mask, $0.bit)) }))
  }

  /// The number whose bits are these.
  func mask(_ bits: [Term]) -> Number {
    let range = 0...(bits.isEmpty ? 0 : Int.max >> (Int.bitWidth - 1 - bits.count))
    let width = Number.width(of: range)
    var result = store.word(0, width: width)
    for (index, bit) in bits.enumerated() where bit != store.no {
      let one = store.word(1 << UInt64(index), width: width)
      result = store.bitOr(result, store.select(bit, one, store.word(0, width: width)))
    }
    return Number(term: result, range: range)
  }

  // MARK: Processes

  private mutating func isAt(_ process: Expression, _ locations: [LocationID]) throws(EncodingRefusal)
    -> Number
  {
    let pointer = try evaluate(process)
    return stands(pointer) { kind, control in
      store.or(
        locations.filter {
          kind.firstLocation..<kind.firstLocation + kind.locationCount ~= $0.index
        }.map { store.equal(control, $0.index - kind.firstLocation) })
    }
  }

  /// The pointer names a process whose control point satisfies the condition.
  private func stands(_ pointer: Number, _ condition: (ProcessKind, Number) -> Term) -> Number {
    let parts = layout.controlSlot.indices.map { process -> Term in
      let isIt = store.equal(pointer, process + 1)
      if isIt == store.no { return isIt }
      let kind = system.kinds[layout.kindOfProcess[process]]
      let slot = layout.controlSlot[process]
      return store.and(isIt, condition(kind, table.number(slot, slots[slot], in: store)))
    }
    return store.number(truth: store.or(parts))
  }

  // MARK: Quantifiers

  private mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression
  ) throws(EncodingRefusal) -> Number {
    let outer = bound[id.index]
    defer { bound[id.index] = outer }
    var results: [Term] = []
    // Values are visited in order; the first that decides ends it, so what comes later need not have a value.
    var undecided = store.yes
    for (value, isElement) in try elements(of: iteration) {
      bound[id.index] = store.number(value)
      let condition = store.and(undecided, isElement)
      if condition == store.no { continue }
      let isTrue = try within(condition) { machine throws(EncodingRefusal) in try machine.truth(body) }
      switch quantifier {
      case .forall:
        results.append(store.implies(isElement, isTrue))
        undecided = store.and(undecided, results[results.count - 1])
      case .exists:
        results.append(store.and(isElement, isTrue))
        undecided = store.and(undecided, store.not(results[results.count - 1]))
      case .count: results.append(store.and(isElement, isTrue))
      }
    }
    switch quantifier {
    case .forall: return store.number(truth: store.and(results))
    case .exists: return store.number(truth: store.or(results))
    case .count: return sum(results)
    }
  }

  /// What an iteration may visit, in increasing order, each with the condition under which it does.
  mutating func elements(of iteration: Iteration) throws(EncodingRefusal) -> [(value: Int, condition: Term)] {
    switch iteration {
    case .values(.pointer(let pool, let capacity)):
      return (1...max(1, capacity)).map { ($0, isObject(store.number($0), pool)) }
    case .values(let domain):
      return try constants(domain.bounds).map { ($0, store.yes) }
    case .span(let low, let high):
      let first = try evaluate(low)
      let last = try evaluate(high)
      guard first.range.lowerBound <= last.range.upperBound else { return [] }
      return try constants(first.range.lowerBound...last.range.upperBound).map { value in
        let number = store.number(value)
        return (value, store.and(store.lessEqual(first, number), store.lessEqual(number, last)))
      }
    case .members(let set, let domain):
      let mask = try evaluate(set)
      return (0..<domain.elementCount).map { (domain.element(ofBit: $0), store.bit(mask, $0)) }
    case .processes(let kind):
      let kind = system.kinds[kind.index]
      return (0..<kind.count).map { (kind.firstProcess + $0 + 1, store.yes) }
    }
  }

  /// More values than this are not written out one by one.
  static let enumerationLimit = 4096

  private func constants(_ range: ClosedRange<Int>) throws(EncodingRefusal) -> ClosedRange<Int> {
    let (count, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    if overflow || count >= Self.enumerationLimit {
      throw EncodingRefusal("a binder over more than \(Self.enumerationLimit) values")
    }
    return range
  }
}
