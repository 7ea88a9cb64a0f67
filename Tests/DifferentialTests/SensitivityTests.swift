import CheckDriver
import Foundation
import RandomSpecs
import Reductions
import Testing
import TransitionIR

@testable import ExplicitEngine

/// That the comparisons would notice a mistake: each of these makes one on purpose.
@Suite("Comparisons of random systems notice")
struct SensitivityTests {
  @Test("a reduction without one of its conditions", arguments: [SafeSteps.Refusal.visible])
  func unsoundReduction(refusal: SafeSteps.Refusal) throws {
    let isNoticed = try (UInt64(0)..<150).contains { seed in
      let system = try compile(RandomSpec(seed: seed).text)
      guard reachableStates(Interpreter(system), limit: 250) != nil else { return false }
      var wrong = SearchReductions()
      wrong.safeSteps = SafeSteps(system, kinds: [.partialOrder, .atomicity], ignoring: [refusal])
      return !SearchComparison(system).differences(with: [("wrong", wrong)]).isEmpty
    }
    #expect(isNoticed)
  }

  @Test("a step that does something else")
  func wrongStep() throws {
    let isNoticed = try (UInt64(0)..<50).contains { seed in
      let text = RandomSpec(seed: seed).text
      let system = try compile(text)
      let other = try compile(text.replacingOccurrences(of: "tick = !tick;", with: "tick = true;"))
      let interpreter = Interpreter(system)
      guard let states = reachableStates(interpreter, limit: 250), system.slotCount == other.slotCount else {
        return false
      }
      let packing = StatePacking(system)
      let right = InterpretedSource(interpreter, packing, .none)
      let wrong = InterpretedSource(Interpreter(other), packing, .none)
      return !StepComparison(system, right, wrong).differences(about: states, flags: 0).isEmpty
    }
    #expect(isNoticed)
  }
}
