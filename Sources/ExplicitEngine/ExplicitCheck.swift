import Evidence
import TransitionIR

/// Checks every property of a system by visiting all its reachable states.
///
/// Each distinct violation (property and place) comes with a shortest path that has the fewest context switches among the shortest.
/// If a limit ends the search, what was found stands, and the rest is `unknown`. Results depend neither on `limits.jobs` nor on when
/// compiled steps take over.
///
/// Throws `CheckpointError` if a checkpoint cannot be read or written, `SearchFailure` if the search itself is wrong.
public func checkExplicitly(
  _ interpreter: Interpreter, limits: SearchLimits, steps: StepFactory? = nil,
  reductions: SearchReductions = .none
) throws -> Outcome {
  let steps = steps ?? StepFactory(interpreter, reductions: reductions)
  let keptBytes = min(1 << 26, (limits.bytes ?? .max) / 4)
  let searched = reductions.cleared.map(Interpreter.init) ?? interpreter
  let search = Search(searched, steps: steps, limits: limits, reductions: reductions, keptBytes: keptBytes)
  try search.run()
  return try OutcomeBuilder(search, of: interpreter, limits).build()
}

/// The search is wrong: it met a violation to which it cannot find the way again.
///
/// A bug of ours, never of a spec.
public struct SearchFailure: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// From the raw findings of a search to verdicts with paths.
struct OutcomeBuilder {
  private let search: Search
  /// Of the original system, whatever was searched.
  private let interpreter: Interpreter
  private let paths: Paths
  private let cycles: [[LockOrderEdge]]
  private var system: TransitionSystem { interpreter.system }

  init(_ search: Search, of interpreter: Interpreter, _ limits: SearchLimits) throws(CheckpointError) {
    self.search = search
    self.interpreter = interpreter
    cycles = LockOrderGraph(search.lockEdgeOrder).cycles()
    paths = try Paths(search, limits, edges: cycles.flatMap { $0 })
  }

  func build() throws(SearchFailure) -> Outcome {
    var answers: [Outcome.Answer] = []
    let listed = Set(system.builtins)
    let found = Set(search.findings.levels.keys.map(\.property))
    // What was found is told even if nobody thought that it could happen.
    for builtin in BuiltinProperty.allCases where listed.contains(builtin) || found.contains(builtin.rawValue)
    {
      let name = builtin.rawValue
      let verdicts = try builtin == .lockOrder ? lockOrderVerdicts() : violations(of: name)
      answers.append(
        .init(property: name, group: builtin.group, verdicts: verdicts.isEmpty ? [clean] : verdicts))
    }
    for property in system.properties {
      answers.append(try property.group == .reachable ? reachability(property) : declared(property))
    }
    return Outcome(
      answers: answers, statistics: search.statistics, uncovered: search.uncovered, untried: search.untried,
      lockOrder: search.lockEdgeOrder)
  }

  /// The verdict on a property for which nothing was found.
  private var clean: Verdict {
    search.stopReason.map { .unknown("\($0) at depth \(search.statistics.depth)") } ?? .holds(.exhaustive)
  }

  private func declared(_ property: Property) throws(SearchFailure) -> Outcome.Answer {
    let verdicts = try violations(of: property.name)
    return Outcome.Answer(
      property: property.name, group: property.group.rawValue, verdicts: verdicts.isEmpty ? [clean] : verdicts
    )
  }

  private func reachability(_ property: Property) throws(SearchFailure) -> Outcome.Answer {
    let key = FindingKey(property: property.name, site: property.site)
    guard search.findings.levels[key] != nil else {
      let verdict = search.stopReason == nil ? Verdict.unreachable : clean
      return .init(property: property.name, group: "reachable", verdicts: [verdict])
    }
    guard let found = paths.path(to: .finding(key)) else {
      return .init(property: property.name, group: "reachable", verdicts: [paths.missing])
    }
    let witness = try counterexample(key, found, message: "is satisfied here")
    return .init(
      property: property.name, group: "reachable", verdicts: [.holds(.exhaustive)], witness: witness)
  }

  private func violations(of property: String) throws(SearchFailure) -> [Verdict] {
    var result: [(level: Int, verdict: Verdict)] = []
    for (key, _) in search.findings.sorted where key.property == property {
      if let found = paths.path(to: .finding(key)) {
        result.append((found.steps.count, .violated(try counterexample(key, found, message: nil))))
      } else {
        result.append((.max, paths.missing))
      }
    }
    return result.enumerated().sorted { ($0.1.level, $0.0) < ($1.1.level, $1.0) }.map(\.1.verdict)
  }

  // MARK: Paths

  private func counterexample(
    _ key: FindingKey, _ found: Paths.Found, message: String?
  ) throws(SearchFailure) -> Counterexample {
    var violations: [Violation] = []
    guard let path = execute(found, &violations) else {
      throw SearchFailure(description: "\(key.property) was violated, but the way there was not found again")
    }
    let last = path.steps.last?.state ?? path.initialState
    if found.isSeenInState { violations += interpreter.leaks(in: last) }
    let violation = violations.last { $0.property.rawValue == key.property && $0.site == key.site }
    return Counterexample(
      property: key.property, site: key.site,
      message: message ?? violation?.message ?? explanation(key, last), subject: violation?.subject,
      path: path)
  }

  /// Runs the steps again; the violations are those of the last one.
  private func execute(_ found: Paths.Found, _ violations: inout [Violation]) -> Path? {
    // Same choices: only the values of dead locals may differ from what was searched.
    let searched = search.interpreter.initialStates().first { $0.state == found.start }
    guard let searched,
      let initial = interpreter.initialStates().first(where: { $0.choices == searched.choices })
    else { return nil }
    violations = initial.violations
    var state = initial.state
    var result: [Path.Step] = []
    for step in found.steps {
      guard let location = interpreter.location(of: step.process, in: state) else { return nil }
      let successors = interpreter.successors(of: state, process: step.process)
      guard step.alternative < successors.count else { return nil }
      let successor = successors[step.alternative]
      state = successor.state
      violations = successor.violations
      result.append(
        Path.Step(
          process: step.process, location: location, choices: successor.choices, state: successor.state))
    }
    return Path(initialChoices: initial.choices, initialState: initial.state, steps: result)
  }

  private func explanation(_ key: FindingKey, _ state: [Int]) -> String {
    guard key.property == BuiltinProperty.deadlock.rawValue else {
      return system.properties.first { $0.name == key.property }?.documentation ?? ""
    }
    return interpreter.deadlockMessage(state)
  }

  // MARK: Lock order

  /// One violation for each strongly connected part of the lock-order graph: its shortest cycle.
  private func lockOrderVerdicts() throws(SearchFailure) -> [Verdict] {
    var result: [Verdict] = []
    for cycle in cycles {
      let places = cycle.compactMap { paths.firstPlace(of: $0) }
      guard places.count == cycle.count,
        let last = places.max(by: { ($0.level, $0.edge.site.index) < ($1.level, $1.edge.site.index) })?.edge
      else {
        result.append(paths.missing)
        continue
      }
      let key = FindingKey(property: BuiltinProperty.lockOrder.rawValue, site: last.site)
      if let found = paths.path(to: Paths.event(last)) {
        result.append(.violated(try counterexample(key, found, message: describe(places.map(\.edge)))))
      } else {
        result.append(paths.missing)
      }
    }
    return result
  }

  private func describe(_ cycle: [LockOrderEdge]) -> String {
    if cycle.count == 1, cycle[0].held == cycle[0].taken {
      let name = system.lockClasses[cycle[0].held.index].name
      return "\(name) is taken while another lock of its class is held, in no declared order"
    }
    let parts = cycle.map { edge in
      let site = system.sites[edge.site.index]
      let taken = system.lockClasses[edge.taken.index].name
      return
        "\(system.lockClasses[edge.held.index].name) then \(taken) (\(system.files[site.file]):\(site.line))"
    }
    return "locks are taken in a circle: " + parts.joined(separator: ", ")
  }
}
