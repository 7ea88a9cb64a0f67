import CStepABI
import CheckDriver
import Foundation
import NativeCode
import Testing
import TransitionIR

/// The functions of the generated C, called as the search calls them, against the reference interpreter.
///
/// Without a clang there is nothing to compare; the toolchain that builds these tests brings one.
@Suite("Native steps")
struct NativeStepTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Specs that between them use every statement and expression, small ones and one whose steps are not inlined.
  static let specs = [
    "specs/classic/buffer.mmck", "specs/classic/peterson.mmck", "specs/classic/ptshare.mmck",
    "specs/classic/rwlock.mmck", "specs/markers/pm-swap-marker.mmck", "specs/mshare/v1-2022.mmck",
  ]

  private func system(_ path: String) throws -> TransitionSystem {
    try compile(
      "\(Self.root)/\(path)", overrides: [], scope: nil, granularity: .statement, host: .system
    ).system
  }

  @Test("lead to the same successors, events, covers, lock orders and verdicts", arguments: specs)
  func everything(path: String) throws {
    let system = try system(path)
    let library = try NativeLibrary(system, level: "-O0")
    let result = StepComparison(Interpreter(system), library).run(limit: 1000)
    #expect(result.states > 10)
    #expect(result.difference == nil)
  }

  @Test("are the same for many states at once, however little room there is", arguments: specs)
  func batches(path: String) throws {
    let system = try system(path)
    let library = try NativeLibrary(system, level: "-O0")
    let comparison = StepComparison(Interpreter(system), library)
    let states = reachable(comparison, limit: 300)
    let expansions = states.map { comparison.compiledExpansion(of: $0) }
    let batch = NativeBatch(
      comparison.packing, covers: system.coverPoints.count, orders: library.output.orders.count,
      capacity: 64, events: 64)
    let flat = states.flatMap { $0 }
    var done = 0
    var words: [[UInt64]] = []
    var transitions = 0
    while done < states.count {
      batch.batch.count = 0
      batch.batch.event_count = 0
      batch.batch.transitions = 0
      let step = flat[(done * comparison.packing.wordCount)...].withUnsafeBufferPointer {
        library.expand($0.baseAddress, UInt32(states.count - done), 0, &batch.batch)
      }
      try #require(step > 0)
      for index in 0..<Int(batch.batch.count) {
        let source = done + Int(batch.batch.sources[index])
        #expect(expansions[source].words.contains(batch.words(index)))
        words.append(batch.words(index))
      }
      transitions += Int(batch.batch.transitions)
      done += Int(step)
    }
    #expect(words == expansions.flatMap(\.words))
    #expect(transitions == expansions.reduce(0) { $0 + $1.transitions })
  }

  @Test("say that there is no room if one state alone has more successors than fit")
  func overflow() throws {
    let system = try system("specs/classic/ptshare.mmck")
    let library = try NativeLibrary(system, level: "-O0")
    let comparison = StepComparison(Interpreter(system), library)
    let initial = try #require(reachable(comparison, limit: 1).first)
    let batch = NativeBatch(
      comparison.packing, covers: system.coverPoints.count, orders: library.output.orders.count, capacity: 1)
    #expect(library.expand(initial, 1, 0, &batch.batch) == 0)
    #expect(batch.batch.count == 0)
    #expect(batch.batch.event_count == 0)
    #expect(batch.batch.transitions == 0)
  }

  @Test("leave a lock order that is only compared with as it is")
  func keptOrders() throws {
    let system = try system("specs/classic/ptshare.mmck")
    let library = try NativeLibrary(system, level: "-O0")
    let comparison = StepComparison(Interpreter(system), library)
    let batch = NativeBatch(
      comparison.packing, covers: system.coverPoints.count, orders: library.output.orders.count)
    var eventCount = 0
    for state in reachable(comparison, limit: 500) {
      batch.reset()
      batch.batch.keeps_orders = 1
      #expect(library.expand(state, 1, 0, &batch.batch) == 1)
      eventCount += Int(batch.batch.event_count)
      #expect(batch.orders.allSatisfy { $0 == 0 })
    }
    #expect(eventCount > 0)
  }

  private func reachable(_ comparison: StepComparison, limit: Int) -> [[UInt64]] {
    var states = comparison.interpreter.initialStates().filter { !$0.isFatal }.map {
      comparison.packed($0.state)
    }
    var seen = Set(states)
    var next = 0
    while next < states.count, states.count < limit {
      for successor in comparison.compiledExpansion(of: states[next]).words
      where seen.insert(successor).inserted { states.append(successor) }
      next += 1
    }
    return states
  }
}
