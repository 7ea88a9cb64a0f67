import TransitionIR

/// Statements as actions.
///
/// A fatal failure ends the path: the step has no successor, as if it had waited. A check that is not fatal is passed, but its
/// condition must have a value.
extension Translator {
  mutating func actions(_ body: [Statement]) throws(ExportRefusal) -> [Action] {
    var result: [Action] = []
    for statement in body {
      for action in try actions(statement) {
        if case .require(.truth(true)) = action { continue }
        result.append(action)
      }
    }
    return result
  }

  private mutating func actions(_ statement: Statement) throws(ExportRefusal) -> [Action] {
    switch statement {
    case .assign(let place, let expression): return try assign(try evaluate(expression), to: place)
    case .branch(let condition, let then, let otherwise):
      let condition = try evaluate(condition).as(.truth)
      switch condition.value {
      case .truth(let value): return [.require(condition.defined)] + (try actions(value ? then : otherwise))
      default:
        let (a, b) = (try actions(then), try actions(otherwise))
        if a.isEmpty && b.isEmpty { return [.require(condition.defined)] }
        return [.require(condition.defined), .branch(condition.value, a, b)]
      }
    case .fork(let branches):
      var lists: [[Action]] = []
      for branch in branches { lists.append(try actions(branch)) }
      return [.fork(lists)]
    case .pick(let place, let id, let iteration, let filter): return try pick(place, id, iteration, filter)
    case .wait(let condition):
      let condition = try evaluate(condition).as(.truth)
      return [.require(condition.defined), .require(condition.value)]
    case .check(let condition, let failure):
      let condition = try evaluate(condition).as(.truth)
      return [.require(condition.defined), .require(failure.isFatal ? condition.value : .truth(true))]
    case .allocate(let place, let pool): return try allocate(place, pool)
    case .free(let pointer, let pool, _): return try free(pointer, pool)
    case .acquiring, .cover: return []
    case .clear(let variables):
      var result: [Action] = []
      for id in variables { result += try clear(id) }
      return result
    case .jump(let location): return try arrive(location.index, isEnd: false) + [.finish]
    case .end: return try arrive(0, isEnd: true) + [.finish]
    }
  }

  private mutating func assign(_ stored: Evaluated, to place: Place) throws(ExportRefusal) -> [Action] {
    let (storage, index, defined) = try slot(of: place)
    let domain = system.variables[place.variable.index].domain
    var value = stored.as(storage.kind).value
    var fits = Term.truth(true)
    switch domain {
    case .wrapping(let bits):
      let size = 1 << bits
      if let range = value.interval, range.lowerBound >= 0 {
        if range.upperBound >= size { value = try computed(.remainder, value, .number(size), "") }
      } else {
        // The low bits of a negative number, as two's complement has them.
        let rest = try computed(.remainder, value, .number(size), "")
        value = try computed(
          .remainder, try computed(.add, rest, .number(size), ""), .number(size), self.place(place.site))
      }
    default:
      let bounds = domain.bounds
      let isMaskInTruth = storage.kind == .truth && stored.value.kind == .mask
      if storage.kind == .number || stored.value.kind == .number || isMaskInTruth {
        let number = stored.as(.number).value
        fits =
          .comparison(.lessEqual, .number(bounds.lowerBound), number)
          && .comparison(.lessEqual, number, .number(bounds.upperBound))
      } else if storage.kind == .mask, let range = value.interval, range.upperBound > bounds.upperBound {
        fits = .comparison(.equal, .combined(.difference, value, .mask(bounds.upperBound)), .mask(0))
      }
    }
    return [.require(stored.defined), .require(defined), .require(fits), .set(storage, index: index, value)]
  }

  private mutating func pick(
    _ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression
  ) throws(ExportRefusal) -> [Action] {
    let range = try candidates(of: iteration, named: "c")
    let outer = bound[id]
    bound[id] = range.value
    defer { bound[id] = outer }
    let filter = try evaluate(filter).as(.truth)
    // The filter is tried for every value, so it must have a value for every one.
    let each = Local(
      name: "k" + range.local.name, kind: range.local.kind, lower: range.local.lower, upper: range.local.upper
    )
    let defined = (!range.condition || filter.defined).replacing(range.local, with: .local(each))
    return [
      .require(range.defined), .require(.quantify(.forall, each, defined)),
      .pick(range.local, where: range.condition && filter.value),
    ] + (try assign(Evaluated(range.value), to: place))
  }

  // MARK: Objects

  private mutating func allocate(_ place: Place, _ pool: PoolID) throws(ExportRefusal) -> [Action] {
    let description = system.pools[pool.index]
    guard let live = description.live else { return [] }
    let first = system.variables[live.index].slot
    guard let storage = layout.storage(ofSlot: first), description.capacity > 0 else {
      throw ExportRefusal("an allocation from a pool without objects (\(description.name))")
    }
    var lowest = Term.number(0)
    for object in (0..<description.capacity).reversed() {
      lowest = .selection(
        .read(storage, .number(first - storage.firstSlot + object)), lowest, .number(object + 1))
    }
    let found = fresh("t", .number, 0...description.capacity)
    let pointer = Term.local(found)
    let (target, index, defined) = try slot(of: place)
    // The place is found before the object is made: where it was in the old state, it is still.
    let isFull = Term.comparison(.equal, pointer, .number(0))
    var made = reset(.computed(.subtract, pointer, .number(1)), of: description)
    made.append(
      .set(storage, index: .computed(.add, pointer, .number(first - storage.firstSlot - 1)), .truth(true)))
    if case .number = index {
      return [
        .define(found, lowest), .require(defined),
        .branch(
          isFull, [.set(target, index: index, .number(0))], made + [.set(target, index: index, pointer)]),
      ]
    }
    let at = fresh("t", .number, 0...target.count - 1)
    return [
      .define(found, lowest), .require(defined), .define(at, index),
      .branch(
        isFull, [.set(target, index: .local(at), .number(0))],
        made + [.set(target, index: .local(at), pointer)]),
    ]
  }

  private mutating func free(_ pointer: Expression, _ pool: PoolID) throws(ExportRefusal) -> [Action] {
    let description = system.pools[pool.index]
    let value = try evaluate(pointer).as(.number)
    if case .number(0) = value.value { return [.require(value.defined)] }
    guard description.live != nil else { throw ExportRefusal("a process that is freed") }
    let freed = fresh("t", .number, 0...description.capacity + 1)
    let term = Term.local(freed)
    var gone = reset(.computed(.subtract, term, .number(1)), of: description)
    for run in pointerRuns(pool) {
      gone.append(.replace(run.storage, run.slots, pointer: term, by: description.capacity + 1))
    }
    return [
      .require(value.defined), .define(freed, value.value),
      .require(.comparison(.equal, term, .number(0)) || isObject(term, pool)),
      .branch(.comparison(.notEqual, term, .number(0)), gone, []),
    ]
  }

  /// All fields of an object at their initial values.
  private func reset(_ object: Term, of pool: Pool) -> [Action] {
    var result: [Action] = []
    for field in pool.fields {
      let variable = system.variables[field.index]
      guard let storage = layout.storage(ofSlot: variable.slot), pool.capacity > 0 else { continue }
      let size = variable.slotCount / pool.capacity
      for offset in 0..<size {
        let base = variable.slot - storage.firstSlot + offset
        let index = Term.computed(.add, .computed(.multiply, object, .number(size)), .number(base))
        result.append(.set(storage, index: index, .constant(variable.initial, storage.kind)))
      }
    }
    return result
  }

  // MARK: The running process

  private func clear(_ id: VariableID) throws(ExportRefusal) -> [Action] {
    let variable = system.variables[id.index]
    guard let storage = layout.storage(ofSlot: variable.slot) else { return [] }
    let base = variable.slot - storage.firstSlot
    let zero = Term.constant(0, storage.kind)
    guard case .process(let kind, let count)? = variable.dimensions.first else {
      return [.set(storage, index: .number(base), zero)]
    }
    guard let process else { throw ExportRefusal("an own local outside of a step (\(variable.name))") }
    let size = variable.slotCount / max(1, count)
    let number = Term.computed(.subtract, process, .number(system.kinds[kind.index].firstProcess))
    return (0..<size).map { offset in
      let index = Term.computed(.add, .computed(.multiply, number, .number(size)), .number(base + offset))
      return .set(storage, index: index, zero)
    }
  }

  private func arrive(_ location: Int, isEnd: Bool) throws(ExportRefusal) -> [Action] {
    guard let process, let range = process.interval else {
      throw ExportRefusal("a step that belongs to no process")
    }
    let kind = system.kind(ofProcess: range.lowerBound)
    let description = system.kinds[kind.index]
    guard case .read(let storage, let index) = try controlSlot(of: process, kind) else { return [] }
    let value = isEnd ? description.locationCount : location - description.firstLocation
    return [.set(storage, index: index, .number(value))]
  }
}
