import Terms
import TransitionIR

/// Conditions on states that the built-in properties `deadlock` and `lifetime.never_freed` are about.
extension SymbolicSystem {
  /// No process but the environment can move, and one that should has not ended.
  ///
  /// Of states in which a process stands where control cannot get, nothing is said.
  public func deadlock() throws(EncodingRefusal) -> Term {
    let processes = (0..<system.processCount).filter {
      !system.kinds[layout.kindOfProcess[$0]].isEnvironment
    }
    let stuck = try reachableSteps(of: processes).map { step throws(EncodingRefusal) in
      store.not(store.and(step.isThere, try canMove(step.process, at: step.location)))
    }
    let waiting = processes.filter { !system.kinds[layout.kindOfProcess[$0]].isDaemon }.map { process in
      let slot = layout.controlSlot[process]
      let ended = system.kinds[layout.kindOfProcess[process]].locationCount
      return store.not(store.equal(slots[slot], table.constant(ended, slot, in: store)))
    }
    return store.and(store.and(stuck), store.or(waiting))
  }

  private func canMove(_ process: Int, at location: LocationID) throws(EncodingRefusal) -> Term {
    var machine = machine(process: process, slots)
    let control = layout.controlSlot[process]
    let kind = system.kinds[layout.kindOfProcess[process]]
    machine.slots[control] = table.constant(location.index - kind.firstLocation, control, in: store)
    return try Possibility.condition(system.steps[location.index].body, machine)
  }

  /// Some object of the pool exists, but nothing leads to it, or every process has ended.
  public func isLost(_ pool: PoolID, in slots: [Term]) -> Term {
    let first = layout.liveBase[pool.index]
    if first < 0 { return store.no }
    let hasEnded = store.and(
      layout.controlSlot.indices.map { process in
        let slot = layout.controlSlot[process]
        let count = system.kinds[layout.kindOfProcess[process]].locationCount
        return store.equal(table.number(slot, slots[slot], in: store), count)
      })
    let reached = reachableObjects(in: slots)[pool.index]
    return store.or(
      (0..<layout.capacity[pool.index]).map { object in
        store.and(slots[first + object], store.or(hasEnded, store.not(reached[object])))
      })
  }

  /// For each pool, which objects globals, processes and their locals lead to.
  ///
  /// The least fixpoint: after as many rounds as there are objects nothing is added any more, most often much earlier.
  private func reachableObjects(in slots: [Term]) -> [[Term]] {
    var reached = layout.capacity.map { [Term](repeating: store.no, count: $0) }
    let objectCount = zip(layout.capacity, layout.liveBase).reduce(0) { $1.1 < 0 ? $0 : $0 + $1.0 }
    for _ in 0...objectCount {
      let next = extended(reached, slots)
      if next == reached { break }
      reached = next
    }
    return reached
  }

  private func extended(_ reached: [[Term]], _ slots: [Term]) -> [[Term]] {
    layout.pointerSlots.enumerated().map { pool, entries in
      if layout.liveBase[pool] < 0 { return reached[pool] }
      return reached[pool].indices.map { object in
        store.or(
          [reached[pool][object]]
            + entries.map { entry in
              let value = table.number(entry.slot, slots[entry.slot], in: store)
              let leads = entry.isSet ? store.bit(value, object) : store.equal(value, object + 1)
              guard let owner = entry.owner else { return leads }
              return store.and(reached[owner.pool][owner.object], leads)
            })
      }
    }
  }
}
