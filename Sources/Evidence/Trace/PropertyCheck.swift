import TransitionIR

/// Whether a run that has arrived somewhere breaks a property: one answer for the search's results and for replays.
struct PropertyCheck {
  let interpreter: Interpreter
  let property: String
  var system: TransitionSystem { interpreter.system }

  /// The end of a run: the state, the state before, and what the last step (or the initial statements) did.
  struct Arrival {
    let process: Int?
    let before: [Int]?
    let last: Successor
  }

  var declared: Property? { system.properties.first { $0.name == property } }

  /// The place where the arrival breaks the property (or is its witness); nil if it does not.
  ///
  /// `lock.order` is a property of all runs together: a run breaks it by taking a lock while it holds another.
  func violation(at arrival: Arrival) -> [SiteID]? {
    if let declared { return isBroken(declared, at: arrival) ? [declared.site] : failures(at: arrival) }
    var sites = arrival.last.violations.filter { $0.property.rawValue == property }.map(\.site)
    switch BuiltinProperty(rawValue: property) {
    case .deadlock?:
      guard !arrival.last.isFatal, isDeadlock(arrival.last.state) else { return nil }
      return positions(in: arrival.last.state)
    case .lockOrder?:
      sites += arrival.last.acquisitions.filter { !$0.held.isEmpty }.map(\.site)
    case .neverFreed? where !arrival.last.isFatal:
      sites += interpreter.leaks(in: arrival.last.state).map(\.site)
    default: break
    }
    if !sites.isEmpty { return sites }
    return failures(at: arrival)
  }

  /// No process but the environment can move, and one that should has not ended.
  func isDeadlock(_ state: [Int]) -> Bool {
    var isSomebodyWaiting = false
    for process in 0..<system.processCount {
      let kind = system.kinds[system.kind(ofProcess: process).index]
      if kind.isEnvironment { continue }
      if !interpreter.isStuck(process, in: state) { return false }
      if !kind.isDaemon, interpreter.location(of: process, in: state) != nil { isSomebodyWaiting = true }
    }
    return isSomebodyWaiting
  }

  /// Where the processes stand that have not ended.
  private func positions(in state: [Int]) -> [SiteID] {
    (0..<system.processCount).compactMap { process in
      interpreter.location(of: process, in: state).map { system.locations[$0.index].site }
    }
  }

  private func isBroken(_ declared: Property, at arrival: Arrival) -> Bool {
    if arrival.last.isFatal { return false }
    if declared.group == .step, arrival.before == nil { return false }
    guard let value = evaluate(declared, at: arrival) else { return false }
    return declared.group == .reachable ? value != 0 : value == 0
  }

  private func evaluate(_ declared: Property, at arrival: Arrival) -> Int? {
    try? interpreter.value(
      declared.body, in: arrival.last.state, old: arrival.before, process: arrival.process, bound: [:])
  }

  /// Evaluating a declared property may itself be a violation, of the property or of the built-in that it breaks.
  private func failures(at arrival: Arrival) -> [SiteID]? {
    if arrival.last.isFatal { return nil }
    let candidates = declared.map { [$0] } ?? system.properties
    for candidate in candidates where candidate.group != .step || arrival.before != nil {
      do throws(EvaluationFailure) {
        _ = try interpreter.value(
          candidate.body, in: arrival.last.state, old: arrival.before, process: arrival.process, bound: [:])
      } catch {
        if declared != nil || error.violation.property.rawValue == property {
          return [error.violation.site, candidate.site]
        }
      }
    }
    return nil
  }
}
