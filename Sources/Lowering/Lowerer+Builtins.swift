import SpecSemantics
import TransitionIR

/// Locks, reference counts and the other built-in functions.
extension Lowerer {
  func builtin(_ builtin: Builtin, _ arguments: [TypedExpression], _ whole: TypedExpression) -> Expression {
    switch builtin {
    case .size: return .cardinality(value(arguments[0]))
    case .ended: return .hasEnded(value(arguments[0]))
    case .live:
      guard case .pointer(let structure) = arguments[0].type else { return .constant(0) }
      return .live(value(arguments[0]), PoolID(structure))
    case .held, .heldForWrite, .heldBy, .isLocked: return lockPredicate(builtin, arguments)
    case .refcountRead: return .read(scalar(place(arguments[0])))
    case .waitEvent:
      pending.append(.wait(value(arguments[0])))
      return .constant(0)
    case .assert:
      let text = program.assertTexts[whole.range] ?? "the assertion is false"
      pending.append(
        .check(value(arguments[0]), Failure(.assertion, failureSite, text, subject: nil, isFatal: false)))
      return .constant(0)
    case .free:
      guard case .pointer(let structure) = arguments[0].type else { return .constant(0) }
      pending.append(.free(value(arguments[0]), PoolID(structure), failureSite))
      return .constant(0)
    case .refcountSet, .refcountInc, .refcountIncNotZero, .refcountDec, .refcountDecAndTest:
      return refcount(builtin, arguments)
    default: return lock(builtin, arguments)
    }
  }

  // MARK: Reference counts

  private func refcount(_ builtin: Builtin, _ arguments: [TypedExpression]) -> Expression {
    let place = self.place(arguments[0])
    let target = scalar(place)
    let count = Expression.read(target)
    let isZero = Expression.binary(.equal, count, .constant(0), .integer, failureSite)
    let isPositive = Expression.binary(.less, .constant(0), count, .integer, failureSite)
    let up = Statement.assign(target, .binary(.add, count, .constant(1), .integer, failureSite))
    let down = Statement.assign(target, .binary(.subtract, count, .constant(1), .integer, failureSite))
    func check(_ property: BuiltinProperty, _ message: String) -> Statement {
      .check(isPositive, Failure(property, failureSite, message, subject: target, isFatal: true))
    }
    checkGuard(place, isWrite: true)
    switch builtin {
    case .refcountSet: pending.append(.assign(target, value(arguments[1])))
    case .refcountInc: pending += [check(.refcountFromZero, "is raised from 0"), up]
    case .refcountDec: pending += [check(.refcountUnderflow, "is dropped below 0"), down]
    case .refcountIncNotZero:
      let result = declareLocal("got", .bool)
      pending.append(.assign(scalar(result), isPositive))
      pending.append(.branch(isPositive, then: [up], otherwise: []))
      return .read(scalar(result))
    default:
      let result = declareLocal("last", .bool)
      pending += [check(.refcountUnderflow, "is dropped below 0"), down, .assign(scalar(result), isZero)]
      return .read(scalar(result))
    }
    return .constant(0)
  }

  // MARK: Locks

  private func lockPredicate(_ builtin: Builtin, _ arguments: [TypedExpression]) -> Expression {
    let place = self.place(arguments[0])
    guard let lock = lockIDs[place.path] else { return .constant(0) }
    switch builtin {
    case .held: return isHeld(place, lock, forWrite: false, by: .current)
    case .heldForWrite: return isHeld(place, lock, forWrite: true, by: .current)
    case .heldBy: return isHeld(place, lock, forWrite: false, by: value(arguments[1]))
    default: return .unary(.not, isFree(place, lock, forReading: false), mask: 1)
    }
  }

  /// Nobody is in the way of taking the lock.
  private func isFree(_ place: PlaceRef, _ lock: LockClassID, forReading: Bool) -> Expression {
    let noOwner = Expression.binary(
      .equal, .read(scalar(place, suffix: ".owner")), .constant(0), .integer, failureSite)
    guard !forReading, system.lockClasses[lock.index].readers != nil else { return noOwner }
    let noReaders = Expression.binary(
      .equal, .read(scalar(place, suffix: ".readers")), .constant(0), .integer, failureSite)
    return .binary(.and, noOwner, noReaders, .integer, failureSite)
  }

  private func lock(_ builtin: Builtin, _ arguments: [TypedExpression]) -> Expression {
    let place = self.place(arguments[0])
    guard let lock = lockIDs[place.path] else { return .constant(0) }
    var subclass = 0
    if arguments.count > 1 {
      if case .constant(let level) = value(arguments[1]), (0...7).contains(level) {
        subclass = level
      } else {
        error("E0506", "a lock subclass is a constant 0..7, as lockdep's", arguments[1].range)
      }
    }
    switch builtin {
    case .mutexLock, .mutexLockNested, .spinLock, .spinLockNested, .downWrite, .downWriteNested:
      acquire(place, lock, subclass, forReading: false)
    case .downRead, .downReadNested: acquire(place, lock, subclass, forReading: true)
    case .mutexTrylock, .spinTrylock, .downWriteTrylock: return tryAcquire(place, lock, forReading: false)
    case .downReadTrylock: return tryAcquire(place, lock, forReading: true)
    case .mutexUnlock, .spinUnlock, .upWrite: release(place, lock, forReading: false)
    case .upRead: release(place, lock, forReading: true)
    case .downgradeWrite:
      release(place, lock, forReading: false)
      take(place, forReading: true)
    default: break
    }
    return .constant(0)
  }

  private func acquire(_ place: PlaceRef, _ lock: LockClassID, _ subclass: Int, forReading: Bool) {
    let subject = lockSubject(place, lock)
    let isOurs = isHeld(place, lock, forWrite: false, by: .current)
    pending.append(
      .check(
        .unary(.not, isOurs, mask: 1),
        Failure(
          .selfDeadlock, failureSite, "is taken by a process that holds it already", subject: subject,
          isFatal: true)))
    pending.append(.wait(isFree(place, lock, forReading: forReading)))
    pending.append(.acquiring(lock, subclass: subclass, subject))
    take(place, forReading: forReading)
  }

  private func take(_ place: PlaceRef, forReading: Bool) {
    if forReading {
      let readers = scalar(place, suffix: ".readers")
      pending.append(.assign(readers, .binary(.bitOr, .read(readers), selfSet, .integer, failureSite)))
    } else {
      pending.append(.assign(scalar(place, suffix: ".owner"), .current))
    }
  }

  private var selfSet: Expression {
    .singleton(.current, of: .pointer(system.processPool, capacity: max(1, program.processCount)))
  }

  private func tryAcquire(_ place: PlaceRef, _ lock: LockClassID, forReading: Bool) -> Expression {
    let result = declareLocal("got", .bool)
    let saved = pending
    pending = []
    pending.append(.assign(scalar(result), .constant(1)))
    take(place, forReading: forReading)
    let taking = pending
    pending = saved
    let isOurs = isHeld(place, lock, forWrite: false, by: .current)
    let canTake = Expression.binary(
      .and, isFree(place, lock, forReading: forReading), .unary(.not, isOurs, mask: 1), .integer, failureSite)
    pending.append(.branch(canTake, then: taking, otherwise: [.assign(scalar(result), .constant(0))]))
    return .read(scalar(result))
  }

  private func release(_ place: PlaceRef, _ lock: LockClassID, forReading: Bool) {
    let isRwsem = system.lockClasses[lock.index].readers != nil
    let subject = lockSubject(place, lock)
    let process = Domain.pointer(system.processPool, capacity: max(1, program.processCount))
    let isOurs =
      forReading
      ? Expression.member(.current, set: .read(scalar(place, suffix: ".readers")), of: process)
      : isHeld(place, lock, forWrite: true, by: .current)
    let mode = isRwsem ? (forReading ? " for reading" : " for writing") : ""
    pending.append(
      .check(
        isOurs,
        Failure(
          .unlockNotHeld, failureSite, "is released\(mode), but not held\(mode) by this process",
          subject: subject,
          isFatal: true)))
    if forReading {
      let readers = scalar(place, suffix: ".readers")
      pending.append(.assign(readers, .binary(.without, .read(readers), selfSet, .integer, failureSite)))
    } else {
      pending.append(.assign(scalar(place, suffix: ".owner"), .constant(0)))
    }
  }
}
