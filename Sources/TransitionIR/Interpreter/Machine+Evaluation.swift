/// Evaluation of expressions: the meaning of every operator.
extension Machine {
  mutating func evaluate(_ expression: Expression) throws(EvaluationFailure) -> Int {
    switch expression {
    case .constant(let value): return value
    case .read(let place): return state[try slot(of: place)]
    case .bound(let id): return bound[id.index]
    case .current: return currentPointer
    case .unary(let op, let operand, let mask):
      let value = try evaluate(operand)
      switch op {
      case .not: return value == 0 ? 1 : 0
      case .negate:
        // A negative mask, or none: all 64 bits. `-Int.min` has no bound to overflow: no variable holds it.
        return mask == 0 ? 0 &- value : (0 &- value) & mask
      case .complement: return ~value & mask
      }
    case .binary(let op, let left, let right, let arithmetic, let site):
      return try binary(op, left, right, arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, let site):
      let a = try evaluate(left)
      let b = try evaluate(right)
      let stale = program.layout.capacity[pool.index] + 1
      if strict, a == stale || b == stale, a != 0, b != 0 {
        throw failure(
          .staleCompare, site, "a stale pointer to a \(poolName(pool)) is compared", subject: poolName(pool))
      }
      return a == b ? 1 : 0
    case .member(let element, let set, let domain):
      guard let bit = domain.bit(of: try evaluate(element)), bit >= 0, bit < domain.elementCount else {
        return 0
      }
      return (try evaluate(set) >> bit) & 1
    case .singleton(let element, let domain):
      guard let bit = domain.bit(of: try evaluate(element)) else { return 0 }
      return bit >= 0 && bit < domain.elementCount ? 1 << bit : 0
    case .cardinality(let set): return try evaluate(set).nonzeroBitCount
    case .select(let condition, let then, let otherwise):
      return try evaluate(condition) != 0 ? try evaluate(then) : try evaluate(otherwise)
    case .quantified(let quantifier, let id, let iteration, let body):
      return try quantified(quantifier, id, iteration, body)
    case .old(let operand): return try evaluateOld(operand)
    case .live(let pointer, let pool): return isObject(try evaluate(pointer), pool) ? 1 : 0
    case .exclusive(let pointer, let pool): return isExclusive(try evaluate(pointer), pool) ? 1 : 0
    case .isAt(let process, let locations):
      let pointer = try evaluate(process)
      guard pointer > 0, pointer <= program.layout.controlSlot.count,
        let location = interpreter.location(of: pointer - 1, in: state)
      else { return 0 }
      return locations.contains(location) ? 1 : 0
    case .hasEnded(let process):
      let pointer = try evaluate(process)
      guard pointer > 0, pointer <= program.layout.controlSlot.count else { return 0 }
      return interpreter.location(of: pointer - 1, in: state) == nil ? 1 : 0
    case .heldLockCount: return heldLockCount
    case .labelled(_, let operand): return try evaluate(operand)
    }
  }

  private mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID
  ) throws(EvaluationFailure) -> Int {
    let a = try evaluate(left)
    switch op {
    case .and: return a == 0 ? 0 : try evaluate(right)
    case .or: return a != 0 ? 1 : try evaluate(right)
    case .implies: return a == 0 ? 1 : try evaluate(right)
    default: break
    }
    let b = try evaluate(right)
    if case .wrapping(let bits) = arithmetic { return try wrapping(op, a, b, bits, site) }
    switch op {
    case .equal: return a == b ? 1 : 0
    case .notEqual: return a != b ? 1 : 0
    case .less: return a < b ? 1 : 0
    case .lessEqual: return a <= b ? 1 : 0
    case .bitAnd: return a & b
    case .bitOr: return a | b
    case .bitXor: return a ^ b
    case .without: return a & ~b
    case .add: return try exact(a.addingReportingOverflow(b), site)
    case .subtract: return try exact(a.subtractingReportingOverflow(b), site)
    case .multiply: return try exact(a.multipliedReportingOverflow(by: b), site)
    case .divide, .remainder:
      if b == 0 { throw failure(.division, site, "division by zero") }
      return try exact(
        op == .divide ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b), site)
    case .shiftLeft, .shiftRight:
      guard b >= 0, b < 63 else { throw failure(.division, site, "shift by \(b) bits") }
      if op == .shiftRight { return a >> b }
      return try exact(a.multipliedReportingOverflow(by: 1 << b), site)
    case .and, .or, .implies: return 0
    }
  }

  /// Words of `bits` bits; values are kept as bit patterns in an `Int`.
  private func wrapping(
    _ op: BinaryOperator, _ left: Int, _ right: Int, _ bits: Int, _ site: SiteID
  ) throws(EvaluationFailure) -> Int {
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    let a = UInt64(bitPattern: Int64(left)) & mask
    let b = UInt64(bitPattern: Int64(right)) & mask
    let result: UInt64
    switch op {
    case .equal: result = a == b ? 1 : 0
    case .notEqual: result = a != b ? 1 : 0
    case .less: result = a < b ? 1 : 0
    case .lessEqual: result = a <= b ? 1 : 0
    case .bitAnd: result = a & b
    case .bitOr: result = a | b
    case .bitXor: result = a ^ b
    case .without: result = a & ~b
    case .add: result = (a &+ b) & mask
    case .subtract: result = (a &- b) & mask
    case .multiply: result = (a &* b) & mask
    case .divide, .remainder:
      if b == 0 { throw failure(.division, site, "division by zero") }
      result = op == .divide ? a / b : a % b
    case .shiftLeft, .shiftRight:
      guard b < UInt64(bits) else {
        throw failure(.division, site, "shift of a \(bits)-bit word by \(b) bits")
      }
      result = op == .shiftLeft ? (a << b) & mask : a >> b
    case .and, .or, .implies: result = 0
    }
    return Int(truncatingIfNeeded: result)
  }

  private func exact(
    _ result: (partialValue: Int, overflow: Bool), _ site: SiteID
  ) throws(EvaluationFailure) -> Int {
    if result.overflow { throw failure(.overflow, site, "the result needs more than 64 bits") }
    return result.partialValue
  }

  private mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression
  ) throws(EvaluationFailure) -> Int {
    var count = 0
    for value in try elements(of: iteration) {
      bound[id.index] = value
      let isTrue = try evaluate(body) != 0
      switch quantifier {
      case .forall: if !isTrue { return 0 }
      case .exists: if isTrue { return 1 }
      case .count: if isTrue { count += 1 }
      }
    }
    switch quantifier {
    case .forall: return 1
    case .exists: return 0
    case .count: return count
    }
  }

  private mutating func evaluateOld(_ operand: Expression) throws(EvaluationFailure) -> Int {
    guard let before = oldState else { return try evaluate(operand) }
    let now = state
    state = before
    defer { state = now }
    return try evaluate(operand)
  }

  /// The values that an iteration visits now, in increasing order.
  mutating func elements(of iteration: Iteration) throws(EvaluationFailure) -> [Int] {
    switch iteration {
    case .values(let domain):
      if case .pointer(let pool, let capacity) = domain {
        return (1...max(1, capacity)).filter { isObject($0, pool) }
      }
      return Array(domain.bounds)
    case .span(let low, let high):
      let first = try evaluate(low)
      let last = try evaluate(high)
      return first <= last ? Array(first...last) : []
    case .members(let set, let domain):
      let mask = try evaluate(set)
      return (0..<domain.elementCount).filter { (mask >> $0) & 1 == 1 }.map(domain.element(ofBit:))
    case .processes(let kind):
      let kind = program.system.kinds[kind.index]
      return (0..<kind.count).map { kind.firstProcess + $0 + 1 }
    }
  }

  /// The slot of a place; checks every index on the way.
  mutating func slot(of place: Place) throws(EvaluationFailure) -> Int {
    var slot = program.layout.base[place.variable.index]
    var dimension = program.layout.dimensionStart[place.variable.index]
    for index in place.indices {
      let offset: Int
      switch index {
      case .element(let expression):
        offset = try evaluate(expression) &- program.layout.dimensionLower[dimension]
        guard offset >= 0, offset < program.layout.dimensionCount[dimension] else {
          throw failure(
            .index, place.site,
            "index \(offset &+ program.layout.dimensionLower[dimension]) is outside of \(variableName(place.variable))",
            subject: variableName(place.variable))
        }
      case .object(let expression):
        offset = try object(try evaluate(expression), place)
      case .current:
        offset = currentPointer - 1 - currentKindFirst
      case .process(let expression):
        let kind = program.layout.kindOfProcess[
          max(0, min(try evaluate(expression) - 1, program.layout.kindOfProcess.count - 1))]
        offset = try evaluate(expression) - 1 - program.system.kinds[kind].firstProcess
      }
      slot += offset * program.layout.stride[dimension]
      dimension += 1
    }
    return slot
  }

  /// The number of the object that a pointer value names, or the violation that following it is.
  private func object(_ pointer: Int, _ place: Place) throws(EvaluationFailure) -> Int {
    if pointer == 0 {
      throw failure(
        .null, place.site, "\(variableName(place.variable)) is reached through a null pointer",
        subject: variableName(place.variable))
    }
    let pool = program.layout.fieldPool[place.variable.index]
    guard pool >= 0, !isObject(pointer, PoolID(pool)) else { return pointer - 1 }
    throw failure(
      .useAfterFree, place.site,
      "\(variableName(place.variable)) of a freed \(poolName(PoolID(pool))) is used",
      subject: variableName(place.variable))
  }

  /// The pointer names an object that exists now.
  func isObject(_ pointer: Int, _ pool: PoolID) -> Bool {
    guard pointer > 0, pointer <= program.layout.capacity[pool.index] else { return false }
    let live = program.layout.liveBase[pool.index]
    return live < 0 || state[live + pointer - 1] != 0
  }

  /// Only locals of the running process hold this pointer.
  private func isExclusive(_ pointer: Int, _ pool: PoolID) -> Bool {
    guard isObject(pointer, pool) else { return false }
    for entry in program.layout.pointerSlots[pool.index] where entry.process != currentPointer - 1 {
      let value = state[entry.slot]
      if entry.isSet ? (value >> (pointer - 1)) & 1 == 1 : value == pointer { return false }
    }
    return true
  }

  /// Slots of the locks that the running process holds.
  func heldLocks() -> [SlotLayout.LockSlot] {
    program.layout.lockSlots.filter(isHeld)
  }

  private var heldLockCount: Int { program.layout.lockSlots.count(where: isHeld) }

  private func isHeld(_ entry: SlotLayout.LockSlot) -> Bool {
    guard currentPointer > 0 else { return false }
    let value = state[entry.slot]
    return entry.isOwner ? value == currentPointer : (value >> (currentPointer - 1)) & 1 == 1
  }
}
