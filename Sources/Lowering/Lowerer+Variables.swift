import Diagnostics
import SpecSemantics
import TransitionIR

/// Types, pools and variables: from the source's aggregates to scalar variables.
extension Lowerer {
  func declareNames() {
    for type in program.enums { system.names.append(ValueNames(name: type.name, members: type.members)) }
    for type in program.flagTypes { system.names.append(ValueNames(name: type.name, members: type.members)) }
    for (index, structure) in program.structs.enumerated() {
      system.pools.append(
        Pool(
          name: structure.name, capacity: max(1, capacity(of: index)),
          isProcessPool: structure.storage == .perProcess))
    }
    system.processPool = PoolID(program.processStruct)
  }

  func capacity(of structure: Int) -> Int {
    switch program.structs[structure].storage {
    case .value: 1
    case .pool(let count): count
    case .perProcess: program.processCount
    }
  }

  /// Kinds with their control variables; locations follow when their code is lowered.
  func declareKinds() {
    for (index, kind) in program.kinds.enumerated() {
      let control = VariableID(system.variables.count)
      system.variables.append(
        Variable(
          name: "\(kind.name).pc", domain: .location(KindID(index), count: 0),
          dimensions: [.process(KindID(index), count: kind.count)], role: .control(KindID(index)), initial: 0,
          slot: slots.take(kind.count)))
      system.kinds.append(
        ProcessKind(
          name: kind.name, count: kind.count, firstProcess: kind.firstProcess, isSymmetric: kind.isSymmetric,
          isDaemon: kind.isDaemon, isEnvironment: kind.isEnvironment, control: control, firstLocation: 0,
          locationCount: 0))
    }
  }

  func declareVariables() {
    for (index, global) in program.globals.enumerated() {
      declare(
        path: "g\(index)", name: global.name, type: global.type, dimensions: [], role: .global,
        initial: global.initial,
        isShared: usage.writtenGlobals.contains(index))
    }
    for (index, structure) in program.structs.enumerated() where structure.storage != .value {
      let pool = PoolID(index)
      let dimension = Dimension.pool(pool, capacity: max(1, capacity(of: index)))
      if structure.storage != .perProcess {
        system.pools[index].live = declare(
          path: "live\(index)", name: "\(structure.name).live", domain: .bool, dimensions: [dimension],
          role: .live(pool),
          initial: 0, isShared: true)
      }
      for (number, field) in structure.fields.enumerated() {
        let isWritten = usage.writtenFields.contains(.init(structure: index, field: number))
        let isOwn = index == program.processStruct && !usage.foreignFields.contains(number)
        declare(
          path: "s\(index).\(field.name)", name: "\(structure.name).\(field.name)", type: field.type,
          dimensions: [dimension], role: .field(pool), initial: field.initial, isShared: isWritten && !isOwn)
      }
    }
  }

  /// Declares the scalar variables of a global or field.
  private func declare(
    path: String, name: String, type: Type, dimensions: [Dimension], role: Variable.Role, initial: Int?,
    isShared: Bool
  ) {
    switch type {
    case .structure(let index):
      for field in program.structs[index].fields {
        declare(
          path: "\(path).\(field.name)", name: "\(name).\(field.name)", type: field.type,
          dimensions: dimensions,
          role: role, initial: field.initial, isShared: isShared)
      }
    case .array(let element, let index):
      declare(
        path: path, name: name, type: element,
        dimensions: dimensions + [.array(count: index.count, lower: index.lower)],
        role: role, initial: initial, isShared: isShared)
    case .mutex, .spinlock, .rwsem:
      declareLock(path: path, name: name, type: type, dimensions: dimensions, role: role, isShared: isShared)
    default:
      let domain = self.domain(of: type)
      declare(
        path: path, name: name, domain: domain, dimensions: dimensions, role: role,
        initial: initial ?? domain.defaultValue, isShared: isShared)
    }
  }

  @discardableResult
  private func declare(
    path: String, name: String, domain: Domain, dimensions: [Dimension], role: Variable.Role, initial: Int,
    isShared: Bool, lockPart: Variable.LockPart? = nil
  ) -> VariableID {
    let id = VariableID(system.variables.count)
    let size = dimensions.reduce(1) { $0 * $1.count }
    system.variables.append(
      Variable(
        name: name, domain: domain, dimensions: dimensions, role: role, initial: initial, lockPart: lockPart,
        slot: slots.take(size)))
    variableIDs[path] = id
    if isShared { sharedVariables.insert(id) }
    switch role {
    case .field(let pool), .live(let pool): system.pools[pool.index].fields.append(id)
    default: break
    }
    return id
  }

  private func declareLock(
    path: String, name: String, type: Type, dimensions: [Dimension], role: Variable.Role, isShared: Bool
  ) {
    let lock = LockClassID(system.lockClasses.count)
    let processes = Domain.pointer(system.processPool, capacity: max(1, program.processCount))
    let isRwsem = type == .rwsem
    let owner = declare(
      path: path + ".owner", name: isRwsem ? name + ".writer" : name, domain: processes,
      dimensions: dimensions, role: role, initial: 0,
      isShared: isShared, lockPart: .owner(lock))
    var readers: VariableID?
    if isRwsem {
      readers = declare(
        path: path + ".readers", name: name + ".readers", domain: .set(processes), dimensions: dimensions,
        role: role,
        initial: 0, isShared: isShared, lockPart: .readers(lock))
    }
    let kind: LockClass.Kind = isRwsem ? .rwsem : type == .mutex ? .mutex : .spinlock
    system.lockClasses.append(LockClass(name: name, kind: kind, owner: owner, readers: readers))
    lockIDs[path] = lock
  }

  /// The values of a scalar type.
  func domain(of type: Type) -> Domain {
    switch type {
    case .bool: .bool
    case .range(let low, let high): .range(low, high)
    // A temporary for arithmetic: gone when its step ends.
    case .integer: .range(-(1 << 31), (1 << 31) - 1)
    case .null, .emptySet, .void, .error, .structure, .array, .mutex, .spinlock, .rwsem: .range(0, 0)
    case .word(let bits): .wrapping(bits)
    case .enumeration(let index): .enumeration(NamesID(index), count: program.enums[index].members.count)
    case .flags(let index):
      .flags(NamesID(program.enums.count + index), count: program.flagTypes[index].members.count)
    case .pointer(let index): .pointer(PoolID(index), capacity: max(1, capacity(of: index)))
    case .set(let element): .set(domain(of: element))
    case .refcount: .range(0, refcountLimit)
    }
  }

  // MARK: Locals

  /// Declares a local of the code that is being lowered; it is in scope until `leaveScope`.
  func declareLocal(_ name: String, _ type: Type, isHidden: Bool = false) -> PlaceRef {
    let path = "l\(localCount)"
    localCount += 1
    let prefix = frames.last.map { "\($0.name)." } ?? ""
    declareLocalParts(
      path: path, name: prefix + name, type: type, dimensions: localDimensions, isHidden: isHidden)
    return PlaceRef(path: path, indices: localIndices, type: type, lock: nil)
  }

  private var localDimensions: [Dimension] {
    guard let kind else { return [] }
    return [.process(kind, count: system.kinds[kind.index].count)]
  }

  private var localIndices: [Index] { kind == nil ? [] : [.current] }

  private func declareLocalParts(
    path: String, name: String, type: Type, dimensions: [Dimension], isHidden: Bool
  ) {
    switch type {
    case .structure(let index):
      for field in program.structs[index].fields {
        declareLocalParts(
          path: "\(path).\(field.name)", name: "\(name).\(field.name)", type: field.type,
          dimensions: dimensions,
          isHidden: isHidden)
      }
    case .array(let element, let index):
      declareLocalParts(
        path: path, name: name, type: element,
        dimensions: dimensions + [.array(count: index.count, lower: index.lower)], isHidden: isHidden)
    default:
      let domain = self.domain(of: type)
      let id = VariableID(system.variables.count)
      let size = dimensions.reduce(1) { $0 * $1.count }
      let slot: Int
      if let kind, dimensions.count == 1 {
        slot = slots.takeLocal(kind, domain, processCount: size)
      } else {
        slot = slots.take(size)
      }
      let role: Variable.Role =
        isHidden || kind == nil ? .hidden(kind ?? KindID(0)) : .local(kind ?? KindID(0))
      system.variables.append(
        Variable(name: name, domain: domain, dimensions: dimensions, role: role, initial: 0, slot: slot))
      variableIDs[path] = id
      scopes[scopes.count - 1].append(id)
    }
  }

  func enterScope() { scopes.append([]) }

  func leaveScope() {
    guard let kind, let gone = scopes.popLast() else { return }
    for id in gone {
      let variable = system.variables[id.index]
      if variable.dimensions.count == 1 { slots.release(variable.slot, kind, variable.domain) }
    }
  }

  var localsInScope: [VariableID] { scopes.flatMap { $0 } }
}
