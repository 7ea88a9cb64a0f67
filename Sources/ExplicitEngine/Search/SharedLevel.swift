import CStepABI
import Synchronization
import TransitionIR

/// What all workers look at: the store, the level they expand, and the next one.
///
/// Only `nextUnit` and the store change while workers run; everything else is set between levels, by one thread alone.
final class SharedLevel: @unchecked Sendable {
  // Unchecked: see above.
  let interpreter: Interpreter
  let packing: StatePacking
  let wordCount: Int
  private(set) var store: TreeStore
  let next: Frontier
  let jobs: Int
  let clock: @Sendable () -> Double
  /// For `mmck_expand`.
  let flags: UInt32
  let isSymmetric: Bool
  let properties: [Property]
  let propertyKeys: [FindingKey]
  /// What a lost object of each pool is called.
  let leakKeys: [FindingKey]
  private let antecedentCount: Int

  /// Number of the level that is expanded; -1 while initial states are added.
  var level = -1
  var states = LevelStates()
  var wanted: Wanted
  private var units: [WorkUnit] = []
  private let cursor = Atomic<Int>(0)
  /// The first chunks of the level, which are given back.
  private var releasedCount = 0

  init(_ interpreter: Interpreter, _ limits: SearchLimits, _ reductions: SearchReductions) {
    self.interpreter = interpreter
    let system = interpreter.system
    packing = StatePacking(system)
    wordCount = packing.wordCount
    store = TreeStore(packing)
    next = Frontier(wordCount: wordCount, spill: limits.spill)
    jobs = max(1, limits.jobs)
    clock = limits.clock
    flags = reductions.runsSafeSteps ? UInt32(MMCK_REDUCE) : 0
    isSymmetric = reductions.isSymmetric
    properties = system.properties
    propertyKeys = system.properties.map { FindingKey(property: $0.name, site: $0.site) }
    leakKeys = system.pools.indices.map { pool in
      FindingKey(
        property: BuiltinProperty.neverFreed.rawValue,
        site: interpreter.allocationSite(of: PoolID(pool)) ?? SiteID(0))
    }
    antecedentCount = system.properties.reduce(0) { $0 + $1.antecedents.count }
    wanted = Wanted()
  }

  func makeBatch(for source: any StepSource) -> StepBatch {
    StepBatch(
      wordCount: wordCount, coverCount: interpreter.system.coverPoints.count,
      orderCount: source.takings.count, triedCount: antecedentCount)
  }

  /// Some states of the level that nobody has taken.
  func nextUnit() -> WorkUnit? {
    let index = cursor.add(1, ordering: .relaxed).oldValue
    return index < units.count ? units[index] : nil
  }

  /// Begins to expand `states` as level `level`.
  func begin(_ states: LevelStates, level: Int) {
    self.states = states
    self.level = level
    units = states.chunks.flatMap { chunk in
      stride(from: 0, to: chunk.count, by: WorkUnit.length).map {
        WorkUnit(chunk: chunk, position: $0, end: min($0 + WorkUnit.length, chunk.count))
      }
    }
    cursor.store(0, ordering: .relaxed)
    releasedCount = 0
  }

  /// Goes on with what is left of the level.
  func resume(_ states: LevelStates) { begin(states, level: level) }

  var unitCount: Int { units.count }

  /// What nobody has taken yet.
  var untaken: ArraySlice<WorkUnit> { units[min(cursor.load(ordering: .relaxed), units.count)...] }

  /// Takes the store from a checkpoint.
  func readStore(from reader: BinaryReader) throws(CheckpointError) {
    let position = try reader.number(in: 0...64)
    store = TreeStore(packing, cut: StateCut(packing, position: position))
    try store.read(from: reader)
  }

  /// Cuts all states where they take the least memory, if that is less than `share` of what they take.
  ///
  /// One thread alone.
  func cutAnew(share: Double) {
    if let next = store.cutAnew(packing, share: share, jobs: jobs) { store = next }
  }

  /// Gives back states of the level that are expanded, but for those that somebody has in hand.
  ///
  /// While no worker runs, and if nobody wants the level afterwards.
  func releaseExpanded(inHand: [WorkUnit]) {
    let stop = untaken.first?.chunk
    var index = releasedCount
    var isPrefix = true
    while index < states.chunks.count, states.chunks[index] !== stop {
      let chunk = states.chunks[index]
      if inHand.contains(where: { $0.chunk === chunk }) { isPrefix = false } else { chunk.dropWords() }
      index += 1
      if isPrefix { releasedCount = index }
    }
  }

  /// Forgets all states: the search is over.
  func releaseStates() {
    store = TreeStore(packing)
    states = LevelStates()
  }
}

/// Some states of a chunk: what a worker takes at one time.
struct WorkUnit {
  static let length = 128
  let chunk: Chunk
  /// The first state that is not expanded yet.
  var position: Int
  let end: Int
}
