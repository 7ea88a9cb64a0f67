/// The reference interpreter: the one place where the meaning of a transition system is defined.
///
/// Small and obvious on purpose. Every faster engine is tested against it, and no violation is reported
/// before it has been replayed here.
public struct Interpreter: Sendable {
  let program: Program

  public var system: TransitionSystem { program.system }
  var layout: SlotLayout { program.layout }

  /// What never changes, behind one reference: machines are made for every step and must be cheap to make.
  final class Program: Sendable {
    let system: TransitionSystem
    let layout: SlotLayout

    init(_ system: TransitionSystem) {
      self.system = system
      layout = SlotLayout(system)
    }
  }

  public init(_ system: TransitionSystem) {
    program = Program(system)
  }

  /// The states in which a run may begin: after the `init` block and what every process does before its
  /// first step.
  ///
  /// Several if those contain choices; a fatal successor is a violation before the first step. Of a wide choice
  /// (`Iteration.isWide`) only the candidates are tried.
  public func initialStates(candidates: [Int] = []) -> [Successor] {
    var start = [Int](repeating: 0, count: system.slotCount)
    for variable in system.variables {
      for offset in 0..<variable.slotCount where !variable.role.isLocal {
        start[variable.slot + offset] = variable.initial
      }
    }
    var results = runs(
      from: Successor(state: start, choices: []), process: nil, body: system.initialBody, candidates
    ).successors
    for (index, kind) in system.kinds.enumerated() {
      for process in kind.firstProcess..<kind.firstProcess + kind.count {
        results = results.flatMap { before in
          before.isFatal
            ? [before]
            : runs(from: before, process: process, body: system.startBodies[index], candidates).successors
        }
        results = Self.merged(results)
      }
    }
    return results
  }

  /// Keeps the first of those that are equal and violate nothing: what processes choose before their first steps multiplies.
  private static func merged(_ successors: [Successor]) -> [Successor] {
    var kept: [Successor] = []
    var places: [[Int]: Int] = [:]
    for successor in successors {
      guard successor.violations.isEmpty, let place = places[successor.state] else {
        if successor.violations.isEmpty { places[successor.state] = kept.count }
        kept.append(successor)
        continue
      }
      for id in successor.covered where !kept[place].covered.contains(id) { kept[place].covered.append(id) }
      kept[place].acquisitions += successor.acquisitions
    }
    return kept
  }

  /// Everything that `process` can do in `state`, in a fixed order; empty if it waits or has ended.
  ///
  /// Of a wide choice (`Iteration.isWide`) only the candidates are tried: to follow a step of a known run, give its
  /// `choices`.
  public func successors(of state: [Int], process: Int, candidates: [Int] = []) -> [Successor] {
    guard let location = location(of: process, in: state) else { return [] }
    return runs(
      from: Successor(state: state, choices: []), process: process,
      body: program.system.steps[location.index].body, candidates
    ).successors
  }

  /// Whether it is certain that `process` cannot step in `state`: it waits on every way through its step, or has ended.
  ///
  /// False if some way comes to a wide choice, since only some of its values could be tried.
  public func isStuck(_ process: Int, in state: [Int]) -> Bool {
    guard let location = location(of: process, in: state) else { return true }
    let found = runs(
      from: Successor(state: state, choices: []), process: process,
      body: program.system.steps[location.index].body, [])
    return found.successors.isEmpty && found.areAll
  }

  /// Where `process` stands; nil if it has ended.
  public func location(of process: Int, in state: [Int]) -> LocationID? {
    let kind = system.kinds[layout.kindOfProcess[process]]
    let value = state[layout.controlSlot[process]]
    return value == kind.locationCount ? nil : LocationID(kind.firstLocation + value)
  }

  /// Evaluates an expression outside of a step: a property, or a part of one.
  ///
  /// `old` is the state before the step (step properties), `process` the one that moved, `bound` the values of
  /// variables bound around the expression, by the index of their `BoundID`.
  public func value(
    _ expression: Expression, in state: [Int], old: [Int]? = nil, process: Int? = nil, bound: [Int: Int] = [:]
  ) throws(EvaluationFailure) -> Int {
    var machine = Machine(self, state: state, process: process)
    machine.oldState = old
    for (index, value) in bound { machine.bound[index] = value }
    return try machine.evaluate(expression)
  }

  /// The slot that `place` names in `state`.
  public func slot(of place: Place, in state: [Int], process: Int?) throws(EvaluationFailure) -> Int {
    var machine = Machine(self, state: state, process: process)
    return try machine.slot(of: place)
  }

  /// All ways through a body, in the order of an odometer over the choices (the last choice turns fastest).
  ///
  /// They are not all if one came to a wide choice.
  private func runs(
    from start: Successor, process: Int?, body: [Statement], _ candidates: [Int]
  ) -> (successors: [Successor], areAll: Bool) {
    var results: [Successor] = []
    var areAll = true
    var script: [Int] = []
    while true {
      var machine = Machine(self, state: start.state, process: process)
      machine.script = script
      machine.candidates = candidates
      machine.result = start
      if machine.run(body) { results.append(machine.finish()) }
      if machine.hasChosenWidely { areAll = false }
      guard let next = machine.nextScript() else { return (results, areAll) }
      script = next
    }
  }
}

/// Why an expression has no value: the violation that evaluating it is.
public struct EvaluationFailure: Error, Sendable {
  public let violation: Violation
}

extension Variable.Role {
  /// Locals begin at zero and are initialised by statements.
  var isLocal: Bool {
    switch self {
    case .local, .hidden: true
    case .global, .field, .control, .live: false
    }
  }
}

/// Where variables live in a state, as flat arrays for the machine's inner loop and for whoever has to follow pointers as it does.
package struct SlotLayout: Sendable {
  package let base: [Int]
  /// `dimensionStart[v] ..< dimensionStart[v + 1]` are the dimensions of variable v in the arrays below.
  let dimensionStart: [Int]
  let dimensionCount: [Int]
  let dimensionLower: [Int]
  let stride: [Int]
  package let kindOfProcess: [Int]
  package let controlSlot: [Int]
  /// Slots that may hold a pointer into a pool, or a set of such pointers; by pool.
  ///
  /// Only locals of equal domain share a slot, and a local out of scope is zero, so each slot can be looked
  /// at without asking who owns it now.
  package let pointerSlots: [[PointerSlot]]
  /// The first statement that allocates from each pool.
  let allocationSite: [SiteID?]
  /// Every slot that holds lock state: owner or readers.
  package let lockSlots: [LockSlot]

  /// Smallest and largest value of each variable; for machine words the width instead (0: not a word).
  let lower: [Int]
  let upper: [Int]
  let wordBits: [Int]
  /// The pool whose field a variable is; -1 if none.
  package let fieldPool: [Int]
  /// Of each pool: how many objects, and the first slot of its `live` variable (-1: all are live).
  package let capacity: [Int]
  package let liveBase: [Int]

  package struct PointerSlot: Sendable {
    package let slot: Int
    package let isSet: Bool
    /// The process whose local this is.
    package let process: Int?
    /// The heap object that this slot is part of; nil for globals, locals and fields of processes.
    package let owner: (pool: Int, object: Int)?
  }

  package struct LockSlot: Sendable {
    package let slot: Int
    package let lock: LockClassID
    package let isOwner: Bool
  }

  package init(_ system: TransitionSystem) {
    var base: [Int] = []
    var start = [0]
    var counts: [Int] = []
    var lowers: [Int] = []
    var strides: [Int] = []
    for variable in system.variables {
      base.append(variable.slot)
      var stride = variable.slotCount
      for dimension in variable.dimensions {
        stride /= max(1, dimension.count)
        counts.append(dimension.count)
        strides.append(stride)
        if case .array(_, let lower) = dimension { lowers.append(lower) } else { lowers.append(0) }
      }
      start.append(counts.count)
    }
    (self.base, dimensionStart, dimensionCount) = (base, start, counts)
    (dimensionLower, stride) = (lowers, strides)
    var kinds: [Int] = []
    var controls: [Int] = []
    for (index, kind) in system.kinds.enumerated() {
      for number in 0..<kind.count {
        kinds.append(index)
        controls.append(system.variables[kind.control.index].slot + number)
      }
    }
    (kindOfProcess, controlSlot) = (kinds, controls)
    pointerSlots = Self.pointerSlots(system)
    lockSlots = Self.lockSlots(system)
    allocationSite = Self.allocationSites(system)
    lower = system.variables.map(\.domain.bounds.lowerBound)
    upper = system.variables.map(\.domain.bounds.upperBound)
    wordBits = system.variables.map { if case .wrapping(let bits) = $0.domain { bits } else { 0 } }
    fieldPool = system.variables.map { if case .field(let pool) = $0.role { pool.index } else { -1 } }
    capacity = system.pools.map(\.capacity)
    liveBase = system.pools.map { pool in pool.live.map { system.variables[$0.index].slot } ?? -1 }
  }

  private static func pointerSlots(_ system: TransitionSystem) -> [[PointerSlot]] {
    var result = [[PointerSlot]](repeating: [], count: system.pools.count)
    var seen = Set<Int>()
    for variable in system.variables {
      let isSet: Bool
      let pool: PoolID
      switch variable.domain {
      case .pointer(let target, _): (pool, isSet) = (target, false)
      case .set(.pointer(let target, _)): (pool, isSet) = (target, true)
      default: continue
      }
      for offset in 0..<variable.slotCount where seen.insert(variable.slot + offset).inserted {
        var process: Int?
        if case .local(let kind) = variable.role {
          let perProcess = variable.slotCount / max(1, system.kinds[kind.index].count)
          process = system.kinds[kind.index].firstProcess + offset / max(1, perProcess)
        }
        result[pool.index].append(
          PointerSlot(
            slot: variable.slot + offset, isSet: isSet, process: process,
            owner: owner(of: variable, offset, system)))
      }
    }
    return result
  }

  private static func owner(
    of variable: Variable, _ offset: Int, _ system: TransitionSystem
  ) -> (pool: Int, object: Int)? {
    guard case .field(let pool) = variable.role, !system.pools[pool.index].isProcessPool else { return nil }
    return (pool.index, offset / max(1, variable.slotCount / max(1, system.pools[pool.index].capacity)))
  }

  private static func lockSlots(_ system: TransitionSystem) -> [LockSlot] {
    system.variables.flatMap { variable -> [LockSlot] in
      guard let part = variable.lockPart else { return [] }
      return (0..<variable.slotCount).map { offset in
        switch part {
        case .owner(let lock): LockSlot(slot: variable.slot + offset, lock: lock, isOwner: true)
        case .readers(let lock): LockSlot(slot: variable.slot + offset, lock: lock, isOwner: false)
        }
      }
    }
  }

  private static func allocationSites(_ system: TransitionSystem) -> [SiteID?] {
    var sites = [SiteID?](repeating: nil, count: system.pools.count)
    func visit(_ body: [Statement]) {
      for statement in body {
        switch statement {
        case .allocate(let place, let pool):
          if sites[pool.index] == nil { sites[pool.index] = place.site }
        case .branch(_, let then, let otherwise):
          visit(then)
          visit(otherwise)
        case .fork(let branches): branches.forEach(visit)
        default: break
        }
      }
    }
    visit(system.initialBody)
    for step in system.steps { visit(step.body) }
    return sites
  }
}
