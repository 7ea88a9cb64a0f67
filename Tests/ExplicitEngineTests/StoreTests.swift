import Dispatch
import Testing
import TransitionIR

@testable import ExplicitEngine

/// The tables of the visited set: exact, and so for any number of threads.
@Suite("The store")
struct StoreTests {
  /// Keys of so many bits, in the order that a seed gives.
  private static func keys(_ count: Int, bits: Int, seed: UInt64) -> [UInt64] {
    var state = seed
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) & mask
    }
  }

  private static func add(_ keys: [UInt64], to table: KeyTable) -> Int {
    var flags = [UInt8](repeating: 0, count: 256)
    var added = 0
    for start in stride(from: 0, to: keys.count, by: 256) {
      var slice = Array(keys[start..<min(start + 256, keys.count)])
      let count = slice.count
      added += slice.withUnsafeMutableBufferPointer { keys in
        flags.withUnsafeMutableBufferPointer { flags in
          guard let base = keys.baseAddress, let isNew = flags.baseAddress else { return 0 }
          return table.add(base, count: count, isNew: isNew)
        }
      }
    }
    return added
  }

  /// Widths of keys and tables that take slots of 16, 32 and 64 bits, and tables so full that lines overflow.
  static let shapes = [
    (bits: 20, capacity: 1 << 15), (bits: 34, capacity: 1 << 15), (bits: 60, capacity: 1 << 15),
    (bits: 64, capacity: 1 << 15), (bits: 26, capacity: 1 << 12), (bits: 16, capacity: 1 << 16),
  ]

  @Test("has each key once, and all of them", arguments: shapes)
  func exact(bits: Int, capacity: Int) {
    let keys = Self.keys(capacity, bits: bits, seed: 7)
    let table = KeyTable(keyBits: bits, capacity: capacity)
    #expect(Self.add(keys, to: table) == Set(keys).count)
    #expect(Self.add(keys, to: table) == 0)
    var found = Set<UInt64>()
    var count = 0
    table.forEachKey {
      found.insert($0)
      count += 1
    }
    #expect(found == Set(keys) && count == found.count)
  }

  @Test("keeps its keys when it moves to a larger table or to longer keys", arguments: shapes)
  func moving(bits: Int, capacity: Int) {
    let keys = Self.keys(capacity, bits: bits, seed: 8)
    let table = KeyTable(keyBits: bits, capacity: capacity)
    _ = Self.add(keys, to: table)
    let larger = KeyTable(keyBits: bits, capacity: capacity * 4)
    table.move(to: larger)
    #expect(Self.add(keys, to: larger) == 0)
    guard bits < 60 else { return }
    let longer = KeyTable(keyBits: bits + 3, capacity: capacity * 4)
    larger.move(to: longer) { $0 << 3 }
    #expect(Self.add(keys.map { $0 << 3 }, to: longer) == 0)
  }

  /// Two looks at a line in place of one let two threads add one key; then a few of these cases fail.
  @Test("threads that add the same keys at the same time add each once", arguments: shapes, 0..<8)
  func racing(shape: (bits: Int, capacity: Int), seed: Int) {
    let keys = Self.keys(shape.capacity * 3 / 4, bits: shape.bits, seed: UInt64(seed))
    let table = KeyTable(keyBits: shape.bits, capacity: shape.capacity)
    nonisolated(unsafe) let added = UnsafeMutablePointer<Int>.allocate(capacity: 4)
    defer { added.deallocate() }
    DispatchQueue.concurrentPerform(iterations: 4) { added[$0] = Self.add(keys, to: table) }
    #expect((0..<4).reduce(0) { $0 + added[$1] } == Set(keys).count)
  }

  @Test("threads that number the same values agree, and use each number once", arguments: 0..<20)
  func numbering(seed: Int) {
    let values = Self.keys(20_000, bits: 15, seed: UInt64(seed)) + [0, 0, .max]
    let table = WordTable(slotCount: 1 << 16)
    nonisolated(unsafe) let columns = (0..<4).map { _ in
      UnsafeMutablePointer<UInt64>.allocate(capacity: values.count)
    }
    defer { for column in columns { column.deallocate() } }
    DispatchQueue.concurrentPerform(iterations: 4) { index in
      columns[index].initialize(from: values, count: values.count)
      table.number(columns[index], count: values.count)
    }
    let first = Array(UnsafeBufferPointer(start: columns[0], count: values.count))
    for column in columns { #expect(Array(UnsafeBufferPointer(start: column, count: values.count)) == first) }
    #expect(Dictionary(zip(values, first)) { a, b in a == b ? a : .max }.values.allSatisfy { $0 != .max })
    #expect(Set(first).count == Set(values).count && table.count == Set(values).count)
    table.grow()
    columns[0].initialize(from: values, count: values.count)
    table.number(columns[0], count: values.count)
    #expect(Array(UnsafeBufferPointer(start: columns[0], count: values.count)) == first)
  }

  @Test("states cut anywhere are the same states", arguments: [[40], [64], [20, 50], [64, 3], [64, 64]])
  func cutting(bits: [Int]) throws {
    // One variable a word, as wide as the word is filled.
    var system = TransitionSystem()
    for (index, width) in bits.enumerated() {
      let domain = width == 64 ? Domain.wrapping(64) : Domain.range(0, (1 << width) - 1)
      system.variables.append(
        Variable(name: "v\(index)", domain: domain, dimensions: [], role: .global, initial: 0, slot: index))
    }
    system.slotCount = bits.count
    system.pools = [Pool(name: "task", capacity: 0, isProcessPool: true)]
    let packing = StatePacking(system)
    try #require(packing.wordCount == bits.count)
    var states: [UInt64] = []
    for (a, b) in zip(Self.keys(300, bits: bits[0], seed: 1), Self.keys(300, bits: bits.last ?? 1, seed: 2)) {
      states += bits.count == 1 ? [a] : [a, b]
    }
    let count = states.count / bits.count
    let different = Set((0..<count).map { Array(states[$0 * bits.count..<($0 + 1) * bits.count]) }).count
    for position in 0...64 {
      let store = TreeStore(packing, cut: StateCut(packing, position: position))
      let scratch = TreeStore.Scratch(wordCount: bits.count)
      var flags = [UInt8](repeating: 0, count: TreeStore.sliceLength)
      for start in [0, 200, 0] {
        while !store.hasRoom(jobs: 1) { store.grow(jobs: 1) }
        states.withUnsafeBufferPointer { words in
          flags.withUnsafeMutableBufferPointer { flags in
            guard let base = words.baseAddress, let isNew = flags.baseAddress else { return }
            _ = store.add(base + start * bits.count, count: min(200, count - start), scratch, isNew: isNew)
          }
        }
      }
      #expect(store.count == different)
    }
  }
}
