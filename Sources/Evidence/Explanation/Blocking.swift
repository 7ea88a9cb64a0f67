import TransitionIR

/// What a process that cannot step waits for.
struct Blocking {
  let interpreter: Interpreter
  let state: [Int]
  var system: TransitionSystem { interpreter.system }

  /// `wants testregion->mm.mmap_lock, held by user[0]` or `waits for ...`; nil if the process can step or has ended.
  func reason(for process: Int) -> String? {
    guard let location = interpreter.location(of: process, in: state),
      interpreter.isStuck(process, in: state)
    else { return nil }
    let body = system.steps[location.index].body
    if let lock = wantedLock(in: body, process: process) { return lock }
    return "waits in `\(system.site(of: location).text)`"
  }

  /// The first lock on the way through the body that somebody holds.
  private func wantedLock(in body: [Statement], process: Int) -> String? {
    for statement in body {
      switch statement {
      case .acquiring(let lock, _, let place):
        if let reason = holder(of: lock, at: place, process: process) { return reason }
      case .branch(let condition, let then, let otherwise):
        guard let value = try? interpreter.value(condition, in: state, old: nil, process: process, bound: [:])
        else { continue }
        if let reason = wantedLock(in: value != 0 ? then : otherwise, process: process) { return reason }
      case .fork(let branches):
        for branch in branches {
          if let reason = wantedLock(in: branch, process: process) { return reason }
        }
      default: continue
      }
    }
    return nil
  }

  private func holder(of lock: LockClassID, at place: Place, process: Int) -> String? {
    guard let slot = try? interpreter.slot(of: place, in: state, process: process) else { return nil }
    let description = system.lockClasses[lock.index]
    let offset = slot - system.variables[place.variable.index].slot
    var holders: [String] = []
    let owner = state[system.variables[description.owner.index].slot + offset]
    if owner > 0, owner <= system.processCount { holders.append(system.processName(owner - 1)) }
    if let readers = description.readers {
      let mask = state[system.variables[readers.index].slot + offset]
      let names = (0..<system.processCount).filter { (mask >> $0) & 1 == 1 }.map(system.processName)
      if !names.isEmpty { holders.append(names.joined(separator: ", ") + " (reading)") }
    }
    if holders.isEmpty { return nil }
    let name = interpreter.describe(slot: slot, of: place.variable, in: state)
    return "wants \(name), held by \(holders.joined(separator: " and "))"
  }
}
