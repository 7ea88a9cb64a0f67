import Evidence
import TransitionIR

/// Breadth-first search over all reachable states, level by level.
///
/// States are expanded in the order in which they were found and processes in their order, so that counts, depths and traces are the
/// same in every run. A step that violates something and cannot go on ends its path; everything else is reported and the search goes on.
struct Search {
  let interpreter: Interpreter
  let stepper: any Stepper
  let limits: SearchLimits
  /// Asked now and then until it has an answer: compiled steps take over from the interpreter in mid-search.
  let compiledSteps: @Sendable () -> CompiledSteps?
  var compiled: CompiledBatch?
  /// The compiled steps are there already, so that even the first state is expanded by them.
  let compilesAtOnce: Bool
  let packing: StatePacking
  var store: StateStore
  /// Steps that lead from one level to the next, in the order in which they were found.
  var edges: [LevelEdge] = []
  /// `levelStarts[k]` is the first state of level k.
  var levelStarts = [0]
  var findings = Findings()
  var witnesses: [Int: Target] = [:]
  var statistics = RunStatistics()
  var stopReason: String?
  var lockEdges: [LockOrderEdge: Target] = [:]
  var lockEdgeOrder: [LockOrderEdge] = []
  var covered: [Bool]
  var isTried: [[Bool]]
  var words: [UInt64]
  let startTime: Double
  let isEnvironment: [Bool]
  let movableMask: UInt64
  let hasStepProperties: Bool

  var system: TransitionSystem { interpreter.system }

  init(
    _ interpreter: Interpreter, stepper: any Stepper, limits: SearchLimits,
    compiledSteps: @escaping @Sendable () -> CompiledSteps? = { nil }, compilesAtOnce: Bool = false
  ) {
    self.compiledSteps = compiledSteps
    self.compilesAtOnce = compilesAtOnce
    self.interpreter = interpreter
    self.stepper = stepper
    self.limits = limits
    packing = StatePacking(interpreter.system)
    store = StateStore(wordCount: packing.wordCount)
    covered = [Bool](repeating: false, count: interpreter.system.coverPoints.count)
    isTried = interpreter.system.properties.map { [Bool](repeating: false, count: $0.antecedents.count) }
    words = [UInt64](repeating: 0, count: packing.wordCount)
    startTime = limits.clock()
    let kinds = (0..<interpreter.system.processCount).map { interpreter.system.kind(ofProcess: $0) }
    isEnvironment = kinds.map { interpreter.system.kinds[$0.index].isEnvironment }
    movableMask = isEnvironment.enumerated().reduce(0) { $1.element ? $0 : $0 | 1 << UInt64($1.offset) }
    hasStepProperties = interpreter.system.properties.contains { $0.group == .step }
  }

  mutating func run() {
    addInitialStates()
    var next = 0
    var state = [Int](repeating: 0, count: system.slotCount)
    while next < store.count, stopReason == nil {
      let levelEnd = store.count
      levelStarts.append(levelEnd)
      while next < levelEnd {
        if next & 0xff == 0, let reason = reasonToStop(next) {
          stopReason = reason
          break
        }
        if next & 0xff == 0, compiled == nil, isCompilingWorthwhile(next), let steps = compiledSteps() {
          compiled = CompiledBatch(
            steps, wordCount: packing.wordCount, coverCount: covered.count,
            antecedentCount: isTried.reduce(0) { $0 + $1.count })
        }
        expand(StateID(index: next), &state)
        next += 1
      }
      if stopReason == nil, store.count > levelEnd { statistics.depth += 1 }
      if limits.stopsAtFirst, !findings.all.isEmpty, next < store.count {
        stopReason = "stopped at the first violation"
      }
    }
    finish()
  }

  func state(_ id: StateID) -> [Int] {
    var state = [Int](repeating: 0, count: system.slotCount)
    packing.unpack(store.state(id), into: &state)
    return state
  }

  /// The level of a state: the length of a shortest path to it.
  func level(of id: StateID) -> Int {
    var low = 0
    var high = levelStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if levelStarts[middle] <= id.index { low = middle } else { high = middle }
    }
    return low
  }

  var uncovered: [CoverPoint] { zip(system.coverPoints, covered).filter { !$1 }.map(\.0) }

  var untried: [(property: String, site: SiteID)] {
    zip(system.properties, isTried).flatMap { property, tried in
      zip(property.antecedents, tried).filter { !$1 }.map { (property.name, $0.0.site) }
    }
  }

  // MARK: Expanding

  private mutating func addInitialStates() {
    for successor in stepper.initialStates() {
      note(successor)
      packing.pack(successor.state, into: &words)
      let (id, isNew) = store.insert(words)
      for violation in successor.violations {
        findings.add(key(violation), level: 0, Target(state: id, step: nil))
      }
      if isNew, !successor.isFatal { check(id, successor.state, level: 0) }
    }
  }

  private mutating func expand(_ id: StateID, _ state: inout [Int]) {
    if let compiled, expand(id, compiled) { return }
    packing.unpack(store.state(id), into: &state)
    let level = levelStarts.count - 1
    var canStep = false
    for process in 0..<system.processCount {
      let successors = stepper.successors(of: state, process: process)
      if !successors.isEmpty, !isEnvironment[process] { canStep = true }
      for (alternative, successor) in successors.enumerated() {
        let name = StepName(process: process, alternative: alternative)
        take(successor, from: id, state, name, level)
      }
    }
    if !canStep { checkDeadlock(id, state, level - 1) }
  }

  private mutating func take(
    _ successor: Successor, from id: StateID, _ state: [Int], _ name: StepName, _ level: Int
  ) {
    statistics.transitions += 1
    note(successor)
    let target = Target(state: id, step: name)
    for acquisition in successor.acquisitions { noteOrder(acquisition, target) }
    for violation in successor.violations { findings.add(key(violation), level: level, target) }
    if successor.isFatal { return }
    packing.pack(successor.state, into: &words)
    let (next, isNew) = store.insert(words)
    if next.index >= levelStarts[level] { edges.append(LevelEdge(from: id, to: next, name)) }
    checkStep(from: state, to: successor.state, name.process, target, level)
    if isNew { check(next, successor.state, level: level) }
  }

  private mutating func note(_ successor: Successor) {
    for id in successor.covered { covered[id.index] = true }
  }

  mutating func noteOrder(_ acquisition: Successor.Acquisition, _ target: Target) {
    for held in acquisition.held {
      let edge = LockOrderEdge(
        held: held, taken: acquisition.lock, subclass: acquisition.subclass, site: acquisition.site)
      if lockEdges[edge] == nil {
        lockEdges[edge] = target
        lockEdgeOrder.append(edge)
      }
    }
  }

  private func key(_ violation: Violation) -> FindingKey {
    FindingKey(property: violation.property.rawValue, site: violation.site)
  }

  // MARK: Checking

  /// Invariants, witnesses and leaks of a new state.
  private mutating func check(_ id: StateID, _ state: [Int], level: Int) {
    let target = Target(state: id, step: nil)
    for (index, property) in system.properties.enumerated() {
      tryAntecedents(index, property, state)
      switch property.group {
      case .invariant:
        if !holds(property, state, old: nil, process: nil) {
          findings.add(FindingKey(property: property.name, site: property.site), level: level, target)
        }
      case .reachable:
        if witnesses[index] == nil, holds(property, state, old: nil, process: nil) {
          witnesses[index] = target
        }
      case .step: break
      }
    }
    for leak in interpreter.leaks(in: state) { findings.add(key(leak), level: level, target) }
  }

  private mutating func checkStep(
    from old: [Int], to new: [Int], _ process: Int, _ target: Target, _ level: Int
  ) {
    for property in system.properties where property.group == .step {
      if !holds(property, new, old: old, process: process) {
        findings.add(FindingKey(property: property.name, site: property.site), level: level, target)
      }
    }
  }

  /// A property that cannot be evaluated (it follows a stale pointer, say) does not hold.
  private func holds(_ property: Property, _ state: [Int], old: [Int]?, process: Int?) -> Bool {
    ((try? interpreter.value(property.body, in: state, old: old, process: process)) ?? 0) != 0
  }

  private mutating func tryAntecedents(_ index: Int, _ property: Property, _ state: [Int]) {
    for (number, antecedent) in property.antecedents.enumerated() where !isTried[index][number] {
      if let value = try? interpreter.value(antecedent.expression, in: state, old: state, process: 0),
        value != 0
      {
        isTried[index][number] = true
      }
    }
  }

  mutating func checkDeadlock(_ id: StateID, _ state: [Int], _ level: Int) {
    let stuck = (0..<system.processCount).first { process in
      let kind = system.kinds[system.kind(ofProcess: process).index]
      return !kind.isDaemon && !kind.isEnvironment && interpreter.location(of: process, in: state) != nil
    }
    guard let stuck, let location = interpreter.location(of: stuck, in: state) else { return }
    let key = FindingKey(
      property: BuiltinProperty.deadlock.rawValue, site: system.locations[location.index].site)
    findings.add(key, level: level, Target(state: id, step: nil))
  }

  /// Small systems are searched before a compiler has started; asking for compiled steps begins their compilation.
  private func isCompilingWorthwhile(_ next: Int) -> Bool {
    next == 0 ? compilesAtOnce : next >= 1 << 18
  }

  // MARK: Limits

  private func reasonToStop(_ next: Int) -> String? {
    let seconds = limits.clock() - startTime
    let bytes = store.byteCount + edges.capacity * MemoryLayout<LevelEdge>.stride
    limits.progress?(
      SearchProgress(
        states: store.count, transitions: statistics.transitions, depth: statistics.depth,
        queued: store.count - next,
        bytes: bytes, seconds: seconds))
    if limits.isCancelled() { return "interrupted" }
    if let limit = limits.seconds, seconds > limit { return "time limit reached" }
    if let limit = limits.bytes, bytes > limit { return "memory limit reached" }
    return nil
  }

  private mutating func finish() {
    mergeCompiledCoverage()
    if stopReason == nil, levelStarts.last == store.count { levelStarts.removeLast() }
    statistics.states = store.count
    statistics.isComplete = stopReason == nil
    statistics.seconds = limits.clock() - startTime
    statistics.bytesPerState = store.count == 0 ? 0 : Double(store.byteCount) / Double(store.count)
  }
}

/// A step from a state of one level to a state of the next.
struct LevelEdge {
  private let fromIndex: UInt32
  private let toIndex: UInt32
  private let process: UInt16
  private let alternative: UInt16

  init(from: StateID, to: StateID, _ step: StepName) {
    fromIndex = UInt32(from.index)
    toIndex = UInt32(to.index)
    process = UInt16(truncatingIfNeeded: step.process)
    alternative = UInt16(truncatingIfNeeded: step.alternative)
  }

  var from: StateID { StateID(index: Int(fromIndex)) }
  var to: StateID { StateID(index: Int(toIndex)) }
  var step: StepName { StepName(process: Int(process), alternative: Int(alternative)) }
}
