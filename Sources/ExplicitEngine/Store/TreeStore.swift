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
  // Unchecked: the tables are safe to share; `root` and `space` change while one thread is alone.
  let wordCount: Int
  /// Of states of one or two words.
  let cut: StateCut?
  /// Tables of the leaves, then of inner nodes; `nodes[i]` has the children 2i and 2i + 1 of the level below.
  let tables: [WordTable]
  private let levels: [Range<Int>]
  private(set) var root: KeyTable
  /// How the last two numbers become a key.
  private(set) var space: KeySpace
  private let counter = Atomic<Int>(0)

  /// States that are added in one go at most.
  static let sliceLength = 256
  /// Fuller than this, lines overflow too often.
  private static let maximalLoad = 0.85
  /// Large tables grow by little, for what they are too large by is memory for nothing.
  private static let slowGrowth = 1.3

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
    space = KeySpace(left: 1 << 8, right: 1 << 8, keyCount: 1 << 10)
    root = KeyTable(baseBits: space.baseBits, tiles: space.tileCount, capacity: 1 << 10)
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
    return rootRoom >= needed && !root.isCrowded && !isNarrow(needed)
      && tables.allSatisfy { $0.room >= needed }
  }

  private var topTables: (WordTable, WordTable) {
    let top = levels[levels.count - 1]
    return (tables[top.lowerBound], tables[top.lowerBound + 1])
  }

  /// So many more numbers might not fit into keys.
  private func isNarrow(_ needed: Int) -> Bool {
    let (left, right) = topTables
    return left.count + needed > space.leftCapacity || right.count + needed > space.rightCapacity
  }

  /// The most bytes that are held at one time while the tables grow.
  func byteCountWhileGrowing(jobs: Int) -> Int {
    let needed = jobs * Self.sliceLength
    // What moves in order is given back while the new table fills, but for what is not whole pages.
    func growth(from old: Int, to new: Int) -> Int {
      max(0, new - old) + min(old, 2 * jobs * KeyTable.releaseLength)
    }
    var bytes = byteCount
    for table in tables where table.room < needed {
      bytes += growth(from: table.byteCount, to: table.byteCountAfterGrowing)
    }
    if let next = nextRoot(needed) {
      let new = next.shape.byteCount
      bytes += next.space.baseBits == space.baseBits ? growth(from: root.byteCount, to: new) : new
    }
    return bytes
  }

  /// Makes room, so that `hasRoom(jobs:)` is true.
  func grow(jobs: Int) {
    let needed = jobs * Self.sliceLength
    for table in tables { while table.room < needed { table.grow() } }
    while let next = nextRoot(needed) {
      let table = KeyTable(next.shape)
      if next.space.baseBits == space.baseBits, next.space.leftBits == space.leftBits {
        root.move(to: table, jobs: jobs)
      } else {
        let (splitter, newSpace) = (KeySpace.Splitter(space), next.space)
        root.move(to: table, jobs: jobs) { key in newSpace.key(splitter.split(key)) }
      }
      root = table
      space = next.space
    }
  }

  /// The next table of keys; nil if the one there is will do.
  ///
  /// Keys move in order, and cheaply, unless their bases get longer; that is put off until there are many tiles.
  private func nextRoot(_ needed: Int) -> (space: KeySpace, shape: KeyShape)? {
    let isFull = rootRoom < needed || root.isCrowded
    if !isFull, !isNarrow(needed) { return nil }
    let factor = root.slotCount < 1 << 18 ? 4 : root.slotCount < 1 << 23 ? 2 : Self.slowGrowth
    let capacity = isFull ? Int(Double(root.slotCount) * factor) : root.slotCount
    // Room for as many numbers as there may be when the table is full again.
    let (left, right) = topTables
    let leftRoom = Int(Double(left.count) * min(factor, 2)) + needed
    let rightRoom = Int(Double(right.count) * min(factor, 2)) + needed
    var next = space.grown(left: leftRoom, right: rightRoom)
    if let grown = next, capacity >> 3 > 1 << grown.baseBits { next = nil }
    let space = next ?? KeySpace(left: leftRoom, right: rightRoom, keyCount: capacity)
    return (space, KeyShape.smallest(baseBits: space.baseBits, tiles: space.tileCount, capacity: capacity))
  }

  /// Takes over what a checkpoint held.
  func restore(root: KeyTable, space: KeySpace, count: Int) {
    self.root = root
    self.space = space
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
    space.pair(keys, scratch.columns + Self.sliceLength, count: count)
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
