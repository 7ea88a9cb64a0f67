import TransitionIR

/// Finds the cut with which the states of a store would take the least memory.
///
/// How often halves repeat is not seen in a sample of states: most halves of a small sample occur once, whatever the cut. So all states
/// are looked at, and a fixed share of all *values* is counted.
struct CutChoice {
  private let wordCount: Int
  private let stateCount: Int
  private let candidates: [StateCut]
  private let tables: [(left: WordTable, right: WordTable)]
  /// One value of 2^`shareBits` is counted.
  private let shareBits: Int

  /// Values that are counted of a half that never repeats.
  private static let countedBits = 15

  private init(_ candidates: [StateCut], _ store: TreeStore) {
    self.candidates = candidates
    (wordCount, stateCount) = (store.wordCount, store.count)
    tables = candidates.map { _ in (WordTable(), WordTable()) }
    shareBits = max(0, Int.bitWidth - store.count.leadingZeroBitCount - Self.countedBits)
    store.forEachSlice { states, count in look(at: states, count) }
  }

  /// Nil if none takes less than `share` of what the present one takes.
  ///
  /// Every fourth position is tried, then those around the best. Time: proportional to the states times the number of positions.
  static func best(_ packing: StatePacking, _ store: TreeStore, share: Double) -> StateCut? {
    guard let present = store.cut else { return nil }
    let all = StateCut.all(packing)
    let coarse = CutChoice([present] + all.filter { $0.position % 4 == 0 }, store)
    let costs = coarse.costs
    guard let best = costs.min(by: { $0.bytes < $1.bytes }), best.cut != present else { return nil }
    let fine = CutChoice(all.filter { abs($0.position - best.cut.position) < 4 }, store)
    guard let finest = fine.costs.min(by: { $0.bytes < $1.bytes }) else { return nil }
    return Double(finest.bytes) < Double(costs[0].bytes) * share ? finest.cut : nil
  }

  private func look(at states: UnsafePointer<UInt64>, _ count: Int) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * TreeStore.sliceLength) { columns in
      guard let left = columns.baseAddress else { return }
      let right = left + TreeStore.sliceLength
      for (cut, tables) in zip(candidates, tables) {
        cut.split(states, count: count, left, right, wordCount: wordCount)
        number(left, count, tables.left)
        number(right, count, tables.right)
      }
    }
  }

  private func number(_ column: UnsafeMutablePointer<UInt64>, _ count: Int, _ table: WordTable) {
    var chosen = 0
    for i in 0..<count {
      let folded = (column[i] ^ (column[i] >> 32)) &* 0xd6e8_feb8_6659_fd93
      let hash = (folded ^ (folded >> 32)) &* 0xff51_afd7_ed55_8ccd
      if hash.leadingZeroBitCount < shareBits { continue }
      column[chosen] = column[i]
      chosen += 1
    }
    if chosen == 0 { return }
    while table.room < chosen { table.grow() }
    table.number(column, count: chosen)
  }

  /// Bytes for the numbers of the halves, and for the slots of the keys.
  private var costs: [(cut: StateCut, bytes: Int)] {
    zip(candidates, tables).map { cut, tables in
      let (left, right) = (max(1, tables.left.count << shareBits), max(1, tables.right.count << shareBits))
      let space = KeySpace(left: left, right: right, keyCount: stateCount)
      let shape = KeyShape.smallest(
        baseBits: space.baseBits, tiles: space.tileCount, capacity: stateCount + stateCount / 3)
      return (cut, (left + right) * WordTable.bytesPerValue + shape.byteCount)
    }
  }
}
