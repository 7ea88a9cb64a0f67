import CStateTable
import Synchronization

/// Numbers the different values of one part of the states, from 0 on, in the order in which they are first met.
///
/// Lockless: any number of threads may number values at the same time; growing needs one thread alone. The numbers depend on
/// who comes first, so nothing that is reported may.
///
/// A value, mixed, is looked for from its share of the slots on: the mixed values are in order, but for collisions.
///
/// - Invariant: at most five eighths of the slots are used, so probes end, and soon.
/// - Invariant: a slot goes from 0 to a key once; its number follows, and is not 0 from then on.
final class WordTable: @unchecked Sendable {
  // Unchecked: slots are only touched through atomics; `memory` and `slotCount` change while one thread is alone.
  private var memory: Mapping
  private var slots: UnsafeMutablePointer<Atomic<UInt64>>
  private(set) var slotCount: Int
  private let counter = Atomic<Int>(0)

  init(slotCount: Int = 1 << 8) {
    self.slotCount = slotCount
    memory = Mapping(byteCount: (slotCount + 1) * 16)
    slots = memory.base.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// What one value costs, roughly: a slot of 16 bytes in a table that is half full.
  static let bytesPerValue = 32

  var count: Int { counter.load(ordering: .relaxed) }
  var byteCount: Int { memory.byteCount }
  /// Values that still fit before the table should grow.
  var room: Int { slotCount / 8 * 5 - count }

  /// An invertible mix, so that keys stay exact; 0 is taken for "empty" and has a slot of its own.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let folded = value ^ (value >> 32)
    return folded &* 0x9e37_79b9_7f4a_7c15
  }

  @inline(__always)
  private static func position(_ key: UInt64, _ slotCount: UInt64) -> Int {
    Int(truncatingIfNeeded: key.multipliedFullWidth(by: slotCount).high)
  }

  /// Replaces each value of a column by its number; look-ups are interleaved so that their cache misses overlap.
  ///
  /// Equal neighbours are common (the successors of one state differ in few parts) and cost one comparison. O(count) expected.
  func number(_ column: UnsafeMutablePointer<UInt64>, count: Int) {
    let slots = self.slots
    let size = UInt64(slotCount)
    var last = ~column[0]
    for i in 0..<count where column[i] != last {
      last = column[i]
      mmck_fetch(slots + Self.position(Self.mix(last), size) &* 2)
    }
    last = ~column[0]
    var lastNumber: UInt64 = 0
    for i in 0..<count {
      let value = column[i]
      if value != last {
        last = value
        let key = Self.mix(value)
        let position = Self.position(key, size)
        // The first look finds nearly everything; the rest may take longer.
        let number = (slots + (position &* 2 &+ 1)).pointee.load(ordering: .acquiring)
        if key != 0, number != 0, (slots + position &* 2).pointee.load(ordering: .relaxed) == key {
          lastNumber = number &- 1
        } else {
          lastNumber = search(key, from: position)
        }
      }
      column[i] = lastNumber
    }
  }

  @inline(never)
  private func search(_ key: UInt64, from start: Int) -> UInt64 {
    // What is mixed to 0 has the slot behind all others, where 1 says that it is there.
    if key == 0 { return search(1, from: slotCount) }
    var position = start
    while true {
      let seen = (slots + position &* 2).pointee.load(ordering: .relaxed)
      if seen == key { return awaitedNumber(inSlot: position) }
      if seen == 0 {
        let result = number(inSlot: position, key: key)
        if result != .max { return result }
        continue
      }
      position = position &+ 1 == slotCount ? 0 : position &+ 1
    }
  }

  /// Claims a slot, or waits for who claimed it for the same key; `.max` if it went to another key.
  private func number(inSlot position: Int, key: UInt64) -> UInt64 {
    let (won, seen) = (slots + position &* 2).pointee.compareExchange(
      expected: 0, desired: key, ordering: .relaxed)
    let number = slots + (position &* 2 &+ 1)
    if won {
      let next = UInt64(counter.add(1, ordering: .relaxed).oldValue)
      // Releasing, with the acquiring load below: whoever sees the number may use it to look up what depends on it.
      number.pointee.store(next &+ 1, ordering: .releasing)
      return next
    }
    return seen == key ? awaitedNumber(inSlot: position) : .max
  }

  /// The number of a key that is there; whoever claimed the slot writes it at once.
  ///
  /// Reads only: an exchange would take the cache line away from the other threads.
  private func awaitedNumber(inSlot position: Int) -> UInt64 {
    while true {
      let known = (slots + (position &* 2 &+ 1)).pointee.load(ordering: .acquiring)
      if known != 0 { return known &- 1 }
    }
  }

  private var slotCountAfterGrowing: Int {
    slotCount < 1 << 16 ? slotCount * 4 : slotCount < 1 << 20 ? slotCount * 2 : slotCount / 2 * 3
  }

  var byteCountAfterGrowing: Int { (slotCountAfterGrowing + 1) * 16 }

  /// Makes the table larger, by more while it is small; values move in order, and the old memory is given back on the way.
  ///
  /// One thread alone.
  func grow() {
    let (old, oldCount) = (memory, slotCount)
    setSlotCount(slotCountAfterGrowing)
    let words = old.base.assumingMemoryBound(to: UInt64.self)
    var released = 0
    for position in 0...oldCount {
      let key = words[position * 2]
      if key != 0 { put(key, words[position * 2 + 1], isSpecial: position == oldCount) }
      if position * 16 - released >= KeyTable.releaseLength {
        old.releasePrefix(from: released, to: position * 16)
        released = position * 16
      }
    }
  }

  private func put(_ key: UInt64, _ number: UInt64, isSpecial: Bool) {
    let words = memory.base.assumingMemoryBound(to: UInt64.self)
    var position = isSpecial ? slotCount : Self.position(key, UInt64(slotCount))
    while words[position * 2] != 0 { position = position + 1 == slotCount ? 0 : position + 1 }
    words[position * 2] = key
    words[position * 2 + 1] = number
  }

  /// All values, by number.
  ///
  /// One thread alone. O(slots).
  func values() -> [UInt64] {
    let words = memory.base.assumingMemoryBound(to: UInt64.self)
    var values = [UInt64](repeating: 0, count: count)
    for position in 0...slotCount where words[position * 2 + 1] != 0 {
      values[Int(words[position * 2 + 1]) - 1] = position == slotCount ? 0 : Self.unmix(words[position * 2])
    }
    return values
  }

  private static func unmix(_ key: UInt64) -> UInt64 {
    // The inverse of the multiplier, modulo 2^64.
    let folded = key &* 0xf1de_83e1_9937_733d
    return folded ^ (folded >> 32)
  }

  // MARK: Checkpoints

  func write(to writer: BinaryWriter) {
    writer.write(slotCount)
    writer.write(count)
    writer.write(UnsafeRawBufferPointer(start: memory.base, count: (slotCount + 1) * 16))
  }

  func read(from reader: BinaryReader) throws(CheckpointError) {
    let slots = try reader.number(in: 1 << 8...1 << 40)
    let used = try reader.number(in: 0...slots)
    guard used < slots else { throw reader.damaged }
    setSlotCount(slots)
    try reader.read(into: UnsafeMutableRawBufferPointer(start: memory.base, count: (slots + 1) * 16))
    counter.store(used, ordering: .relaxed)
  }

  private func setSlotCount(_ count: Int) {
    slotCount = count
    memory = Mapping(byteCount: (count + 1) * 16)
    slots = memory.base.assumingMemoryBound(to: Atomic<UInt64>.self)
  }
}
