import ExplicitEngine
import TransitionIR

/// The states of the small system, indexed by who stands where in them.
struct ObservedStates: Sendable {
  let pair: SystemPair
  let scopes: ScopeTable
  let count: Int
  let isComplete: Bool
  private let source: PackedState
  private let parts: StateParts
  /// By kind, by control point (the last: "has ended"): states and the process, as a pointer, that stands there in them.
  private let standing: [[[Standing]]]
  /// The same, without those that differ only in what other processes do.
  private let distinct: [[[Standing]]]

  struct Standing: Sendable {
    let state: Int32
    let process: Int32
  }

  init(_ pair: SystemPair, _ states: ReachableStates) {
    self.pair = pair
    scopes = ScopeTable(pair.small)
    count = states.count
    isComplete = states.isComplete
    let source = PackedState(states)
    let parts = StateParts(pair.small, source, states.count)
    self.source = source
    self.parts = parts
    let standing = pair.small.kinds.indices.map {
      Self.standing(KindID($0), pair.small, source, states.count)
    }
    self.standing = standing
    distinct = standing.enumerated().map { kind, places in
      let view = View([.process(KindID(kind))])
      return places.map { entries in
        var known = Set<StateParts.Sight>()
        return entries.filter {
          known.insert(parts.sight(Int($0.state), view, Tuple(first: Int($0.process)))).inserted
        }
      }
    }
  }

  private static func standing(
    _ kind: KindID, _ system: TransitionSystem, _ source: PackedState, _ count: Int
  ) -> [[Standing]] {
    let description = system.kinds[kind.index]
    let slot = system.variables[description.control.index].slot
    var result = [[Standing]](repeating: [], count: description.locationCount + 1)
    var source = source
    for index in 0..<count {
      source.move(to: index)
      for number in 0..<description.count {
        let pointer = description.firstProcess + number + 1
        result[source.value(slot + number)].append(Standing(state: Int32(index), process: Int32(pointer)))
      }
    }
    return result
  }

  /// The control points of a kind at which a process was seen.
  func locations(of kind: KindID) -> [Int] {
    standing[kind.index].indices.filter { !standing[kind.index][$0].isEmpty }
  }

  /// How often a process was seen at a control point.
  func sightings(of kind: KindID, at location: Int) -> Int { standing[kind.index][location].count }

  /// For each control point of the first kind those of the second at which another process was seen at the same time.
  func together(_ first: KindID, _ second: KindID) -> [Set<Int>] {
    let (a, b) = (pair.small.kinds[first.index], pair.small.kinds[second.index])
    var result = [Set<Int>](repeating: [], count: a.locationCount + 1)
    var source = source
    for index in 0..<count {
      source.move(to: index)
      for x in a.firstProcess + 1..<a.firstProcess + a.count + 1 {
        let place = pair.small.controlValue(of: x, first, in: source)
        for y in b.firstProcess + 1..<b.firstProcess + b.count + 1 where y != x {
          result[place].insert(pair.small.controlValue(of: y, second, in: source))
        }
      }
    }
    return result
  }

  /// Visits about so many states, evenly spread.
  func sample(_ limit: Int, _ body: (PackedState) -> Void) {
    var source = source
    for index in stride(from: 0, to: count, by: max(1, count / max(1, limit))) {
      source.move(to: index)
      body(source)
    }
  }

  /// Some state for which the condition is true, if there is one.
  func first(where condition: (PackedState) -> Bool) -> PackedState? {
    var source = source
    for index in 0..<count {
      source.move(to: index)
      if condition(source) { return source }
    }
    return nil
  }

  /// Visits every state and tuple of a sighting, but of those that look alike only one.
  func forEach(_ sighting: Sighting, _ body: (PackedState, Tuple) -> Void) {
    var second: [Bool] = []
    if let kind = sighting.view.kind(1) {
      second = [Bool](repeating: false, count: standing[kind.index].count)
      second[sighting.locations[1]] = true
    }
    var known = Set<StateParts.Sight>()
    let view = sighting.view
    forEach(view, first: sighting.locations.first ?? -1, second: second) { state, tuple in
      if view.kind(1) == nil || known.insert(parts.sight(state.index, view, tuple)).inserted {
        body(state, tuple)
      }
      return true
    }
  }

  /// Visits states and tuples of a view until `body` is false; of a view with one process or none, of those that look alike only one.
  ///
  /// `first` is the control point of the first subject and `second` flags those of the second; neither matters for what is no process.
  func forEach(_ view: View, first: Int, second: [Bool], _ body: (PackedState, Tuple) -> Bool) {
    var source = source
    if let kind = view.kind(0) {
      let entries = view.kind(1) == nil ? distinct : standing
      for entry in entries[kind.index][first] {
        source.move(to: Int(entry.state))
        if !visitSecond(view, second, source, Tuple(first: Int(entry.process)), body) { return }
      }
      return
    }
    for index in parts.firstOfShared {
      source.move(to: index)
      guard let subject = view.subjects.first else {
        if !body(source, Tuple()) { return }
        continue
      }
      for value in pair.small.values(of: subject, in: source)
      where !visitSecond(view, second, source, Tuple(first: value), body) { return }
    }
  }

  @inline(__always)
  private func visitSecond(
    _ view: View, _ flags: [Bool], _ source: PackedState, _ tuple: Tuple,
    _ body: (PackedState, Tuple) -> Bool
  ) -> Bool {
    guard view.subjects.count == 2 else { return body(source, tuple) }
    var tuple = tuple
    let isTwin = view.isOfTwins
    for value in pair.small.values(of: view.subjects[1], in: source) where !(isTwin && value == tuple.first) {
      if let kind = view.kind(1), !flags[pair.small.controlValue(of: value, kind, in: source)] { continue }
      tuple.second = value
      if !body(source, tuple) { return false }
    }
    return true
  }
}

extension TransitionSystem {
  /// The values of a view's subject in a state.
  func values<S: StateSource>(of subject: View.Subject, in state: S) -> [Int] {
    switch subject {
    case .process(let id):
      let kind = kinds[id.index]
      return Array(kind.firstProcess + 1..<kind.firstProcess + kind.count + 1)
    case .object(let id):
      let pool = pools[id.index]
      let slot = pool.live.map { variables[$0.index].slot }
      return (1..<pool.capacity + 1).filter { pointer in
        slot.map { state.value($0 + pointer - 1) != 0 } ?? true
      }
    case .index(let axis): return Array(axis.bounds(in: self))
    }
  }

  /// Where a process, given as a pointer, stands: counted from the first control point of its kind.
  @inline(__always)
  func controlValue<S: StateSource>(of process: Int, _ id: KindID, in state: S) -> Int {
    let kind = kinds[id.index]
    return state.value(variables[kind.control.index].slot + process - 1 - kind.firstProcess)
  }
}
