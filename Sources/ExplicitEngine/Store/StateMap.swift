/// Names a state of a `StateMap`; states are numbered in the order in which they were added.
struct StateID: Hashable, Comparable {
  let index: Int
  static func < (a: StateID, b: StateID) -> Bool { a.index < b.index }
}

/// A plain set of packed states that numbers them and can show them again: for the few states on the way to a violation.
///
/// - Invariant: `table` has a power of two of entries, at most two thirds of them used; an entry is a state's number plus one.
struct StateMap {
  let wordCount: Int
  private(set) var words: [UInt64] = []
  private(set) var count = 0
  private var table = [UInt32](repeating: 0, count: 1 << 8)

  init(wordCount: Int) { self.wordCount = wordCount }

  /// Bytes held now.
  var byteCount: Int { words.capacity * 8 + table.count * 4 }

  func state(_ id: StateID) -> ArraySlice<UInt64> {
    words[id.index * wordCount..<(id.index + 1) * wordCount]
  }

  /// Calls `body` with the words of the states from `id` on.
  func withWords<T>(from id: StateID, _ body: (UnsafePointer<UInt64>) -> T) -> T {
    words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("there are no states") }
      return body(base + id.index * wordCount)
    }
  }

  /// O(1) expected.
  func find(_ state: UnsafePointer<UInt64>) -> StateID? {
    let entry = table[position(of: state)]
    return entry == 0 ? nil : StateID(index: Int(entry) - 1)
  }

  /// Adds a state, or finds it.
  ///
  /// O(1) expected.
  mutating func insert(_ state: UnsafePointer<UInt64>) -> (id: StateID, isNew: Bool) {
    if count * 3 >= table.count * 2 { grow() }
    let position = self.position(of: state)
    if table[position] != 0 { return (StateID(index: Int(table[position]) - 1), false) }
    precondition(count < UInt32.max - 1, "more states than the table can number")
    table[position] = UInt32(count + 1)
    words.append(contentsOf: UnsafeBufferPointer(start: state, count: wordCount))
    count += 1
    return (StateID(index: count - 1), true)
  }

  /// Where the state is, or where it belongs.
  private func position(of state: UnsafePointer<UInt64>) -> Int {
    let mask = table.count - 1
    var position = Int(truncatingIfNeeded: hash(state)) & mask
    while table[position] != 0, !isEqual(Int(table[position]) - 1, state) { position = (position + 1) & mask }
    return position
  }

  private func isEqual(_ index: Int, _ state: UnsafePointer<UInt64>) -> Bool {
    let base = index * wordCount
    for offset in 0..<wordCount where words[base + offset] != state[offset] { return false }
    return true
  }

  private mutating func grow() {
    table = [UInt32](repeating: 0, count: table.count * 2)
    let mask = table.count - 1
    words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for index in 0..<count {
        var position = Int(truncatingIfNeeded: hash(base + index * wordCount)) & mask
        while table[position] != 0 { position = (position + 1) & mask }
        table[position] = UInt32(index + 1)
      }
    }
  }

  /// Multiply and xor-shift, word by word (the finaliser of MurmurHash3).
  private func hash(_ state: UnsafePointer<UInt64>) -> UInt64 {
    var result: UInt64 = 0x9e37_79b9_7f4a_7c15
    for offset in 0..<wordCount {
      result ^= state[offset]
      result = (result ^ (result >> 33)) &* 0xff51_afd7_ed55_8ccd
      result = (result ^ (result >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    }
    return result ^ (result >> 33)
  }
}
