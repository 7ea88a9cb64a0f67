import TransitionIR

/// What is noted of each access.
extension BodyWalker {
  mutating func write(_ place: Place, _ kind: Access.Kind, _ knowledge: Knowledge) {
    visit(place.indices, knowledge)
    follow(place)
    movePointer(place.variable)
    record(place, kind, knowledge)
  }

  mutating func record(_ place: Place, _ kind: Access.Kind, _ knowledge: Knowledge) {
    let dimensions = system.variables[place.variable.index].dimensions
    let indices = zip(place.indices, dimensions).map { position($0, along: $1) }
    let terms = place.indices.map { term($0, knowledge) }
    record(place.variable, indices, kind, terms, guards(place.variable, terms, knowledge))
  }

  /// Positions that are not given are unknown.
  mutating func record(
    _ variable: VariableID, _ indices: [Footprint.IndexAbstraction], _ kind: Access.Kind,
    _ terms: [Term?] = [],
    _ guards: [Guard] = []
  ) {
    let dimensions = system.variables[variable.index].dimensions
    let filled = dimensions.indices.map { $0 < indices.count ? indices[$0] : .unknown }
    let access = Access(variable: variable, indices: filled, kind: kind, guards: guards)
    effects.accesses.insert(access)
    touched.insert(Touch(access: access, terms: terms))
  }

  /// What was touched, each access with the locks that are surely held where the step leads to, instead of those held
  /// at the access itself.
  func trailing() -> Set<Access> {
    Set(
      touched.map { touch in
        let access = touch.access
        var common: Set<Guard>?
        for exit in exits {
          let held = Set(guards(access.variable, touch.terms, exit.knowledge))
          common = common?.intersection(held) ?? held
        }
        return Access(
          variable: access.variable, indices: access.indices, kind: access.kind,
          guards: Guard.sorted(common ?? []))
      })
  }

  mutating func movePointer(_ variable: VariableID) {
    if let pool = facts.heapPool(of: system.variables[variable.index].domain) {
      effects.movesPointers.insert(pool)
    }
  }

  mutating func allocate(_ pool: PoolID) {
    effects.allocates.insert(pool)
    guard let live = system.pools[pool.index].live else { return }
    record(live, [], .read)
    touchObjects(of: pool)
  }

  mutating func free(_ pool: PoolID) {
    effects.frees.insert(pool)
    effects.follows.insert(pool)
    touchObjects(of: pool)
  }

  private mutating func touchObjects(of pool: PoolID) {
    guard let live = system.pools[pool.index].live else { return }
    record(live, [], .write)
    guard facts.untrusted.contains(pool) else { return }
    for field in system.pools[pool.index].fields { record(field, [], .write) }
  }

  /// The locks that are surely held now and belong to the slots of a place whose indices have these values.
  private func guards(_ variable: VariableID, _ terms: [Term?], _ knowledge: Knowledge) -> [Guard] {
    guard !knowledge.held.isEmpty else { return [] }
    let dimensions = system.variables[variable.index].dimensions
    var result: Set<Guard> = []
    for held in knowledge.held {
      let owner = system.variables[system.lockClasses[held.lock.index].owner.index]
      let isExclusive = held.mode == .exclusive
      let constants = held.indices.compactMap { if case .constant(let value) = $0 { value } else { nil } }
      if constants.count == held.indices.count {
        result.insert(Guard(lock: held.lock, relation: .fixed(constants), isExclusive: isExclusive))
      }
      let count = owner.dimensions.count
      if count > 0, dimensions.count >= count, Array(dimensions.prefix(count)) == owner.dimensions,
        Array(terms.prefix(count)) == held.indices.map(Optional.init)
      {
        result.insert(Guard(lock: held.lock, relation: .prefix(count), isExclusive: isExclusive))
      }
    }
    return Guard.sorted(result)
  }

  // MARK: Places

  /// Following pointers on the way to a place.
  mutating func follow(_ place: Place) {
    for (index, dimension) in zip(place.indices, system.variables[place.variable.index].dimensions) {
      guard case .pool(let pool, _) = dimension, case .object(let pointer) = index else { continue }
      follow(pointer, pool)
    }
  }

  /// Asking whether a pointer is stale.
  mutating func follow(_ pointer: Expression, _ pool: PoolID) {
    guard !system.pools[pool.index].isProcessPool else { return }
    effects.follows.insert(pool)
    switch pointer {
    case .constant(0): break
    case .read where !facts.untrusted.contains(pool): break
    case .bound(let id) where pointerBounds.contains(id) && !facts.untrusted.contains(pool): break
    default: if let live = system.pools[pool.index].live { record(live, [], .read) }
    }
  }

  func isOwn(_ place: Place) -> Bool {
    switch place.indices.first {
    case .current, .object(.current), .process(.current): kind != nil
    default: false
    }
  }

  func position(_ index: Index, along dimension: Dimension) -> Footprint.IndexAbstraction {
    let result: Footprint.IndexAbstraction
    switch (index, dimension) {
    case (.element(.constant(let value)), .array(_, let lower)): result = .constant(value &- lower)
    case (.object(.constant(let pointer)), .pool): result = .constant(pointer &- 1)
    case (.object(.current), .pool) where kind != nil, (.current, .process) where kind != nil,
      (.process(.current), .process) where kind != nil:
      result = .current
    case (.process(.constant(let pointer)), .process(let kind, _)):
      result = .constant(pointer &- 1 &- system.kinds[kind.index].firstProcess)
    default: result = .unknown
    }
    if case .constant(let value) = result, !(0..<max(0, dimension.count)).contains(value) { return .unknown }
    return result
  }
}
