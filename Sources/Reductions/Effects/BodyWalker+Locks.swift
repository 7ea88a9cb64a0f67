import TransitionIR

/// Taking and releasing, as Lowering writes them, and what tests of locks tell.
extension BodyWalker {
  /// An assignment to a lock that is not wild: it takes or releases the lock, or makes it wild.
  mutating func changeLock(
    _ place: Place, _ lock: LockClassID, _ isOwner: Bool, _ value: Expression, _ knowledge: inout Knowledge
  ) {
    follow(place)
    guard let indices = indices(place, knowledge), kind != nil else {
      return breakLock(lock, place, knowledge)
    }
    let description = system.lockClasses[lock.index]
    let owner = Knowledge.Slots(variable: description.owner, indices: indices)
    let readers = description.readers.map { Knowledge.Slots(variable: $0, indices: indices) }
    let isIdle = knowledge.idle.contains(owner)
    let known = knowledge.lock(lock, indices)
    let isOther = knowledge.notMine.contains(owner)
    // Positions in the sets above that may be the same lock under another name are no longer sure.
    func changed() {
      knowledge.idle = knowledge.idle.filter {
        $0.variable != description.owner && $0.variable != description.readers
      }
      knowledge.notMine = knowledge.notMine.filter { $0.variable != description.owner }
    }
    switch value {
    case .current where isOwner && isIdle && (readers.map(knowledge.idle.contains) ?? true):
      record(place, .acquire, knowledge)
      changed()
      knowledge.hold(lock, indices, .exclusive, isNew: true, isOther: isOther)
    case .constant(0) where isOwner && known?.mode == .exclusive:
      record(place, .release, knowledge)
      changed()
      if let known { knowledge.release(known) }
      knowledge.idle.insert(owner)
      if let readers { knowledge.idle.insert(readers) }
    case .binary(.bitOr, .read(let source), .singleton(.current, _), _, _)
    where !isOwner && isIdle && isSame(source, place, knowledge):
      record(place, .acquire, knowledge)
      changed()
      knowledge.hold(lock, indices, .shared, isNew: true, isOther: isOther)
    case .binary(.without, .read(let source), .singleton(.current, _), _, _)
    where !isOwner && known?.mode == .shared && isSame(source, place, knowledge):
      record(place, .release, knowledge)
      changed()
      if let known { knowledge.release(known) }
    default:
      visit(value, knowledge)
      breakLock(lock, place, knowledge)
    }
  }

  private mutating func breakLock(_ lock: LockClassID, _ place: Place, _ knowledge: Knowledge) {
    wild.insert(lock)
    record(place, .write, knowledge)
  }

  private func isSame(_ a: Place, _ b: Place, _ knowledge: Knowledge) -> Bool {
    guard a.variable == b.variable, let left = indices(a, knowledge) else { return false }
    return left == indices(b, knowledge)
  }

  /// The lock of which `place` is the owner or the readers, as a known lock would be named.
  func lock(_ place: Place, _ knowledge: Knowledge) -> (lock: LockClassID, isOwner: Bool, indices: [Term])? {
    guard kind != nil, let lock = facts.lock(of: place.variable), let indices = indices(place, knowledge)
    else { return nil }
    return (lock.lock, lock.isOwner, indices)
  }

  // MARK: Tests

  private enum Test {
    /// The running process is the owner, or one of the readers.
    case isMine(Place)
    /// The slot is zero.
    case isZero(Place)
  }

  private func test(_ expression: Expression) -> Test? {
    switch expression {
    case .binary(.equal, .read(let place), .current, _, _)
    where facts.lock(of: place.variable)?.isOwner == true:
      .isMine(place)
    case .member(.current, .read(let place), _) where facts.lock(of: place.variable)?.isOwner == false:
      .isMine(place)
    case .binary(.equal, .read(let place), .constant(0), _, _) where facts.lock(of: place.variable) != nil:
      .isZero(place)
    default: nil
    }
  }

  /// The place, if the expression asks whether the running process holds a lock.
  func ownTest(_ expression: Expression) -> Place? {
    if kind != nil, case .isMine(let place) = test(expression) { return place }
    return nil
  }

  /// The place, if the expression asks whether nobody holds a lock (in one mode).
  func freeTest(_ expression: Expression) -> Place? {
    if kind != nil, case .isZero(let place) = test(expression) { return place }
    return nil
  }

  // MARK: What is known

  /// The value of a condition, if it has one at all; nil if it is not known.
  func truth(_ expression: Expression, _ knowledge: Knowledge) -> Bool? {
    switch expression {
    case .constant(let value): return value != 0
    case .labelled(_, let operand): return truth(operand, knowledge)
    case .unary(.not, let operand, _): return truth(operand, knowledge).map { !$0 }
    case .binary(.and, let left, let right, _, _):
      let values = (truth(left, knowledge), truth(right, knowledge))
      if values.0 == false || values.1 == false { return false }
      return values == (true, true) ? true : nil
    case .binary(.or, let left, let right, _, _):
      let values = (truth(left, knowledge), truth(right, knowledge))
      if values.0 == true || values.1 == true { return true }
      if values == (false, false) { return false }
      return isHeldInSomeMode(left, right, knowledge) ? true : nil
    default: break
    }
    guard let test = test(expression) else { return nil }
    switch test {
    case .isMine(let place):
      guard let lock = lock(place, knowledge) else { return nil }
      if knowledge.idle.contains(.init(variable: place.variable, indices: lock.indices)) { return false }
      guard let held = knowledge.lock(lock.lock, lock.indices), held.mode != .either else { return nil }
      return (held.mode == .exclusive) == lock.isOwner
    case .isZero(let place):
      guard let lock = lock(place, knowledge) else { return nil }
      if knowledge.idle.contains(.init(variable: place.variable, indices: lock.indices)) { return true }
      guard let held = knowledge.lock(lock.lock, lock.indices), held.mode != .either else { return nil }
      return (held.mode == .exclusive) != lock.isOwner
    }
  }

  /// "Owner or one of the readers" of a lock that is held, whatever the mode.
  private func isHeldInSomeMode(_ left: Expression, _ right: Expression, _ knowledge: Knowledge) -> Bool {
    guard let a = ownTest(left).flatMap({ lock($0, knowledge) }),
      let b = ownTest(right).flatMap({ lock($0, knowledge) })
    else { return false }
    return a.lock == b.lock && a.indices == b.indices && a.isOwner != b.isOwner
      && knowledge.lock(a.lock, a.indices) != nil
  }

  /// What is known if the condition has this value.
  mutating func assume(_ expression: Expression, _ value: Bool, _ knowledge: Knowledge) -> Knowledge {
    var result = knowledge
    switch expression {
    case .labelled(_, let operand): return assume(operand, value, knowledge)
    case .unary(.not, let operand, _): return assume(operand, !value, knowledge)
    case .binary(.and, let left, let right, _, _) where value,
      .binary(.or, let left, let right, _, _) where !value:
      result = assume(right, value, assume(left, value, knowledge))
      if !value { learnNotMine(left, right, &result) }
      return result
    case .binary(.or, let left, let right, _, _), .binary(.and, let left, let right, _, _):
      let second = assume(right, value, knowledge)
      return Knowledge.join(assume(left, value, knowledge), second, freshCount: &freshCount)
    default: break
    }
    guard let test = test(expression) else { return result }
    switch (test, value) {
    case (.isMine(let place), true):
      guard let lock = lock(place, knowledge) else { return result }
      result.hold(lock.lock, lock.indices, lock.isOwner ? .exclusive : .shared, isNew: false)
    case (.isMine(let place), false):
      guard let lock = lock(place, knowledge), system.lockClasses[lock.lock.index].readers == nil else {
        break
      }
      result.notMine.insert(.init(variable: place.variable, indices: lock.indices))
    case (.isZero(let place), true):
      guard let lock = lock(place, knowledge) else { break }
      result.idle.insert(.init(variable: place.variable, indices: lock.indices))
    case (.isZero, false): break
    }
    return result
  }

  /// Neither the owner nor one of the readers.
  private func learnNotMine(_ left: Expression, _ right: Expression, _ knowledge: inout Knowledge) {
    guard let a = ownTest(left).flatMap({ lock($0, knowledge) }),
      let b = ownTest(right).flatMap({ lock($0, knowledge) }),
      a.lock == b.lock, a.indices == b.indices, a.isOwner != b.isOwner
    else { return }
    knowledge.notMine.insert(.init(variable: system.lockClasses[a.lock.index].owner, indices: a.indices))
  }
}
