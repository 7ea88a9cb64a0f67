import TransitionIR

/// Makes a clause say more: a control point in it becomes all control points for which the rest of it was never seen either.
struct Widening {
  private let states: ObservedStates
  private var pair: SystemPair { states.pair }

  init(_ states: ObservedStates) { self.states = states }

  /// Widens the control points of the subjects in this order; one that does not matter at all is dropped.
  ///
  /// `locations` are those of the sighting, `data` literals without control points of which no row of it makes all true.
  func widened(_ sighting: Sighting, _ data: [Literal], order: [Int]) -> [Literal] {
    var sets = sighting.locations.map { Optional([$0]) }
    for subject in order {
      guard let kind = sighting.view.kind(subject) else { continue }
      sets[subject] = wide(sighting, data, sets, subject, kind)
    }
    return literals(sighting.view, sets) + data
  }

  /// The literals that say where the subjects are.
  func literals(_ view: View, _ sets: [[Int]?]) -> [Literal] {
    sets.enumerated().compactMap { number, set in
      guard let set, let kind = view.kind(number) else { return nil }
      return Literal(.at(number, LocationSet(kind, set)), true)
    }
  }

  /// Nil if the process may be anywhere.
  private func wide(
    _ sighting: Sighting, _ data: [Literal], _ sets: [[Int]?], _ subject: Int, _ kind: KindID
  ) -> [Int]? {
    let candidates = states.locations(of: kind)
    let own = sighting.locations[subject]
    let bad = seenLocations(sighting.view, data, sets, subject, kind)
    if bad.isEmpty, candidates.contains(own) { return nil }
    return Array(Set(candidates.filter { !bad.contains($0) } + [own])).sorted()
  }

  /// Where one subject stands in the states in which everything else is true.
  private func seenLocations(
    _ view: View, _ data: [Literal], _ sets: [[Int]?], _ subject: Int, _ kind: KindID
  ) -> Set<Int> {
    var seen = Set<Int>()
    var check = ClauseCheck(Clause(view, data), in: pair.small, states.scopes)
    let count = pair.small.kinds[kind.index].locationCount
    // Where a local that must have a value has none, nothing is to be found.
    let locals = data.filter(\.isPositive).flatMap { $0.atom.terms.flatMap(\.locals) }
    let possible = states.scopes.common(
      locals.filter { $0.subject == subject }.map(\.variable), locationCount: count)
    if subject == 0 {
      let second = flags(view, sets)
      for location in states.locations(of: kind) where possible[location] {
        states.forEach(view, first: location, second: second) { state, tuple in
          if !check.isBroken(state, tuple) { return true }
          seen.insert(location)
          return false
        }
      }
      return seen
    }
    for first in firstLocations(view, sets) {
      states.forEach(view, first: first, second: possible) { state, tuple in
        if check.isBroken(state, tuple) {
          seen.insert(pair.small.controlValue(of: tuple.second, kind, in: state))
        }
        return true
      }
    }
    return seen
  }

  /// Where the second subject may stand.
  private func flags(_ view: View, _ sets: [[Int]?]) -> [Bool] {
    guard let kind = view.kind(1) else { return [] }
    let count = pair.small.kinds[kind.index].locationCount
    guard let set = sets[1] else { return [Bool](repeating: true, count: count + 1) }
    return (0...count).map { set.contains($0) }
  }

  private func firstLocations(_ view: View, _ sets: [[Int]?]) -> [Int] {
    guard let kind = view.kind(0) else { return [-1] }
    return sets[0] ?? states.locations(of: kind)
  }
}
