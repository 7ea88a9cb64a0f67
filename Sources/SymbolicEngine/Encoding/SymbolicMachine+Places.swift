import Terms
import TransitionIR

/// Reading and writing slots whose numbers depend on the state.
extension SymbolicMachine {
  /// The slots that a place may name, and when it names which; at most one condition holds.
  typealias Address = [(slot: Int, condition: Term)]

  mutating func address(of place: Place) throws(EncodingRefusal) -> Address {
    let variable = system.variables[place.variable.index]
    var result: Address = [(variable.slot, store.yes)]
    var stride = variable.slotCount
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      stride /= max(1, dimension.count)
      let offsets = try offsets(of: index, dimension, place)
      if result.count * offsets.count > 1 << 16 {
        throw EncodingRefusal("an access with too many possible places (\(variable.name))")
      }
      result = result.flatMap { base in
        offsets.map { (base.slot + $0.slot * stride, store.and(base.condition, $0.condition)) }
      }
    }
    return result.filter { $0.condition != store.no }
  }

  private mutating func offsets(
    of index: Index, _ dimension: Dimension, _ place: Place
  ) throws(EncodingRefusal) -> Address {
    switch index {
    case .current:
      guard let process else { throw EncodingRefusal("an own local outside of a step") }
      let kind = system.kinds[layout.kindOfProcess[process]]
      return [(process - kind.firstProcess, store.yes)]
    case .element(let expression):
      var lower = 0
      if case .array(_, let first) = dimension { lower = first }
      let value = try evaluate(expression)
      let isInside = store.and(
        store.lessEqual(store.number(lower), value), store.less(value, store.number(lower + dimension.count)))
      fail(.index, place.site, if: store.not(isInside))
      return alternatives(value, dimension.count) { $0 + lower }
    case .object(let expression): return try objects(try evaluate(expression), dimension, place)
    case .process(let expression):
      // Past either end the interpreter takes the nearest process; nobody can write such a place.
      let value = try evaluate(expression)
      return layout.kindOfProcess.indices.compactMap { process in
        let offset = process - system.kinds[layout.kindOfProcess[process]].firstProcess
        let condition = store.equal(value, process + 1)
        return offset < dimension.count && condition != store.no ? (offset, condition) : nil
      }
    }
  }

  private mutating func objects(
    _ pointer: Number, _ dimension: Dimension, _ place: Place
  ) throws(EncodingRefusal) -> Address {
    fail(.null, place.site, if: store.equal(pointer, 0))
    let pool = layout.fieldPool[place.variable.index]
    if pool >= 0 { fail(.useAfterFree, place.site, if: store.not(isObject(pointer, PoolID(pool)))) }
    return alternatives(pointer, dimension.count) { $0 + 1 }
  }

  private func alternatives(_ value: Number, _ count: Int, _ name: (Int) -> Int) -> Address {
    (0..<count).compactMap { offset in
      let condition = store.equal(value, name(offset))
      return condition == store.no ? nil : (offset, condition)
    }
  }

  /// The pointer names an object that exists now.
  func isObject(_ pointer: Number, _ pool: PoolID) -> Term {
    let live = layout.liveBase[pool.index]
    let capacity = layout.capacity[pool.index]
    if live < 0 {
      return store.and(
        store.less(store.number(0), pointer), store.lessEqual(pointer, store.number(capacity)))
    }
    return store.or(
      (0..<capacity).map { store.and(store.equal(pointer, $0 + 1), slots[live + $0]) })
  }

  /// The value at an address; zero where it names nothing.
  func read(_ address: Address) -> Number {
    guard let last = address.last else { return store.number(0) }
    var result = table.number(last.slot, slots[last.slot], in: store)
    for (slot, condition) in address.dropLast().reversed() {
      result = store.select(condition, table.number(slot, slots[slot], in: store), result)
    }
    return result
  }

  mutating func write(_ value: Number, to address: Address) {
    for (slot, condition) in address {
      slots[slot] = store.select(condition, table.stored(value, slot, in: store), slots[slot])
    }
  }

  mutating func write(constant value: Int, to slot: Int, if condition: Term) {
    slots[slot] = store.select(condition, table.constant(value, slot, in: store), slots[slot])
  }

  // MARK: Locks

  /// The running process holds this part of a lock.
  func isHeld(_ entry: SlotLayout.LockSlot) -> Term {
    guard let process else { return store.no }
    let value = table.number(entry.slot, slots[entry.slot], in: store)
    return entry.isOwner ? store.equal(value, process + 1) : store.bit(value, process)
  }

  var heldLockCount: Number { sum(layout.lockSlots.map(isHeld)) }

  func sum(_ truths: [Term]) -> Number {
    var result = store.number(0)
    for truth in truths where truth != store.no {
      let one = store.number(truth: truth)
      let range =
        result.range.lowerBound + one.range.lowerBound...result.range.upperBound + one.range.upperBound
      let width = Number.width(of: range)
      result = Number(
        term: store.add(store.word(result, width: width), store.word(one, width: width)), range: range)
    }
    return result
  }

  /// Only locals of the running process hold this pointer.
  func isExclusive(_ pointer: Number, _ pool: PoolID) -> Term {
    var parts = [isObject(pointer, pool)]
    for entry in layout.pointerSlots[pool.index] where entry.process == nil || entry.process != process {
      let value = table.number(entry.slot, slots[entry.slot], in: store)
      if entry.isSet {
        parts += (0..<layout.capacity[pool.index]).map {
          store.not(store.and(store.equal(pointer, $0 + 1), store.bit(value, $0)))
        }
      } else {
        parts.append(store.not(store.equal(value, pointer)))
      }
    }
    return store.and(parts)
  }
}
