import Evidence
import ExplicitEngine
import Reductions
import TransitionIR

@testable import CheckDriver

/// Whole searches of one system that must agree.
struct SearchComparison {
  let system: TransitionSystem
  let interpreter: Interpreter

  init(_ system: TransitionSystem) {
    self.system = system
    interpreter = Interpreter(system)
  }

  /// How one search differs from another, or why one failed; empty if all agree.
  ///
  /// `wanted` nil stands for all reductions. `compiledSteps` gives machine code that was made for the
  /// reductions of this name, or nil.
  func differences(
    with wanted: [(name: String, SearchReductions)]? = nil,
    compiledSteps: (String) -> CompiledSteps? = { _ in nil }
  ) -> [String] {
    do {
      let full = try search(.none)
      var result = compare(exactly: full, try search(.none, jobs: 2), "two threads")
      if let steps = compiledSteps("nothing") {
        result += compare(exactly: full, try search(.none, steps: steps), "compiled")
      }
      for (name, reductions) in wanted ?? self.reductions {
        let reduced = try search(reductions)
        result += compare(verdictsOf: full, reduced, name)
        result += compare(exactly: reduced, try search(reductions, jobs: 2), "\(name), two threads")
        if let steps = compiledSteps(name) {
          result += compare(exactly: reduced, try search(reductions, steps: steps), "\(name), compiled")
        }
      }
      return result
    } catch {
      return ["a search failed: \(error)"]
    }
  }

  /// Every kind of reduction alone, as far as the system admits it, and all together.
  var reductions: [(name: String, SearchReductions)] {
    let sets: [Set<Reduction>] = [
      [.deadLocals], [.symmetry], [.partialOrder], [.partialOrder, .atomicity], Set(Reduction.allCases),
    ]
    return sets.compactMap { kinds in
      let reductions = CheckPipeline.reductions(of: system, kinds)
      return reductions.names.isEmpty ? nil : (reductions.names.joined(separator: " + "), reductions)
    }
  }

  private func search(
    _ reductions: SearchReductions, jobs: Int = 1, steps: CompiledSteps? = nil
  ) throws -> Outcome {
    var limits = SearchLimits(clock: { 0 })
    limits.jobs = jobs
    let factory = StepFactory(
      interpreter, reductions: reductions, patience: steps == nil ? .max : 0, compiledSteps: { steps })
    return try checkExplicitly(interpreter, limits: limits, steps: factory, reductions: reductions)
  }

  // MARK: Comparing

  /// Everything, the traces included.
  private func compare(exactly expected: Outcome, _ found: Outcome, _ name: String) -> [String] {
    var result: [String] = []
    func note(_ what: String, _ first: String, _ second: String) {
      if first != second { result.append("\(name): \(what): \(first) became \(second)") }
    }
    note("states", "\(expected.statistics.states)", "\(found.statistics.states)")
    note("transitions", "\(expected.statistics.transitions)", "\(found.statistics.transitions)")
    note("depth", "\(expected.statistics.depth)", "\(found.statistics.depth)")
    if !result.isEmpty { return result + compare(verdictsOf: expected, found, name) }
    for (first, second) in zip(expected.answers, found.answers) {
      note(first.property, "\(first)", "\(second)")
    }
    return result + compare(verdictsOf: expected, found, name)
  }

  /// What a user of reductions may rely on: what is violated, where, after how many steps, and what
  /// was covered.
  private func compare(verdictsOf expected: Outcome, _ found: Outcome, _ name: String) -> [String] {
    let first = summary(expected)
    let second = summary(found)
    return first.filter { !second.contains($0) }.map { "\(name): only without: \($0)" }
      + second.filter { !first.contains($0) }.map { "\(name): only with: \($0)" }
  }

  private func summary(_ outcome: Outcome) -> [String] {
    var result: [String] = []
    for answer in outcome.answers {
      for verdict in answer.verdicts {
        switch verdict {
        case .violated(let example):
          result.append(
            "\(answer.property) violated at \(place(example.site)) after \(example.path.steps.count) steps")
        default: result.append("\(answer.property): \(verdict)")
        }
      }
      if let witness = answer.witness {
        result.append("\(answer.property) seen after \(witness.path.steps.count) steps")
      }
    }
    result += outcome.uncovered.map { "not covered: \($0)" }
    result += outcome.untried.map { "not tried: \($0.property) at \(place($0.site))" }
    result += outcome.lockOrder.map { "lock order: \($0)" }
    return result
  }

  private func place(_ site: SiteID) -> String {
    "line \(system.sites[site.index].line) (\(system.sites[site.index].text))"
  }
}
