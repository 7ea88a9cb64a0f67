import CStateTable
import CStepABI

/// Memory that one thread's steps write their successors to.
final class StepBatch {
  let wordCount: Int
  private let memory: UnsafeMutablePointer<mmck_batch>
  private let coverCount: Int
  private let orderCount: Int
  let tried: UnsafeMutablePointer<UInt8>
  let triedCount: Int
  private(set) var verdicts: UnsafeMutablePointer<mmck_verdict>
  /// States that are checked in one go at most.
  static let verdictLimit = 512

  /// `capacity` successors, `coverCount` cover points, `orderCount` places that take locks, `triedCount` antecedents.
  init(wordCount: Int, capacity: Int = 1 << 12, coverCount: Int, orderCount: Int, triedCount: Int) {
    self.wordCount = wordCount
    self.coverCount = coverCount
    self.orderCount = orderCount
    self.triedCount = triedCount
    memory = Self.alone(mmck_batch(), count: 1)
    tried = Self.alone(0, count: triedCount + 1)
    verdicts = .allocate(capacity: Self.verdictLimit)
    batch.covered = Self.alone(0, count: coverCount + 1)
    batch.orders = Self.alone(0, count: orderCount + 1)
    allocate(capacity)
  }

  deinit {
    deallocate()
    batch.covered.deallocate()
    batch.orders.deallocate()
    tried.deallocate()
    verdicts.deallocate()
    memory.deallocate()
  }

  /// Memory in cache lines of its own: every step writes to it, so a line shared with another thread's would go to and fro.
  private static func alone<T: BitwiseCopyable>(_ value: T, count: Int) -> UnsafeMutablePointer<T> {
    // The processor fetches lines in pairs.
    let pair = 2 * Int(MMCK_LINE)
    let bytes = (count * MemoryLayout<T>.stride + pair - 1) / pair * pair
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: pair)
    return memory.initializeMemory(as: T.self, repeating: value, count: count)
  }

  private var batch: mmck_batch {
    @inline(__always) get { memory.pointee }
    @inline(__always) _modify { yield &memory.pointee }
  }

  private func allocate(_ capacity: Int) {
    batch.capacity = UInt32(capacity)
    batch.event_capacity = UInt32(eventCapacity(capacity))
    batch.words = .allocate(capacity: capacity * wordCount)
    batch.sources = .allocate(capacity: capacity)
    batch.names = .allocate(capacity: capacity)
    batch.events = .allocate(capacity: eventCapacity(capacity))
  }

  private func eventCapacity(_ capacity: Int) -> Int { max(64, capacity / 8) }

  private func deallocate() {
    batch.words.deallocate()
    batch.sources.deallocate()
    batch.names.deallocate()
    batch.events.deallocate()
  }

  var byteCount: Int {
    Int(batch.capacity) * (wordCount * 8 + 8)
      + Int(batch.event_capacity) * MemoryLayout<mmck_event>.stride
  }

  /// Room for four times as many successors; what was written is lost.
  func enlarge() {
    let capacity = Int(batch.capacity) * 4
    deallocate()
    allocate(capacity)
  }

  /// Forgets the successors and events of the last call, and keeps what is added up.
  @inline(__always)
  func clear() {
    batch.count = 0
    batch.event_count = 0
  }

  /// Hands the C structure to a function that writes to it.
  @inline(__always)
  func withBatch<T>(_ body: (inout mmck_batch) -> T) -> T { body(&memory.pointee) }

  @inline(__always) var count: Int { Int(batch.count) }
  @inline(__always) var words: UnsafeMutablePointer<UInt64> { batch.words }
  @inline(__always) var sources: UnsafeMutablePointer<UInt32> { batch.sources }
  @inline(__always) var names: UnsafeMutablePointer<UInt32> { batch.names }
  @inline(__always) var eventCount: Int { Int(batch.event_count) }
  @inline(__always) var events: UnsafeMutablePointer<mmck_event> { batch.events }
  var transitions: Int { Int(batch.transitions) }

  func isCovered(_ index: Int) -> Bool { batch.covered[index] != 0 }
  func order(_ number: Int) -> UInt64 { batch.orders[number] }

  /// From now on only this lock order is news, and stays so: each step that makes it is reported.
  func watchOrder(_ number: Int, classes: UInt64) {
    for index in 0..<orderCount { batch.orders[index] = .max }
    batch.orders[number] = ~classes
    batch.keeps_orders = 1
  }
}
