/// Collects the footprint of a body by walking over all of its paths.
struct FootprintBuilder {
  private let system: TransitionSystem
  /// The kind of the running process.
  private let kind: KindID
  private(set) var footprint = Footprint()

  /// Requires: nothing; identifiers that are out of range are skipped, so that a broken system can be printed.
  init(_ system: TransitionSystem, kind: KindID) {
    self.system = system
    self.kind = kind
    if let control = control(of: kind) { read(control, first: .current) }
  }

  // MARK: Statements

  mutating func visit(_ body: [Statement]) {
    for statement in body { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement {
    case .assign(let place, let value):
      visit(value)
      write(place)
    case .branch(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .fork(let branches): for branch in branches { visit(branch) }
    case .pick(let place, _, let iteration, let filter):
      visit(iteration)
      visit(filter)
      write(place)
    case .wait(let condition): visit(condition)
    case .check(let condition, let failure):
      visit(condition)
      if let subject = failure.subject { visit(subject.indices) }
      if failure.property == .heldAtReturn { footprint.readsOwnLocks = true }
    case .allocate(let place, let pool):
      allocate(pool)
      write(place)
    case .free(let pointer, let pool, _):
      visit(pointer)
      free(pool)
    case .acquiring(_, _, let place):
      visit(place.indices)
      footprint.readsOwnLocks = true
    case .cover: break
    case .clear(let variables): for variable in variables { write(variable, first: .current) }
    case .jump, .end: if let control = control(of: kind) { write(control, first: .current) }
    }
  }

  private mutating func allocate(_ pool: PoolID) {
    footprint.allocates.insert(pool)
    guard system.pools.indices.contains(pool.index) else { return }
    if let live = system.pools[pool.index].live {
      read(live)
      write(live)
    }
    for field in system.pools[pool.index].fields { write(field) }
  }

  /// Turns every pointer to the object stale, and resets the object.
  private mutating func free(_ pool: PoolID) {
    footprint.frees.insert(pool)
    guard system.pools.indices.contains(pool.index) else { return }
    let fields = system.pools[pool.index].fields
    for field in fields {
      write(field)
      if system.variables.indices.contains(field.index), system.variables[field.index].lockPart != nil {
        read(field)
      }
    }
    if let live = system.pools[pool.index].live {
      read(live)
      write(live)
    }
    for pointer in readPointers(to: pool) { write(pointer) }
  }

  // MARK: Expressions

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .constant, .bound, .current: break
    case .heldLockCount: footprint.readsOwnLocks = true
    case .read(let place):
      visit(place.indices)
      readLive(place)
      footprint.reads.insert(access(place))
    case .unary(_, let operand, _), .singleton(let operand, _), .cardinality(let operand), .old(let operand),
      .labelled(_, let operand):
      visit(operand)
    case .binary(_, let left, let right, _, _), .samePointer(let left, let right, _, _, _),
      .member(let left, let right, _):
      visit(left)
      visit(right)
    case .select(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .quantified(_, _, let iteration, let body):
      visit(iteration)
      visit(body)
    case .live(let pointer, let pool):
      visit(pointer)
      readLive(pool, position(ofPointer: pointer))
    case .exclusive(let pointer, let pool):
      visit(pointer)
      readLive(pool, position(ofPointer: pointer))
      _ = readPointers(to: pool)
    case .isAt(let process, let locations):
      visit(process)
      let kinds = locations.filter { system.locations.indices.contains($0.index) }
      readControl(of: process, kinds: Set(kinds.map { system.locations[$0.index].kind }))
    case .hasEnded(let process):
      visit(process)
      readControl(of: process, kinds: Set(system.kinds.indices.map { KindID($0) }))
    }
  }

  private mutating func visit(_ indices: [Index]) {
    for index in indices {
      switch index {
      case .element(let expression), .object(let expression), .process(let expression): visit(expression)
      case .current: break
      }
    }
  }

  private mutating func visit(_ iteration: Iteration) {
    switch iteration {
    case .values(.pointer(let pool, _)): readLive(pool, .unknown)
    case .values, .processes: break
    case .span(let low, let high):
      visit(low)
      visit(high)
    case .members(let set, _): visit(set)
    }
  }

  // MARK: Accesses

  /// All positions of a variable, or all that begin with `first`.
  private func access(
    _ variable: VariableID, first: Footprint.IndexAbstraction = .unknown
  ) -> Footprint.Access? {
    guard system.variables.indices.contains(variable.index) else { return nil }
    let rest = system.variables[variable.index].dimensions.dropFirst().map { _ in
      Footprint.IndexAbstraction.unknown
    }
    return Footprint.Access(
      variable, system.variables[variable.index].dimensions.isEmpty ? [] : [first] + rest)
  }

  private mutating func read(_ variable: VariableID, first: Footprint.IndexAbstraction = .unknown) {
    if let access = access(variable, first: first) { footprint.reads.insert(access) }
  }

  private mutating func write(_ variable: VariableID, first: Footprint.IndexAbstraction = .unknown) {
    if let access = access(variable, first: first) { footprint.writes.insert(access) }
  }

  private mutating func write(_ place: Place) {
    visit(place.indices)
    readLive(place)
    footprint.writes.insert(access(place))
  }

  private func access(_ place: Place) -> Footprint.Access {
    guard system.variables.indices.contains(place.variable.index) else { return .init(place.variable, []) }
    let dimensions = system.variables[place.variable.index].dimensions
    return .init(place.variable, zip(place.indices, dimensions).map { position($0, along: $1) })
  }

  private func position(_ index: Index, along dimension: Dimension) -> Footprint.IndexAbstraction {
    let result: Footprint.IndexAbstraction
    switch (index, dimension) {
    case (.element(.constant(let value)), .array(_, let lower)):
      result = .constant(value.subtractingReportingOverflow(lower).partialValue)
    case (.object(let pointer), .pool): result = position(ofPointer: pointer)
    case (.current, .process): result = .current
    case (.process(.constant(let pointer)), .process(let kind, _))
    where system.kinds.indices.contains(kind.index):
      result = .constant((pointer &- 1) &- system.kinds[kind.index].firstProcess)
    case (.process(.current), .process(kind, _)): result = .current
    default: result = .unknown
    }
    if case .constant(let value) = result, !(0..<max(0, dimension.count)).contains(value) { return .unknown }
    return result
  }

  private func position(ofPointer pointer: Expression) -> Footprint.IndexAbstraction {
    switch pointer {
    case .constant(let value): .constant(value &- 1)
    case .current: .current
    default: .unknown
    }
  }

  /// Following a pointer asks whether its object exists.
  private mutating func readLive(_ place: Place) {
    guard system.variables.indices.contains(place.variable.index) else { return }
    for (index, dimension) in zip(place.indices, system.variables[place.variable.index].dimensions) {
      if case .pool(let pool, _) = dimension { readLive(pool, position(index, along: dimension)) }
    }
  }

  private mutating func readLive(_ pool: PoolID, _ position: Footprint.IndexAbstraction) {
    guard system.pools.indices.contains(pool.index), let live = system.pools[pool.index].live else { return }
    var first = position
    if case .constant(let value) = position, !(0..<max(0, system.pools[pool.index].capacity)).contains(value)
    {
      first = .unknown
    }
    read(live, first: first)
  }

  /// Reads everything that may hold a pointer to an object of a pool, by itself or in a set.
  private mutating func readPointers(to pool: PoolID) -> [VariableID] {
    var result: [VariableID] = []
    for (index, variable) in system.variables.enumerated() {
      switch variable.domain {
      case .pointer(pool, _), .set(.pointer(pool, _)): result.append(VariableID(index))
      default: continue
      }
      read(VariableID(index))
    }
    return result
  }

  private func control(of kind: KindID) -> VariableID? {
    system.kinds.indices.contains(kind.index) ? system.kinds[kind.index].control : nil
  }

  private mutating func readControl(of process: Expression, kinds: Set<KindID>) {
    switch process {
    case .current: if let control = control(of: kind) { read(control, first: .current) }
    case .constant(let pointer):
      for kind in kinds where system.kinds.indices.contains(kind.index) {
        let position = (pointer &- 1) &- system.kinds[kind.index].firstProcess
        if position >= 0, position < system.kinds[kind.index].count {
          read(system.kinds[kind.index].control, first: .constant(position))
        }
      }
    default: for kind in kinds { if let control = control(of: kind) { read(control) } }
    }
  }
}
