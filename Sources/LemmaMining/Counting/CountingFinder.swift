import TransitionIR

/// Looks for numbers that are sums of counts.
///
/// Equations are solved on some of the states and then checked on all of them, so each one returned is true in every state seen.
public struct CountingFinder {
  private let observations: Observations
  private var pair: SystemPair { observations.pair }
  private var states: ObservedStates { observations.states }
  /// Different rows from which equations are solved.
  private static let rowLimit = 3_000
  /// Summands of a lemma: one with more says nothing that anybody would have meant.
  private static let summandLimit = 10

  public init(_ observations: Observations) { self.observations = observations }

  /// All that are found, those with fewer summands first.
  public func lemmas() -> [CountingLemma] {
    let views = observations.views.filter { view in
      switch view.subjects.first {
      case nil: true
      case .object?: view.subjects.count == 1
      case .process?, .index?: false
      }
    }
    var known = Set<CountingLemma>()
    return views.flatMap(lemmas).filter { known.insert($0).inserted }.filter(isTrue)
      .enumerated().sorted { ($0.1.summands.count, $0.0) < ($1.1.summands.count, $1.0) }.map(\.element)
  }

  private func isTrue(_ lemma: CountingLemma) -> Bool {
    var check = CountingCheck(lemma, in: pair.small, states.scopes)
    return states.allSatisfy { check.isTrue($0) }
  }

  private func lemmas(_ view: View) -> [CountingLemma] {
    let targets = targets(view)
    if targets.isEmpty { return [] }
    let features = CountingFeatures(view, observations)
    let rows = rows(view, features, targets)
    let varying = features.features.indices.filter { column in
      rows.contains { $0[column] != rows[0][column] } || rows.contains { $0[column] != 0 }
    }
    let one = features.features.count
    // The constant last, and only where that fails first: with it any number of idle processes can be counted.
    let found = solve(view, features, targets, rows, varying + [one])
    let rest = targets.filter { target in !found.contains { $0.number == target } }
    return found + solve(view, features, targets, rows, [one] + varying).filter { rest.contains($0.number) }
  }

  /// Numbers and truth values of the view itself.
  private func targets(_ view: View) -> [Term] {
    var limits = TermCatalog.Limits()
    limits.depth = 0
    let terms = TermCatalog(
      Sighting(view: view, locations: view.subjects.map { _ in -1 }), pair, states.scopes, limits)
    return terms.terms.filter { term in
      guard case .read(let variable, _) = term, term.isTotal else { return false }
      if !view.subjects.isEmpty, !term.mentions(0) { return false }
      switch pair.small.variables[variable.index].domain {
      case .range(let low, let high): return low < high
      case .bool: return view.subjects.isEmpty
      default: return false
      }
    }
  }

  /// Different rows from all over the search: features, then 1, then the targets.
  private func rows(_ view: View, _ features: CountingFeatures, _ targets: [Term]) -> [[Int]] {
    var features = features
    var building = TermProgram(pair.small, states.scopes)
    let positions = targets.map { building.add($0) }
    let program = building
    var values = [Int](repeating: 0, count: program.count)
    var counts = [Int](repeating: 0, count: features.features.count)
    var known = Set<[Int]>()
    var rows: [[Int]] = []
    states.sample(Self.rowLimit * 4) { state in
      for tuple in pair.small.tuples(of: view, in: state) where rows.count < Self.rowLimit {
        features.look(state, tuple, into: &counts)
        program.run(state, tuple, into: &values)
        let row = counts + [1] + positions.map { values[$0] }
        if known.insert(row).inserted { rows.append(row) }
      }
    }
    return rows
  }

  private func solve(
    _ view: View, _ features: CountingFeatures, _ targets: [Term], _ rows: [[Int]], _ order: [Int]
  ) -> [CountingLemma] {
    var relations = LinearRelations(columns: order.count, targets: targets.count)
    let first = features.features.count + 1
    for row in rows { relations.add(order.map { row[$0] } + row[first...]) }
    return targets.enumerated().compactMap { number, target in
      guard let solution = relations.solution(number) else { return nil }
      var constant = 0
      var summands: [CountingLemma.Summand] = []
      for (column, coefficient) in solution {
        if order[column] == first - 1 {
          constant = coefficient
        } else {
          var summand = features.features[order[column]]
          summand.coefficient = coefficient
          summands.append(summand)
        }
      }
      let merged = merged(summands, view)
      guard merged.contains(where: { $0.counted != nil }), merged.count <= Self.summandLimit else {
        return nil
      }
      return CountingLemma(view: view, number: target, summands: merged, constant: constant)
    }
  }

  /// Summands that differ in the control point alone become one, of which no place is asked if it is all places.
  private func merged(_ summands: [CountingLemma.Summand], _ view: View) -> [CountingLemma.Summand] {
    var plain: [CountingLemma.Summand] = []
    var places: [LocationSet?] = []
    for summand in summands {
      var rest = summand.literals
      var place: LocationSet?
      if case .at(_, let set)? = rest.first?.atom {
        rest.removeFirst()
        place = set
      }
      let next = CountingLemma.Summand(
        coefficient: summand.coefficient, counted: summand.counted, literals: rest)
      if let place, let known = plain.firstIndex(of: next), let before = places[known] {
        places[known] = LocationSet(place.kind, before.members + place.members)
      } else {
        plain.append(next)
        places.append(place)
      }
    }
    return zip(plain, places).map { summand, place in
      guard let place, place.members != states.locations(of: place.kind) else { return summand }
      let literal = Literal(.at(view.subjects.count, place), true)
      return CountingLemma.Summand(
        coefficient: summand.coefficient, counted: summand.counted, literals: [literal] + summand.literals)
    }
  }
}
