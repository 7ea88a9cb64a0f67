import Synchronization
import TransitionIR

/// The set of visited states, exact and compressed.
///
/// A state is cut into parts; each part is numbered in a table of its own (`WordTable`), pairs of numbers are numbered again, up to one
/// last pair, whose two numbers are the key that stands for the state (tree compression, after A. Laarman, J. van de Pol and
/// M. Weber, "Parallel recursive state compression for free", SPIN 2011). Parts repeat in so many states that they weigh nothing;
/// what is left is the slot of the key in a `KeyTable`, two or four bytes for most systems.
///
/// Any number of threads add states at the same time; `grow` needs one alone.
final class TreeStore: @unchecked Sendable {
  // Unchecked: the tables are safe to share; `root` and `leftBits` change while one thread is alone.
  let wordCount: Int
  /// Of states of one or two words.
  let cut: StateCut?
  /// Tables of the leaves, then of inner nodes; `nodes[i]` has the children 2i and 2i + 1 of the level below.
  let tables: [WordTable]
  private let levels: [Range<Int>]
  private(set) var root: KeyTable
  private(set) var leftBits: Int
  private let counter = Atomic<Int>(0)

  /// States that are added in one go at most.
  static let sliceLength = 256
  /// Fuller than this, lines overflow too often.
  private static let maximalLoad = 0.85
  /// Tables of keys with fewer slots grow by four at a time.
  private static let largeRoot = 1 << 21

  init(_ packing: StatePacking, cut: StateCut? = nil) {
    wordCount = packing.wordCount
    self.cut = cut ?? StateCut(packing)
    var width = max(2, wordCount)
    var ranges: [Range<Int>] = [0..<width]
    while width > 2 {
      let start = ranges[ranges.count - 1].upperBound
      width = (width + 1) / 2
      ranges.append(start..<start + width)
    }
    levels = ranges
    tables = (0..<ranges[ranges.count - 1].upperBound).map { _ in WordTable() }
    leftBits = 8
    root = KeyTable(keyBits: 16, capacity: 1 << 10)
  }

  var count: Int { counter.load(ordering: .relaxed) }
  var byteCount: Int { tables.reduce(root.byteCount) { $0 + $1.byteCount } }

  /// The halves of states repeat so rarely that numbering them takes more than the keys do.
  var hasRareRepeats: Bool { cut != nil && tables.reduce(0) { $0 + $1.count } > count / 16 }

  // MARK: Growing

  private var rootRoom: Int { Int(Double(root.slotCount) * Self.maximalLoad) - count }

  /// Whether each of `jobs` threads can add one more slice.
  func hasRoom(jobs: Int) -> Bool {
    let needed = jobs * Self.sliceLength
    let (left, right) = topTables
    return rootRoom >= needed && !root.isCrowded && tables.allSatisfy { $0.room >= needed }
      && left.count + needed <= 1 << leftBits && right.count + needed <= 1 << (root.keyBits - leftBits)
  }

  private var topTables: (WordTable, WordTable) {
    let top = levels[levels.count - 1]
    return (tables[top.lowerBound], tables[top.lowerBound + 1])
  }

  /// The most bytes that are held at one time while the tables grow.
  func byteCountWhileGrowing(jobs: Int) -> Int {
    let needed = jobs * Self.sliceLength
    var bytes = byteCount
    for table in tables where table.room < needed { bytes += table.byteCount * 2 }
    if let shape = nextRoot(needed) {
      bytes += KeyTable.byteCount(keyBits: shape.keyBits, capacity: shape.capacity)
      // The old table is given back while the new one fills.
      if shape.keyBits == root.keyBits { bytes -= root.byteCount / 2 }
    }
    return bytes
  }

  /// Makes room, so that `hasRoom(jobs:)` is true.
  func grow(jobs: Int) {
    let needed = jobs * Self.sliceLength
    for table in tables { while table.room < needed { table.grow() } }
    while let shape = nextRoot(needed) {
      let next = KeyTable(keyBits: shape.keyBits, capacity: shape.capacity)
      let (oldBits, newBits) = (UInt64(leftBits), UInt64(shape.leftBits))
      if shape.keyBits == root.keyBits, oldBits == newBits {
        root.move(to: next, jobs: jobs)
      } else {
        root.move(to: next, jobs: jobs) { key in (key >> oldBits) << newBits | key & ((1 << oldBits) - 1) }
      }
      root = next
      leftBits = shape.leftBits
    }
  }

  /// The shape of the next table of keys; nil if the one there is will do.
  private func nextRoot(_ needed: Int) -> (keyBits: Int, leftBits: Int, capacity: Int)? {
    let (left, right) = topTables
    let isFull = rootRoom < needed || root.isCrowded
    let rightBits = root.keyBits - leftBits
    let isTooNarrow = left.count + needed > 1 << leftBits || right.count + needed > 1 << rightBits
    if !isFull, !isTooNarrow { return nil }
    // Longer keys mean that all of them move in no order, and need both tables. So if they move anyway, those get longer that would
    // have to before the table is full again.
    let factor = isFull ? 2 : 1
    let left2 = Self.longer(leftBits, than: left.count * factor + needed)
    let right2 = Self.longer(rightBits, than: right.count * factor + needed)
    precondition(left2 + right2 <= 64, "more parts of states than 64-bit keys can pair")
    let growth = root.slotCount < Self.largeRoot ? 4 : 2
    return (left2 + right2, left2, isFull ? root.slotCount * growth : root.slotCount)
  }

  /// One bit more, or two while there are few, until so many numbers fit.
  private static func longer(_ bits: Int, than count: Int) -> Int {
    var bits = bits
    while count > 1 << bits { bits += bits < 12 ? 2 : 1 }
    return bits
  }

  /// Takes over what a checkpoint held.
  func restore(root: KeyTable, leftBits: Int, count: Int) {
    self.root = root
    self.leftBits = leftBits
    counter.store(count, ordering: .relaxed)
  }

  // MARK: Adding

  /// Adds `count` states (at most `sliceLength`), `wordCount` words each; `isNew` gets 1 for each that was not there.
  ///
  /// Returns how many were new. Look-ups of a slice are interleaved so that their cache misses overlap.
  func add(
    _ states: UnsafePointer<UInt64>, count: Int, _ scratch: Scratch, isNew: UnsafeMutablePointer<UInt8>
  ) -> Int {
    if let cut {
      cut.split(
        states, count: count, scratch.columns, scratch.columns + Self.sliceLength, wordCount: wordCount)
      tables[0].number(scratch.columns, count: count)
      tables[1].number(scratch.columns + Self.sliceLength, count: count)
    } else {
      numberTree(states, count, scratch)
    }
    let keys = scratch.columns
    let right = scratch.columns + Self.sliceLength
    let shift = UInt64(leftBits)
    for i in 0..<count { keys[i] |= right[i] << shift }
    let added = root.add(keys, count: count, isNew: isNew)
    if added > 0 { counter.add(added, ordering: .relaxed) }
    return added
  }

  private func numberTree(_ states: UnsafePointer<UInt64>, _ count: Int, _ scratch: Scratch) {
    let length = Self.sliceLength
    let columns = scratch.columns
    for part in 0..<wordCount {
      let column = columns + part * length
      for i in 0..<count { column[i] = states[i &* wordCount &+ part] }
      tables[part].number(column, count: count)
    }
    for level in 1..<max(1, levels.count) {
      let below = levels[level - 1].count
      for node in 0..<levels[level].count {
        let column = columns + node * length
        let left = columns + 2 * node * length
        if 2 * node + 1 < below {
          let right = left + length
          for i in 0..<count { column[i] = right[i] << 32 | left[i] }
        } else {
          for i in 0..<count { column[i] = left[i] }
        }
        tables[levels[level].lowerBound + node].number(column, count: count)
      }
    }
  }

  /// Memory that one thread needs for `add`.
  final class Scratch {
    let columns: UnsafeMutablePointer<UInt64>

    init(wordCount: Int) {
      columns = .allocate(capacity: max(2, wordCount) * TreeStore.sliceLength)
      columns.initialize(repeating: 0, count: max(2, wordCount) * TreeStore.sliceLength)
    }

    deinit { columns.deallocate() }
  }
}
