import CStateTable
import Dispatch

/// From one table to the next, and all keys of one.
extension KeyTable {
  /// Adds all keys of this table to another, which may have other keys if `translate` says how; gives memory back on the way.
  ///
  /// Without translation keys move in order, so only a few pages of both tables are in use at one time. By so many threads, while
  /// nobody else uses either table; this one is of no use afterwards.
  /// - Precondition: without translation both tables have bases of the same length, and the other has no fewer tiles.
  func move(to other: KeyTable, jobs: Int = 1, translate: (@Sendable (UInt64) -> UInt64)? = nil) {
    precondition(translate != nil || other.canTake(from: self), "keys that change have to be translated")
    // Each thread gives back memory of its own: whole pages.
    let all = shape.allLines
    let share = (all / max(1, jobs) + Self.linesInPage) / Self.linesInPage * Self.linesInPage
    DispatchQueue.concurrentPerform(iterations: (all + share - 1) / share) { part in
      move(lines: part * share..<min((part + 1) * share, all), to: other, translate)
    }
    var rest = KeyMover(from: self, to: other, translate)
    for mixed in overflow.withLock({ $0 }) { rest.put(mixed) }
    rest.flush()
  }

  /// Keys of the other table mean the same here, and have the same order.
  private func canTake(from other: KeyTable) -> Bool {
    shape.baseBits == other.shape.baseBits && shape.tiles >= other.shape.tiles
  }

  private func move(lines: Range<Int>, to other: KeyTable, _ translate: (@Sendable (UInt64) -> UInt64)?) {
    var mover = KeyMover(from: self, to: other, translate)
    var released = lines.lowerBound * Int(MMCK_LINE)
    for line in lines {
      forEachCode(inLine: line) { code in mover.put(shape.mixed(line: line, code: code)) }
      let offset = line * Int(MMCK_LINE)
      if offset - released >= Self.releaseLength {
        memory.releasePrefix(from: released, to: offset)
        released = offset
      }
    }
    mover.flush()
  }

  /// 2 MiB.
  private static let linesInPage = (1 << 21) / Int(MMCK_LINE)
  /// Bytes that are given back at one time.
  static let releaseLength = 16 << 20

  /// Carries keys from one table to another.
  private struct KeyMover {
    private let source: KeyTable
    private let target: KeyTable
    private let translate: (@Sendable (UInt64) -> UInt64)?
    private var batch: [UInt64] = []
    private var isNew = [UInt8](repeating: 0, count: KeyMover.length)

    /// Keys that are moved in one go.
    private static let length = 256

    init(from source: KeyTable, to target: KeyTable, _ translate: (@Sendable (UInt64) -> UInt64)?) {
      (self.source, self.target, self.translate) = (source, target, translate)
      batch.reserveCapacity(Self.length)
    }

    mutating func put(_ mixed: UInt64) {
      // In order, so the lines are at hand.
      guard let translate else {
        _ = target.add(mixed: mixed)
        return
      }
      batch.append(translate(source.unmix(mixed)))
      if batch.count == Self.length { flush() }
    }

    mutating func flush() {
      let target = self.target
      batch.withUnsafeMutableBufferPointer { keys in
        isNew.withUnsafeMutableBufferPointer { flags in
          guard let base = keys.baseAddress, let flags = flags.baseAddress else { return }
          _ = target.add(base, count: keys.count, isNew: flags)
        }
      }
      batch.removeAll(keepingCapacity: true)
    }
  }

  @inline(__always)
  private func forEachCode(inLine line: Int, _ body: (UInt64) -> Void) {
    let address = memory.base + line * Int(MMCK_LINE)
    for slot in 0..<shape.width.slotsInLine {
      guard let code = code(at: address, slot: slot) else { return }
      body(code)
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
    for line in 0..<shape.allLines {
      forEachCode(inLine: line) { code in body(unmix(shape.mixed(line: line, code: code))) }
    }
    for mixed in overflow.withLock({ $0 }) { body(unmix(mixed)) }
  }
}
