import CheckDriver
import Evidence
import ExplicitEngine
import Foundation
import SpecSemantics
import Testing
import TransitionIR

@testable import ExplicitEngine

/// Compiled steps against the reference interpreter.
@Suite("Compiled steps")
struct CompiledStepTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Specs that between them use every statement and expression of the transition system.
  static let specs = [
    "specs/classic/buffer.mmck", "specs/classic/peterson.mmck", "specs/classic/ptshare.mmck",
    "specs/classic/rwlock.mmck",
  ]

  @Test(
    "give the same successors in the same order as the interpreter, in every reached state", arguments: specs)
  func successors(path: String) throws {
    let spec = try compile(
      "\(Self.root)/\(path)", overrides: [], scope: nil, granularity: .statement, host: .system)
    let interpreter = Interpreter(spec.system)
    // Without a clang there is nothing to compare; the toolchain that builds these tests brings one.
    let steps = try #require(NativeBuild(spec.system).wait())
    var limits = SearchLimits(clock: { 0 })
    limits.bytes = 64 << 20
    var search = Search(interpreter, stepper: interpreter, limits: limits)
    search.run()
    let packing = StatePacking(spec.system)
    let batch = CompiledBatch(
      steps, wordCount: packing.wordCount, coverCount: spec.system.coverPoints.count, antecedentCount: 100)
    for index in 0..<min(search.store.count, 3000) {
      let state = search.state(StateID(index: index))
      compare(state, interpreter, batch, packing)
    }
  }

  private func compare(
    _ state: [Int], _ interpreter: Interpreter, _ batch: CompiledBatch, _ packing: StatePacking
  ) {
    var words = [UInt64](repeating: 0, count: packing.wordCount)
    packing.pack(state, into: &words)
    #expect(batch.expand(&words))
    var position = 0
    for process in 0..<interpreter.system.processCount {
      for expected in interpreter.successors(of: state, process: process) {
        guard position < batch.batch.count else {
          Issue.record("the compiled steps have too few successors")
          return
        }
        let found = batch.batch.successors[position]
        #expect(Int(found.process) == process)
        #expect((found.is_fatal != 0) == expected.isFatal)
        #expect(Int(found.failure_count) == expected.violations.count)
        if !expected.isFatal {
          packing.pack(expected.state, into: &words)
          let base = batch.batch.words + position * packing.wordCount
          #expect((0..<packing.wordCount).allSatisfy { base[$0] == words[$0] })
        }
        position += 1
      }
    }
    #expect(position == Int(batch.batch.count))
  }

  @Test("lead to the same verdicts, counts and traces", arguments: specs)
  func verdicts(path: String) throws {
    let spec = try compile(
      "\(Self.root)/\(path)", overrides: [], scope: nil, granularity: .statement, host: .system)
    let interpreter = Interpreter(spec.system)
    let steps = try #require(NativeBuild(spec.system).wait())
    let limits = SearchLimits(clock: { 0 })
    let slow = try checkExplicitly(interpreter, limits: limits)
    let fast = try checkExplicitly(
      interpreter, limits: limits, compiledSteps: { steps }, compilesAtOnce: true)
    #expect(slow.statistics.states == fast.statistics.states)
    #expect(slow.statistics.transitions == fast.statistics.transitions)
    #expect(slow.statistics.depth == fast.statistics.depth)
    #expect(slow.uncovered == fast.uncovered)
    #expect(slow.untried.map(\.site) == fast.untried.map(\.site))
    #expect(slow.lockOrder == fast.lockOrder)
    #expect(slow.answers.map(describe) == fast.answers.map(describe))
  }

  /// Everything about an answer, its traces included.
  private func describe(_ answer: Outcome.Answer) -> String {
    "\(answer.property): " + answer.verdicts.map { "\($0)" }.joined(separator: "; ")
      + " \(String(describing: answer.witness))"
  }
}
