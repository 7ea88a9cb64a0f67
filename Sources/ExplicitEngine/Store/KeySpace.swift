/// Makes one key of two numbers that grow.
///
/// The low bits of both are the base of the key. Their high parts, of which there are few, name a tile; tiles are numbered in the order
/// in which they become needed. So a number may outgrow its range, and keys made before keep their base and their tile.
///
/// - Invariant: `tileNumbers` has a number below `tileCount` for each pair of high parts in range, and no number twice.
struct KeySpace: Equatable {
  let leftBits: Int
  let rightBits: Int
  /// High parts of the left numbers, and of the right ones.
  private(set) var columns: Int
  private(set) var rows: Int
  /// In rows of 2^`rowShift` columns.
  private var tileNumbers: [UInt16] = []
  private var rowShift = 0

  /// More would make remainders so few that rounding them costs more than tiles save.
  static let mostTiles = 1 << 12
  /// Five to eight high parts each, to begin with.
  private static let highBits = 3
  private static let fewestBits = 8

  /// A space for numbers below `left` and `right`, of which `keyCount` pairs are expected.
  init(left: Int, right: Int, keyCount: Int) {
    var bits = (left: 0, right: 0)
    // If nearly all pairs occur, lines need more bases than fine tiles leave.
    for highBits in stride(from: Self.highBits, through: 0, by: -1) {
      bits = (Self.lowBits(left, highBits), Self.lowBits(right, highBits))
      if keyCount >> 3 <= 1 << (bits.left + bits.right) { break }
    }
    (leftBits, rightBits) = bits
    (columns, rows) = (1, 1)
    number(Self.highParts(left, bits.left), Self.highParts(right, bits.right), tileOrder: [])
  }

  private init(leftBits: Int, rightBits: Int) {
    (self.leftBits, self.rightBits, columns, rows) = (leftBits, rightBits, 1, 1)
  }

  private static func lowBits(_ count: Int, _ highBits: Int) -> Int {
    max(fewestBits, Int.bitWidth - max(1, count - 1).leadingZeroBitCount - highBits)
  }

  private static func highParts(_ count: Int, _ bits: Int) -> Int { max(1, (count - 1) >> bits + 1) }

  var baseBits: Int { leftBits + rightBits }
  var tileCount: Int { columns * rows }
  /// Left numbers are below this.
  var leftCapacity: Int { columns << leftBits }
  var rightCapacity: Int { rows << rightBits }

  /// The same space with more tiles, for numbers below `left` and `right`; nil if that makes too many.
  func grown(left: Int, right: Int) -> KeySpace? {
    let newColumns = max(columns, Self.highParts(left, leftBits))
    let newRows = max(rows, Self.highParts(right, rightBits))
    if newColumns * newRows > Self.mostTiles { return nil }
    var space = self
    space.number(newColumns, newRows, tileOrder: tileOrder)
    return space
  }

  /// High parts by the number of their tile.
  private var tileOrder: [(column: Int, row: Int)] {
    var order = [(column: Int, row: Int)](repeating: (0, 0), count: tileCount)
    for row in 0..<rows {
      for column in 0..<columns { order[Int(tileNumbers[column | row << rowShift])] = (column, row) }
    }
    return order
  }

  /// Numbers all tiles; those in `tileOrder` keep their numbers.
  private mutating func number(_ newColumns: Int, _ newRows: Int, tileOrder: [(column: Int, row: Int)]) {
    let isFirst = tileOrder.isEmpty
    let (oldColumns, oldRows) = isFirst ? (0, 0) : (columns, rows)
    (columns, rows) = (newColumns, newRows)
    rowShift = Int.bitWidth - (columns - 1).leadingZeroBitCount
    tileNumbers = [UInt16](repeating: 0, count: rows << rowShift)
    for (number, tile) in tileOrder.enumerated() {
      tileNumbers[tile.column | tile.row << rowShift] = UInt16(number)
    }
    var next = tileOrder.count
    for row in 0..<rows {
      for column in 0..<columns where column >= oldColumns || row >= oldRows {
        tileNumbers[column | row << rowShift] = UInt16(next)
        next += 1
      }
    }
  }

  // MARK: Keys

  /// Replaces each left number by the key of it and the right one.
  @inline(__always)
  func pair(
    _ left: UnsafeMutablePointer<UInt64>, _ right: UnsafePointer<UInt64>, count: Int
  ) {
    let (leftBits, rightBits) = (UInt64(self.leftBits), UInt64(self.rightBits))
    let (leftMask, rightMask): (UInt64, UInt64) = ((1 << leftBits) - 1, (1 << rightBits) - 1)
    let (baseBits, rowShift) = (leftBits + rightBits, UInt64(self.rowShift))
    tileNumbers.withUnsafeBufferPointer { tiles in
      for i in 0..<count {
        let (a, b) = (left[i], right[i])
        let tile = tiles[Int(truncatingIfNeeded: a &>> leftBits | (b &>> rightBits) &<< rowShift)]
        left[i] = a & leftMask | (b & rightMask) &<< leftBits | UInt64(tile) &<< baseBits
      }
    }
  }

  /// The key of one pair.
  func key(_ numbers: (left: UInt64, right: UInt64)) -> UInt64 {
    var key = numbers.left
    withUnsafePointer(to: numbers.right) { pair(&key, $0, count: 1) }
    return key
  }

  /// The inverse of `pair`, for many keys.
  struct Splitter: Sendable {
    private let leftBits: UInt64
    private let rightBits: UInt64
    private let tiles: [(left: UInt64, right: UInt64)]

    init(_ space: KeySpace) {
      let (leftBits, rightBits) = (UInt64(space.leftBits), UInt64(space.rightBits))
      (self.leftBits, self.rightBits) = (leftBits, rightBits)
      tiles = space.tileOrder.map { (UInt64($0.column) << leftBits, UInt64($0.row) << rightBits) }
    }

    func split(_ key: UInt64) -> (left: UInt64, right: UInt64) {
      let tile = tiles[Int(key >> (leftBits + rightBits))]
      let base = key & ((1 << (leftBits + rightBits)) - 1)
      return (tile.left | base & ((1 << leftBits) - 1), tile.right | base >> leftBits)
    }
  }

  // MARK: Checkpoints

  func write(to writer: BinaryWriter) {
    for number in [leftBits, rightBits, columns, rows] { writer.write(number) }
    for tile in tileOrder { writer.write(tile.column << 32 | tile.row) }
  }

  init(from reader: BinaryReader) throws(CheckpointError) {
    self.init(leftBits: try reader.number(in: 1...32), rightBits: try reader.number(in: 1...32))
    let columns = try reader.number(in: 1...Self.mostTiles)
    let rows = try reader.number(in: 1...Self.mostTiles / columns)
    number(columns, rows, tileOrder: [])
    var isSeen = [Bool](repeating: false, count: columns * rows)
    for number in 0..<columns * rows {
      let tile = try reader.number(in: 0...Int.max)
      let (column, row) = (tile >> 32, tile & 0xffff_ffff)
      guard column < columns, row < rows, !isSeen[column + row * columns] else { throw reader.damaged }
      isSeen[column + row * columns] = true
      tileNumbers[column | row << rowShift] = UInt16(number)
    }
  }
}
