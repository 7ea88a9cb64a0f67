import Evidence
import ExplicitEngine
import RandomSpecs
import SMTSolver
import Testing
import TransitionIR

@testable import SymbolicEngine

/// Bounded checking against the search: the same violations, at the same depths.
struct BoundedComparison {
  let system: TransitionSystem
  let limit: Int

  /// Smallest depths by property and place; deadlocks are one.
  func searched() throws -> [String: Int] {
    let outcome = try checkExplicitly(Interpreter(system), limits: SearchLimits(clock: { 0 }))
    var result: [String: Int] = [:]
    for answer in outcome.answers where answer.property != "lock.order" {
      for case .violated(let found) in answer.verdicts + (answer.witness.map { [.violated($0)] } ?? []) {
        let name = name(found.property, found.site)
        result[name] = min(result[name] ?? .max, found.path.steps.count)
      }
    }
    return result
  }

  private func name(_ property: String, _ site: SiteID) -> String {
    property == "deadlock" ? property : "\(property)@\(site.index)"
  }

  /// What differs; nil if the system has no formula.
  func differences() throws -> [String]? {
    let goals = Goals(SymbolicSystem(system)) { _ in true }
    guard goals.refused.isEmpty, let check = try? BoundedCheck(goals, options: SolverOptions()) else {
      return nil
    }
    let end = try check.run(limit: limit) { false }
    if case .gaveUp(let reason) = end { return ["gave up: \(reason)"] }
    var expected = try searched()
    var found: [String: Int] = [:]
    for finding in check.findings {
      found[name(finding.goal.property, finding.goal.site)] = finding.path.steps.count
    }
    if case .depthReached = end { expected = expected.filter { $0.value <= check.depth } }
    found = found.filter { expected[$0.key] != nil || $0.value <= check.depth }
    return Set(expected.keys).union(found.keys).sorted().compactMap { key in
      expected[key] == found[key]
        ? nil
        : "\(key): search \(expected[key].map(String.init) ?? "none"), solver \(found[key].map(String.init) ?? "none")"
    }
  }
}

@Suite("Bounded checking finds what the search finds, at the same depth")
struct BoundedCheckTests {
  @Test("in random specs", arguments: 0..<5)
  func random(part: UInt64) throws {
    var count = 0
    let seeds = RandomRuns.seeds(50).filter { $0 % 5 == part }
    for seed in seeds {
      let spec = RandomSpec(seed: seed)
      guard let differences = try BoundedComparison(system: compile(spec.text), limit: 12).differences()
      else { continue }
      #expect(differences.isEmpty, "seed \(seed)\n\(spec.text)")
      count += 1
    }
    #expect(2 * count >= seeds.count, "most of them have a formula")
  }

  /// Seed 126: all runs end while they start, which was taken for "no run, no violation".
  @Test("what fails for good while it starts is found, and not proven")
  func fatalStart() throws {
    let system = try compile(
      """
      spec start "fails for good";
      -2..-1 shift = -2;
      -2..-1 number = -1;
      init { number = (number << shift); }
      process p { number = -2; }
      """)
    let comparison = BoundedComparison(system: system, limit: 2)
    #expect(try comparison.differences() == [])
    let proof = try InductiveProof(
      Goals(SymbolicSystem(system)) { _ in true }, source: nil, options: SolverOptions())
    try proof.run { _ in false }
    let found = try comparison.searched()
    let broken = proof.allGoals.filter { found["\($0.property)@\($0.site.index)"] != nil }
    #expect(broken.count == 1 && found.count == 1)
    for goal in broken {
      guard case .open = proof.result(goal) else {
        Issue.record("\(goal) is not open")
        continue
      }
    }
  }
}
