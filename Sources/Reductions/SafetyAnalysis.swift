import TransitionIR

/// The static analysis behind `SafeSteps`.
struct SafetyAnalysis {
  let system: TransitionSystem
  let knowsLocks: Bool
  /// What each step touches.
  let effects: [Effects]
  /// What declared properties look at.
  let observed: Effects
  /// What properties of steps look at: as if every step read it.
  let observedByEveryStep: Effects
  /// Steps with equal shared effects have one class.
  let classes: [Int]
  let classEffects: [Effects]
  private let readersVariables: Set<VariableID>

  init(_ system: TransitionSystem, knowsLocks: Bool) {
    self.system = system
    self.knowsLocks = knowsLocks
    let flow = LockFlow(system)
    effects = flow.effects
    observed = Self.observed(system.properties, flow.facts)
    observedByEveryStep = Self.observed(system.properties.filter { $0.group == .step }, flow.facts)
    readersVariables = Set(system.lockClasses.compactMap(\.readers))
    let exposed = Set(
      effects.flatMap { step in
        step.accesses.filter { $0.indices.first != .current }.map(\.variable)
      })
    var numbers: [ClassKey: Int] = [:]
    var list: [Effects] = []
    var assigned: [Int] = []
    for (index, step) in effects.enumerated() {
      let departure = Self.departure(index, step, flow.observedPlaces)
      var shared = step.shared(in: system, exposed: exposed)
      shared.conjures = false
      shared.awaits = []
      shared.mayWait = false
      if departure < 0 { shared.arrivals = [] }
      let key = ClassKey(effects: shared, location: departure)
      if let known = numbers[key] {
        assigned.append(known)
      } else {
        numbers[key] = list.count
        assigned.append(list.count)
        list.append(key.effects)
      }
    }
    classes = assigned
    classEffects = list
    departures = Self.representatives(assigned, list.count)
  }

  /// A location of each class.
  private let departures: [Int]

  private static func representatives(_ classes: [Int], _ count: Int) -> [Int] {
    var result = [Int](repeating: 0, count: count)
    for (location, number) in classes.enumerated().reversed() { result[number] = location }
    return result
  }

  private struct ClassKey: Hashable {
    let effects: Effects
    let location: Int
  }

  /// Where the step leads from counts only if somebody asks for control points.
  private static func departure(_ index: Int, _ step: Effects, _ places: Set<LocationID>) -> Int {
    places.contains(LocationID(index)) || !step.arrivals.isDisjoint(with: places) ? index : -1
  }

  private static func observed(_ properties: [Property], _ facts: SystemFacts) -> Effects {
    var walker = BodyWalker(facts, kind: nil)
    for property in properties {
      walker.visit(property.body, Knowledge())
      for antecedent in property.antecedents { walker.visit(antecedent.expression, Knowledge()) }
    }
    return walker.effects
  }

  // MARK: Conditions of single steps

  /// For each location, why its step is not taken alone; `sticky` apart.
  func refusals(ignoring: Set<SafeSteps.Refusal>) -> [Set<SafeSteps.Refusal>] {
    system.locations.indices.map { index in
      var reasons: Set<SafeSteps.Refusal> = []
      if system.kinds[system.locations[index].kind.index].isEnvironment { reasons.insert(.environment) }
      if effects[index].conjures { reasons.insert(.conjures) }
      if isDisturbed(observed, by: effects[index], at: index, knowsLocks: false) { reasons.insert(.visible) }
      return reasons.subtracting(ignoring)
    }
  }

  /// Locations such that each loop whose steps may all be taken alone has one of them.
  func stickyLocations(_ isAlone: [Bool]) -> Set<Int> {
    stickyNodes(effects.map { $0.arrivals.map(\.index).sorted() }, among: isAlone)
  }

  // MARK: Conflicts

  /// For each location, the classes with which its future conflicts: as the step that is about to be made, or as the one that
  /// was just made.
  func blocked(afterwards: Bool) -> [BitSet] {
    let direct = classEffects.indices.map { other in
      var bits = BitSet(count: classEffects.count)
      for mover in classEffects.indices where conflict(mover, other, afterwards: afterwards) {
        bits.insert(mover)
      }
      return bits
    }
    var result = classes.map { direct[$0] }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in result.indices.reversed() {
        for next in effects[index].arrivals where result[index].formUnion(result[next.index]) {
          hasChanged = true
        }
      }
    }
    return result
  }

  /// Whether a step of class `other`, by another process, may change what one of class `mover` does, or the other way round.
  ///
  /// The step of class `mover` is about to be made, or was just made.
  private func conflict(_ mover: Int, _ other: Int, afterwards: Bool) -> Bool {
    let (a, b) = (classEffects[mover], classEffects[other])
    for first in afterwards ? a.trailing : a.accesses {
      let isReaders = readersVariables.contains(first.variable)
      for second in b.accesses
      where afterwards
        ? first.conflicts(withNext: second, lock: lock(of: first.variable), isReaders: isReaders)
        : first.conflicts(with: second, knowsLocks: knowsLocks, isReaders: isReaders)
      {
        return true
      }
    }
    return disturbsBeyondSlots(a, by: b, at: departures[other])
      || disturbsBeyondSlots(b, by: a, at: departures[mover])
      || isDisturbed(observedByEveryStep, by: b, at: departures[other], knowsLocks: false)
  }

  func lock(of variable: VariableID) -> LockClassID? {
    switch system.variables[variable.index].lockPart {
    case .owner(let lock), .readers(let lock): lock
    case nil: nil
    }
  }

  /// Whether `reader` can tell that a step was made, by what it reads and by what it asks of pointers, locks and control points.
  private func isDisturbed(_ reader: Effects, by step: Effects, at location: Int, knowsLocks: Bool) -> Bool {
    for read in reader.accesses {
      for write in step.accesses where write.kind.isWrite {
        if read.conflicts(with: write, knowsLocks: knowsLocks, isReaders: false) { return true }
      }
    }
    if !step.frees.isEmpty, readsPointers(reader, to: step.frees) { return true }
    return disturbsBeyondSlots(reader, by: step, at: location)
  }

  private func readsPointers(_ reader: Effects, to pools: Set<PoolID>) -> Bool {
    reader.accesses.contains { access in
      switch system.variables[access.variable.index].domain {
      case .pointer(let pool, _), .set(.pointer(let pool, _)): pools.contains(pool)
      default: false
      }
    }
  }

  private func disturbsBeyondSlots(_ reader: Effects, by step: Effects, at location: Int) -> Bool {
    if !step.frees.isDisjoint(with: reader.follows) { return true }
    if !step.movesPointers.union(step.frees).isDisjoint(with: reader.exclusives) { return true }
    if reader.readsOwnLocks, changesLocksOfOthers(step) { return true }
    if reader.observesEnd, step.mayEnd { return true }
    return reader.observes.contains { places in
      let isIn = places.contains(LocationID(location))
      return step.arrivals.contains { places.contains($0) != isIn } || (step.mayEnd && isIn)
    }
  }

  /// Nobody can take or release a lock for somebody else, but it can be freed, or be written to otherwise.
  private func changesLocksOfOthers(_ step: Effects) -> Bool {
    if step.frees.contains(where: { hasLocks($0) }) { return true }
    return step.accesses.contains {
      $0.kind == .write && system.variables[$0.variable.index].lockPart != nil
    }
  }

  private func hasLocks(_ pool: PoolID) -> Bool {
    system.pools[pool.index].fields.contains { system.variables[$0.index].lockPart != nil }
  }
}
