import TransitionIR

/// Places, and questions that look at many slots.
extension Translator {
  /// The storage and index of a place, and the condition under which the place exists.
  mutating func slot(of place: Place) throws(ExportRefusal) -> (Storage, Term, defined: Term) {
    let variable = system.variables[place.variable.index]
    guard let storage = layout.storage(ofSlot: variable.slot), variable.slotCount > 0 else {
      throw ExportRefusal("an access to \(variable.name), which has no slots")
    }
    var stride = variable.slotCount
    var result = Term.number(variable.slot - storage.firstSlot)
    var defined = Term.truth(true)
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      stride /= max(1, dimension.count)
      let (offset, exists) = try offset(index, dimension, variable, place)
      // Indices are evaluated from left to right; each only if those before it were good.
      defined = defined && exists
      result = try computed(
        .add, result, try computed(.multiply, offset, .number(stride), self.place(place.site)),
        self.place(place.site))
    }
    return (storage, result, defined)
  }

  private mutating func offset(
    _ index: Index, _ dimension: Dimension, _ variable: Variable, _ place: Place
  ) throws(ExportRefusal) -> (Term, exists: Term) {
    switch index {
    case .element(let expression):
      let element = try evaluate(expression).as(.number)
      var lower = 0
      if case .array(_, let first) = dimension { lower = first }
      let offset = try computed(.subtract, element.value, .number(lower), self.place(place.site))
      let fits =
        Term.comparison(.lessEqual, .number(0), offset)
        && .comparison(.less, offset, .number(dimension.count))
      return (offset, element.defined && fits)
    case .object(let expression):
      let pointer = try evaluate(expression).as(.number)
      guard case .field(let pool) = variable.role else {
        throw ExportRefusal("an access to \(variable.name) by a pointer\(self.place(place.site))")
      }
      let offset = try computed(.subtract, pointer.value, .number(1), self.place(place.site))
      return (offset, pointer.defined && isObject(pointer.value, pool))
    case .current:
      guard let process, case .process(let kind, _) = dimension else {
        throw ExportRefusal("an own local outside of a step (\(variable.name))")
      }
      return (.computed(.subtract, process, .number(system.kinds[kind.index].firstProcess)), .truth(true))
    case .process(let expression):
      guard case .process(let kind, let count) = dimension else {
        throw ExportRefusal("an access to \(variable.name) by a process\(self.place(place.site))")
      }
      let pointer = try evaluate(expression).as(.number)
      let first = system.kinds[kind.index].firstProcess
      guard let range = pointer.value.interval, range.lowerBound > first,
        range.upperBound <= first + count
      else {
        throw ExportRefusal(
          "a local of a process that may be of another kind (\(variable.name))\(self.place(place.site))")
      }
      return (.computed(.subtract, pointer.value, .number(first + 1)), pointer.defined)
    }
  }

  // MARK: Pointers

  /// A slot that may hold pointers into a pool.
  struct PointerSlot {
    let storage: Storage
    let offset: Int
    let isSet: Bool
    /// The process whose local it is.
    let process: Int?
  }

  /// Every slot that may hold a pointer into the pool, or a set of them; each once.
  func pointerSlots(_ pool: PoolID) -> [PointerSlot] {
    var seen = Set<Int>()
    var result: [PointerSlot] = []
    for variable in system.variables {
      let isSet: Bool
      switch variable.domain {
      case .pointer(pool, _): isSet = false
      case .set(.pointer(pool, _)): isSet = true
      default: continue
      }
      for offset in 0..<variable.slotCount where seen.insert(variable.slot + offset).inserted {
        guard let storage = layout.storage(ofSlot: variable.slot + offset) else { continue }
        var process: Int?
        if case .local(let kind) = variable.role {
          let perProcess = variable.slotCount / max(1, system.kinds[kind.index].count)
          process = system.kinds[kind.index].firstProcess + offset / max(1, perProcess)
        }
        result.append(
          PointerSlot(
            storage: storage, offset: variable.slot + offset - storage.firstSlot, isSet: isSet,
            process: process))
      }
    }
    return result
  }

  /// Runs of slots of one storage that belong to nobody or, slot by slot, to processes.
  func pointerRuns(_ pool: PoolID) -> [(storage: Storage, slots: Range<Int>, isSet: Bool)] {
    var runs: [(storage: Storage, slots: Range<Int>, isSet: Bool)] = []
    for slot in pointerSlots(pool) {
      if let last = runs.last, last.storage == slot.storage, last.slots.upperBound == slot.offset {
        runs[runs.count - 1].slots = last.slots.lowerBound..<slot.offset + 1
      } else {
        runs.append((slot.storage, slot.offset..<slot.offset + 1, slot.isSet))
      }
    }
    return runs
  }

  /// The pointer names an object, and no slot but the running process's locals holds it.
  mutating func isExclusive(_ pointer: Term, _ pool: PoolID) throws(ExportRefusal) -> Term {
    let current = try currentPointer()
    var result = isObject(pointer, pool)
    for slot in pointerSlots(pool) {
      let value = Term.read(slot.storage, .number(slot.offset))
      let isElsewhere =
        slot.isSet
        ? !Term.membership(.computed(.subtract, pointer, .number(1)), in: value)
        : .comparison(.notEqual, value, pointer)
      let isOwn = slot.process.map { Term.comparison(.equal, current, .number($0 + 1)) } ?? .truth(false)
      result = result && (isOwn || isElsewhere)
    }
    return result
  }

  // MARK: Locks

  /// How many locks the running process holds, in any mode.
  mutating func heldLockCount() throws(ExportRefusal) -> Term {
    let current = try currentPointer()
    var sum = Term.number(0)
    for variable in system.variables {
      guard let part = variable.lockPart, variable.slotCount > 0,
        let storage = layout.storage(ofSlot: variable.slot)
      else { continue }
      let first = variable.slot - storage.firstSlot
      let local = fresh("k", .number, first...first + variable.slotCount - 1)
      let value = Term.read(storage, .local(local))
      let isHeld: Term =
        switch part {
        case .owner: .comparison(.equal, value, current)
        case .readers: .membership(.computed(.subtract, current, .number(1)), in: value)
        }
      sum = try computed(.add, sum, .quantify(.count, local, isHeld), "")
    }
    return sum
  }
}
