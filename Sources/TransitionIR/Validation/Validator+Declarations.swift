/// Pools, kinds, lock classes, control points, and everything that is only counted.
extension Validator {
  /// Establishes: pool and live variables, fields and capacities agree.
  func checkPools() {
    let processPool = pool(system.processPool)
    require(
      processPool?.isProcessPool == true, "the process pool", "pool \(system.processPool.index) is not one")
    for (index, pool) in system.pools.enumerated() {
      let id = PoolID(index)
      let place = "pool \(names.pool(id))"
      require(
        (0...IRTextLimits.count).contains(pool.capacity), place, "capacity \(pool.capacity) is out of range")
      if pool.isProcessPool {
        require(id == system.processPool, place, "a second pool of processes")
        require(pool.live == nil, place, "processes exist always, so there is no live variable")
        require(
          pool.capacity == processCount, place, "\(pool.capacity) objects for \(processCount) processes")
      } else {
        checkLive(of: pool, id, place)
      }
      for field in pool.fields {
        switch variable(field)?.role {
        case .field(id), .live(id): break
        default: report(place, "variable \(names.variable(field)) is listed as a field but is none")
        }
      }
      require(Set(pool.fields).count == pool.fields.count, place, "a field is listed twice")
    }
  }

  private var processCount: Int {
    system.kinds.reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
  }

  private func checkLive(of pool: Pool, _ id: PoolID, _ place: String) {
    guard let live = pool.live, let variable = variable(live) else {
      // The entry of a struct that has no pool: nothing can name it.
      if pool.fields.isEmpty { return }
      return report(place, "it has no live variable")
    }
    let isLive =
      variable.role == .live(id) && variable.domain == .bool && variable.initial == 0
      && variable.dimensions == [.pool(id, capacity: pool.capacity)]
    require(isLive, place, "\(names.variable(live)) is not a bool for each object that starts as false")
    require(pool.fields.contains(live), place, "the live variable is not among the fields")
  }

  /// Establishes: processes and control points are numbered in one run, kind after kind.
  func checkKinds() {
    var nextProcess = 0
    for (index, kind) in system.kinds.enumerated() {
      let id = KindID(index)
      let place = "kind \(names.kind(id))"
      guard (0...IRTextLimits.count).contains(kind.count),
        (0...IRTextLimits.count).contains(kind.locationCount)
      else {
        report(place, "the number of processes or control points is out of range")
        continue
      }
      require(kind.firstProcess == nextProcess, place, "its first process is not number \(nextProcess)")
      nextProcess += kind.count
      let control = variable(kind.control)
      let isControl =
        control?.role == .control(id) && control?.dimensions == [.process(id, count: kind.count)]
        && control?.domain == .location(id, count: kind.locationCount)
      require(isControl, place, "\(names.variable(kind.control)) does not hold its control points")
      let first = kind.firstLocation
      guard first >= 0, first <= system.locations.count, kind.locationCount <= system.locations.count - first
      else {
        report(place, "its control points are out of range")
        continue
      }
      for location in first..<first + kind.locationCount where system.locations[location].kind != id {
        report(place, "control point #\(location) belongs to another kind")
      }
    }
    require(
      system.startBodies.count == system.kinds.count, "the system",
      "\(system.startBodies.count) start bodies for \(system.kinds.count) kinds")
  }

  /// Establishes: lock classes and the variables that are part of locks name each other.
  func checkLocks() {
    for (index, lock) in system.lockClasses.enumerated() {
      let id = LockClassID(index)
      let place = "lock class \(names.lockClass(id))"
      let owner = variable(lock.owner)
      let isOwner = owner?.lockPart == .owner(id) && isProcess(owner?.domain)
      require(isOwner, place, "\(names.variable(lock.owner)) does not hold its owner")
      guard let readers = lock.readers else {
        require(lock.kind != .rwsem, place, "an rwsem needs readers")
        continue
      }
      require(lock.kind == .rwsem, place, "only an rwsem has readers")
      var holdsReaders = false
      if let variable = variable(readers), case .set(let element) = variable.domain {
        let hasShape = variable.dimensions == owner?.dimensions
        holdsReaders = variable.lockPart == .readers(id) && isProcess(element) && hasShape
      }
      require(holdsReaders, place, "\(names.variable(readers)) does not hold its readers")
    }
    for (index, variable) in system.variables.enumerated() {
      let id = VariableID(index)
      let isKnown =
        switch variable.lockPart {
        case .owner(let lock): lockClass(lock)?.owner == id
        case .readers(let lock): lockClass(lock)?.readers == id
        case nil: true
        }
      require(isKnown, "variable \(names.variable(id))", "its lock class does not know it")
    }
  }

  private func isProcess(_ domain: Domain?) -> Bool {
    if case .pointer(system.processPool, _)? = domain { return true }
    return false
  }

  /// Establishes: every control point belongs to the kind that it names, and has one step.
  func checkLocations() {
    require(
      system.steps.count == system.locations.count, "the system",
      "\(system.steps.count) steps for \(system.locations.count) control points")
    for (index, step) in system.steps.enumerated() where step.location.index != index {
      report("step \(index)", "it belongs to control point \(names.location(step.location))")
    }
    for (index, location) in system.locations.enumerated() {
      let place = "control point \(names.location(LocationID(index)))"
      check(site: location.site, place)
      guard let kind = kind(location.kind) else {
        report(place, "there is no kind \(location.kind.index)")
        continue
      }
      let isInside = index >= kind.firstLocation && index - kind.firstLocation < kind.locationCount
      require(isInside, place, "it is not among the control points of kind \(names.kind(location.kind))")
      for local in location.locals {
        switch variable(local)?.role {
        case .local(location.kind), .hidden(location.kind): break
        default: report(place, "\(names.variable(local)) is not a local of its kind")
        }
      }
    }
  }

  /// Establishes: what sites and cover points refer to exists.
  func checkSites() {
    for (index, site) in system.sites.enumerated() {
      require(system.files.indices.contains(site.file), "site \(index)", "there is no file \(site.file)")
    }
    for (index, point) in system.coverPoints.enumerated() { check(site: point.site, "cover point \(index)") }
    require(
      Set(system.builtins).count == system.builtins.count, "the system", "a built-in property is listed twice"
    )
    require(
      (0...IRTextLimits.count).contains(system.boundCount), "the system",
      "\(system.boundCount) bound variables are out of range")
  }
}
