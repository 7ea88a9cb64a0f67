import TransitionIR

extension TransitionSystem {
  /// A scalar as people read it: `describe(2, domain)` of a flags type is `{WRITE}`.
  public func stateValue(of value: Int, in domain: Domain) -> StateValue {
    switch domain {
    case .bool: return .bool(value != 0)
    case .range: return .integer(value)
    case .wrapping: return .word(value)
    case .enumeration(let id, _):
      let members = names[id.index].members
      return members.indices.contains(value) ? .text(members[value]) : .integer(value)
    case .flags(let id, let count):
      let members = names[id.index].members
      return .set((0..<count).filter { (value >> $0) & 1 == 1 }.map { .text(members[$0]) })
    case .pointer(let pool, let capacity): return pointerValue(value, pool, capacity)
    case .set(let element):
      return .set(
        (0..<element.elementCount).filter { (value >> $0) & 1 == 1 }
          .map { stateValue(of: element.element(ofBit: $0), in: element) })
    case .location(let kind, let count):
      let first = kinds[kind.index].firstLocation
      return value < count ? .text(site(of: LocationID(first + value)).text) : .text(StateView.endedPosition)
    }
  }

  /// The name of an object that stays the same for the whole of a trace.
  public func stableName(ofObject number: Int, in pool: PoolID) -> String {
    pools[pool.index].isProcessPool ? processName(number) : "\(pools[pool.index].name)#\(number)"
  }

  private func pointerValue(_ value: Int, _ pool: PoolID, _ capacity: Int) -> StateValue {
    if value == 0 { return .null }
    return .text(value > capacity ? "stale" : stableName(ofObject: value - 1, in: pool))
  }

  /// `line 41`, with the file if it is not the root of the spec: `mm:41`.
  func shortPlace(of id: SiteID) -> String {
    let place = SourcePlace(id, in: self)
    if !sites.indices.contains(id.index) || sites[id.index].file == 0 { return "line \(place.line)" }
    return "\(place.shortFile):\(place.line)"
  }

  /// Where a control point is in the spec.
  func site(of location: LocationID) -> Site { sites[locations[location.index].site.index] }
}

extension StateView {
  /// The state `state` of a system.
  ///
  /// A state in which a step failed may be given too.
  public init(_ state: [Int], of interpreter: Interpreter) {
    let builder = StateViewBuilder(interpreter: interpreter, state: state)
    self.init(variables: builder.globals() + builder.pools() + builder.processes())
  }
}

/// Reads the slots of one state.
private struct StateViewBuilder {
  let interpreter: Interpreter
  let state: [Int]
  var system: TransitionSystem { interpreter.system }

  /// Without the arrays that have no element in this scope, such as those of a process kind that it does not have.
  func globals() -> [StateValue.Field] {
    let globals = system.variables.filter { $0.role == .global && $0.slotCount > 0 }
    return named(globals, prefix: "") { tree($0, skipping: 0) }
  }

  func pools() -> [StateValue.Field] {
    system.pools.indices.compactMap { index in
      let pool = system.pools[index]
      guard !pool.isProcessPool, let live = pool.live else { return nil }
      let firstLive = system.variables[live.index].slot
      let objects = (0..<pool.capacity).filter { state[firstLive + $0] != 0 }
      return StateValue.Field(
        pool.name,
        .map(
          objects.map {
            .init(
              .text(system.stableName(ofObject: $0, in: PoolID(index))), .record(fields(ofPool: index, $0)))
          }))
    }
  }

  func processes() -> [StateValue.Field] {
    (0..<system.processCount).map { process in
      let location = interpreter.location(of: process, in: state)
      let position = location.map { system.site(of: $0).text } ?? StateView.endedPosition
      return .init(
        system.processName(process),
        .record(
          [.init(StateView.positionName, .text(position))] + fields(ofPool: system.processPool.index, process)
            + locals(of: process, at: location)))
    }
  }

  private func fields(ofPool pool: Int, _ object: Int) -> [StateValue.Field] {
    guard system.pools.indices.contains(pool) else { return [] }
    let fields = system.variables.filter { $0.role == .field(PoolID(pool)) && !$0.dimensions.isEmpty }
    return named(fields, prefix: system.pools[pool].name + ".") { tree($0, skipping: 1, at: object) }
  }

  private func locals(of process: Int, at location: LocationID?) -> [StateValue.Field] {
    guard let location else { return [] }
    let number = process - system.kinds[system.kind(ofProcess: process).index].firstProcess
    let locals = system.locations[location.index].locals.map { system.variables[$0.index] }
      .filter { if case .local = $0.role { true } else { false } }
    return named(locals, prefix: "") { tree($0, skipping: 1, at: number) }
  }

  /// Names the values of variables.
  ///
  /// A name that occurs twice gets a number; the readers of a lock are shown with
  /// its owner.
  private func named(
    _ variables: [Variable], prefix: String, value: (Variable) -> StateValue
  ) -> [StateValue.Field] {
    var names = Set<String>()
    return variables.compactMap { variable in
      var name = variable.name
      switch variable.lockPart {
      case .readers: return nil
      case .owner(let lock): name = system.lockClasses[lock.index].name
      case nil: break
      }
      if name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
      var unique = name
      var number = 2
      while !names.insert(unique).inserted {
        unique = "\(name)'\(number)"
        number += 1
      }
      return .init(unique, value(variable))
    }
  }

  /// The value of a variable whose first `skipping` dimensions are fixed at index `number`.
  private func tree(_ variable: Variable, skipping: Int, at number: Int = 0) -> StateValue {
    let dimensions = variable.dimensions.dropFirst(skipping)
    let size = dimensions.reduce(1) { $0 * $1.count }
    return tree(variable, Array(dimensions), offset: number * size)
  }

  private func tree(_ variable: Variable, _ dimensions: [Dimension], offset: Int) -> StateValue {
    guard let dimension = dimensions.first else { return leaf(variable, offset: offset) }
    let rest = Array(dimensions.dropFirst())
    let size = rest.reduce(1) { $0 * $1.count }
    let values = (0..<dimension.count).map { tree(variable, rest, offset: offset + $0 * size) }
    guard case .array(_, let lower) = dimension, lower != 0 else { return .list(values) }
    return .map(values.enumerated().map { .init(.integer($0.offset + lower), $0.element) })
  }

  /// A scalar, or the holders of a lock.
  private func leaf(_ variable: Variable, offset: Int) -> StateValue {
    let value = system.stateValue(of: state[variable.slot + offset], in: variable.domain)
    guard case .owner(let lock)? = variable.lockPart else { return value }
    let owner = StateValue.Field("owner", value)
    guard let id = system.lockClasses[lock.index].readers else { return .record([owner]) }
    let readers = system.variables[id.index]
    return .record([
      owner, .init("readers", system.stateValue(of: state[readers.slot + offset], in: readers.domain)),
    ])
  }
}
