import Evidence
import TransitionIR

/// Checks every property of a system by visiting all its reachable states.
///
/// Each distinct violation (property and place) comes with a shortest path that has the fewest context switches among the shortest.
/// If a limit ends the search, what was found stands, and the rest is `unknown`.
///
/// `compiledSteps` is asked now and then; from its first answer on, compiled steps take over. Results do not depend on when.
public func checkExplicitly(
  _ interpreter: Interpreter, limits: SearchLimits,
  compiledSteps: @escaping @Sendable () -> CompiledSteps? = { nil }, compilesAtOnce: Bool = false
) throws(SearchFailure) -> Outcome {
  var search = Search(
    interpreter, stepper: interpreter, limits: limits, compiledSteps: compiledSteps,
    compilesAtOnce: compilesAtOnce)
  search.run()
  return try OutcomeBuilder(search).build()
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
  private let finder: PathFinder
  private var system: TransitionSystem { search.system }

  init(_ search: Search) {
    self.search = search
    finder = PathFinder(search)
  }

  func build() throws(SearchFailure) -> Outcome {
    var answers: [Outcome.Answer] = []
    let listed = Set(system.builtins)
    let found = Set(search.findings.all.map(\.key.property))
    // What was found is told even if nobody thought that it could happen.
    for builtin in BuiltinProperty.allCases where listed.contains(builtin) || found.contains(builtin.rawValue)
    {
      let name = builtin.rawValue
      let violations = try builtin == .lockOrder ? lockOrderViolations() : counterexamples(of: name)
      answers.append(.init(property: name, group: builtin.group, verdicts: verdicts(violations)))
    }
    for (index, property) in system.properties.enumerated() {
      answers.append(try property.group == .reachable ? reachability(index, property) : declared(property))
    }
    return Outcome(
      answers: answers, statistics: search.statistics, uncovered: search.uncovered, untried: search.untried,
      lockOrder: search.lockEdgeOrder)
  }

  private func verdicts(_ violations: [Counterexample]) -> [Verdict] {
    violations.isEmpty ? [clean] : violations.map(Verdict.violated)
  }

  /// The verdict on a property for which nothing was found.
  private var clean: Verdict {
    search.stopReason.map { .unknown("\($0) at depth \(search.statistics.depth)") } ?? .holds(.exhaustive)
  }

  private func declared(_ property: Property) throws(SearchFailure) -> Outcome.Answer {
    Outcome.Answer(
      property: property.name, group: property.group.rawValue,
      verdicts: verdicts(try counterexamples(of: property.name)))
  }

  private func reachability(_ index: Int, _ property: Property) throws(SearchFailure) -> Outcome.Answer {
    guard let target = search.witnesses[index] else {
      let verdict = search.stopReason == nil ? Verdict.unreachable : clean
      return .init(property: property.name, group: "reachable", verdicts: [verdict])
    }
    let key = FindingKey(property: property.name, site: property.site)
    let witness = try counterexample(key, [target], message: "is satisfied here")
    return .init(
      property: property.name, group: "reachable", verdicts: [.holds(.exhaustive)], witness: witness)
  }

  private func counterexamples(of property: String) throws(SearchFailure) -> [Counterexample] {
    var result: [Counterexample] = []
    for finding in search.findings.all where finding.key.property == property {
      result.append(try counterexample(finding.key, finding.targets, message: nil))
    }
    return result
  }

  // MARK: Paths

  private func counterexample(
    _ key: FindingKey, _ targets: [Target], message: String?
  ) throws(SearchFailure) -> Counterexample {
    var violations: [Violation] = []
    guard let found = finder.path(to: targets),
      let path = execute(found.start, found.steps, &violations)
    else {
      throw SearchFailure(description: "\(key.property) was violated, but the way there was not found again")
    }
    let last = path.steps.last?.state ?? path.initialState
    if found.target.step == nil { violations += search.interpreter.leaks(in: last) }
    let violation = violations.last { $0.property.rawValue == key.property && $0.site == key.site }
    return Counterexample(
      property: key.property, site: key.site,
      message: message ?? violation?.message ?? explanation(key, last), subject: violation?.subject,
      path: path)
  }

  /// Runs the steps again; the violations are those of the last one.
  private func execute(_ start: StateID, _ steps: [StepName], _ violations: inout [Violation]) -> Path? {
    let first = search.state(start)
    guard let initial = search.interpreter.initialStates().first(where: { $0.state == first }) else {
      return nil
    }
    violations = initial.violations
    var state = initial.state
    var result: [Path.Step] = []
    for step in steps {
      guard let location = search.interpreter.location(of: step.process, in: state) else { return nil }
      let successors = search.interpreter.successors(of: state, process: step.process)
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
    let waiting = (0..<system.processCount).compactMap { process -> String? in
      guard let location = search.interpreter.location(of: process, in: state) else { return nil }
      let kind = system.kinds[system.kind(ofProcess: process).index]
      if kind.isDaemon || kind.isEnvironment { return nil }
      let site = system.sites[system.locations[location.index].site.index]
      return "\(system.processName(process)) waits at `\(site.text)` (line \(site.line))"
    }
    return "nobody can go on: " + waiting.joined(separator: ", ")
  }

  // MARK: Lock order

  /// One violation for each strongly connected part of the lock-order graph: its shortest cycle.
  private func lockOrderViolations() throws(SearchFailure) -> [Counterexample] {
    var result: [Counterexample] = []
    for cycle in LockOrderGraph(search.lockEdgeOrder).cycles() {
      let last = cycle.max { position($0) < position($1) } ?? cycle[0]
      let key = FindingKey(property: BuiltinProperty.lockOrder.rawValue, site: last.site)
      let targets = search.lockEdges[last].map { [$0] } ?? []
      result.append(try counterexample(key, targets, message: describe(cycle)))
    }
    return result
  }

  private func position(_ edge: LockOrderEdge) -> Int { search.lockEdgeOrder.firstIndex(of: edge) ?? 0 }

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

/// The lock-order graph: its nodes are lock classes and subclasses; a lock that is held counts as subclass 0.
struct LockOrderGraph {
  private struct Node: Hashable {
    let lock: LockClassID
    let subclass: Int
  }
  private let edges: [LockOrderEdge]

  init(_ edges: [LockOrderEdge]) { self.edges = edges }

  /// A shortest cycle through each node that lies on one, each set of nodes once.
  func cycles() -> [[LockOrderEdge]] {
    var seen = Set<Set<LockOrderEdge>>()
    var covered = Set<Node>()
    var result: [[LockOrderEdge]] = []
    for edge in edges {
      let node = Node(lock: edge.held, subclass: 0)
      guard !covered.contains(node), let cycle = shortestCycle(through: node) else { continue }
      cycle.forEach { covered.insert(Node(lock: $0.held, subclass: 0)) }
      if seen.insert(Set(cycle)).inserted { result.append(cycle) }
    }
    return result
  }

  private func shortestCycle(through start: Node) -> [LockOrderEdge]? {
    var paths: [(node: Node, edges: [LockOrderEdge])] = [(start, [])]
    var visited = Set<Node>()
    var next = 0
    while next < paths.count {
      let (node, path) = paths[next]
      next += 1
      for edge in edges where Node(lock: edge.held, subclass: 0) == node {
        let target = Node(lock: edge.taken, subclass: edge.subclass)
        if target == start { return path + [edge] }
        if visited.insert(target).inserted { paths.append((target, path + [edge])) }
      }
    }
    return nil
  }
}
