import TransitionIR

/// Walks over all ways through a body, collects what they touch, and follows what is surely known on the way.
struct BodyWalker {
  let facts: SystemFacts
  /// Nil for a property, which no process runs.
  let kind: KindID?
  var effects = Effects()
  /// Where the ways lead, each with what is known there.
  var exits: [(location: LocationID, knowledge: Knowledge)] = []
  /// Classes of which a variable is changed otherwise than by taking and releasing.
  var wild: Set<LockClassID> = []
  var freshCount = 0
  /// Everything recorded, with the terms of its indices; see `trailing`.
  private var touched: Set<Touch> = []
  /// Bound variables that range over pointers.
  var pointerBounds: Set<BoundID> = []

  var system: TransitionSystem { facts.system }

  init(_ facts: SystemFacts, kind: KindID?) {
    self.facts = facts
    self.kind = kind
  }

  /// Nil if no way goes on behind the body.
  mutating func walk(_ body: [Statement], _ start: Knowledge) -> Knowledge? {
    var knowledge = start
    for statement in body {
      guard let next = walk(statement, knowledge) else { return nil }
      knowledge = next
    }
    return knowledge
  }

  private mutating func walk(_ statement: Statement, _ start: Knowledge) -> Knowledge? {
    var knowledge = start
    switch statement {
    case .assign(let place, let value): assign(place, value, &knowledge)
    case .branch(let condition, let then, let otherwise):
      visit(condition, knowledge)
      let known = truth(condition, knowledge)
      let first = known == false ? nil : walk(then, assume(condition, true, knowledge))
      let second = known == true ? nil : walk(otherwise, assume(condition, false, knowledge))
      return join([first, second])
    case .fork(let branches): return join(branches.map { walk($0, knowledge) })
    case .pick(let place, let bound, let iteration, let filter):
      bind(bound, iteration)
      visit(iteration, knowledge)
      visit(filter, knowledge)
      if facts.heapPool(of: system.variables[place.variable.index].domain) != nil, !isOfMembers(iteration) {
        effects.conjures = true
      }
      effects.mayWait = true
      write(place, .write, knowledge)
      forget(place, &knowledge)
    case .wait(let condition):
      visitWait(condition, knowledge)
      return assume(condition, true, knowledge)
    case .check(let condition, let failure):
      visit(condition, knowledge)
      if let subject = failure.subject { visit(subject.indices, knowledge) }
      if failure.property == .heldAtReturn { effects.readsOwnLocks = true }
      return failure.isFatal ? assume(condition, true, knowledge) : knowledge
    case .allocate(let place, let pool):
      allocate(pool)
      write(place, .write, knowledge)
      forget(place, &knowledge)
    case .free(let pointer, let pool, _):
      visit(pointer, knowledge)
      free(pool)
    case .acquiring(_, _, let place):
      visit(place.indices, knowledge)
      effects.readsOwnLocks = true
    case .cover: break
    case .clear(let variables):
      for variable in variables {
        record(variable, [.current], .write)
        movePointer(variable)
        set(variable, .constant(0), &knowledge)
      }
    case .jump(let location):
      effects.arrivals.insert(location)
      exits.append((location, knowledge))
      return nil
    case .end:
      effects.mayEnd = true
      return nil
    }
    return knowledge
  }

  private func isOfMembers(_ iteration: Iteration) -> Bool {
    if case .members = iteration { true } else { false }
  }

  mutating func join(_ ways: [Knowledge?]) -> Knowledge? {
    let open = ways.compactMap { $0 }
    guard var result = open.first else { return nil }
    for other in open.dropFirst() { result = Knowledge.join(result, other, freshCount: &freshCount) }
    return result
  }

  // MARK: Assignments

  private mutating func assign(_ place: Place, _ value: Expression, _ knowledge: inout Knowledge) {
    visit(place.indices, knowledge)
    if let lock = facts.lock(of: place.variable) {
      return changeLock(place, lock.lock, lock.isOwner, value, &knowledge)
    }
    let variable = system.variables[place.variable.index]
    if let pool = facts.heapPool(of: variable.domain) {
      move(value, pool, knowledge)
    } else {
      visit(value, knowledge)
    }
    write(place, .write, knowledge)
    let isKnown = facts.cells.contains(place.variable) && isOwn(place) && fits(value, variable)
    set(place.variable, isKnown ? term(value, knowledge) : nil, &knowledge)
  }

  /// The value is stored as it is: a word may cut it off.
  private func fits(_ value: Expression, _ variable: Variable) -> Bool {
    guard case .wrapping = variable.domain else { return true }
    switch value {
    case .read(let source): return system.variables[source.variable.index].domain == variable.domain
    case .constant(let number): return variable.domain.bounds.contains(number)
    default: return false
    }
  }

  /// A new value in a cell, unknown if nil; whoever shares its slot has lost his.
  private mutating func set(_ cell: VariableID, _ term: Term?, _ knowledge: inout Knowledge) {
    for other in facts.aliases[cell.index] { knowledge[other] = fresh() }
    knowledge.versions[cell] = nextNumber()
    guard facts.cells.contains(cell) else { return }
    knowledge[cell] = term ?? fresh()
  }

  private mutating func forget(_ place: Place, _ knowledge: inout Knowledge) {
    set(place.variable, nil, &knowledge)
  }

  private mutating func fresh() -> Term { .fresh(nextNumber()) }

  private mutating func nextNumber() -> Int {
    freshCount += 1
    return freshCount
  }

  // MARK: Recording

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
    _ variable: VariableID, _ indices: [Footprint.IndexAbstraction], _ kind: Access.Kind, _ terms: [Term?] = [],
    _ guards: [Guard] = []
  ) {
    let dimensions = system.variables[variable.index].dimensions
    let filled = dimensions.indices.map { $0 < indices.count ? indices[$0] : .unknown }
    let access = Access(variable: variable, indices: filled, kind: kind, guards: guards)
    effects.accesses.insert(access)
    touched.insert(Touch(access: access, terms: terms))
  }

  /// An access, and the positions that it names as far as they have terms.
  private struct Touch: Hashable {
    let access: Access
    let terms: [Term?]
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

  private mutating func allocate(_ pool: PoolID) {
    effects.allocates.insert(pool)
    guard let live = system.pools[pool.index].live else { return }
    record(live, [], .read)
    touchObjects(of: pool)
  }

  private mutating func free(_ pool: PoolID) {
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
