import Terms
import TransitionIR

/// Statements, case by case as the interpreter executes them.
extension SymbolicMachine {
  /// Runs a body; afterwards `alive` says when it is passed without ending.
  mutating func run(_ body: [Statement]) throws(EncodingRefusal) {
    for statement in body {
      if alive == store.no { return }
      try run(statement)
    }
  }

  private mutating func run(_ statement: Statement) throws(EncodingRefusal) {
    switch statement {
    case .assign(let place, let expression): try assign(place, try evaluate(expression))
    case .branch(let condition, let then, let otherwise):
      let test = try truth(condition)
      try either([(test, then), (store.not(test), otherwise)])
    case .fork(let branches): try fork(branches)
    case .pick(let place, let id, let iteration, let filter): try pick(place, id, iteration, filter)
    case .wait(let condition):
      let test = try truth(condition)
      alive = store.and(alive, test)
    case .check(let condition, let failure): try check(condition, failure)
    case .allocate(let place, let pool): try allocate(place, pool)
    case .free(let pointer, let pool, let site): try free(try evaluate(pointer), pool, site)
    case .acquiring(let lock, let subclass, let place): acquire(lock, subclass, place.site)
    case .cover: break
    case .clear(let variables): clear(variables)
    case .jump(let location):
      guard let process else { return end() }
      arrive(location.index - system.kinds[layout.kindOfProcess[process]].firstLocation)
    case .end:
      guard let process else { return end() }
      arrive(system.kinds[layout.kindOfProcess[process]].locationCount)
    }
  }

  private mutating func arrive(_ control: Int) {
    guard let process else { return }
    let slot = layout.controlSlot[process]
    slots[slot] = table.constant(control, slot, in: store)
    end()
  }

  private mutating func end() {
    exits.append((alive, slots))
    alive = store.no
  }

  /// Runs one of several bodies, told by conditions that exclude each other, and merges what they leave.
  private mutating func either(_ arms: [(condition: Term, body: [Statement])]) throws(EncodingRefusal) {
    let (before, path) = (slots, alive)
    var result: (alive: Term, slots: [Term])?
    for (condition, body) in arms.reversed() where condition != store.no {
      slots = before
      alive = store.and(path, condition)
      try run(body)
      if alive == store.no { continue }
      if let other = result {
        result = (store.or(alive, other.alive), merge(condition, slots, other.slots))
      } else {
        result = (alive, slots)
      }
    }
    (alive, slots) = result ?? (store.no, before)
  }

  private mutating func fork(_ branches: [[Statement]]) throws(EncodingRefusal) {
    if branches.count == 1 { return try run(branches[0]) }
    let range = 0...branches.count - 1
    let width = max(1, Number.width(of: range) - 1)
    let choice = input("fork", .bits(width))
    var arms: [(Term, [Statement])] = []
    var none = store.yes
    for (index, branch) in branches.enumerated() {
      // Whatever stands for no branch stands for the last one.
      let isIt =
        index == branches.count - 1 ? none : store.equal(choice, store.word(UInt64(index), width: width))
      none = store.and(none, store.not(isIt))
      arms.append((isIt, branch))
    }
    try either(arms)
  }

  private mutating func assign(_ place: Place, _ value: Number) throws(EncodingRefusal) {
    let address = try address(of: place)
    let domain = system.variables[place.variable.index].domain
    if case .wrapping(let bits) = domain {
      let word = store.word(value, width: bits)
      for (slot, condition) in address {
        slots[slot] = store.select(condition, word, slots[slot])
      }
      return
    }
    let bounds = domain.bounds
    let fits = store.and(
      store.lessEqual(store.number(bounds.lowerBound), value),
      store.lessEqual(value, store.number(bounds.upperBound)))
    fail(.overflow, place.site, if: store.not(fits))
    write(value, to: address)
  }

  private mutating func pick(
    _ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression
  ) throws(EncodingRefusal) {
    let outer = bound[id.index]
    defer { bound[id.index] = outer }
    if let wide = try wideChoice(iteration) { return try pick(place, id, wide, filter) }
    let elements = try elements(of: iteration)
    guard let low = elements.first?.value, let high = elements.last?.value else {
      alive = store.no
      return
    }
    let value = choice(of: low...high)
    var isOne: [Term] = []
    for (element, isElement) in elements where isElement != store.no {
      bound[id.index] = store.number(element)
      let isWanted = try within(isElement) { machine throws(EncodingRefusal) in try machine.truth(filter) }
      isOne.append(store.and([store.equal(value, element), isElement, isWanted]))
    }
    alive = store.and(alive, store.or(isOne))
    try assign(place, value)
  }

  /// An input that is any number of the range, and a few more.
  private mutating func choice(of range: ClosedRange<Int>) -> Number {
    if range.lowerBound == range.upperBound { return store.number(range.lowerBound) }
    if range == 0...1 { return Number(term: input("pick", .bool), range: range) }
    let width = Number.width(of: range)
    if range.lowerBound < 0 { return Number(term: input("pick", .bits(width)), range: range) }
    return Number(term: store.zeroExtend(input("pick", .bits(width - 1)), to: width), range: range)
  }

  /// A choice among more values than can be written out: the input itself, and when it is one of the values.
  private mutating func wideChoice(
    _ iteration: Iteration
  ) throws(EncodingRefusal) -> (value: Number, condition: Term)? {
    let range: ClosedRange<Int>
    var ends: (first: Number, last: Number)?
    switch iteration {
    case .values(.pointer), .members, .processes: return nil
    case .values(let domain): range = domain.bounds
    case .span(let low, let high):
      let (first, last) = (try evaluate(low), try evaluate(high))
      guard first.range.lowerBound <= last.range.upperBound else { return nil }
      range = first.range.lowerBound...last.range.upperBound
      ends = (first, last)
    }
    let (count, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    if !overflow, count < Self.enumerationLimit { return nil }
    let value = choice(of: range)
    let (first, last) = ends ?? (store.number(range.lowerBound), store.number(range.upperBound))
    return (value, store.and(store.lessEqual(first, value), store.lessEqual(value, last)))
  }

  private mutating func pick(
    _ place: Place, _ id: BoundID, _ wide: (value: Number, condition: Term), _ filter: Expression
  ) throws(EncodingRefusal) {
    bound[id.index] = wide.value
    let count = failures.count
    let isWanted = try within(wide.condition) { machine throws(EncodingRefusal) in
      try machine.truth(filter)
    }
    if failures.count > count { throw EncodingRefusal("a choice among many values whose condition may fail") }
    alive = store.and([alive, wide.condition, isWanted])
    try assign(place, wide.value)
  }

  private mutating func check(_ condition: Expression, _ failure: Failure) throws(EncodingRefusal) {
    let isWrong = store.not(try truth(condition))
    record(failure.property, failure.site, isFatal: failure.isFatal, if: isWrong)
    if failure.isFatal { alive = store.and(alive, store.not(isWrong)) }
  }

  // MARK: Objects

  private mutating func allocate(_ place: Place, _ pool: PoolID) throws(EncodingRefusal) {
    guard let live = system.pools[pool.index].live else { return }
    let first = system.variables[live.index].slot
    let capacity = system.pools[pool.index].capacity
    let taken = taken(slots[first..<first + capacity])
    var pointer = store.number(0)
    for object in (0..<capacity).reversed() {
      pointer = store.select(taken[object], store.number(object + 1), pointer)
    }
    let address = try address(of: place)
    for object in 0..<capacity {
      reset(object, of: pool, if: taken[object])
      write(constant: 1, to: first + object, if: taken[object])
    }
    write(pointer, to: address)
  }

  /// For each object of a pool, when it is the one that an allocation takes; none if all are `live`.
  private mutating func taken(_ live: ArraySlice<Term>) -> [Term] {
    switch allocation {
    case .lowest:
      var isFull = store.yes
      return live.map { isLive in
        defer { isFull = store.and(isFull, isLive) }
        return store.and(isFull, store.not(isLive))
      }
    case .any:
      let chosen = choice(of: 0...live.count - 1)
      let taken = live.enumerated().map { number, isLive in
        store.and(store.equal(chosen, number), store.not(isLive))
      }
      alive = store.and(alive, store.or(taken + [store.and(Array(live))]))
      return taken
    }
  }

  /// Sets all fields of an object to their initial values.
  private mutating func reset(_ object: Int, of pool: PoolID, if condition: Term) {
    for slot in fieldSlots(object, of: pool) {
      write(constant: slot.initial, to: slot.slot, if: condition)
    }
  }

  private func fieldSlots(_ object: Int, of pool: PoolID) -> [(slot: Int, initial: Int, isLock: Bool)] {
    let description = system.pools[pool.index]
    return description.fields.flatMap { field in
      let variable = system.variables[field.index]
      let size = variable.slotCount / max(1, description.capacity)
      return (0..<size).map {
        (variable.slot + object * size + $0, variable.initial, variable.lockPart != nil)
      }
    }
  }

  private mutating func free(_ pointer: Number, _ pool: PoolID, _ site: SiteID) throws(EncodingRefusal) {
    let isSome = store.not(store.equal(pointer, 0))
    fail(.doubleFree, site, if: store.and(isSome, store.not(isObject(pointer, pool))))
    let capacity = system.pools[pool.index].capacity
    let isIt = (0..<capacity).map { store.equal(pointer, $0 + 1) }
    for object in 0..<capacity {
      for field in fieldSlots(object, of: pool) where field.isLock {
        let value = table.number(field.slot, slots[field.slot], in: store)
        record(.freedWhileHeld, site, isFatal: false, if: store.and(isIt[object], store.truth(value)))
      }
    }
    for object in 0..<capacity { reset(object, of: pool, if: isIt[object]) }
    let stale = capacity + 1
    for entry in layout.pointerSlots[pool.index] {
      if entry.isSet {
        makeStale(set: entry.slot, isIt, stale)
      } else {
        let value = table.number(entry.slot, slots[entry.slot], in: store)
        let isHit = store.and(isSome, store.equal(value, pointer))
        if isHit != store.no { write(constant: stale, to: entry.slot, if: isHit) }
      }
    }
  }

  /// In a set, the bit of the freed object becomes the bit for stale pointers.
  private mutating func makeStale(set slot: Int, _ isIt: [Term], _ stale: Int) {
    for (object, isFreed) in isIt.enumerated() {
      let value = table.number(slot, slots[slot], in: store)
      let isHit = store.and(isFreed, store.bit(value, object))
      if isHit == store.no { continue }
      let width = table.slots[slot].sort.width
      let word = table.stored(value, slot, in: store)
      let mark = store.word(1 << UInt64(stale - 1), width: width)
      let kept = store.bitAnd(word, store.word(~(1 << UInt64(object)), width: width))
      slots[slot] = store.select(isHit, store.bitOr(kept, mark), slots[slot])
    }
  }

  private mutating func acquire(_ lock: LockClassID, _ subclass: Int, _ site: SiteID) {
    var held: [LockClassID: [Term]] = [:]
    for entry in layout.lockSlots {
      let isHeld = isHeld(entry)
      if isHeld != store.no { held[entry.lock, default: []].append(isHeld) }
    }
    let classes = held.map { (lock: $0.key, condition: store.or($0.value)) }
      .sorted { $0.lock.index < $1.lock.index }
    acquisitions.append(
      StepAcquisition(lock: lock, subclass: subclass, site: site, condition: alive, held: classes))
  }

  private mutating func clear(_ variables: [VariableID]) {
    for id in variables {
      let variable = system.variables[id.index]
      guard case .process(let kind, let count)? = variable.dimensions.first, let process else {
        slots[variable.slot] = table.constant(0, variable.slot, in: store)
        continue
      }
      let size = variable.slotCount / max(1, count)
      let number = process - system.kinds[kind.index].firstProcess
      for offset in 0..<size {
        let slot = variable.slot + number * size + offset
        slots[slot] = table.constant(0, slot, in: store)
      }
    }
  }
}
