import CStepABI
import TransitionIR

/// Finds the states and steps on all shortest ways to given violations, from the levels of a search.
///
/// Backwards, level by level, every state is expanded again and marked with the goals to which it leads in the steps that are left;
/// nothing about predecessors has to be remembered during the search. Then forwards, from the initial states, along marked ones only.
/// If the levels hold representatives of orbits, the marks do too, and the way forward is one of real states.
struct TraceGraphBuilder {
  /// Goals that are looked for in one sweep.
  static let goalLimit = 64

  private let search: Search
  private let levels: [LevelStates]
  private let goals: [TraceGoal]
  private let source: any StepSource
  private let batch: StepBatch
  private let watching: [(goal: Int, batch: StepBatch)]
  private var marked: [MarkedLevel]
  private var graph: TraceGraph

  private static let batchLength = 128

  /// A level's states that lead to a goal, and the goals (bits).
  private struct MarkedLevel {
    var states: StateMap
    var masks: [UInt64] = []

    mutating func add(_ state: UnsafePointer<UInt64>, _ mask: UInt64) {
      let (id, isNew) = states.insert(state)
      if isNew { masks.append(mask) } else { masks[id.index] |= mask }
    }

    func mask(of state: UnsafePointer<UInt64>) -> UInt64 { states.find(state).map { masks[$0.index] } ?? 0 }
  }

  /// - Precondition: at most `goalLimit` goals, none beyond the levels of the search.
  init(_ search: Search, levels: [LevelStates], goals: [TraceGoal]) {
    self.search = search
    self.levels = levels
    self.goals = goals
    let source = search.steps.make()
    self.source = source
    batch = search.shared.makeBatch(for: source)
    watching = goals.enumerated().compactMap { index, goal in
      guard case .lockOrder(let taking, let held) = goal.event,
        let number = source.takings.firstIndex(of: taking)
      else { return nil }
      let batch = search.shared.makeBatch(for: source)
      batch.watchOrder(number, classes: 1 << UInt64(held.index))
      return (index, batch)
    }
    let packing = search.shared.packing
    marked = levels.map { _ in MarkedLevel(states: StateMap(wordCount: packing.wordCount)) }
    graph = TraceGraph(packing)
  }

  mutating func build() -> TraceGraph {
    let last = min(levels.count - 1, goals.map(\.level).max() ?? 0)
    for level in stride(from: last, through: 0, by: -1) { mark(level) }
    walk(through: last)
    return graph
  }

  // MARK: Backwards

  private mutating func mark(_ level: Int) {
    var buffer: [UInt64] = []
    for chunk in levels[level].chunks {
      let next = search.shared.next
      next.withWords(of: chunk, &buffer) { words in
        var first = 0
        while first < chunk.count {
          first += mark(
            words + first * search.shared.wordCount, min(Self.batchLength, chunk.count - first), level)
        }
      }
    }
  }

  /// Marks the first of some states; returns how many.
  private mutating func mark(_ states: UnsafePointer<UInt64>, _ count: Int, _ level: Int) -> Int {
    var masks = [UInt64](repeating: 0, count: count)
    let done = expand(states, count, level) { source, goal, _ in masks[source] |= 1 << UInt64(goal) }
    if level + 1 < marked.count, marked[level + 1].states.count > 0 {
      if search.shared.isSymmetric { source.canonicalize(batch.words, batch.count) }
      for index in 0..<batch.count {
        let mask = marked[level + 1].mask(of: batch.words + index * search.shared.wordCount)
        if mask != 0 { masks[Int(batch.sources[index])] |= mask }
      }
    }
    for index in 0..<done where masks[index] != 0 {
      marked[level].add(states + index * search.shared.wordCount, masks[index])
    }
    return done
  }

  /// Expands states and tells which goals of this level they reach, in themselves or by a step.
  private func expand(
    _ states: UnsafePointer<UInt64>, _ count: Int, _ level: Int,
    _ reach: (_ source: Int, _ goal: Int, _ step: StepName?) -> Void
  ) -> Int {
    // The batch is written last by the expansion whose successors are looked at.
    for (goal, batch) in watching where goals[goal].level == level + 1 {
      var done = 0
      while done < count {
        let some = source.expand(
          states + done * search.shared.wordCount, count - done, UInt32(MMCK_NAME), batch)
        if some == 0 { batch.enlarge() }
        for index in 0..<batch.eventCount where batch.events[index].has_new_order != 0 {
          let event = batch.events[index]
          reach(done + Int(event.source), goal, Self.name(event))
        }
        done += some
      }
    }
    var done = source.expand(states, count, UInt32(MMCK_NAME), batch)
    while done == 0 {
      batch.enlarge()
      done = source.expand(states, count, UInt32(MMCK_NAME), batch)
    }
    for index in 0..<batch.eventCount { note(batch.events[index], level, reach) }
    check(states, done, level, reach)
    return done
  }

  private static func name(_ event: mmck_event) -> StepName? {
    event.process == UInt32.max
      ? nil : StepName(process: Int(event.process), alternative: Int(event.alternative))
  }

  private func note(_ event: mmck_event, _ level: Int, _ reach: (Int, Int, StepName?) -> Void) {
    let name = Self.name(event)
    let goalLevel = name == nil ? level : level + 1
    for (index, goal) in goals.enumerated() where goal.level == goalLevel {
      guard case .finding(let key) = goal.event, isNamed(key, in: event) else { continue }
      reach(Int(event.source), index, name)
    }
  }

  private func isNamed(_ key: FindingKey, in event: mmck_event) -> Bool {
    for (index, property) in search.shared.propertyKeys.enumerated()
    where event.broken >> UInt64(index) & 1 != 0 && property == key { return true }
    return withUnsafeBytes(of: event.failures) { bytes in
      bytes.bindMemory(to: UInt32.self).prefix(Int(event.failure_count)).contains {
        source.failures[Int($0)] == key
      }
    }
  }

  private func check(
    _ states: UnsafePointer<UInt64>, _ count: Int, _ level: Int, _ reach: (Int, Int, StepName?) -> Void
  ) {
    let here = goals.enumerated().filter { $1.level == level }
    if here.isEmpty { return }
    let found = source.check(states, count, Wanted(), batch)
    for index in 0..<found {
      let verdict = batch.verdicts[index]
      for (goal, entry) in here {
        guard case .finding(let key) = entry.event else { continue }
        let isProperty = search.shared.propertyKeys.enumerated().contains {
          verdict.properties >> UInt64($0) & 1 != 0 && $1 == key
        }
        let isLeak = search.shared.leakKeys.enumerated().contains {
          verdict.leaks >> UInt64($0) & 1 != 0 && $1 == key
        }
        if isProperty || isLeak { reach(Int(verdict.state), goal, nil) }
      }
    }
  }

  // MARK: Forwards

  private mutating func walk(through last: Int) {
    var masks: [UInt64] = []
    graph.levelStarts = [0]
    for successor in search.interpreter.initialStates() where !successor.isFatal {
      var words = [UInt64](repeating: 0, count: search.shared.wordCount)
      search.shared.packing.pack(successor.state, into: &words)
      words.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let mask = mask(of: base, 0)
        if mask != 0, graph.states.insert(base).isNew { masks.append(mask) }
      }
    }
    var first = 0
    for level in 0...max(0, last) {
      let end = graph.states.count
      graph.levelStarts.append(end)
      while first < end { first += walk(from: first, to: end, level, &masks) }
    }
    graph.levelStarts.removeLast()
  }

  /// The goals to which a real state of a level leads.
  private func mask(of state: UnsafePointer<UInt64>, _ level: Int) -> UInt64 {
    guard level < marked.count else { return 0 }
    if !search.shared.isSymmetric { return marked[level].mask(of: state) }
    var copy = Array(UnsafeBufferPointer(start: state, count: search.shared.wordCount))
    return copy.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      source.canonicalize(base, 1)
      return marked[level].mask(of: base)
    }
  }

  /// Follows the steps of the first states of `first ..< end`; returns of how many.
  private mutating func walk(from first: Int, to end: Int, _ level: Int, _ masks: inout [UInt64]) -> Int {
    let count = min(Self.batchLength, end - first)
    var reached: [(goal: Int, target: Target)] = []
    // A copy, because the states move while new ones are added.
    let words = Array(
      graph.states.words[first * search.shared.wordCount..<(first + count) * search.shared.wordCount])
    let done = words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return count }
      return expand(base, count, level) { source, goal, step in
        if masks[first + source] >> UInt64(goal) & 1 != 0 {
          reached.append((goal, Target(state: StateID(index: first + source), step: step)))
        }
      }
    }
    for (goal, target) in reached where target.state.index < first + done {
      graph.targets[goals[goal], default: []].append(target)
    }
    for index in 0..<batch.count {
      let parent = first + Int(batch.sources[index])
      let words = batch.words + index * search.shared.wordCount
      let mask = mask(of: words, level + 1) & masks[parent]
      if mask == 0 { continue }
      let (id, isNew) = graph.states.insert(words)
      if isNew { masks.append(mask) } else { masks[id.index] |= mask }
      if id.index >= end {
        graph.edges.append(
          LevelEdge(from: StateID(index: parent), to: id, StepName(packed: batch.names[index])))
      }
    }
    return done
  }
}
