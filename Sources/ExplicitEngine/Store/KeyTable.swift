import CStateTable
import Dispatch
import Synchronization

/// An exact set of keys of up to 64 bits that stores only what the place of a key does not tell already.
///
/// A key is mixed by an invertible function. Its high bits name a cache line, its low bits (the *remainder*) and the number of lines
/// by which it was displaced are written into a slot of that line, so that slot and place together are the key (quotienting, after
/// J. G. Cleary, "Compact hash tables using bidirectional linear probing", IEEE Transactions on Computers C-33 (9), 1984; lines
/// instead of bidirectional probing make it lockless). A slot has 16, 32 or 64 bits, the least that hold the remainder.
///
/// - Invariant: keys are below 2^`keyBits`.
final class KeyTable: @unchecked Sendable {
  // Unchecked: slots go from 0 to a code once, through atomics; everything else is constant.
  private let memory: Mapping
  let keyBits: Int
  /// Lines are 2^lineBits, and a few more at the end for displaced keys.
  let lineBits: Int
  private let remainderBits: UInt64
  private let slotBits: Int
  private let mask: UInt64
  private let halfShift: UInt64
  /// Keys for which no line near their own had room.
  private let overflow = Mutex<Set<UInt64>>([])
  private let overflowCount = Atomic<Int>(0)

  private static let displacementBits: UInt64 = 3
  private static let maximalDisplacement = 7
  private static let firstMultiplier: UInt64 = 0xff51_afd7_ed55_8ccd
  private static let secondMultiplier: UInt64 = 0xc4ce_b9fe_1a85_ec53
  private static let firstInverse = inverse(of: firstMultiplier)
  private static let secondInverse = inverse(of: secondMultiplier)

  /// A table for keys of `keyBits` bits with at least `capacity` slots.
  init(keyBits: Int, capacity: Int) {
    let bits = max(8, min(64, keyBits))
    let shape = Self.shape(keyBits: bits, capacity: capacity)
    (self.keyBits, lineBits, slotBits) = (bits, shape.lineBits, shape.slotBits)
    remainderBits = UInt64(bits - lineBits)
    mask = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    halfShift = UInt64((bits + 1) / 2)
    memory = Mapping(byteCount: ((1 << lineBits) + Self.maximalDisplacement) * Int(MMCK_LINE))
  }

  /// The narrowest slots that hold remainder and displacement, and how many lines of them are needed.
  private static func shape(keyBits: Int, capacity: Int) -> (lineBits: Int, slotBits: Int) {
    for slotBits in [16, 32, 64] {
      let slotsInLine = Int(MMCK_LINE) * 8 / slotBits
      var lineBits = 0
      while (slotsInLine << lineBits) < capacity { lineBits += 1 }
      // More lines than keys help nobody.
      lineBits = min(lineBits, keyBits)
      // The codes are 1 ... 2^(remainder + displacement), so one bit must be left.
      if keyBits - lineBits + Int(displacementBits) < slotBits { return (lineBits, slotBits) }
    }
    // 64-bit keys need some lines to shorten the remainder.
    return (max(4, keyBits + Int(displacementBits) + 1 - 64), 64)
  }

  /// Bytes of a slot of a table of this shape.
  static func slotBytes(keyBits: Int, capacity: Int) -> Int {
    shape(keyBits: max(8, min(64, keyBits)), capacity: capacity).slotBits / 8
  }

  /// Bytes that a table of this shape takes.
  static func byteCount(keyBits: Int, capacity: Int) -> Int {
    ((1 << shape(keyBits: max(8, min(64, keyBits)), capacity: capacity).lineBits) + maximalDisplacement)
      * Int(MMCK_LINE)
  }

  var slotCount: Int { (Int(MMCK_LINE) * 8 / slotBits) << lineBits }
  var byteCount: Int { memory.byteCount }
  /// The table has become too full near some keys.
  var isCrowded: Bool { overflowCount.load(ordering: .relaxed) > 256 + slotCount / 1024 }

  // MARK: Mixing

  @inline(__always)
  func mix(_ key: UInt64) -> UInt64 {
    var h = key
    h ^= h >> halfShift
    h = (h &* Self.firstMultiplier) & mask
    h ^= h >> halfShift
    h = (h &* Self.secondMultiplier) & mask
    return h ^ (h >> halfShift)
  }

  /// The inverse of `mix`; a shift by at least half of the bits undoes itself.
  func unmix(_ mixed: UInt64) -> UInt64 {
    var h = mixed
    h ^= h >> halfShift
    h = (h &* Self.secondInverse) & mask
    h ^= h >> halfShift
    h = (h &* Self.firstInverse) & mask
    return h ^ (h >> halfShift)
  }

  /// Modulo 2^64, by Newton's iteration; modulo smaller powers of two it is the same number.
  private static func inverse(of odd: UInt64) -> UInt64 {
    var x = odd
    for _ in 0..<6 { x = x &* (2 &- odd &* x) }
    return x
  }

  // MARK: Adding

  /// Adds keys, and returns how many were new.
  ///
  /// `isNew` gets 1 for each that was not there, else 0. The keys are replaced by their mixed forms. O(count) expected; any number of threads at the same time.
  func add(_ keys: UnsafeMutablePointer<UInt64>, count: Int, isNew: UnsafeMutablePointer<UInt8>) -> Int {
    let lines = memory.base
    let shift = remainderBits
    for i in 0..<count {
      let mixed = mix(keys[i])
      keys[i] = mixed
      mmck_fetch(lines + Int(truncatingIfNeeded: mixed >> shift) &* Int(MMCK_LINE))
    }
    // One loop for each width, so that none of them asks for it.
    switch slotBits {
    case 16:
      return addAll(keys, count, isNew) { line, code in
        mmck_add16(line.assumingMemoryBound(to: UInt16.self), UInt16(truncatingIfNeeded: code))
      }
    case 32:
      return addAll(keys, count, isNew) { line, code in
        mmck_add32(line.assumingMemoryBound(to: UInt32.self), UInt32(truncatingIfNeeded: code))
      }
    default:
      return addAll(keys, count, isNew) { line, code in
        mmck_add64(line.assumingMemoryBound(to: UInt64.self), code)
      }
    }
  }

  @inline(__always)
  private func addAll(
    _ keys: UnsafeMutablePointer<UInt64>, _ count: Int, _ isNew: UnsafeMutablePointer<UInt8>,
    _ addCode: (UnsafeMutableRawPointer, UInt64) -> Int32
  ) -> Int {
    let lines = memory.base
    let shift = remainderBits
    let remainderMask: UInt64 = (1 << shift) &- 1
    var added = 0
    for i in 0..<count {
      let mixed = keys[i]
      let line = lines + Int(truncatingIfNeeded: mixed >> shift) &* Int(MMCK_LINE)
      let remainder = mixed & remainderMask
      var result = addCode(line, remainder << Self.displacementBits &+ 1)
      if result == Int32(MMCK_FULL) {
        result = addDisplaced(mixed, remainder, line) ? Int32(MMCK_ADDED) : Int32(MMCK_FOUND)
      }
      isNew[i] = UInt8(truncatingIfNeeded: result)
      added &+= Int(result)
    }
    return added
  }

  /// Adds one key, given mixed; true if it was not there.
  private func add(mixed: UInt64) -> Bool {
    let line = memory.base + Int(truncatingIfNeeded: mixed >> remainderBits) &* Int(MMCK_LINE)
    let remainder = mixed & ((1 << remainderBits) &- 1)
    let result = add(remainder << Self.displacementBits &+ 1, to: line)
    if result != Int32(MMCK_FULL) { return result == Int32(MMCK_ADDED) }
    return addDisplaced(mixed, remainder, line)
  }

  @inline(__always)
  private func add(_ code: UInt64, to line: UnsafeMutableRawPointer) -> Int32 {
    switch slotBits {
    case 16:
      return mmck_add16(line.assumingMemoryBound(to: UInt16.self), UInt16(truncatingIfNeeded: code))
    case 32:
      return mmck_add32(line.assumingMemoryBound(to: UInt32.self), UInt32(truncatingIfNeeded: code))
    default: return mmck_add64(line.assumingMemoryBound(to: UInt64.self), code)
    }
  }

  @inline(never)
  private func addDisplaced(_ mixed: UInt64, _ remainder: UInt64, _ line: UnsafeMutableRawPointer) -> Bool {
    for displacement in 1...Self.maximalDisplacement {
      let code = (remainder << Self.displacementBits | UInt64(displacement)) &+ 1
      let result = add(code, to: line + displacement * Int(MMCK_LINE))
      if result != Int32(MMCK_FULL) { return result == Int32(MMCK_ADDED) }
    }
    return overflow.withLock { keys in
      let isNew = keys.insert(mixed).inserted
      if isNew { overflowCount.add(1, ordering: .relaxed) }
      return isNew
    }
  }

  // MARK: Moving

  /// Adds all keys of this table to another, which may have longer keys if `translate` says how; gives memory back on the way.
  ///
  /// By so many threads, while nobody else uses either table; this one is of no use afterwards.
  func move(to other: KeyTable, jobs: Int = 1, translate: (@Sendable (UInt64) -> UInt64)? = nil) {
    // Each thread gives back memory of its own: whole pages.
    let share = (lineCount / max(1, jobs) + Self.linesInPage) / Self.linesInPage * Self.linesInPage
    let parts = (lineCount + share - 1) / share
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      move(lines: part * share..<min((part + 1) * share, lineCount), to: other, translate)
    }
    var rest = KeyMover(from: self, to: other, translate)
    for mixed in overflow.withLock({ $0 }) { rest.put(mixed) }
    rest.flush()
  }

  private func move(lines: Range<Int>, to other: KeyTable, _ translate: (@Sendable (UInt64) -> UInt64)?) {
    var mover = KeyMover(from: self, to: other, translate)
    var released = lines.lowerBound * Int(MMCK_LINE)
    for line in lines {
      forEachCode(inLine: line) { code in
        let home = UInt64(line) - (code - 1) & 7
        mover.put(home << remainderBits | (code - 1) >> Self.displacementBits)
      }
      let offset = line * Int(MMCK_LINE)
      if offset - released >= 32 << 20 {
        memory.releasePrefix(from: released, to: offset)
        released = offset
      }
    }
    mover.flush()
  }

  /// 2 MiB.
  private static let linesInPage = (1 << 21) / Int(MMCK_LINE)

  /// Carries keys from one table to another.
  private struct KeyMover {
    private let source: KeyTable
    private let target: KeyTable
    private let translate: (@Sendable (UInt64) -> UInt64)?
    private let keepsOrder: Bool
    private var batch: [UInt64] = []
    private var isNew = [UInt8](repeating: 0, count: KeyTable.moveLength)

    init(from source: KeyTable, to target: KeyTable, _ translate: (@Sendable (UInt64) -> UInt64)?) {
      (self.source, self.target, self.translate) = (source, target, translate)
      keepsOrder = translate == nil && source.keyBits == target.keyBits
      batch.reserveCapacity(KeyTable.moveLength)
    }

    mutating func put(_ mixed: UInt64) {
      // In order, so the lines are at hand.
      if keepsOrder {
        _ = target.add(mixed: mixed)
        return
      }
      let key = source.unmix(mixed)
      batch.append(translate?(key) ?? key)
      if batch.count == KeyTable.moveLength { flush() }
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

  /// Keys that are moved in one go.
  private static let moveLength = 256

  private func forEachCode(inLine line: Int, _ body: (UInt64) -> Void) {
    let address = memory.base + line * Int(MMCK_LINE)
    for slot in 0..<Int(MMCK_LINE) * 8 / slotBits {
      let code: UInt64
      switch slotBits {
      case 16: code = UInt64(address.load(fromByteOffset: slot * 2, as: UInt16.self))
      case 32: code = UInt64(address.load(fromByteOffset: slot * 4, as: UInt32.self))
      default: code = address.load(fromByteOffset: slot * 8, as: UInt64.self)
      }
      if code == 0 { return }
      body(code)
    }
  }

  /// Calls `body` with every key.
  ///
  /// One thread alone.
  func forEachKey(_ body: (UInt64) -> Void) {
    for line in 0..<lineCount {
      forEachCode(inLine: line) { code in
        let home = UInt64(line) - (code - 1) & 7
        body(unmix(home << remainderBits | (code - 1) >> Self.displacementBits))
      }
    }
    for mixed in overflow.withLock({ $0 }) { body(unmix(mixed)) }
  }

  // MARK: Checkpoints

  func write(to writer: BinaryWriter) {
    writer.write(keyBits)
    writer.write(slotCount)
    let displaced = overflow.withLock { $0 }
    writer.write(displaced.count)
    for key in displaced { writer.write(key) }
    writer.write(UnsafeRawBufferPointer(start: memory.base, count: lineCount * Int(MMCK_LINE)))
  }

  convenience init(from reader: BinaryReader) throws(CheckpointError) {
    let keyBits = try reader.number(in: 8...64)
    let slotCount = try reader.number(in: 1...1 << 40)
    var displaced: [UInt64] = []
    for _ in 0..<(try reader.count(of: 8)) { displaced.append(try reader.word()) }
    self.init(keyBits: keyBits, capacity: slotCount)
    guard self.slotCount == slotCount else { throw reader.damaged }
    let bytes = lineCount * Int(MMCK_LINE)
    try reader.read(into: UnsafeMutableRawBufferPointer(start: memory.base, count: bytes))
    let keys = Set(displaced)
    overflow.withLock { $0 = keys }
    overflowCount.store(keys.count, ordering: .relaxed)
  }

  private var lineCount: Int { (1 << lineBits) + Self.maximalDisplacement }
}
