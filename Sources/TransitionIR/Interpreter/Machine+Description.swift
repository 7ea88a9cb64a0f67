/// How violations name things.
extension Machine {
  func failure(
    _ property: BuiltinProperty, _ site: SiteID, _ message: String, subject: String? = nil
  ) -> EvaluationFailure {
    EvaluationFailure(
      violation: Violation(property: property, site: site, message: message, subject: subject, isFatal: true))
  }

  func poolName(_ pool: PoolID) -> String { program.system.pools[pool.index].name }

  /// The name of a variable as the spec spells it; of a part of a lock, the lock's.
  func variableName(_ id: VariableID) -> String {
    let variable = program.system.variables[id.index]
    switch variable.lockPart {
    case .owner(let lock)?, .readers(let lock)?: return program.system.lockClasses[lock.index].name
    case nil: return variable.name
    }
  }

  /// The name of a place in the present state: `mm_struct#1.mmap_lock`.
  func describe(_ place: Place) -> String {
    var copy = self
    guard let slot = try? copy.slot(of: place) else { return variableName(place.variable) }
    return interpreter.describe(slot: slot, of: place.variable, in: state)
  }

  /// The name of a slot that holds part of a lock.
  func describe(slot: Int) -> String {
    guard let entry = program.layout.lockSlots.first(where: { $0.slot == slot }) else {
      return "slot \(slot)"
    }
    return interpreter.describe(slot: slot, of: interpreter.variable(ofLockSlot: entry), in: state)
  }

  /// The locks that the running process holds, or nil if it holds none.
  func describeHeldLocks() -> String? {
    let names = heldLocks().map { describe(slot: $0.slot) }
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }
}

extension Interpreter {
  func variable(ofLockSlot entry: SlotLayout.LockSlot) -> VariableID {
    let lock = system.lockClasses[entry.lock.index]
    return entry.isOwner ? lock.owner : lock.readers ?? lock.owner
  }

  /// Names one slot of a variable: the object or process it belongs to, and its array indices.
  ///
  /// Objects are called by the shortest path of global variables and fields that leads to them, if there is one:
  /// `testregion->mm.mmap_lock`; else by pool and number: `mm_struct#1.mmap_lock`.
  public func describe(slot: Int, of id: VariableID, in state: [Int]) -> String {
    let variable = system.variables[id.index]
    var rest = slot - variable.slot
    var size = variable.slotCount
    var owner: String?
    var indices = ""
    for dimension in variable.dimensions {
      size /= max(1, dimension.count)
      let number = rest / max(1, size)
      rest %= max(1, size)
      switch dimension {
      case .array(_, let lower): indices += "[\(number + lower)]"
      case .process(let kind, _): owner = system.processName(system.kinds[kind.index].firstProcess + number)
      case .pool(let pool, _): owner = objectName(number + 1, pool, in: state)
      }
    }
    let last = variable.lockPart == nil ? variable.name : lockName(of: variable)
    guard let owner else { return last + indices }
    let field = last.split(separator: ".", maxSplits: 1).last.map(String.init) ?? last
    return "\(owner).\(field)\(indices)"
  }

  private func lockName(of variable: Variable) -> String {
    switch variable.lockPart {
    case .owner(let lock), .readers(let lock): system.lockClasses[lock.index].name
    case nil: variable.name
    }
  }

  /// The name of an object, by pointer value.
  public func objectName(_ pointer: Int, _ pool: PoolID, in state: [Int]) -> String {
    if system.pools[pool.index].isProcessPool { return system.processName(pointer - 1) }
    return pathName(of: pointer, pool, in: state, depth: 2)
      ?? "\(system.pools[pool.index].name)#\(pointer - 1)"
  }

  /// A path of at most `depth` pointers from a global variable or a process to the object.
  private func pathName(of pointer: Int, _ pool: PoolID, in state: [Int], depth: Int) -> String? {
    if depth == 0 { return nil }
    var candidates: [String] = []
    for variable in system.variables {
      guard case .pointer(let target, _) = variable.domain, target == pool else { continue }
      for offset in 0..<variable.slotCount where state[variable.slot + offset] == pointer {
        switch variable.role {
        case .global:
          candidates.append(variable.dimensions.isEmpty ? variable.name : "\(variable.name)[\(offset)]")
        case .field(let owner):
          guard case .pool(_, let capacity)? = variable.dimensions.first,
            let field = variable.name.split(separator: ".", maxSplits: 1).last
          else { continue }
          let object = offset / (variable.slotCount / capacity)
          if system.pools[owner.index].isProcessPool {
            candidates.append("\(system.processName(object))->\(field)")
          } else if let path = pathName(of: object + 1, owner, in: state, depth: depth - 1) {
            candidates.append("\(path)->\(field)")
          }
        default: continue
        }
      }
    }
    return candidates.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }

  /// What is lost in `state`: objects that no variable leads to, and, if every process has ended, all that are left.
  public func leaks(in state: [Int]) -> [Violation] {
    let isOver = hasEnded(state)
    return lostObjects(in: state).compactMap { pool, object in
      guard let site = allocationSite(of: pool) else { return nil }
      let name = objectName(object + 1, pool, in: state)
      let why =
        isOver ? "is still allocated when every process has ended" : "is allocated, but nothing leads to it"
      return Violation(
        property: .neverFreed, site: site, message: "\(name) \(why)", subject: name, isFatal: false)
    }
  }

  /// The pools of which an object is lost in `state`, in order; see `leaks`.
  public func lostPools(in state: [Int]) -> [PoolID] { lostObjects(in: state).map(\.pool) }

  /// The first statement that allocates from a pool: where the loss of its objects is reported.
  public func allocationSite(of pool: PoolID) -> SiteID? { layout.allocationSite[pool.index] }

  private func hasEnded(_ state: [Int]) -> Bool {
    (0..<layout.controlSlot.count).allSatisfy { location(of: $0, in: state) == nil }
  }

  /// The first lost object of each pool that has one.
  private func lostObjects(in state: [Int]) -> [(pool: PoolID, object: Int)] {
    let reached =
      hasEnded(state) ? [Int](repeating: 0, count: layout.capacity.count) : reachableObjects(in: state)
    return layout.capacity.indices.compactMap { pool in
      let first = layout.liveBase[pool]
      if first < 0 { return nil }
      let lost = (0..<layout.capacity[pool]).first {
        state[first + $0] != 0 && (reached[pool] >> $0) & 1 == 0
      }
      return lost.map { (PoolID(pool), $0) }
    }
  }

  /// For each pool, the bit mask of the objects that globals, processes and their locals lead to.
  private func reachableObjects(in state: [Int]) -> [Int] {
    var reached = [Int](repeating: 0, count: layout.capacity.count)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (pool, entries) in program.layout.pointerSlots.enumerated() where program.layout.liveBase[pool] >= 0
      {
        let objects = (1 << program.layout.capacity[pool]) - 1
        var mask = reached[pool]
        for entry in entries {
          let value = state[entry.slot]
          if value == 0 { continue }
          if let owner = entry.owner, (reached[owner.pool] >> owner.object) & 1 == 0 { continue }
          mask |= (entry.isSet ? value : 1 << (value - 1)) & objects
        }
        if mask != reached[pool] {
          reached[pool] = mask
          hasChanged = true
        }
      }
    }
    return reached
  }
}
