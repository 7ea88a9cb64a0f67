import CStepABI
import NativeCode
import RandomSpecs
import Reductions
import Testing
import TransitionIR

@testable import CheckDriver
@testable import ExplicitEngine

/// Ways to the same result, on random specs.
@Suite("Random systems")
struct DifferentialTests {
  /// Specs with more states are passed over.
  private var stateLimit: Int { RandomRuns.isThorough ? 4000 : 250 }

  @Test("are the same after being written as text and read again")
  func text() throws {
    for seed in RandomRuns.seeds(400) {
      try expectNoDifferences(RandomSpec(seed: seed)) { textDifferences($0) }
    }
  }

  @Test("have the same verdicts with any number of threads and with any reductions")
  func searches() throws {
    for seed in RandomRuns.seeds(120) {
      try expectNoDifferences(RandomSpec(seed: seed)) { system in
        guard reachableStates(Interpreter(system), limit: stateLimit) != nil else { return [] }
        return SearchComparison(system).differences()
      }
    }
  }

  @Test("have the same steps and verdicts compiled and interpreted")
  func native() throws {
    // Without a clang there is nothing to compare; the toolchain that builds these tests brings one.
    for seed in RandomRuns.seeds(24, share: 4) {
      try expectNoDifferences(RandomSpec(seed: seed)) { try nativeDifferences($0) }
    }
  }

  private func nativeDifferences(_ system: TransitionSystem) throws -> [String] {
    guard reachableStates(Interpreter(system), limit: stateLimit) != nil else { return [] }
    let comparison = SearchComparison(system)
    var libraries: [String: CompiledSteps] = [:]
    var result: [String] = []
    for (name, reductions) in [("nothing", .none), comparison.reductions.last].compactMap({ $0 }) {
      let searched = reductions.cleared ?? system
      let build = NativeBuild(searched, options: CheckPipeline.emission(of: reductions))
      let steps = try #require(build.wait())
      libraries[name] = steps
      let interpreter = Interpreter(searched)
      let states = try #require(reachableStates(interpreter, limit: .max))
      for flags in reductions.safeSteps == nil ? [0] : [0, UInt32(MMCK_REDUCE)] {
        // Where a batch ends must make no difference.
        for capacity in [StepComparison.roomy, 5] {
          let slow = InterpretedSource(interpreter, StatePacking(searched), reductions)
          let steps = StepComparison(searched, slow, CompiledSource(steps), capacity: capacity)
          result += steps.differences(about: states, flags: flags).map { "with \(name), \(flags): \($0)" }
        }
      }
    }
    return result + comparison.differences { libraries[$0] }
  }
}
