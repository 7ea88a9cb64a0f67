import CStepABI
import TransitionIR

/// What all workers look at: the store, the level they expand, and the next one.
///
/// Only what is taken of the level and the store change while workers run; everything else is set between levels, by one thread alone.
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
  /// Of each worker.
  private var spans: [LevelSpan] = []

  init(_ interpreter: Interpreter, _ limits: SearchLimits, _ reductions: SearchReductions) {
    self.interpreter = interpreter
    let system = interpreter.system
    packing = StatePacking(system)
    wordCount = packing.wordCount
    store = TreeStore(packing)
    jobs = max(1, limits.jobs)
    next = Frontier(wordCount: wordCount, workers: jobs, spill: limits.spill)
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

  /// Some states of the level that nobody has taken: of the worker's own span, then of the others'.
  func nextUnit(for worker: Int) -> WorkUnit? {
    for offset in 0..<spans.count {
      if let unit = spans[(worker + offset) % spans.count].nextUnit() { return unit }
    }
    return nil
  }

  /// Begins to expand `states` as level `level`.
  func begin(_ states: LevelStates, level: Int) {
    self.states = states
    self.level = level
    spans = LevelSpan.divide(states, among: jobs)
  }

  /// Goes on with what is left of the level.
  func resume(_ states: LevelStates) { begin(states, level: level) }

  /// How many units there are in the level.
  var unitCount: Int { spans.reduce(0) { $0 + $1.unitCount } }

  /// What nobody has taken yet.
  var untaken: [WorkUnit] { spans.flatMap(\.untaken) }

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
    for span in spans { span.releaseTaken(but: inHand) }
  }

  /// Forgets all states: the search is over.
  func releaseStates() {
    store = TreeStore(packing)
    states = LevelStates()
    spans = []
  }
}
