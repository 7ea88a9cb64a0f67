import TransitionIR

/// Steps behind which their process may go on at once.
extension SafetyAnalysis {
  /// Whether the step of a location, if it can be put off, does nothing that would be missed in between.
  ///
  /// One that moves pointers may leave an object with nothing that leads to it.
  func canOpen(_ index: Int, _ refusals: Set<SafeSteps.Refusal>) -> Bool {
    knowsLocks && refusals.isSubset(of: [.conjures]) && effects[index].movesPointers.isEmpty
      && effects[index].frees.isEmpty
  }

  /// How a process that has come to a location by an opening step may go on.
  func continuation(_ index: Int, _ refusals: Set<SafeSteps.Refusal>, _ circular: [Bool])
    -> SafeSteps.Continuation
  {
    if !refusals.isSubset(of: [.visible]) { return .never }
    return effects[index].mayWait || circular[index] ? .ifUnblocked : .always
  }

  /// The locations that wait for a lock while others may wait for one that was taken on the way to them: if each of them took
  /// its first lock, none could go on.
  func circularWaits(_ canOpen: [Bool]) -> [Bool] {
    let takes = effects.map { step in
      Set(step.accesses.compactMap { $0.kind == .acquire ? lock(of: $0.variable) : nil })
    }
    var taken = [Set<LockClassID>](repeating: [], count: effects.count)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in effects.indices where canOpen[index] {
        for next in effects[index].arrivals {
          let known = taken[next.index]
          taken[next.index].formUnion(taken[index].union(takes[index]))
          if taken[next.index] != known { hasChanged = true }
        }
      }
    }
    var order = [Set<LockClassID>](repeating: [], count: system.lockClasses.count)
    for (index, step) in effects.enumerated() {
      for lock in taken[index] { order[lock.index].formUnion(step.awaits) }
    }
    let after = order.indices.map { reachable(from: order[$0], order) }
    return effects.indices.map { index in
      effects[index].awaits.contains {
        !after[$0.index].isDisjoint(with: taken[index]) || taken[index].contains($0)
      }
    }
  }

  private func reachable(from start: Set<LockClassID>, _ order: [Set<LockClassID>]) -> Set<LockClassID> {
    var result = start
    var work = Array(start)
    while let lock = work.popLast() {
      for next in order[lock.index] where result.insert(next).inserted { work.append(next) }
    }
    return result
  }
}
