import CStepABI
import Foundation
import NativeCode
import TransitionIR

/// A transition system compiled and loaded for a test, without cache.
final class NativeLibrary {
  enum Problem: Error { case notRepresentable, compiler(String), symbol(String) }

  let output: CEmitter.Output
  let expand: mmck_expand_fn
  let check: mmck_check_fn
  let settle: mmck_settle_fn
  private let handle: UnsafeMutableRawPointer

  /// Compiles the system's text, or what `edit` makes of it.
  init(_ system: TransitionSystem, level: String = "-O1", edit: (String) -> String = { $0 }) throws {
    guard let output = CEmitter.emit(system) else { throw Problem.notRepresentable }
    self.output = output
    let folder = FileManager.default.temporaryDirectory.appending(path: "mmck-native-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "steps.c").path
    let library = folder.appending(path: "steps.so").path
    try edit(output.text).write(toFile: source, atomically: true, encoding: .utf8)
    let clang = Process()
    clang.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    clang.arguments = [
      "clang", level, "-shared", "-fPIC", "-fwrapv", "-w", "-std=gnu11", source, "-o", library,
    ]
    try clang.run()
    clang.waitUntilExit()
    guard clang.terminationStatus == 0, let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      throw Problem.compiler("clang ended with \(clang.terminationStatus)")
    }
    self.handle = handle
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
      guard let address = dlsym(handle, name) else { throw Problem.symbol(name) }
      return address
    }
    expand = unsafeBitCast(try symbol("mmck_expand"), to: mmck_expand_fn.self)
    check = unsafeBitCast(try symbol("mmck_check"), to: mmck_check_fn.self)
    settle = unsafeBitCast(try symbol("mmck_settle"), to: mmck_settle_fn.self)
  }

  deinit { dlclose(handle) }
}

/// A batch and the memory that it points to.
final class NativeBatch {
  var batch = mmck_batch()
  private let wordCount: Int
  private let coverCount: Int
  private let orderCount: Int

  init(_ packing: StatePacking, covers: Int, orders: Int, capacity: Int = 1 << 14, events: Int = 1 << 12) {
    wordCount = packing.wordCount
    coverCount = covers
    orderCount = orders
    batch.capacity = UInt32(capacity)
    batch.event_capacity = UInt32(events)
    batch.words = .allocate(capacity: capacity * wordCount)
    batch.sources = .allocate(capacity: capacity)
    batch.names = .allocate(capacity: capacity)
    batch.events = .allocate(capacity: events)
    batch.covered = .allocate(capacity: covers + 1)
    batch.orders = .allocate(capacity: orders + 1)
    reset()
  }

  deinit {
    batch.words.deallocate()
    batch.sources.deallocate()
    batch.names.deallocate()
    batch.events.deallocate()
    batch.covered.deallocate()
    batch.orders.deallocate()
  }

  /// Empties everything, what was covered and in which order locks were taken, too.
  func reset() {
    batch.count = 0
    batch.event_count = 0
    batch.transitions = 0
    batch.covered.update(repeating: 0, count: coverCount + 1)
    batch.orders.update(repeating: 0, count: orderCount + 1)
  }

  func words(_ index: Int) -> [UInt64] {
    (0..<wordCount).map { batch.words[index * wordCount + $0] }
  }

  var covered: Set<Int> { Set((0..<coverCount).filter { batch.covered[$0] != 0 }) }

  var orders: [UInt64] { (0..<orderCount).map { batch.orders[$0] } }
}
