import CStateTable

/// How a `KeyTable` is laid out, and how a mixed key is cut into a line and a code.
///
/// A key is a *tile* (its high part, a number below `tiles`) and a *base* of `baseBits` bits. The base alone, mixed, says the line: of
/// 2^`baseBits` mixed bases every line has an equal share, in order. What is left is the *remainder*, the place within the share. It
/// and the tile are the code, so a line and a code are the key again.
///
/// Lines need not be a power of two, so tables grow as little as one likes; neither do tiles, so keys are no longer than they must be.
struct KeyShape: Equatable {
  /// Bits of a slot.
  enum Width: Int, CaseIterable {
    case bits16 = 16
    case bits20 = 20
    case bits24 = 24
    case bits32 = 32
    case bits64 = 64

    var slotsInLine: Int { Int(MMCK_LINE) * 8 / rawValue }

    /// Codes are below this.
    var codeLimit: UInt64 {
      switch self {
      case .bits16: UInt64(UInt16.max)
      case .bits20: UInt64(MMCK_HEADS) * 15
      case .bits24: UInt64(MMCK_HEADS) * 255
      case .bits32: UInt64(UInt32.max)
      case .bits64: UInt64.max
      }
    }
  }

  let baseBits: Int
  let tiles: Int
  /// At least two.
  let lineCount: Int
  let width: Width
  /// For a division by `lineCount` without one: times this, shifted by 64 and by that.
  private let reciprocal: UInt64
  private let reciprocalShift: UInt64

  /// A key may be displaced by so many lines.
  static let maximalDisplacement = 7
  /// Longer ones would make the division inexact.
  static let longestBase = 62

  /// Nil if such slots do not hold the codes.
  init?(baseBits: Int, tiles: Int, lineCount: Int, width: Width) {
    guard lineCount >= 2, lineCount <= 1 << baseBits, baseBits <= Self.longestBase,
      Self.remainders(baseBits, lineCount) <= Self.mostRemainders(width, tiles)
    else { return nil }
    (self.baseBits, self.tiles, self.lineCount, self.width) = (baseBits, tiles, lineCount, width)
    let lines = UInt64(lineCount)
    reciprocalShift = UInt64(63 - (lines - 1).leadingZeroBitCount)
    let (quotient, rest) = lines.dividingFullWidth((high: 1 << reciprocalShift, low: 0))
    reciprocal = rest == 0 ? quotient : quotient + 1
  }

  /// The shape with at least `capacity` slots that takes the least memory.
  static func smallest(baseBits: Int, tiles: Int, capacity: Int) -> KeyShape {
    let shapes = Width.allCases.compactMap { width -> KeyShape? in
      let most = mostRemainders(width, tiles)
      if most == 0 { return nil }
      let needed = max(2, (capacity + width.slotsInLine - 1) / width.slotsInLine)
      // More lines also make the remainders shorter; but more than there are bases help nobody.
      let forCodes = Int(((1 << UInt64(baseBits)) - 1) / most + 1)
      return KeyShape(
        baseBits: baseBits, tiles: tiles, lineCount: min(max(needed, forCodes), 1 << baseBits), width: width)
    }
    guard let best = shapes.min(by: { ($0.lineCount, $0.width.rawValue) < ($1.lineCount, $1.width.rawValue) })
    else { preconditionFailure("keys of \(baseBits) bits in \(tiles) tiles are too long") }
    return best
  }

  private static func remainders(_ baseBits: Int, _ lineCount: Int) -> UInt64 {
    ((1 << UInt64(baseBits)) - 1) / UInt64(lineCount) + 1
  }

  private static func mostRemainders(_ width: Width, _ tiles: Int) -> UInt64 {
    width.codeLimit / (UInt64(tiles) * UInt64(maximalDisplacement + 1))
  }

  var slotCount: Int { width.slotsInLine * lineCount }
  /// With those lines at the end that only take displaced keys.
  var allLines: Int { lineCount + Self.maximalDisplacement }
  var byteCount: Int { allLines * Int(MMCK_LINE) }

  // MARK: Places

  /// The line of a mixed key.
  @inline(__always)
  func line(of mixed: UInt64) -> Int {
    // Shifting leaves the base alone, as a fraction of 2^64.
    let (line, _) = (mixed &<< UInt64(64 &- baseBits)).multipliedFullWidth(by: UInt64(lineCount))
    return Int(truncatingIfNeeded: line)
  }

  /// The line of a mixed key, and the rest of it: a code with displacement 0.
  @inline(__always)
  func place(of mixed: UInt64) -> (line: Int, code: UInt64) {
    let shift = UInt64(64 &- baseBits)
    let (line, fraction) = (mixed &<< shift).multipliedFullWidth(by: UInt64(lineCount))
    let remainder = (fraction &>> shift).multipliedFullWidth(by: reciprocal).high &>> reciprocalShift
    let code = (remainder &* UInt64(tiles) &+ mixed &>> UInt64(baseBits)) << 3
    return (Int(truncatingIfNeeded: line), code)
  }

  /// Finds the mixed keys of codes again, line by line upwards; the inverse of `place`.
  struct Reader {
    private let baseBits: UInt64
    private let tiles: UInt64
    private let tileReciprocal: UInt64
    private let lineCount: UInt64
    /// The first base of a line after the next is so much larger, and a fraction of a line count.
    private let step: (whole: UInt64, rest: UInt64)
    private var next: (base: UInt64, rest: UInt64)
    /// First bases of the last eight lines, by the low bits of the line.
    private var firsts = SIMD8<UInt64>()
    private var line: Int

    /// The first line to be read is `line`.
    init(_ shape: KeyShape, from line: Int) {
      (baseBits, tiles, lineCount) = (UInt64(shape.baseBits), UInt64(shape.tiles), UInt64(shape.lineCount))
      tileReciprocal = UInt64.max / tiles &+ 1
      step = ((1 << baseBits) / lineCount, (1 << baseBits) % lineCount)
      // Lines before may be the homes of codes in this one.
      self.line = max(0, line - KeyShape.maximalDisplacement)
      let start = UInt64(self.line)
      let (base, rest) = lineCount.dividingFullWidth((high: start >> (64 - baseBits), low: start << baseBits))
      next = (base, rest)
      while self.line < line { advance() }
    }

    /// Goes to the next line, which is `line` of `init` the first time.
    @inline(__always)
    mutating func advance() {
      firsts[line & 7] = next.base &+ (next.rest > 0 ? 1 : 0)
      line &+= 1
      next = (next.base &+ step.whole, next.rest &+ step.rest)
      if next.rest >= lineCount { next = (next.base &+ 1, next.rest &- lineCount) }
    }

    /// The mixed key that has this code in the line.
    @inline(__always)
    func mixed(_ code: UInt64) -> UInt64 {
      let first = firsts[(line &- 1 &- Int(truncatingIfNeeded: code & 7)) & 7]
      let number = code >> 3
      // Exact for numbers that short: the error of the reciprocal is less than `tiles`, 2^12 at most.
      let remainder =
        number >> 52 == 0 && tiles > 1
        ? number.multipliedFullWidth(by: tileReciprocal).high : number / tiles
      return (first &+ remainder) | (number &- remainder &* tiles) &<< baseBits
    }
  }
}
