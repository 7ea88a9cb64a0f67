import Dispatch
import Synchronization
import Testing
import TransitionIR

@testable import ExplicitEngine

/// The tables of the visited set: exact, and so for any number of threads.
@Suite("The store")
struct StoreTests {
  /// Pseudo-random numbers of so many bits.
  static func keys(_ count: Int, bits: Int, seed: UInt64) -> [UInt64] {
    var state = seed
    let mask: UInt64 = bits == 64 ? .max : (1 << UInt64(bits)) - 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) & mask
    }
  }

  /// What a table is made for.
  struct Form: CustomTestStringConvertible {
    let bits: Int
    var tiles = 1
    let capacity: Int
    let width: KeyShape.Width
    var testDescription: String { "\(bits) bits, \(tiles) tiles, \(capacity) keys, \(width)" }

    func table() -> KeyTable { KeyTable(baseBits: bits, tiles: tiles, capacity: capacity) }

    /// Keys that the table is made for.
    func keys(_ count: Int, seed: UInt64) -> [UInt64] {
      zip(StoreTests.keys(count, bits: bits, seed: seed), StoreTests.keys(count, bits: 32, seed: seed + 99))
        .map { $0 | $1 % UInt64(tiles) << UInt64(bits) }
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

  /// Every width of slots, with and without tiles, and tables so full that lines overflow.
  static let forms: [Form] = [
    Form(bits: 20, capacity: 1 << 15, width: .bits16),
    Form(bits: 15, tiles: 37, capacity: 40_000, width: .bits16),
    Form(bits: 16, capacity: 1 << 16, width: .bits16),
    Form(bits: 26, capacity: 1 << 15, width: .bits20),
    Form(bits: 20, tiles: 50, capacity: 20_000, width: .bits20),
    Form(bits: 31, capacity: 1 << 15, width: .bits24),
    Form(bits: 24, tiles: 100, capacity: 20_000, width: .bits24),
    Form(bits: 34, capacity: 1 << 15, width: .bits32),
    Form(bits: 30, tiles: 9, capacity: 20_000, width: .bits32),
    Form(bits: 60, capacity: 1 << 15, width: .bits64),
    Form(bits: 52, tiles: 1000, capacity: 1 << 15, width: .bits64),
    Form(bits: 62, capacity: 1 << 12, width: .bits64),
    // Codes up to the last one that such slots hold.
    Form(bits: 20, capacity: 3_600, width: .bits16),
    Form(bits: 26, capacity: 12_000, width: .bits20),
    Form(bits: 31, capacity: 20_000, width: .bits24),
  ]

  @Test("has each key once, and all of them", arguments: forms)
  func exact(form: Form) {
    let keys = form.keys(form.capacity, seed: 7)
    let table = form.table()
    #expect(table.shape.width == form.width)
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

  @Test("keeps its keys in a larger table, with more tiles, and as longer keys", arguments: forms, [1, 3])
  func moving(form: Form, jobs: Int) {
    // So full that keys are displaced, and some have overflowed.
    let keys = form.keys(form.capacity, seed: 8)
    var table = form.table()
    _ = Self.add(keys, to: table)
    for (tiles, growth) in [(0, 1.3), (1, 1.0), (7, 1.5), (0, 4.0)] where form.bits < 60 && form.tiles < 1000
    {
      let capacity = Int(Double(table.slotCount) * growth)
      let next = KeyTable(baseBits: form.bits, tiles: table.shape.tiles + tiles, capacity: capacity)
      table.move(to: next, jobs: jobs)
      table = next
      var found: [UInt64] = []
      table.forEachKey { found.append($0) }
      #expect(found.count == Set(keys).count && Set(found) == Set(keys))
    }
    let longer = KeyTable(baseBits: min(62, form.bits + 11), capacity: form.capacity * 2)
    guard form.tiles << form.bits < 1 << 59 else { return }
    table.move(to: longer, jobs: jobs) { $0 << 1 }
    var found: [UInt64] = []
    longer.forEachKey { found.append($0) }
    #expect(found.count == Set(keys).count && Set(found) == Set(keys.map { $0 << 1 }))
  }

  /// Fails now and then if two looks are taken at a line in place of one, or if a tail is not waited for.
  ///
  /// The threads begin each slice together, and mostly go from line to line; else they would seldom meet in one.
  @Test("threads that add the same keys at the same time add each once", arguments: forms, 0..<4)
  func racing(form: Form, seed: Int) {
    let table = form.table()
    let given = form.keys(form.capacity * 3 / 4, seed: UInt64(seed))
    func line(_ key: UInt64) -> Int { table.shape.line(of: table.mix(key)) }
    let keys = seed == 0 ? given : given.sorted { line($0) < line($1) }
    let threads = 2
    let added = Atomic<Int>(0)
    let arrived = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      for (number, start) in stride(from: 0, to: keys.count, by: 256).enumerated() {
        arrived.add(1, ordering: .relaxed)
        // Not for ever: there may be fewer threads than iterations.
        var patience = 20_000
        while patience > 0, arrived.load(ordering: .relaxed) < threads * (number + 1) { patience -= 1 }
        let new = Self.add(Array(keys[start..<min(start + 256, keys.count)]), to: table)
        added.add(new, ordering: .relaxed)
      }
    }
    #expect(added.load(ordering: .relaxed) == Set(keys).count)
    var found = Set<UInt64>()
    var count = 0
    table.forEachKey {
      found.insert($0)
      count += 1
    }
    #expect(found == Set(keys) && count == found.count)
  }

  /// The moment between the two writes of a slot, made to last.
  @Test(
    "who meets a key that is half written waits for the rest of it", arguments: [(26, 25), (31, 21)])
  func halfWritten(bits: Int, slots: Int) throws {
    let (whole, half) = (
      KeyTable(baseBits: bits, capacity: 1 << 15), KeyTable(baseBits: bits, capacity: 1 << 15)
    )
    try #require(half.shape.width.slotsInLine == slots)
    #expect(Self.add([12_345], to: whole) == 1)
    let line = half.shape.line(of: half.mix(12_345)) * 64
    (half.memory.base + line).copyMemory(from: whole.memory.base + line, byteCount: 2 * slots)
    let added = Atomic<Int>(-1)
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      added.store(Self.add([12_345], to: half), ordering: .relaxed)
    }
    _ = group.wait(timeout: .now() + 0.1)
    (half.memory.base + line).copyMemory(from: whole.memory.base + line, byteCount: 64)
    group.wait()
    #expect(added.load(ordering: .relaxed) == 0)
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
    // To sizes that are no powers of two, too.
    for _ in 0..<6 {
      table.grow()
      columns[0].initialize(from: values, count: values.count)
      table.number(columns[0], count: values.count)
      #expect(Array(UnsafeBufferPointer(start: columns[0], count: values.count)) == first)
    }
    #expect(table.slotCount & (table.slotCount - 1) != 0)
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
