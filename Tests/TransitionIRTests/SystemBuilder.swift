import TransitionIR

/// Puts small transition systems together by hand; slots, control points and sites are numbered by itself.
final class SystemBuilder {
  private(set) var system = TransitionSystem()
  let processPool = PoolID(0)
  /// A site for everything that needs none in particular.
  let site = SiteID(0)
  private var kindCount = 0

  init(_ name: String, kinds: [(name: String, count: Int)] = [("p", 1)]) {
    system.name = name
    system.title = "hand-made: \(name)"
    system.files = ["sample.mmck"]
    _ = newSite("anywhere")
    let total = kinds.reduce(0) { $0 + $1.count }
    system.pools.append(Pool(name: "task", capacity: total, isProcessPool: true))
    var first = 0
    for (index, kind) in kinds.enumerated() {
      let control = add(
        "\(kind.name).pc", .location(KindID(index), count: 0), [.process(KindID(index), count: kind.count)],
        .control(KindID(index)))
      system.kinds.append(
        ProcessKind(
          name: kind.name, count: kind.count, firstProcess: first, isSymmetric: kind.count > 1,
          isDaemon: false,
          isEnvironment: false, control: control, firstLocation: 0, locationCount: 0))
      first += kind.count
    }
    system.startBodies = kinds.map { _ in [.end] }
    system.initialBody = [.end]
  }

  func newSite(_ text: String) -> SiteID {
    system.sites.append(
      Site(file: 0, line: system.sites.count + 1, column: 5, text: text, function: "f", origin: "mm/x.c f"))
    return SiteID(system.sites.count - 1)
  }

  private func add(
    _ name: String, _ domain: Domain, _ dimensions: [Dimension], _ role: Variable.Role, initial: Int? = nil,
    lock: Variable.LockPart? = nil, slot: Int? = nil
  ) -> VariableID {
    let variable = Variable(
      name: name, domain: domain, dimensions: dimensions, role: role, initial: initial ?? domain.defaultValue,
      lockPart: lock, slot: slot ?? system.slotCount)
    system.slotCount = max(system.slotCount, variable.slot + variable.slotCount)
    system.variables.append(variable)
    return VariableID(system.variables.count - 1)
  }

  // MARK: Declarations

  func names(_ name: String, _ members: [String]) -> NamesID {
    system.names.append(ValueNames(name: name, members: members))
    return NamesID(system.names.count - 1)
  }

  func pool(_ name: String, capacity: Int) -> PoolID {
    let id = PoolID(system.pools.count)
    system.pools.append(Pool(name: name, capacity: capacity, isProcessPool: false))
    let live = add("\(name).live", .bool, [.pool(id, capacity: capacity)], .live(id))
    system.pools[id.index].live = live
    system.pools[id.index].fields.append(live)
    return id
  }

  func pointer(to pool: PoolID) -> Domain { .pointer(pool, capacity: system.pools[pool.index].capacity) }

  func global(
    _ name: String, _ domain: Domain, _ dimensions: [Dimension] = [], initial: Int? = nil
  ) -> VariableID {
    add(name, domain, dimensions, .global, initial: initial)
  }

  func field(
    _ pool: PoolID, _ name: String, _ domain: Domain, _ dimensions: [Dimension] = [], initial: Int? = nil,
    lock: Variable.LockPart? = nil
  ) -> VariableID {
    let owner = system.pools[pool.index]
    let first = Dimension.pool(pool, capacity: owner.capacity)
    let id = add(
      "\(owner.name).\(name)", domain, [first] + dimensions, .field(pool), initial: initial, lock: lock)
    system.pools[pool.index].fields.append(id)
    return id
  }

  func local(
    _ kind: KindID, _ name: String, _ domain: Domain, _ dimensions: [Dimension] = [], isHidden: Bool = false,
    sharing other: VariableID? = nil
  ) -> VariableID {
    let first = Dimension.process(kind, count: system.kinds[kind.index].count)
    return add(
      name, domain, [first] + dimensions, isHidden ? .hidden(kind) : .local(kind),
      slot: other.map { system.variables[$0.index].slot })
  }

  /// A lock in a global variable, or in a field of `pool`.
  func lock(_ name: String, _ kind: LockClass.Kind, in pool: PoolID? = nil) -> LockClassID {
    let id = LockClassID(system.lockClasses.count)
    let task = pointer(to: processPool)
    let owner: VariableID
    var readers: VariableID?
    if let pool {
      owner = field(pool, "\(name).owner", task, lock: .owner(id))
      if kind == .rwsem { readers = field(pool, "\(name).readers", .set(task), lock: .readers(id)) }
    } else {
      owner = add("\(name).owner", task, [], .global, lock: .owner(id))
      if kind == .rwsem { readers = add("\(name).readers", .set(task), [], .global, lock: .readers(id)) }
    }
    let prefix = pool.map { system.pools[$0.index].name + "." } ?? ""
    system.lockClasses.append(LockClass(name: prefix + name, kind: kind, owner: owner, readers: readers))
    return id
  }

  func bound() -> BoundID {
    system.boundCount += 1
    return BoundID(system.boundCount - 1)
  }

  func cover(_ kind: CoverPoint.Kind = .statement) -> CoverID {
    system.coverPoints.append(CoverPoint(kind: kind, site: site))
    return CoverID(system.coverPoints.count - 1)
  }

  func property(
    _ name: String, _ group: Property.Group, _ body: Expression,
    antecedents: [(site: SiteID, expression: Expression)] = []
  ) {
    system.properties.append(
      Property(
        name: name, group: group, documentation: "\(name) is good", body: body, site: site,
        antecedents: antecedents))
  }

  func set(initialBody: [Statement]) { system.initialBody = initialBody }
  func set(builtins: [BuiltinProperty]) { system.builtins = builtins }
  func set(start: [Statement], of kind: KindID) { system.startBodies[kind.index] = start }

  // MARK: Behaviour

  /// The steps of the next kind; `bodies` is given a function that makes jumps to its control points.
  func steps(
    locals: [VariableID] = [], labels: [String] = [], _ bodies: ((Int) -> Statement) -> [[Statement]]
  ) {
    let kind = KindID(kindCount)
    kindCount += 1
    let first = system.locations.count
    let list = bodies { .jump(LocationID(first + $0)) }
    for (index, body) in list.enumerated() {
      system.steps.append(Step(location: LocationID(system.locations.count), body: body))
      system.locations.append(
        Location(kind: kind, site: site, locals: locals, labels: index == 0 ? labels : []))
    }
    system.kinds[kind.index].firstLocation = first
    system.kinds[kind.index].locationCount = list.count
    let control = system.kinds[kind.index].control.index
    let old = system.variables[control]
    system.variables[control] = Variable(
      name: old.name, domain: .location(kind, count: list.count), dimensions: old.dimensions, role: old.role,
      initial: 0, slot: old.slot)
    if case .end = system.startBodies[kind.index][0], !list.isEmpty {
      system.startBodies[kind.index] = [.jump(LocationID(first))]
    }
  }

  // MARK: Short forms

  func place(_ variable: VariableID, _ indices: Index...) -> Place { Place(variable, indices, site) }
  func read(_ variable: VariableID, _ indices: Index...) -> Expression {
    .read(Place(variable, indices, site))
  }
  func mine(_ variable: VariableID) -> Expression { read(variable, .current) }
  func op(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic = .integer
  ) -> Expression {
    .binary(op, left, right, arithmetic, site)
  }
  func fails(_ property: BuiltinProperty, isFatal: Bool = true, subject: Place? = nil) -> Failure {
    Failure(property, site, "is wrong", subject: subject, isFatal: isFatal)
  }
}

/// A generator whose numbers depend on nothing but the seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
