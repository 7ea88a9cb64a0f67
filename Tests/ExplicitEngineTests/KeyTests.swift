import Testing
import TransitionIR

@testable import ExplicitEngine

/// What the tables of keys rest on: numbers that become keys, keys that become places, and back.
@Suite("Keys")
struct KeyTests {
  private static let shapes: [(bits: Int, tiles: Int, lines: Int)] = [
    (10, 1, 2), (10, 3, 7), (11, 1, 33), (12, 5, 100), (11, 1, 2048), (10, 17, 300), (9, 2, 511),
  ]

  @Test("every mixed key has a place of its own, and places are in order", arguments: shapes)
  func places(bits: Int, tiles: Int, lines: Int) throws {
    let shape = try #require(KeyShape(baseBits: bits, tiles: tiles, lineCount: lines, width: .bits32))
    var seen = Set<[UInt64]>()
    var lastLine = 0
    var reader = KeyShape.Reader(shape, from: 0)
    reader.advance()
    for base in 0..<UInt64(1) << UInt64(bits) {
      for tile in 0..<UInt64(tiles) {
        let mixed = base | tile << UInt64(bits)
        let place = shape.place(of: mixed)
        #expect(place.line == shape.line(of: mixed) && place.line < lines && place.line >= lastLine)
        while lastLine < place.line {
          reader.advance()
          lastLine += 1
        }
        #expect(place.code & 7 == 0 && seen.insert([UInt64(place.line), place.code]).inserted)
        #expect(reader.mixed(place.code) == mixed)
      }
    }
  }

  @Test(
    "a displaced code is found again from any line on, for short and long keys",
    arguments: [
      (20, 30, 1000), (37, 1, 19_999_999), (45, 4096, 12_345_678), (62, 1, 1 << 20), (61, 4, 99_999),
    ])
  func displaced(bits: Int, tiles: Int, lines: Int) throws {
    let shape = try #require(KeyShape(baseBits: bits, tiles: tiles, lineCount: lines, width: .bits64))
    let last = UInt64(1) << UInt64(bits) - 1
    for base in StoreTests.keys(2000, bits: bits, seed: 5) + [0, 1, last - 1, last] {
      let mixed = base | base % UInt64(tiles) << UInt64(bits)
      let place = shape.place(of: mixed)
      for displacement in [0, 1, 7] {
        var reader = KeyShape.Reader(shape, from: place.line + displacement)
        reader.advance()
        #expect(reader.mixed(place.code | UInt64(displacement)) == mixed)
      }
    }
  }

  @Test("codes fit into the slots, and no smaller table has room", arguments: 16..<50)
  func smallest(bits: Int) {
    for (tiles, capacity) in [(1, 1000), (3, 50_000), (60, 1 << 20), (1000, 3_000_000)] {
      let shape = KeyShape.smallest(baseBits: bits, tiles: tiles, capacity: capacity)
      let last: UInt64 = (1 << UInt64(bits)) - 1
      // The longest code is that of the last base of some line, in the last tile.
      for line in [0, 1, shape.lineCount / 2, shape.lineCount - 1] {
        var reader = KeyShape.Reader(shape, from: line + 1)
        reader.advance()
        let first = min(reader.mixed(0), last + 1)
        #expect(
          shape.place(of: (first - 1) | UInt64(tiles - 1) << UInt64(bits)).code | 7 < shape.width.codeLimit)
      }
      #expect(shape.slotCount >= capacity || shape.lineCount == 1 << bits)
      for width in KeyShape.Width.allCases where shape.lineCount > 2 {
        let lines = shape.lineCount - 1
        guard lines * width.slotsInLine >= capacity else { continue }
        #expect(KeyShape(baseBits: bits, tiles: tiles, lineCount: lines, width: width) == nil)
      }
    }
  }

  @Test("pairs of numbers have keys of their own, which stay when there are more numbers")
  func spaces() throws {
    var space = KeySpace(left: 1000, right: 300, keyCount: 5000)
    var keys: [[UInt64]: UInt64] = [:]
    var bounds = (left: 1000, right: 300)
    for step in 0..<7 {
      for (a, b) in zip(
        StoreTests.keys(3000, bits: 40, seed: UInt64(step)), StoreTests.keys(3000, bits: 40, seed: 77))
      {
        let pair = [a % UInt64(bounds.left), b % UInt64(bounds.right)]
        let key = space.key((pair[0], pair[1]))
        #expect(keys[pair] == nil || keys[pair] == key)
        keys[pair] = key
      }
      let splitter = KeySpace.Splitter(space)
      for (pair, key) in keys {
        #expect(key < UInt64(space.tileCount) << UInt64(space.baseBits))
        let back = splitter.split(key)
        #expect([back.left, back.right] == pair && space.key(back) == key)
      }
      #expect(Set(keys.values).count == keys.count)
      bounds = step % 2 == 0 ? (bounds.left * 3 / 2, bounds.right) : (bounds.left, bounds.right * 2)
      space = try #require(space.grown(left: bounds.left, right: bounds.right))
      #expect(space.leftCapacity >= bounds.left && space.rightCapacity >= bounds.right)
    }
    #expect(space.grown(left: bounds.left * 100, right: bounds.right * 100) == nil)
  }

  /// A million states whose halves become more all the time: tables grow, get more tiles and longer keys.
  @Test("a store that grows keeps every state, and takes few bytes for each", arguments: [1, 2])
  func growing(jobs: Int) throws {
    let store = TreeStore(Self.twoWords)
    let count = 1 << 20
    #expect(Self.add(0..<count, to: store, jobs: jobs, Self.state) == count)
    #expect(Self.add(0..<count, to: store, jobs: jobs, Self.state) == 0)
    #expect(store.count == count)
    #expect(Double(store.byteCount) / Double(count) < 8)
    #expect(store.root.byteCount < count * 6)
  }

  /// With the cut between the words one half hardly repeats; that in the middle of the first word is better.
  @Test("states are cut anew where their halves repeat, and none is lost")
  func cuttingAnew() throws {
    let state = { (number: Int) -> [UInt64] in
      [UInt64(number) % 512 | (UInt64(number) / 512 % 512) << 20, UInt64(number) / (512 * 512) % 3]
    }
    let count = 1 << 18 + 1 << 17
    let store = TreeStore(Self.twoWords)
    #expect(Self.add(0..<count, to: store, jobs: 1, state) == count)
    #expect(store.hasRareRepeats)
    let next = try #require(store.cutAnew(Self.twoWords, share: 0.5, jobs: 1))
    #expect(next.count == count && next.tables.reduce(0) { $0 + $1.count } < 4000)
    #expect(Self.add(0..<count, to: next, jobs: 1, state) == 0)
    var states = Set<[UInt64]>()
    next.forEachSlice { words, count in
      for index in 0..<count { states.insert([words[2 * index], words[2 * index + 1]]) }
    }
    #expect(states == Set((0..<count).map(state)))
    #expect(next.cutAnew(Self.twoWords, share: 0.8, jobs: 1) == nil)
  }

  private static var twoWords: StatePacking {
    var system = TransitionSystem()
    for index in 0..<2 {
      let domain = Domain.range(0, (1 << 40) - 1)
      system.variables.append(
        Variable(name: "v\(index)", domain: domain, dimensions: [], role: .global, initial: 0, slot: index))
    }
    system.slotCount = 2
    system.pools = [Pool(name: "task", capacity: 0, isProcessPool: true)]
    return StatePacking(system)
  }

  /// Adds the states of some numbers; how many were new.
  private static func add(_ numbers: Range<Int>, to store: TreeStore, jobs: Int, _ state: (Int) -> [UInt64])
    -> Int
  {
    let scratch = TreeStore.Scratch(wordCount: 2)
    var isNew = [UInt8](repeating: 0, count: TreeStore.sliceLength)
    var added = 0
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: TreeStore.sliceLength) {
      if !store.hasRoom(jobs: jobs) { store.grow(jobs: jobs) }
      let end = min(start + TreeStore.sliceLength, numbers.upperBound)
      (start..<end).flatMap(state).withUnsafeBufferPointer { words in
        isNew.withUnsafeMutableBufferPointer { flags in
          guard let base = words.baseAddress, let flags = flags.baseAddress else { return }
          added += store.add(base, count: end - start, scratch, isNew: flags)
        }
      }
    }
    return added
  }

  /// Different for each number; both halves are of some ten thousand values in the end.
  private static func state(_ number: Int) -> [UInt64] {
    let row = UInt64(Double(number).squareRoot())
    let rest = UInt64(number) - row * row
    return [row * 9 + rest % 8, rest / 8 * 7 + row % 5 * 100_003]
  }
}
