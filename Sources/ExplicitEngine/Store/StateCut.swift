import TransitionIR

/// Cuts states of one or two words into two halves.
///
/// The used bits of both words are taken as one number, and cut at a bit. Where that is decides how often halves repeat, and so
/// how much memory they and the keys made of them take: see `best`.
struct StateCut: Equatable {
  /// Bits that the first word uses; the second follows.
  private let firstBits: UInt64
  private let totalBits: Int
  /// Bits of the lower half.
  let position: Int

  /// Nil for states of more than two words.
  init?(_ packing: StatePacking, position: Int? = nil) {
    guard packing.wordCount <= 2 else { return nil }
    var used = [0, 0]
    for field in packing.fields {
      let bits = 64 - field.mask.leadingZeroBitCount
      used[field.word] = max(used[field.word], Int(field.shift) + bits)
    }
    firstBits = UInt64(used[0])
    totalBits = used[0] + used[1]
    let all = Self.positions(totalBits)
    // Globals that are no locks below, locks and processes above; of two words, the words.
    let natural = packing.wordCount == 2 ? used[0] : packing.globalBits
    self.position = min(max(position ?? natural, all.lowerBound), all.upperBound)
  }

  /// Both halves must fit into a word.
  private static func positions(_ totalBits: Int) -> ClosedRange<Int> {
    max(0, totalBits - 64)...min(64, totalBits)
  }

  /// Writes the halves of some states into two columns.
  func split(
    _ states: UnsafePointer<UInt64>, count: Int, _ left: UnsafeMutablePointer<UInt64>,
    _ right: UnsafeMutablePointer<UInt64>, wordCount: Int
  ) {
    // Shifts by 64 give 0 here, which is what is wanted of them.
    let cut = UInt64(position)
    let mask: UInt64 = cut == 64 ? .max : (1 << cut) - 1
    if wordCount == 1 {
      for i in 0..<count {
        left[i] = states[i] & mask
        right[i] = states[i] >> cut
      }
    } else if cut <= firstBits {
      let rest = firstBits - cut
      for i in 0..<count {
        left[i] = states[2 &* i] & mask
        right[i] = states[2 &* i] >> cut | states[2 &* i &+ 1] << rest
      }
    } else {
      let rest = cut - firstBits
      for i in 0..<count {
        left[i] = (states[2 &* i] | states[2 &* i &+ 1] << firstBits) & mask
        right[i] = states[2 &* i &+ 1] >> rest
      }
    }
  }

  /// The cut for which a sample of states would take the least memory.
  ///
  /// Every fourth position is tried, then those around the best. Time: proportional to the size of the sample times the number of bits.
  static func best(_ packing: StatePacking, sample: [UInt64]) -> StateCut? {
    let count = sample.count / packing.wordCount
    guard count > 0, let natural = StateCut(packing) else { return nil }
    let columns = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * count)
    defer { columns.deallocate() }
    var best = natural
    // The first states are not like the later ones: another cut than the natural one has to be much better.
    var least = natural.cost(sample, count, columns, packing.wordCount) * 9 / 20
    func attempt(_ candidates: some Sequence<Int>) {
      for position in candidates where all.contains(position) {
        guard let cut = StateCut(packing, position: position) else { continue }
        let cost = cut.cost(sample, count, columns, packing.wordCount)
        if cost < least { (best, least) = (cut, cost) }
      }
    }
    let all = positions(natural.totalBits)
    attempt(stride(from: all.lowerBound, through: all.upperBound, by: 4))
    if best != natural { attempt(best.position - 3...best.position + 3) }
    return best
  }

  /// Bytes for the numbers of the halves, and for the slots of the keys.
  private func cost(
    _ sample: [UInt64], _ count: Int, _ columns: UnsafeMutablePointer<UInt64>, _ wordCount: Int
  ) -> Int {
    let right = columns + count
    sample.withUnsafeBufferPointer { states in
      guard let base = states.baseAddress else { return }
      split(base, count: count, columns, right, wordCount: wordCount)
    }
    let slots = 1 << (Int.bitWidth - (2 * count).leadingZeroBitCount)
    let counts = [columns, right].map { column -> Int in
      let table = WordTable(slotCount: max(1 << 8, slots))
      table.number(column, count: count)
      return table.count
    }
    let space = KeySpace(left: counts[0], right: counts[1], keyCount: count)
    let shape = KeyShape.smallest(
      baseBits: space.baseBits, tiles: space.tileCount, capacity: count + count / 3)
    return counts.reduce(0, +) * WordTable.bytesPerValue + shape.byteCount
  }
}
