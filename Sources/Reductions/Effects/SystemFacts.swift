import TransitionIR

/// What holds for a whole system and is looked up often.
struct SystemFacts {
  let system: TransitionSystem
  /// See `Knowledge`.
  let cells: Set<VariableID>
  /// For each variable, the other variables that share a slot with it.
  let aliases: [[VariableID]]
  /// Lock classes whose variables something else than taking and releasing changes; nothing is assumed of them.
  var wild: Set<LockClassID> = []
  /// Pools into which a pointer might lead to an object that does not exist.
  let untrusted: Set<PoolID>
  /// Locals that other processes can read.
  let exposed: Set<VariableID>

  init(_ system: TransitionSystem) {
    self.system = system
    var survey = Survey(system)
    for variable in system.variables where variable.initial != 0 {
      if let pool = survey.heapPool(of: variable.domain) { survey.untrusted.insert(pool) }
      switch variable.lockPart {
      case .owner(let lock), .readers(let lock): survey.wild.insert(lock)
      case nil: break
      }
    }
    survey.visitInitial(system.initialBody)
    for (index, body) in system.startBodies.enumerated() { survey.visit(body, of: KindID(index)) }
    for step in system.steps { survey.visit(step.body, of: system.locations[step.location.index].kind) }
    untrusted = survey.untrusted
    exposed = survey.exposed
    wild = survey.wild
    cells = Set(
      system.variables.indices.map { VariableID($0) }.filter { id in
        Self.isCell(system.variables[id.index], system) && !survey.exposed.contains(id)
      })
    aliases = Self.aliases(system)
  }

  /// A scalar of one process.
  private static func isCell(_ variable: Variable, _ system: TransitionSystem) -> Bool {
    guard variable.lockPart == nil, variable.dimensions.count == 1 else { return false }
    switch variable.role {
    case .local, .hidden:
      guard case .process = variable.dimensions[0] else { return false }
      return true
    case .field(let pool): return system.pools[pool.index].isProcessPool
    case .global, .control, .live: return false
    }
  }

  private static func aliases(_ system: TransitionSystem) -> [[VariableID]] {
    var owners = [[VariableID]](repeating: [], count: system.slotCount)
    for (index, variable) in system.variables.enumerated() {
      for slot in variable.slot..<variable.slot + variable.slotCount where slot < system.slotCount {
        owners[slot].append(VariableID(index))
      }
    }
    return system.variables.enumerated().map { index, variable in
      var result: Set<VariableID> = []
      for slot in variable.slot..<variable.slot + variable.slotCount where slot < system.slotCount {
        result.formUnion(owners[slot])
      }
      result.remove(VariableID(index))
      return result.sorted { $0.index < $1.index }
    }
  }

  func heapPool(of domain: Domain) -> PoolID? { Survey(system).heapPool(of: domain) }

  /// The class of which a variable is the owner or the readers, unless it is wild.
  func lock(of variable: VariableID) -> (lock: LockClassID, isOwner: Bool)? {
    switch system.variables[variable.index].lockPart {
    case .owner(let lock) where !wild.contains(lock): (lock, true)
    case .readers(let lock) where !wild.contains(lock): (lock, false)
    default: nil
    }
  }
}

/// One walk over a system: where pointers come from, and who reads whose locals.
struct Survey {
  let system: TransitionSystem
  var untrusted: Set<PoolID> = []
  /// Locals and fields of processes that are not only reached by their own process.
  var exposed: Set<VariableID> = []
  var wild: Set<LockClassID> = []
  private var isInitial = false

  init(_ system: TransitionSystem) { self.system = system }

  func heapPool(of domain: Domain) -> PoolID? {
    switch domain {
    case .pointer(let pool, _), .set(.pointer(let pool, _)):
      system.pools[pool.index].isProcessPool ? nil : pool
    default: nil
    }
  }

  /// What the initial statement does to locks is not followed: a lock that it touches is wild.
  mutating func visitInitial(_ body: [Statement]) {
    isInitial = true
    visit(body, of: nil)
    isInitial = false
  }

  mutating func visit(_ body: [Statement], of kind: KindID?) {
    for statement in body {
      switch statement {
      case .assign(let place, let value):
        write(place)
        if let pool = heapPool(of: system.variables[place.variable.index].domain), !isGrounded(value, pool) {
          untrusted.insert(pool)
        }
      case .pick(let place, _, let iteration, _):
        write(place)
        if let pool = heapPool(of: system.variables[place.variable.index].domain) {
          switch iteration {
          case .values(.pointer(pool, _)), .members(_, of: .pointer(pool, _)): break
          default: untrusted.insert(pool)
          }
        }
      case .allocate(let place, _): write(place)
      case .branch(_, let then, let otherwise):
        visit(then, of: kind)
        visit(otherwise, of: kind)
      case .fork(let branches): for branch in branches { visit(branch, of: kind) }
      default: break
      }
    }
  }

  private mutating func write(_ place: Place) {
    if isInitial {
      switch system.variables[place.variable.index].lockPart {
      case .owner(let lock), .readers(let lock): wild.insert(lock)
      case nil: break
      }
      return
    }
    switch place.indices.first {
    case .current, .object(.current), .process(.current), nil: break
    default: exposed.insert(place.variable)
    }
  }

  /// A pointer, or a set of pointers, that can only lead to live objects.
  private func isGrounded(_ value: Expression, _ pool: PoolID) -> Bool {
    switch value {
    case .constant(0): true
    case .read(let place): heapPool(of: system.variables[place.variable.index].domain) == pool
    case .select(.live(.constant(let pointer), pool), .constant(let bit), let otherwise):
      (bit == pointer || (1..<63).contains(pointer) && bit == 1 << (pointer - 1))
        && isGrounded(otherwise, pool)
    case .select(_, let then, let otherwise): isGrounded(then, pool) && isGrounded(otherwise, pool)
    case .singleton(let pointer, _): isGrounded(pointer, pool)
    case .binary(.bitOr, let left, let right, _, _), .binary(.bitXor, let left, let right, _, _):
      isGrounded(left, pool) && isGrounded(right, pool)
    case .binary(.bitAnd, let left, let right, _, _): isGrounded(left, pool) || isGrounded(right, pool)
    case .binary(.without, let left, _, _, _): isGrounded(left, pool)
    case .labelled(_, let operand): isGrounded(operand, pool)
    default: false
    }
  }
}
