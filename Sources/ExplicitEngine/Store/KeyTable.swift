import CStateTable
import Synchronization

/// An exact set of keys that stores only what the place of a key does not tell already.
///
/// A key is mixed by an invertible function. The mixed key names a cache line; what it says beyond that, and the number of lines by
/// which it was displaced, is written into a slot of that line, so that slot and place together are the key (quotienting, after
/// J. G. Cleary, "Compact hash tables using bidirectional linear probing", IEEE Transactions on Computers C-33 (9), 1984; lines
/// instead of bidirectional probing make it lockless). `KeyShape` says how.
///
/// - Invariant: keys are below `tiles` times 2^`baseBits`.
/// - Invariant: mixing does not depend on the number of tiles or lines, and keeps the tile; so keys move to a table with more of
///   either in the order in which they are.
final class KeyTable: @unchecked Sendable {
  // Unchecked: slots go from 0 to a code once, through atomics; everything else is constant.
  let memory: Mapping
  let shape: KeyShape
  private let mask: UInt64
  private let halfShift: UInt64
  /// Mixed keys for which no line near their own had room.
  let overflow = Mutex<Set<UInt64>>([])
  private let overflowCount = Atomic<Int>(0)

  private static let tileMultiplier: UInt64 = 0x9e37_79b9_7f4a_7c15
  private static let firstMultiplier: UInt64 = 0xff51_afd7_ed55_8ccd
  private static let secondMultiplier: UInt64 = 0xc4ce_b9fe_1a85_ec53
  private static let firstInverse = inverse(of: firstMultiplier)
  private static let secondInverse = inverse(of: secondMultiplier)

  /// A table for keys below `tiles` times 2^`baseBits` with at least `capacity` slots, if there can be so many keys.
  convenience init(baseBits: Int, tiles: Int = 1, capacity: Int) {
    self.init(KeyShape.smallest(baseBits: baseBits, tiles: tiles, capacity: capacity))
  }

  init(_ shape: KeyShape) {
    self.shape = shape
    mask = (1 << UInt64(shape.baseBits)) - 1
    halfShift = UInt64((shape.baseBits + 1) / 2)
    memory = Mapping(byteCount: shape.byteCount)
  }

  var slotCount: Int { shape.slotCount }
  var byteCount: Int { memory.byteCount }
  /// The table has become too full near some keys.
  var isCrowded: Bool { overflowCount.load(ordering: .relaxed) > 256 + slotCount / 1024 }

  // MARK: Mixing

  @inline(__always)
  func mix(_ key: UInt64) -> UInt64 {
    let tile = key &>> UInt64(shape.baseBits)
    // Keys that differ in their tile alone must not all meet in one line.
    var h = (key ^ (tile &* Self.tileMultiplier)) & mask
    h ^= h &>> halfShift
    h = (h &* Self.firstMultiplier) & mask
    h ^= h &>> halfShift
    h = (h &* Self.secondMultiplier) & mask
    return h ^ (h &>> halfShift) | key & ~mask
  }

  /// The inverse of `mix`; a shift by at least half of the bits undoes itself.
  func unmix(_ mixed: UInt64) -> UInt64 {
    var h = mixed & mask
    h ^= h &>> halfShift
    h = (h &* Self.secondInverse) & mask
    h ^= h &>> halfShift
    h = (h &* Self.firstInverse) & mask
    h ^= h &>> halfShift
    let tile = mixed &>> UInt64(shape.baseBits)
    return (h ^ (tile &* Self.tileMultiplier)) & mask | mixed & ~mask
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
    let shape = self.shape
    for i in 0..<count {
      let mixed = mix(keys[i])
      keys[i] = mixed
      mmck_fetch(lines + shape.line(of: mixed) &* Int(MMCK_LINE))
    }
    // One loop for each width, so that none of them asks for it.
    switch shape.width {
    case .bits16: return addAll(keys, count, isNew, Self.add16)
    case .bits20: return addAll(keys, count, isNew, Self.add20)
    case .bits24: return addAll(keys, count, isNew, Self.add24)
    case .bits32: return addAll(keys, count, isNew, Self.add32)
    case .bits64: return addAll(keys, count, isNew, Self.add64)
    }
  }

  @inline(__always)
  private func addAll(
    _ keys: UnsafeMutablePointer<UInt64>, _ count: Int, _ isNew: UnsafeMutablePointer<UInt8>,
    _ addCode: (UnsafeMutableRawPointer, UInt64) -> Int32
  ) -> Int {
    let lines = memory.base
    let shape = self.shape
    var added = 0
    for i in 0..<count {
      let place = shape.place(of: keys[i])
      var result = addCode(lines + place.line &* Int(MMCK_LINE), place.code)
      if result == Int32(MMCK_FULL) {
        result = addDisplaced(keys[i], place.line, place.code) ? Int32(MMCK_ADDED) : Int32(MMCK_FOUND)
      }
      isNew[i] = UInt8(truncatingIfNeeded: result)
      added &+= Int(result)
    }
    return added
  }

  /// Adds one key, given mixed; true if it was not there.
  func add(mixed: UInt64) -> Bool {
    let place = shape.place(of: mixed)
    let result = add(place.code, to: memory.base + place.line &* Int(MMCK_LINE))
    if result != Int32(MMCK_FULL) { return result == Int32(MMCK_ADDED) }
    return addDisplaced(mixed, place.line, place.code)
  }

  @inline(__always)
  private func add(_ code: UInt64, to line: UnsafeMutableRawPointer) -> Int32 {
    switch shape.width {
    case .bits16: Self.add16(line, code)
    case .bits20: Self.add20(line, code)
    case .bits24: Self.add24(line, code)
    case .bits32: Self.add32(line, code)
    case .bits64: Self.add64(line, code)
    }
  }

  @inline(never)
  private func addDisplaced(_ mixed: UInt64, _ line: Int, _ code: UInt64) -> Bool {
    for displacement in 1...KeyShape.maximalDisplacement {
      let result = add(
        code | UInt64(displacement), to: memory.base + (line + displacement) * Int(MMCK_LINE))
      if result != Int32(MMCK_FULL) { return result == Int32(MMCK_ADDED) }
    }
    return overflow.withLock { keys in
      let isNew = keys.insert(mixed).inserted
      if isNew { overflowCount.add(1, ordering: .relaxed) }
      return isNew
    }
  }

  // MARK: Slots of each width; where 0 means "empty", a slot holds the code plus one.

  @inline(__always)
  private static func add16(_ line: UnsafeMutableRawPointer, _ code: UInt64) -> Int32 {
    mmck_add16(line.assumingMemoryBound(to: UInt16.self), UInt16(truncatingIfNeeded: code &+ 1))
  }

  @inline(__always)
  private static func add20(_ line: UnsafeMutableRawPointer, _ code: UInt64) -> Int32 {
    mmck_add20(line.assumingMemoryBound(to: UInt16.self), UInt32(truncatingIfNeeded: code))
  }

  @inline(__always)
  private static func add24(_ line: UnsafeMutableRawPointer, _ code: UInt64) -> Int32 {
    mmck_add24(line.assumingMemoryBound(to: UInt16.self), UInt32(truncatingIfNeeded: code))
  }

  @inline(__always)
  private static func add32(_ line: UnsafeMutableRawPointer, _ code: UInt64) -> Int32 {
    mmck_add32(line.assumingMemoryBound(to: UInt32.self), UInt32(truncatingIfNeeded: code &+ 1))
  }

  @inline(__always)
  private static func add64(_ line: UnsafeMutableRawPointer, _ code: UInt64) -> Int32 {
    mmck_add64(line.assumingMemoryBound(to: UInt64.self), code &+ 1)
  }

  // MARK: Checkpoints

  func write(to writer: BinaryWriter) {
    let numbers = [shape.baseBits, shape.tiles, shape.lineCount, shape.width.rawValue]
    for number in numbers { writer.write(number) }
    let displaced = overflow.withLock { $0 }
    writer.write(displaced.count)
    for key in displaced { writer.write(key) }
    writer.write(UnsafeRawBufferPointer(start: memory.base, count: shape.byteCount))
  }

  convenience init(from reader: BinaryReader) throws(CheckpointError) {
    let baseBits = try reader.number(in: 1...KeyShape.longestBase)
    let tiles = try reader.number(in: 1...KeySpace.mostTiles)
    let lineCount = try reader.number(in: 2...1 << 40)
    let width = KeyShape.Width(rawValue: try reader.number(in: 16...64))
    guard let width,
      let shape = KeyShape(baseBits: baseBits, tiles: tiles, lineCount: lineCount, width: width)
    else { throw reader.damaged }
    var displaced = Set<UInt64>()
    for _ in 0..<(try reader.count(of: 8)) { displaced.insert(try reader.word()) }
    self.init(shape)
    try reader.read(into: UnsafeMutableRawBufferPointer(start: memory.base, count: shape.byteCount))
    let keys = displaced
    overflow.withLock { $0 = keys }
    overflowCount.store(keys.count, ordering: .relaxed)
  }
}
