/// Locks, objects of pools, and reference counts.
extension SpecGenerator {
  private func verbs(_ sort: SpecLock.Sort) -> (lock: String, unlock: String, tryLock: String) {
    switch sort {
    case .mutex: ("mutex_lock", "mutex_unlock", "mutex_trylock")
    case .spinlock: ("spin_lock", "spin_unlock", "spin_trylock")
    case .rwsem: ("down_write", "up_write", "down_write_trylock")
    }
  }

  mutating func lockSection(_ scope: SpecScope) {
    guard scope.place == .code, let lock = lock(scope), !scope.held.contains(lock.text) || dares() else {
      return assignment(scope)
    }
    let (take, drop, _) = verbs(lock.sort)
    let isReading = lock.sort == .rwsem && random.chance(50)
    let nested = random.chance(5) ? "_nested(&\(lock.text), \(random.below(2)))" : "(&\(lock.text))"
    line("\(isReading ? "down_read" : take)\(nested);")
    var inner = scope
    inner.held.append(lock.text)
    // Leaving a loop with the lock held would be a mistake.
    if !dares() { inner.loopDepth = 0 }
    if random.chance(theme == .locks ? 40 : 10), budget > 0 {
      budget -= 2
      lockSection(inner)
    } else {
      statements(inner, random.between(1, 3))
    }
    if dares(), random.chance(30) { return }
    if lock.sort == .rwsem, !isReading, random.chance(30) {
      line("downgrade_write(&\(lock.text));")
      assignment(inner)
      return line("up_read(&\(lock.text));")
    }
    line("\(isReading ? "up_read" : drop)(&\(lock.text));")
    if dares(), random.chance(15) { line("\(isReading ? "up_read" : drop)(&\(lock.text));") }
  }

  mutating func tryLock(_ scope: SpecScope) {
    guard scope.place == .code, scope.allowsEffects, let lock = lock(scope) else { return assignment(scope) }
    let (_, drop, attempt) = verbs(lock.sort)
    let isReading = lock.sort == .rwsem && random.chance(50)
    line("if (\(isReading ? "down_read_trylock" : attempt)(&\(lock.text))) {")
    depth += 1
    var inner = scope
    inner.held.append(lock.text)
    if !dares() { inner.loopDepth = 0 }
    statements(inner, random.between(1, 2))
    line("\(isReading ? "up_read" : drop)(&\(lock.text));")
    depth -= 1
    line("}")
  }

  /// A section under the lock of an object that a local points to.
  mutating func objectLock(_ scope: SpecScope) {
    guard scope.place == .code, let pool = random.pickIfAny(pools.filter { $0.lock != nil }),
      let pointer = pointer(pool.number, scope)
    else { return objectUse(scope) }
    let sort =
      text.contains("struct obj\(pool.number) pool \(pool.capacity) {\n    mutex lock;") ? "mutex" : "spin"
    let name = freshName("o")
    line("struct obj\(pool.number) *\(name) = \(pointer);")
    line("if (live(\(name))) {")
    depth += 1
    line("\(sort)_lock(&\(name)->lock);")
    var inner = scope.with(SpecVariable(name: name, type: .pointer(pool.number), isAssignable: false))
    inner.held.append(name)
    if !dares() { inner.loopDepth = 0 }
    if let field = random.pickIfAny(pool.fields), random.chance(70) {
      line("\(name)->\(field.name) = \(fitting(field.type, inner, 1));")
    }
    statements(inner, random.between(1, 2))
    line("\(sort)_unlock(&\(name)->lock);")
    depth -= 1
    line("}")
  }

  mutating func allocation(_ scope: inout SpecScope) {
    guard let pool = random.pickIfAny(pools) else { return assignment(scope) }
    let type = SpecType.pointer(pool.number)
    let verb = dares() || scope.place == .initial ? "alloc_nofail" : "alloc"
    let allocation = "\(verb)(struct obj\(pool.number))"
    if random.chance(60), scope.place == .code {
      let name = freshName("o")
      line("struct obj\(pool.number) *\(name) = \(allocation);")
      let variable = SpecVariable(name: name, type: type)
      if let field = random.pickIfAny(pool.fields), random.chance(50) {
        line("if (\(name)) \(name)->\(field.name) = \(fitting(field.type, scope, 1));")
      }
      scope.locals.append(variable)
      guard let place = target(type, scope), place != name, random.chance(80) else {
        return line("free(\(name));")
      }
      line(
        random.chance(50)
          ? "\(place) = \(name);" : "atomic { if (\(place) == null) \(place) = \(name); else free(\(name)); }"
      )
    } else if let place = target(type, scope) {
      line(dares() ? "\(place) = \(allocation);" : "if (!\(place)) \(place) = \(allocation);")
    } else {
      assignment(scope)
    }
  }

  mutating func freeing(_ scope: SpecScope) {
    guard let pool = random.pickIfAny(pools), let pointer = target(.pointer(pool.number), scope) else {
      return assignment(scope)
    }
    if dares() { return line("free(\(pointer));\(random.chance(20) ? " free(\(pointer));" : "")") }
    let taken = freshName("o")
    line("atomic {")
    depth += 1
    line("struct obj\(pool.number) *\(taken) = \(pointer);")
    line("\(pointer) = null;")
    line(random.chance(80) ? "if (live(\(taken))) free(\(taken));" : "free(\(taken));")
    depth -= 1
    line("}")
  }

  /// Follows a pointer, and writes what is there.
  mutating func objectUse(_ scope: SpecScope) {
    guard let pool = random.pickIfAny(pools), let field = random.pickIfAny(pool.fields),
      let pointer = pointer(pool.number, scope)
    else { return assignment(scope) }
    let write = "\(pointer)->\(field.name) = \(fitting(field.type, scope.pure, 1));"
    if dares() { return line(write) }
    let test = random.chance(80) ? "live(\(pointer))" : pointer
    line(scope.isAtomic || random.chance(25) ? "if (\(test)) \(write)" : "atomic { if (\(test)) \(write) }")
  }

  mutating func counting(_ scope: SpecScope) {
    let owners = pools.filter(\.hasCount)
    if let pool = random.pickIfAny(owners), random.chance(70), let pointer = pointer(pool.number, scope) {
      let count = "\(pointer)->count"
      switch random.below(4) {
      case 0:
        line("atomic { if (live(\(pointer)) && refcount_read(&\(count)) > 0) refcount_inc(&\(count)); }")
      case 1:
        line(
          "atomic { if (live(\(pointer)) && refcount_read(&\(count)) > 0 && refcount_dec_and_test(&\(count))) free(\(pointer)); }"
        )
      case 2: line("if (\(pointer)) refcount_set(&\(count), \(random.between(1, 2)));")
      default: line("atomic { if (live(\(pointer)) && refcount_inc_not_zero(&\(count))) \(ticker) = true; }")
      }
      return
    }
    guard let count = random.pickIfAny(counts) else { return assignment(scope) }
    switch random.below(6) {
    case 0: line("if (refcount_inc_not_zero(&\(count))) \(ticker) = !\(ticker);")
    case 1: line("refcount_set(&\(count), \(random.between(0, 2)));")
    case 2: line("atomic { if (refcount_read(&\(count)) > 0) refcount_dec(&\(count)); }")
    case 3:
      line(
        dares() || random.chance(20)
          ? "if (refcount_dec_and_test(&\(count))) \(ticker) = true;" : "\(ticker) = !\(ticker);")
    case 4:
      line(
        dares() || random.chance(20)
          ? "refcount_\(random.pick(["dec", "inc"]))(&\(count));" : "\(ticker) = !\(ticker);")
    default: line("atomic { if (refcount_read(&\(count)) in 1..2) refcount_inc(&\(count)); }")
    }
  }
}
