import CStepABI
import Dispatch
import Evidence
import TransitionIR

/// Breadth-first search over all reachable states, level by level, by several threads.
///
/// A step that violates something and cannot go on ends its path; everything else is reported and the search goes on. Which thread
/// meets a state first is chance; what is reported (counts, depth, levels of findings, coverage) does not depend on it.
final class Search {
  let interpreter: Interpreter
  let limits: SearchLimits
  let steps: StepFactory
  let reductions: SearchReductions
  let shared: SharedLevel
  var workers: [Worker]

  private(set) var findings = Findings()
  /// For each `reachable` property (bit), whether a state satisfies it; its level is among the findings.
  private(set) var satisfied: UInt64 = 0
  private(set) var lockEdges: [LockOrderEdge: Int] = [:]
  private(set) var statistics = RunStatistics()
  private(set) var stopReason: String?
  private(set) var covered: [Bool]
  private(set) var isTried: [Bool]
  /// All states by level, as long as they fit into `keptBytes`; nil if they did not.
  private(set) var kept: [LevelStates]?
  private let keptBytes: Int
  /// So many states are looked at for a better cut; nil: no more.
  private var nextCutting: Int? = cuttings[0]
  /// States met later are not like the first ones, so it is done again; the more there are, the more what is seen can be relied on.
  private static let cuttings = [1 << 19, 1 << 22, 1 << 25]
  /// Asked after each level: true ends the search, which is complete as far as it was wanted.
  private let isEnough: (Search) -> Bool
  private var transitionsBefore = 0
  private var peakBytes = 0
  private var lastCheckpoint: Double
  private let startTime: Double

  var system: TransitionSystem { interpreter.system }

  /// Seconds that workers go on before they meet.
  private static let roundSeconds = 0.05

  init(
    _ interpreter: Interpreter, steps: StepFactory, limits: SearchLimits,
    reductions: SearchReductions = .none,
    keptBytes: Int = 0, isEnough: @escaping (Search) -> Bool = { _ in false }
  ) {
    self.interpreter = interpreter
    self.steps = steps
    self.limits = limits
    self.reductions = reductions
    self.keptBytes = keptBytes
    self.isEnough = isEnough
    shared = SharedLevel(interpreter, limits, reductions)
    let shared = self.shared
    workers = (0..<shared.jobs).map { Worker(shared, number: $0, steps.make()) }
    covered = [Bool](repeating: false, count: interpreter.system.coverPoints.count)
    isTried = [Bool](
      repeating: false, count: interpreter.system.properties.reduce(0) { $0 + $1.antecedents.count })
    kept = keptBytes > 0 ? [] : nil
    startTime = limits.clock()
    lastCheckpoint = startTime
  }

  // MARK: Levels

  func run() throws(CheckpointError) {
    if let plan = limits.checkpointing, let path = plan.resumesFrom {
      try readCheckpoint(path, key: plan.key)
      if shared.states.chunks.isEmpty { closeLevel() }
    } else {
      addInitialStates()
      endLevel()
    }
    while stopReason == nil, !shared.states.chunks.isEmpty, !isEnough(self) {
      try expandLevel()
      if stopReason != nil { try saveIfPossible() }
      closeLevel()
    }
    finish()
  }

  private func closeLevel() {
    endLevel()
    if stopReason == nil, !shared.states.chunks.isEmpty { statistics.depth += 1 }
  }

  private func addInitialStates() {
    var states: [[UInt64]] = []
    for successor in interpreter.initialStates() {
      for id in successor.covered { covered[id.index] = true }
      for violation in successor.violations {
        findings.add(FindingKey(property: violation.property.rawValue, site: violation.site), level: 0)
      }
      if successor.isFatal { continue }
      var words = [UInt64](repeating: 0, count: shared.wordCount)
      shared.packing.pack(successor.state, into: &words)
      states.append(words)
    }
    workers[0].add(states, settles: reductions.runsSafeSteps)
  }

  private func expandLevel() throws(CheckpointError) {
    while stopReason == nil {
      stopReason = reasonToStop()
      if stopReason != nil { break }
      steps.refresh(expanded: shared.store.count - shared.states.count)
      replaceSources()
      let pauses = runRound()
      if kept == nil { shared.releaseExpanded(inHand: workers.compactMap(\.unit)) }
      if pauses.contains(.needsRoom) { makeRoom() }
      if pauses.allSatisfy({ $0 == .levelDone }) { return }
      if let plan = limits.checkpointing, limits.clock() - lastCheckpoint > plan.interval {
        try saveIfPossible()
      }
    }
  }

  /// Writes a checkpoint, if one is wanted and memory allows the workers to put away what they have in hand.
  private func saveIfPossible() throws(CheckpointError) {
    guard let plan = limits.checkpointing, let path = plan.path else { return }
    for worker in workers {
      while !worker.finishBatch() {
        let before = stopReason
        makeRoom()
        if before == nil, stopReason != nil { return }
        if before != nil { shared.store.grow(jobs: shared.jobs) }
      }
      absorb(worker)
    }
    try writeCheckpoint(path, key: plan.key)
    lastCheckpoint = limits.clock()
  }

  /// Lets the workers work for a while; one alone if the level is small.
  private func runRound() -> [Worker.Pause] {
    let deadline = limits.clock() + Self.roundSeconds
    let active = min(workers.count, max(1, shared.unitCount / 2))
    if active == 1 { return [workers[0].run(until: deadline)] }
    let results = Results(count: active)
    nonisolated(unsafe) let workers = self.workers
    DispatchQueue.concurrentPerform(iterations: active) { index in
      results.values[index] = workers[index].run(until: deadline)
    }
    return results.all
  }

  /// One slot for each thread.
  private final class Results: @unchecked Sendable {
    let values: UnsafeMutablePointer<Worker.Pause>
    let count: Int
    init(count: Int) {
      self.count = count
      values = .allocate(capacity: count)
      values.initialize(repeating: .levelDone, count: count)
    }
    deinit { values.deallocate() }
    var all: [Worker.Pause] { (0..<count).map { values[$0] } }
  }

  /// What workers found becomes known to all, and the next level the one to expand.
  private func endLevel() {
    for worker in workers {
      worker.closeLevel()
      absorb(worker)
    }
    if stopReason == nil, checkStopAtFirst() { stopReason = "stopped at the first violation" }
    let next = shared.next.take()
    keep(next)
    cutIfWorthwhile()
    shared.wanted = stillWanted()
    shared.begin(next, level: shared.level + 1)
  }

  private func cutIfWorthwhile() {
    let count = shared.store.count
    guard let wanted = nextCutting, count >= wanted, stopReason == nil else { return }
    nextCutting = Self.cuttings.first { $0 > count }
    let needed = limits.baseBytes + bytes + shared.store.byteCountOfCutting
    guard shared.store.hasRareRepeats, needed <= limits.bytes ?? .max else { return }
    // To begin with, another cut than the natural one has to be much better.
    shared.cutAnew(share: count < Self.cuttings[1] ? 0.45 : 0.8)
  }

  private func checkStopAtFirst() -> Bool {
    limits.stopsAtFirst && shared.next.count > 0
      && findings.levels.keys.contains { !isReachability($0) }
  }

  private func isReachability(_ key: FindingKey) -> Bool {
    system.properties.contains { $0.group == .reachable && $0.name == key.property && $0.site == key.site }
  }

  private func keep(_ level: LevelStates) {
    guard kept != nil, !level.chunks.isEmpty else { return }
    kept?.append(level)
    let bytes = (kept ?? []).reduce(0) { $0 + $1.chunks.count } * Chunk.capacity * shared.wordCount * 8
    if bytes > keptBytes { kept = nil }
  }

  /// Properties and pools that were not found to be violated at an earlier level.
  private func stillWanted() -> Wanted {
    var wanted = Wanted()
    for (index, key) in shared.propertyKeys.enumerated() where findings.levels[key] != nil {
      wanted.properties &= ~(1 << UInt64(index))
    }
    var leaks: UInt64 = 0
    for (pool, key) in shared.leakKeys.enumerated()
    where findings.levels[key] == nil && system.pools[pool].live != nil { leaks |= 1 << UInt64(pool) }
    wanted.leaks = leaks
    return wanted
  }

  /// Gives back the memory of a search that is over.
  func releaseStates() {
    shared.releaseStates()
    kept = nil
  }

  // MARK: What workers found

  private func replaceSources() {
    for worker in workers where !steps.isCurrent(worker.source) && !worker.hasPendingSuccessors {
      absorb(worker)
      transitionsBefore += worker.batch.transitions
      worker.replaceSource(steps.make())
    }
  }

  /// Adds up what a worker found since it was asked last.
  private func absorb(_ worker: Worker) {
    let found = worker.takeFindings()
    findings.merge(found.findings)
    satisfied |= found.satisfied
    for index in covered.indices where worker.batch.isCovered(index) { covered[index] = true }
    for index in isTried.indices where worker.batch.tried[index] != 0 { isTried[index] = true }
    for (number, taking) in worker.source.takings.enumerated() {
      var classes = worker.batch.order(number)
      while classes != 0 {
        let held = LockClassID(classes.trailingZeroBitCount)
        classes &= classes - 1
        let edge = LockOrderEdge(held: held, taken: taking.lock, subclass: taking.subclass, site: taking.site)
        if lockEdges[edge] == nil { lockEdges[edge] = shared.level + 1 }
      }
    }
  }

  var transitions: Int { transitionsBefore + workers.reduce(0) { $0 + $1.batch.transitions } }

  /// In an order that depends on nothing but the system.
  var lockEdgeOrder: [LockOrderEdge] {
    lockEdges.keys.sorted { a, b in
      func rank(_ edge: LockOrderEdge) -> (Int, Int, Int, Int) {
        (edge.held.index, edge.taken.index, edge.subclass, edge.site.index)
      }
      return rank(a) < rank(b)
    }
  }

  var uncovered: [CoverPoint] { zip(system.coverPoints, covered).filter { !$1 }.map(\.0) }

  /// Implications of step properties are left out: they are about steps, and only states are looked at.
  var untried: [(property: String, site: SiteID)] {
    let all = system.properties.flatMap { property in
      property.antecedents.map { (property: property, site: $0.site) }
    }
    return zip(all, isTried).filter { !$1 && $0.property.group != .step }.map {
      ($0.0.property.name, $0.0.site)
    }
  }

  // MARK: Limits

  private var bytes: Int {
    let chunkBytes = Chunk.capacity * shared.wordCount * 8
    // The level that is expanded is the last of those that are kept.
    let levels = kept ?? [shared.states]
    let level = levels.reduce(0) { $0 + $1.chunks.count { $0.words != nil } } * chunkBytes
    return shared.store.byteCount + level + shared.next.byteCount
      + workers.reduce(0) { $0 + $1.batch.byteCount }
  }

  private func reasonToStop() -> String? {
    let seconds = limits.clock() - startTime
    let bytes = self.bytes
    peakBytes = max(peakBytes, bytes)
    limits.progress?(
      SearchProgress(
        states: shared.store.count, transitions: transitions, depth: statistics.depth,
        queued: shared.untaken.reduce(shared.next.count) { $0 + $1.end - $1.position }, bytes: bytes,
        seconds: seconds))
    if limits.isCancelled() { return "interrupted" }
    if let limit = limits.seconds, seconds > limit { return "time limit reached" }
    return isWithinLimit(bytes) ? nil : "memory limit reached"
  }

  /// Whether so many bytes may be held; levels that are only kept for a shorter way to traces are given up first.
  private func isWithinLimit(_ needed: Int) -> Bool {
    guard let limit = limits.bytes, limits.baseBytes + needed > limit else { return true }
    let before = bytes
    kept = nil
    return keptBytes < .max && limits.baseBytes + needed - (before - bytes) <= limit
  }

  private func makeRoom() {
    let needed = shared.store.byteCountWhileGrowing(jobs: shared.jobs) - shared.store.byteCount + bytes
    if !isWithinLimit(needed) {
      stopReason = "memory limit reached"
      return
    }
    shared.store.grow(jobs: shared.jobs)
    peakBytes = max(peakBytes, needed)
  }

  // MARK: Checkpoints

  func writeProgress(_ writer: BinaryWriter) {
    for number in [shared.level, statistics.depth, transitions] { writer.write(number) }
    writer.write(satisfied)
    writer.write(covered)
    writer.write(isTried)
    writer.write(findings.levels.count)
    for (key, level) in findings.levels {
      writer.write(key.property)
      writer.write(key.site.index)
      writer.write(level)
    }
    writer.write(lockEdges.count)
    for (edge, level) in lockEdges {
      for number in [edge.held.index, edge.taken.index, edge.subclass, edge.site.index, level] {
        writer.write(number)
      }
    }
  }

  func readProgress(_ reader: BinaryReader) throws(CheckpointError) {
    let numbers = 0...Int.max
    shared.level = try reader.number(in: numbers)
    statistics.depth = try reader.number(in: numbers)
    transitionsBefore = try reader.number(in: numbers)
    satisfied = try reader.word()
    let (covered, isTried) = (try reader.flags(), try reader.flags())
    guard covered.count == self.covered.count, isTried.count == self.isTried.count else {
      throw reader.damaged
    }
    (self.covered, self.isTried) = (covered, isTried)
    for _ in 0..<(try reader.count(of: 24)) {
      let property = try reader.text()
      let site = SiteID(try reader.number(in: 0...max(0, system.sites.count - 1)))
      findings.add(FindingKey(property: property, site: site), level: try reader.number(in: numbers))
    }
    for _ in 0..<(try reader.count(of: 40)) {
      let held = LockClassID(try reader.number(in: 0...63))
      let taken = LockClassID(try reader.number(in: 0...63))
      let subclass = try reader.number(in: numbers)
      let site = SiteID(try reader.number(in: 0...max(0, system.sites.count - 1)))
      let edge = LockOrderEdge(held: held, taken: taken, subclass: subclass, site: site)
      lockEdges[edge] = try reader.number(in: numbers)
    }
    // The levels before are not in the file, so traces need a second search.
    kept = nil
  }

  private func finish() {
    statistics.states = shared.store.count
    statistics.transitions = transitions
    statistics.reductions = reductions.names
    statistics.isComplete = stopReason == nil
    statistics.seconds = limits.clock() - startTime
    let states = max(1, shared.store.count)
    statistics.bytesPerState = Double(max(peakBytes, bytes)) / Double(states)
  }
}
