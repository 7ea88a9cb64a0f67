import CStepABI
import TransitionIR

/// What one thread has: a source of steps, memory for a batch of them, and what it found.
///
/// A worker takes units of the level, from its own span first, expands their states batch by batch, adds the successors to the store
/// slice by slice, and collects those that are new. It stops between slices if the tables need room, and between batches if time is up.
final class Worker {
  enum Pause { case levelDone, timeUp, needsRoom }

  private let shared: SharedLevel
  private let number: Int
  private(set) var source: any StepSource
  private(set) var batch: StepBatch
  private let scratch: TreeStore.Scratch
  private let isNew: UnsafeMutablePointer<UInt8>
  private(set) var unit: WorkUnit?
  /// Successors of the batch that are in the store already.
  private var stored = 0
  /// New states that are not handed to all yet.
  private(set) var open: Chunk
  private var diskBuffer: [UInt64] = []

  private(set) var findings = Findings()
  private(set) var isSatisfied: UInt64 = 0

  /// Worker `number` of those that share a level.
  init(_ shared: SharedLevel, number: Int, _ source: any StepSource) {
    self.shared = shared
    self.number = number
    self.source = source
    batch = shared.makeBatch(for: source)
    scratch = TreeStore.Scratch(wordCount: shared.wordCount)
    isNew = .allocate(capacity: TreeStore.sliceLength)
    open = Chunk(wordCount: shared.wordCount)
  }

  deinit { isNew.deallocate() }

  /// Changes the source; what the old one covered must have been taken before.
  func replaceSource(_ source: any StepSource) {
    precondition(stored == batch.count, "the successors of the old source are not stored yet")
    self.source = source
    batch = shared.makeBatch(for: source)
    stored = 0
  }

  var hasPendingSuccessors: Bool { stored < batch.count }
  /// Has states of the level to expand, or successors to store.
  var isBusy: Bool { unit != nil || hasPendingSuccessors }

  /// Works until the level is done, room is needed, or `deadline` is over.
  func run(until deadline: Double) -> Pause {
    var hasWorked = false
    while true {
      if !storePending() { return .needsRoom }
      // Something is done in each round, however slow the clock is to be asked.
      if hasWorked, shared.clock() > deadline { return .timeUp }
      hasWorked = true
      if unit == nil { unit = shared.nextUnit(for: number) }
      guard var unit else { return .levelDone }
      unit.position += expandSome(of: unit)
      self.unit = unit.position < unit.end ? unit : nil
    }
  }

  /// Adds given states to the next level, as if they were successors of a state before the first level.
  func add(_ states: [[UInt64]], settles: Bool) {
    for state in states {
      state.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        batch.clear()
        if settles {
          while source.settle(base, 1, batch) == 0 { batch.enlarge() }
          noteEvents()
        } else {
          batch.withBatch { batch in
            batch.words.update(from: base, count: shared.wordCount)
            batch.count = 1
          }
        }
        if shared.isSymmetric { source.canonicalize(batch.words, batch.count) }
        stored = 0
        while !storePending() { shared.store.grow(jobs: shared.jobs) }
      }
    }
  }

  /// Stores what is left of the batch; one thread alone, after the store was given room.
  func finishBatch() -> Bool { storePending() }

  /// Hands what was collected of the next level to all.
  func closeLevel() {
    shared.next.append(open, from: number)
    open = Chunk(wordCount: shared.wordCount)
  }

  func takeFindings() -> (findings: Findings, satisfied: UInt64) {
    defer { (findings, isSatisfied) = (Findings(), 0) }
    return (findings, isSatisfied)
  }

  // MARK: Expanding

  /// Expands the first states of a unit, as many as have room; returns their number.
  private func expandSome(of unit: WorkUnit) -> Int {
    let done = shared.next.withWords(of: unit.chunk, &diskBuffer) { words in
      source.expand(
        words + unit.position * shared.wordCount, unit.end - unit.position, shared.flags, batch)
    }
    stored = 0
    if done == 0 {
      batch.enlarge()
      return 0
    }
    if batch.eventCount > 0 { noteEvents() }
    if shared.isSymmetric { source.canonicalize(batch.words, batch.count) }
    return done
  }

  private func noteEvents() {
    for index in 0..<batch.eventCount {
      let event = batch.events[index]
      let level = event.process == UInt32.max ? shared.level : shared.level + 1
      let count = Int(event.failure_count)
      withUnsafeBytes(of: event.failures) { bytes in
        for number in bytes.bindMemory(to: UInt32.self).prefix(count) {
          findings.add(source.failures[Int(number)], level: level)
        }
      }
      if event.broken != 0 { noteProperties(event.broken, level) }
    }
  }

  // MARK: Storing

  private func storePending() -> Bool {
    let total = batch.count
    while stored < total {
      guard shared.store.hasRoom(jobs: shared.jobs) else { return false }
      let count = min(TreeStore.sliceLength, total - stored)
      let states = batch.words + stored * shared.wordCount
      let added = shared.store.add(UnsafePointer(states), count: count, scratch, isNew: isNew)
      stored += count
      if added > 0 { collect(states, count) }
    }
    return true
  }

  private func collect(_ states: UnsafeMutablePointer<UInt64>, _ count: Int) {
    let wordCount = shared.wordCount
    var first = open.count
    for index in 0..<count where isNew[index] != 0 {
      if open.count == Chunk.capacity {
        check(from: first)
        shared.next.append(open, from: number)
        open = Chunk(wordCount: wordCount)
        first = 0
      }
      guard let words = open.words else { preconditionFailure("an open chunk is in memory") }
      let target = words + open.count * wordCount
      let state = states + index * wordCount
      for offset in 0..<wordCount { target[offset] = state[offset] }
      open.count += 1
    }
    check(from: first)
  }

  /// Looks at the new states of the open chunk.
  private func check(from first: Int) {
    guard open.count > first, let words = open.words else { return }
    let states = UnsafePointer(words + first * shared.wordCount)
    let found = source.check(states, open.count - first, shared.wanted, batch)
    for index in 0..<found {
      let verdict = batch.verdicts[index]
      noteProperties(verdict.properties, shared.level + 1)
      for pool in 0..<64 where verdict.leaks >> UInt64(pool) & 1 != 0 {
        findings.add(shared.leakKeys[pool], level: shared.level + 1)
      }
    }
  }

  private func noteProperties(_ properties: UInt64, _ level: Int) {
    var rest = properties
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      if shared.properties[index].group == .reachable { isSatisfied |= 1 << UInt64(index) }
      findings.add(shared.propertyKeys[index], level: level)
    }
  }
}
