import Evidence
import TransitionIR

/// Ways to everything that a search found, each a shortest one with the fewest context switches.
///
/// They come from the levels that the search kept. If it kept none, or took safe steps at once, so that its levels are not those
/// of the system, a second search goes as deep as the findings are.
struct Paths {
  struct Found {
    /// The initial state, unpacked.
    let start: [Int]
    let steps: [StepName]
    /// The last state violates the property itself, not the step to it.
    let isSeenInState: Bool
  }

  private var found: [TraceGoal.Event: Found] = [:]
  private var places: [LockOrderEdge: (edge: LockOrderEdge, level: Int)] = [:]
  /// The verdict on what was found but to which no way could be.
  let missing: Verdict

  static func event(_ edge: LockOrderEdge) -> TraceGoal.Event {
    .lockOrder(
      taking: LockTaking(lock: edge.taken, subclass: edge.subclass, site: edge.site), held: edge.held)
  }

  /// `edges`: the lock orders to which a way is wanted.
  init(_ search: Search, _ limits: SearchLimits, edges: [LockOrderEdge]) throws(CheckpointError) {
    missing = .unknown(
      "it is violated, but \(limits.bytes == nil ? "its trace" : "the memory limit was reached before its trace") was not found"
    )
    addInitial(search)
    let keys = search.findings.levels.keys.filter { found[.finding($0)] == nil }
    if keys.isEmpty, edges.isEmpty { return }
    let levels: Search
    if search.kept != nil, !search.reductions.runsSafeSteps {
      levels = search
    } else {
      levels = try Self.repeated(search, limits, Set(keys), edges)
    }
    for edge in edges { places[edge] = Self.firstPlace(of: edge, levels) }
    var goals = levels.findings.sorted.filter { keys.contains($0.key) }.map {
      TraceGoal(event: .finding($0.key), level: $0.level)
    }
    for place in places.values {
      let goal = TraceGoal(event: Self.event(place.edge), level: place.level)
      if !goals.contains(goal) { goals.append(goal) }
    }
    add(goals, levels)
  }

  func path(to event: TraceGoal.Event) -> Found? { found[event] }

  /// The same order of classes where it is met first.
  func firstPlace(of edge: LockOrderEdge) -> (edge: LockOrderEdge, level: Int)? { places[edge] }

  private static func firstPlace(of edge: LockOrderEdge, _ search: Search) -> (
    edge: LockOrderEdge, level: Int
  )? {
    search.lockEdges.filter { $0.key.hasSameClasses(as: edge) }
      .min { ($0.value, $0.key.site.index) < ($1.value, $1.key.site.index) }
      .map { ($0.key, $0.value) }
  }

  /// Violations before the first step: by the `init` block, or by what processes do before it.
  private mutating func addInitial(_ search: Search) {
    for successor in search.interpreter.initialStates() {
      for violation in successor.violations {
        let key = FindingKey(property: violation.property.rawValue, site: violation.site)
        if found[.finding(key)] == nil {
          found[.finding(key)] = Found(start: successor.state, steps: [], isSeenInState: true)
        }
      }
    }
  }

  /// A search of real levels, as deep as it takes to meet everything wanted again.
  private static func repeated(
    _ search: Search, _ limits: SearchLimits, _ keys: Set<FindingKey>, _ edges: [LockOrderEdge]
  ) throws(CheckpointError) -> Search {
    var limits = limits
    // The time was for finding; showing what was found takes no longer than finding it took.
    limits.seconds = nil
    limits.stopsAtFirst = false
    limits.progress = nil
    limits.checkpointing = nil
    search.releaseStates()
    var reductions = search.reductions
    reductions.safeSteps = nil
    let again = Search(
      search.interpreter, steps: search.steps, limits: limits, reductions: reductions, keptBytes: .max
    ) { again in
      keys.allSatisfy { again.findings.levels[$0] != nil }
        && edges.allSatisfy { edge in again.lockEdges.keys.contains { $0.hasSameClasses(as: edge) } }
    }
    try again.run()
    return again
  }

  private mutating func add(_ goals: [TraceGoal], _ search: Search) {
    guard let levels = search.kept, !levels.isEmpty else { return }
    var rest = goals[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(TraceGraphBuilder.goalLimit))
      rest = rest.dropFirst(some.count)
      var builder = TraceGraphBuilder(search, levels: levels, goals: some)
      let graph = builder.build()
      let finder = PathFinder(graph)
      for goal in some {
        guard let path = finder.path(to: graph.targets[goal] ?? []) else { continue }
        found[goal.event] = Found(
          start: graph.state(path.start, slotCount: search.system.slotCount), steps: path.steps,
          isSeenInState: path.target.step == nil)
      }
    }
  }
}

extension LockOrderEdge {
  fileprivate func hasSameClasses(as other: LockOrderEdge) -> Bool {
    held == other.held && taken == other.taken && subclass == other.subclass
  }
}
