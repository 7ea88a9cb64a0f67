import Reductions
import TransitionIR

/// States that a search has seen, as values to learn from: packed, in the order of their levels.
///
/// Every one of them is reachable. They are all that are if `isComplete`; otherwise they are the levels near the start and
/// what deep random walks met beyond them.
public struct ReachableStates: Sendable {
  public let packing: StatePacking
  /// `packing.wordCount` words for each state.
  public private(set) var words: [UInt64]
  public private(set) var count: Int
  public let isComplete: Bool
  /// Length of a state as the interpreter knows it.
  public let slotCount: Int

  /// Explores a system without any reduction that leaves out steps or clears locals.
  ///
  /// With `symmetry` (which `steps` must know of, too) one state of each orbit is kept, which is enough for whoever looks at all
  /// processes and objects alike.
  ///
  /// Once a level has brought the number of states above `stateLimit`, or `limits` end the search, random walks add a quarter of that
  /// limit at most. Deterministic, unless `limits` end the search in the middle of a level.
  public init(
    of interpreter: Interpreter, limits: SearchLimits, steps: StepFactory? = nil, symmetry: Symmetry? = nil,
    stateLimit: Int = 200_000
  ) throws {
    var reductions = SearchReductions.none
    reductions.symmetry = symmetry
    let search = Search(
      interpreter, steps: steps ?? StepFactory(interpreter, reductions: reductions), limits: limits,
      reductions: reductions, keptBytes: .max,
      isEnough: { $0.shared.store.count > stateLimit })
    try search.run()
    packing = search.shared.packing
    slotCount = interpreter.system.slotCount
    isComplete = search.statistics.isComplete && search.shared.states.chunks.isEmpty
    words = []
    count = 0
    precondition(search.kept != nil || !isComplete, "levels of a finished search were lost")
    for level in search.kept ?? [] { append(level) }
    if count == 0 { appendInitialStates(interpreter) }
    search.releaseStates()
    if !isComplete { walk(interpreter, adding: max(1, stateLimit / 4)) }
  }

  private mutating func append(_ level: LevelStates) {
    for chunk in level.chunks {
      guard let base = chunk.words else { continue }
      words += UnsafeBufferPointer(start: base, count: chunk.count * packing.wordCount)
      count += chunk.count
    }
  }

  /// What is left if memory ran out before anything else could be kept.
  private mutating func appendInitialStates(_ interpreter: Interpreter) {
    var buffer = [UInt64](repeating: 0, count: packing.wordCount)
    for successor in interpreter.initialStates() where !successor.isFatal {
      packing.pack(successor.state, into: &buffer)
      words += buffer
      count += 1
    }
  }

  /// Calls `body` with each state as the interpreter knows it.
  public func forEach(_ body: ([Int]) throws -> Void) rethrows {
    var state = [Int](repeating: 0, count: slotCount)
    for index in 0..<count {
      packing.unpack(words[index * packing.wordCount..<(index + 1) * packing.wordCount], into: &state)
      try body(state)
    }
  }

  // MARK: Walks

  /// Steps of one walk: deeper than most calls of a spec are long.
  private static let walkLength = 2_000

  /// Walks from random states among those known, until enough new ones are found or walks find nothing new.
  private mutating func walk(_ interpreter: Interpreter, adding limit: Int) {
    guard count > 0 else { return }
    var known = Set((0..<count).map { packed($0) })
    var random = SplitMix(state: 0x9E37_79B9_7F4A_7C15)
    let start = count
    var fruitless = 0
    while count - start < limit, fruitless < 20 {
      let before = count
      walkOnce(interpreter, from: random.below(start), &known, &random, limit: start + limit)
      fruitless = count == before ? fruitless + 1 : 0
    }
  }

  private func packed(_ index: Int) -> [UInt64] {
    Array(words[index * packing.wordCount..<(index + 1) * packing.wordCount])
  }

  private mutating func walkOnce(
    _ interpreter: Interpreter, from index: Int, _ known: inout Set<[UInt64]>, _ random: inout SplitMix,
    limit: Int
  ) {
    var state = [Int](repeating: 0, count: slotCount)
    packing.unpack(packed(index)[...], into: &state)
    var buffer = [UInt64](repeating: 0, count: packing.wordCount)
    for _ in 0..<Self.walkLength where count < limit {
      let next = (0..<interpreter.system.processCount)
        .flatMap { interpreter.successors(of: state, process: $0) }.filter { !$0.isFatal }
      if next.isEmpty { return }
      state = next[random.below(next.count)].state
      packing.pack(state, into: &buffer)
      if known.insert(buffer).inserted {
        words += buffer
        count += 1
      }
    }
  }
}
