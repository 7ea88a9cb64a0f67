import CStateTable
import Dispatch
import Synchronization

/// From one table to the next, and all keys of one.
extension KeyTable {
  /// Adds all keys of this table to another, which may have other keys if `translate` says how; gives memory back on the way.
  ///
  /// Without translation keys move in order, so only a few pages of both tables are in use at one time. By so many threads, while
  /// nobody else uses either table; this one is of no use afterwards.
  /// - Precondition: without translation both tables have bases of the same length, and the other has no fewer tiles.
  func move(to other: KeyTable, jobs: Int = 1, translate: (@Sendable (UInt64) -> UInt64)? = nil) {
    precondition(translate != nil || other.canTake(from: self), "keys that change have to be translated")
    // Shares of whole pages, since each gives back its memory; small ones, so that no thread has long to wait for another.
    let all = shape.allLines
    let share = (all / (8 * jobs) + Self.linesInPage) / Self.linesInPage * Self.linesInPage
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while true {
        let start = next.add(share, ordering: .relaxed).oldValue
        if start >= all { return }
        move(lines: start..<min(start + share, all), to: other, translate)
      }
    }
    for mixed in overflow.withLock({ $0 }) {
      if let translate { put([translate(unmix(mixed))], in: other) } else { _ = other.add(mixed: mixed) }
    }
  }

  /// Keys of the other table mean the same here, and have the same order.
  private func canTake(from other: KeyTable) -> Bool {
    shape.baseBits == other.shape.baseBits && shape.tiles >= other.shape.tiles
  }

  private func move(lines: Range<Int>, to other: KeyTable, _ translate: (@Sendable (UInt64) -> UInt64)?) {
    var released = lines.lowerBound
    while released < lines.upperBound {
      let end = min(released + Self.releaseLength / Int(MMCK_LINE), lines.upperBound)
      if let translate {
        moveInAnyOrder(released..<end, to: other, translate)
      } else {
        moveInOrder(released..<end, to: other)
      }
      memory.releasePrefix(from: released * Int(MMCK_LINE), to: end * Int(MMCK_LINE))
      released = end
    }
  }

  /// The lines of the other table follow each other too, so nothing has to be fetched.
  private func moveInOrder(_ lines: Range<Int>, to other: KeyTable) {
    forEachMixed(in: lines) { mixed in _ = other.add(mixed: mixed) }
  }

  private func moveInAnyOrder(_ lines: Range<Int>, to other: KeyTable, _ translate: (UInt64) -> UInt64) {
    var batch: [UInt64] = []
    batch.reserveCapacity(Self.batchLength)
    forEachMixed(in: lines) { mixed in
      batch.append(translate(unmix(mixed)))
      if batch.count == Self.batchLength {
        put(batch, in: other)
        batch.removeAll(keepingCapacity: true)
      }
    }
    put(batch, in: other)
  }

  private func put(_ keys: [UInt64], in other: KeyTable) {
    var keys = keys
    keys.withUnsafeMutableBufferPointer { keys in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, keys.count)) { isNew in
        guard let base = keys.baseAddress, let flags = isNew.baseAddress else { return }
        _ = other.add(base, count: keys.count, isNew: flags)
      }
    }
  }

  /// Keys that are translated in one go.
  private static let batchLength = 256
  /// 2 MiB.
  private static let linesInPage = (1 << 21) / Int(MMCK_LINE)
  /// Bytes that are given back at one time: a whole number of pages.
  static let releaseLength = 16 << 20

  @inline(__always)
  private func forEachMixed(in lines: Range<Int>, _ body: (UInt64) -> Void) {
    var reader = KeyShape.Reader(shape, from: lines.lowerBound)
    for line in lines {
      reader.advance()
      let address = memory.base + line * Int(MMCK_LINE)
      for slot in 0..<shape.width.slotsInLine {
        guard let code = code(at: address, slot: slot) else { break }
        body(reader.mixed(code))
      }
    }
  }

  /// Nil for an empty slot, behind which there are none.
  @inline(__always)
  private func code(at line: UnsafeMutableRawPointer, slot: Int) -> UInt64? {
    let words = line.assumingMemoryBound(to: UInt16.self)
    let raw: UInt64
    switch shape.width {
    case .bits16: raw = UInt64(words[slot])
    case .bits20: raw = UInt64(bitPattern: mmck_code20(words, UInt32(slot)) + 1)
    case .bits24: raw = UInt64(bitPattern: mmck_code24(words, UInt32(slot)) + 1)
    case .bits32: raw = UInt64(line.load(fromByteOffset: slot * 4, as: UInt32.self))
    case .bits64: raw = line.load(fromByteOffset: slot * 8, as: UInt64.self)
    }
    return raw == 0 ? nil : raw - 1
  }

  /// Calls `body` with every key.
  ///
  /// One thread alone.
  func forEachKey(_ body: (UInt64) -> Void) {
    forEachMixed(in: 0..<shape.allLines) { body(unmix($0)) }
    for mixed in overflow.withLock({ $0 }) { body(unmix(mixed)) }
  }
}
