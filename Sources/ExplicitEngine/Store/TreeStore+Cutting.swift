import TransitionIR

/// States of one or two words can be had back from the store, and be cut elsewhere.
extension TreeStore {
  /// Calls `body` with all states, at most `sliceLength` at a time.
  ///
  /// One thread alone. For a store of cut states only.
  func forEachSlice(_ body: (UnsafePointer<UInt64>, Int) -> Void) {
    guard let cut else { preconditionFailure("only cut states can be had back") }
    let (left, right) = (tables[0].values(), tables[1].values())
    let splitter = KeySpace.Splitter(space)
    let length = Self.sliceLength
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (2 + wordCount) * length) { memory in
      guard let columns = memory.baseAddress else { return }
      let states = columns + 2 * length
      var count = 0
      func flush() {
        if count == 0 { return }
        cut.join(columns, columns + length, count: count, states, wordCount: wordCount)
        body(states, count)
        count = 0
      }
      root.forEachKey { key in
        let numbers = splitter.split(key)
        columns[count] = left[Int(numbers.left)]
        columns[length + count] = right[Int(numbers.right)]
        count += 1
        if count == length { flush() }
      }
      flush()
    }
  }

  /// Bytes that `cutAnew` takes at most, beyond those of this store.
  var byteCountOfCutting: Int { 2 * byteCount + tables.reduce(0) { $0 + $1.count * 8 } }

  /// The same states in a store with a better cut; nil if there is none that takes less than `share` of the memory.
  ///
  /// One thread alone.
  func cutAnew(_ packing: StatePacking, share: Double, jobs: Int) -> TreeStore? {
    guard let best = CutChoice.best(packing, self, share: share) else { return nil }
    let next = TreeStore(packing, cut: best)
    let scratch = Scratch(wordCount: wordCount)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.sliceLength) { isNew in
      guard let isNew = isNew.baseAddress else { return }
      forEachSlice { states, count in
        if !next.hasRoom(jobs: jobs) { next.grow(jobs: jobs) }
        _ = next.add(states, count: count, scratch, isNew: isNew)
      }
    }
    precondition(next.count == count, "a state was lost or doubled while the store was cut anew")
    return next
  }
}
