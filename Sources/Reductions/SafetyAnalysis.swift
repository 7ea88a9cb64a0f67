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

  // MARK: Openings

  /// Whether the step of a location, if it can be put off, does nothing that would be missed in between.
  ///
  /// One that moves pointers may leave an object with nothing that leads to it.
  func canOpen(_ index: Int, _ refusals: Set<SafeSteps.Refusal>) -> Bool {
    knowsLocks && refusals.isSubset(of: [.conjures]) && effects[index].movesPointers.isEmpty
      && effects[index].frees.isEmpty
  }

  /// How a process that has come to a location by an opening step may go on.
  func continuation(_ index: Int, _ refusals: Set<SafeSteps.Refusal>, _ circular: [Bool]) -> SafeSteps.Continuation {
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
      effects[index].awaits.contains { !after[$0.index].isDisjoint(with: taken[index]) || taken[index].contains($0) }
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

  // MARK: Conflicts

  /// For each location, the classes with which its future conflicts: as the step that is about to be made, or as the one that
  /// was just made.
  func blocked(afterwards: Bool) -> [BitSet] {
    let direct = classEffects.indices.map { other in
      var bits = BitSet(count: classEffects.count)
      for mover in classEffects.indices where conflict(mover, other, afterwards: afterwards) { bits.insert(mover) }
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

  /// A step of class `mover` is about to happen; would a step of class `other`, by another process, change what it does, or the other way round?
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

/// A few nodes such that every cycle through nodes of `among` has one of them: the heads of back edges, depth first.
func stickyNodes(_ successors: [[Int]], among: [Bool]) -> Set<Int> {
  enum Mark { case new, open, closed }
  var marks = [Mark](repeating: .new, count: successors.count)
  var result: Set<Int> = []
  for root in successors.indices where among[root] && marks[root] == .new {
    var path: [(node: Int, next: Int)] = [(root, 0)]
    marks[root] = .open
    while let (node, next) = path.last {
      if next == successors[node].count || result.contains(node) {
        marks[node] = .closed
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let target = successors[node][next]
      guard among[target], !result.contains(target) else { continue }
      if marks[target] == .open { result.insert(target) }
      if marks[target] == .new {
        marks[target] = .open
        path.append((target, 0))
      }
    }
  }
  return result
}
