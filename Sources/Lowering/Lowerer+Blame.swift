import SpecSemantics
import TransitionIR

/// Locks that are still held when control returns to user mode, and which return is to blame.
///
/// `lock.held_at_return` is detected where an `entry` function ends, but the mistake is an early return of some callee. Two of them may
/// reconverge before the end (same control point, same values), so a hidden variable remembers the last return of a function
/// with several ways out that left more locks held than it began with. It is forgotten when an enclosing call
/// returns balanced, so it costs states only where two leaks would otherwise be mistaken for one. Once a leak was reported the variable
/// is -1 until all locks are free again: what the process does with the lock still in its hands is the same mistake.
extension Lowerer {
  private var hasLocks: Bool { !system.lockClasses.isEmpty }

  /// Declares the hidden variable of the kind that is being lowered, if the spec has entries and locks at all.
  func declareBlame() {
    blame = nil
    guard hasLocks, program.functions.contains(where: \.isEntry) else { return }
    let place = declareLocal("leaking_return", .range(-1, 0), isHidden: true)
    guard let id = variableIDs[place.path] else { return }
    blame = BlameState(place: place, variable: id)
  }

  /// Gives the hidden variable its final width.
  func finishBlame() {
    guard let blame else { return }
    let old = system.variables[blame.variable.index]
    system.variables[blame.variable.index] = Variable(
      name: old.name, domain: .range(-1, blame.sites.count), dimensions: old.dimensions, role: old.role,
      initial: 0,
      slot: old.slot)
  }

  /// At the beginning of a call: remembers how many locks are held, if its returns are worth watching.
  func beginWatching(_ function: Int) {
    guard let blame, let frame = frames.last, !frame.isEntry, !frame.isTransparent,
      frames.contains(where: \.isEntry), usage.lockingFunctions.contains(function),
      waysOut(of: program.functions[function]) > 1
    else { return }
    let held = declareLocal("held_at_entry", .range(0, 15), isHidden: true)
    frames[frames.count - 1].heldAtEntry = held
    frames[frames.count - 1].firstBlame = blame.sites.count + 1
    pending.append(.assign(scalar(held), .heldLockCount))
    flush()
  }

  private func waysOut(of function: TypedProgram.FunctionInfo) -> Int {
    var count = 0
    Usage.statements(of: function.body) { statement in
      if case .returnValue = statement.kind { count += 1 }
    }
    if function.returnType == .void { count += 1 }
    return count
  }

  /// At a return of a watched call.
  func watchReturn() {
    guard let frame = frames.last, let held = frame.heldAtEntry, var state = blame else { return }
    let first = frame.firstBlame
    state.sites.append(failureSite)
    blame = state
    let number = state.sites.count
    let target = Place(state.variable, state.place.indices, failureSite)
    let isLeaking = Expression.binary(.less, .read(scalar(held)), .heldLockCount, .integer, failureSite)
    let isOurs = Expression.binary(.lessEqual, .constant(first), .read(target), .integer, failureSite)
    pending.append(
      .branch(
        isLeaking, then: [.assign(target, .constant(number))],
        otherwise: [.branch(isOurs, then: [.assign(target, .constant(0))], otherwise: [])]))
  }

  /// At the end of an entry, or of a process: no lock may be held.
  func checkNothingHeld() {
    guard hasLocks, kind != nil else { return }
    let isClean = Expression.binary(.equal, .heldLockCount, .constant(0), .integer, failureSite)
    guard let blame else {
      pending.append(.check(isClean, leak(at: failureSite)))
      return
    }
    let target = Place(blame.variable, blame.place.indices, failureSite)
    let isReported = Expression.binary(.equal, .read(target), .constant(-1), .integer, failureSite)
    guard frames.last?.isEntry == true else {
      pending.append(.check(.binary(.or, isClean, isReported, .integer, failureSite), leak(at: failureSite)))
      return
    }
    let checks: [Statement] = ([failureSite] + blame.sites).enumerated().map { number, site in
      let isOther = Expression.binary(.notEqual, .read(target), .constant(number), .integer, failureSite)
      return .check(isOther, leak(at: site))
    }
    pending.append(
      .branch(
        isClean, then: [.assign(target, .constant(0))],
        otherwise: [.branch(isReported, then: [], otherwise: checks + [.assign(target, .constant(-1))])]))
  }

  private func leak(at site: SiteID) -> Failure {
    Failure(.heldAtReturn, site, "is still held on return to user mode", subject: nil, isFatal: false)
  }
}
