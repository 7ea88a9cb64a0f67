import CStepABI
import Evidence
import Foundation
import NativeCode
import Reductions
import SpecSemantics
import Testing
import TransitionIR

@testable import CheckDriver
@testable import ExplicitEngine

/// Compiled steps against the reference interpreter, through the seam at which the search uses them.
@Suite("Compiled steps")
struct StepSourceTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Specs that between them use every statement and expression of the transition system.
  static let specs = [
    "specs/classic/buffer.mmck", "specs/classic/peterson.mmck", "specs/classic/ptshare.mmck",
    "specs/classic/rwlock.mmck", "specs/classic/qrcu.mmck", "specs/classic/mcslock.mmck",
    "specs/classic/german.mmck", "specs/classic/twophase.mmck",
  ]

  private static func system(_ path: String) throws -> TransitionSystem {
    try compile("\(root)/\(path)", overrides: [], scope: nil, granularity: .statement, host: .system).system
  }

  /// A search that keeps all its levels, and both sources of its steps.
  ///
  /// Without a clang there is nothing to compare; the toolchain that builds these tests brings one.
  private static func sources(_ path: String, _ kinds: Set<Reduction>) throws -> (
    search: Search, native: CompiledSource, slow: InterpretedSource
  ) {
    let system = try system(path)
    let reductions = CheckPipeline.reductions(of: system, kinds)
    let searched = reductions.cleared ?? system
    let interpreter = Interpreter(searched)
    let search = Search(
      interpreter, steps: StepFactory(interpreter, reductions: reductions), limits: SearchLimits { 0 },
      reductions: reductions, keptBytes: 1 << 30)
    try search.run()
    let options = CheckPipeline.emission(of: reductions)
    let native = CompiledSource(try #require(NativeBuild(searched, options: options).wait()))
    let slow = InterpretedSource(interpreter, StatePacking(searched), reductions)
    return (search, native, slow)
  }

  @Test(
    "give the same successors, events and verdicts in the same order as the interpreter, in every state",
    arguments: specs, [[], Reduction.allCases])
  func steps(path: String, kinds: [Reduction]) throws {
    let (search, native, slow) = try Self.sources(path, Set(kinds))
    let (fast, reference) = (search.shared.makeBatch(for: native), search.shared.makeBatch(for: slow))
    let flags = search.shared.flags | UInt32(kinds.isEmpty ? MMCK_NAME : 0)
    var states = 0
    for chunk in try #require(search.kept).flatMap(\.chunks) where states < 2000 {
      let words = try #require(chunk.words)
      for index in 0..<chunk.count {
        let state = UnsafePointer(words + index * search.shared.wordCount)
        #expect(native.expand(state, 1, flags, fast) == 1)
        #expect(slow.expand(state, 1, flags, reference) == 1)
        expectEqual(native, fast, slow, reference, hasNames: kinds.isEmpty)
        native.canonicalize(fast.words, fast.count)
        slow.canonicalize(reference.words, reference.count)
        #expect(successors(fast) == successors(reference))
        #expect(
          native.check(state, 1, Wanted(), fast) == slow.check(state, 1, Wanted(), reference))
        states += 1
      }
    }
    #expect(states > 0)
    #expect(fast.transitions == reference.transitions)
    for index in 0..<search.system.coverPoints.count {
      #expect(fast.isCovered(index) == reference.isCovered(index))
    }
    for (number, taking) in native.takings.enumerated() {
      let other = try #require(slow.takings.firstIndex(of: taking))
      #expect(fast.order(number) == reference.order(other))
    }
  }

  private func successors(_ batch: StepBatch) -> [UInt64] {
    Array(UnsafeBufferPointer(start: batch.words, count: batch.count * batch.wordCount))
  }

  private func expectEqual(
    _ native: CompiledSource, _ fast: StepBatch, _ slow: InterpretedSource, _ reference: StepBatch,
    hasNames: Bool
  ) {
    #expect(successors(fast) == successors(reference))
    if hasNames {
      #expect((0..<fast.count).allSatisfy { fast.names[$0] == reference.names[$0] })
    }
    #expect(events(native, fast) == events(slow, reference))
  }

  /// Failures and broken step properties, told apart by key.
  private func events(_ source: any StepSource, _ batch: StepBatch) -> Set<String> {
    var result = Set<String>()
    for index in 0..<batch.eventCount {
      let event = batch.events[index]
      if event.broken != 0 { result.insert("\(event.process) broke \(event.broken)") }
      withUnsafeBytes(of: event.failures) { bytes in
        for number in bytes.bindMemory(to: UInt32.self).prefix(Int(event.failure_count)) {
          let key = source.failures[Int(number)]
          result.insert("\(event.process) \(key) \(event.successor == UInt32.max)")
        }
      }
    }
    return result
  }

  @Test("lead to the same verdicts, counts and traces", arguments: specs, [[], Reduction.allCases])
  func verdicts(path: String, kinds: [Reduction]) throws {
    let system = try Self.system(path)
    let interpreter = Interpreter(system)
    let reductions = CheckPipeline.reductions(of: system, Set(kinds))
    let searched = reductions.cleared ?? system
    let steps = try #require(NativeBuild(searched, options: CheckPipeline.emission(of: reductions)).wait())
    let slow = try checkExplicitly(interpreter, limits: SearchLimits { 0 }, reductions: reductions)
    let fast = try checkExplicitly(
      interpreter, limits: SearchLimits { 0 },
      steps: StepFactory(interpreter, reductions: reductions, patience: 0) { steps }, reductions: reductions)
    #expect(slow.statistics.states == fast.statistics.states)
    #expect(slow.statistics.transitions == fast.statistics.transitions)
    #expect(slow.statistics.depth == fast.statistics.depth)
    #expect(describe(slow) == describe(fast))
  }

  @Test("of several threads lead to the same as those of one", arguments: specs)
  func threads(path: String) throws {
    let interpreter = Interpreter(try Self.system(path))
    let one = try checkExplicitly(interpreter, limits: SearchLimits { 0 })
    var limits = SearchLimits { 0 }
    limits.jobs = 3
    let three = try checkExplicitly(interpreter, limits: limits)
    #expect(one.statistics.states == three.statistics.states)
    #expect(one.statistics.transitions == three.statistics.transitions)
    #expect(describe(one) == describe(three))
  }

  @Test("taken by a reduced search lead to the same verdicts", arguments: specs)
  func reductions(path: String) throws {
    let system = try Self.system(path)
    let interpreter = Interpreter(system)
    let full = try checkExplicitly(interpreter, limits: SearchLimits { 0 })
    let some: [[Reduction]] = [[.symmetry], [.partialOrder], [.partialOrder, .atomicity], [.deadLocals]]
    for kinds in some + [Reduction.allCases] {
      let reductions = CheckPipeline.reductions(of: system, Set(kinds))
      let reduced = try checkExplicitly(interpreter, limits: SearchLimits { 0 }, reductions: reductions)
      #expect(reduced.statistics.states <= full.statistics.states)
      #expect(describe(reduced) == describe(full))
    }
  }

  /// Everything that is said about a system, traces included, but for how many states it took.
  private func describe(_ outcome: Outcome) -> [String] {
    outcome.answers.map { answer in
      "\(answer.property): " + answer.verdicts.map { "\($0)" }.joined(separator: "; ")
        + " \(String(describing: answer.witness))"
    } + ["\(outcome.uncovered)", "\(outcome.untried.map(\.site))", "\(outcome.lockOrder)"]
  }
}
