import TransitionIR

/// Looks for numbers that are sums of counts.
///
/// Equations are solved on some of the states and checked on all of them; a state in which one is false is added to those it is solved on.
/// So each one returned is true in every state seen.
public struct CountingFinder {
  private let observations: Observations
  private var pair: SystemPair { observations.pair }
  private var states: ObservedStates { observations.states }
  /// Different rows from which equations are solved at first.
  private static let rowLimit = 3_000
  /// How often they are solved again.
  private static let rounds = 30
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
    return views.flatMap(lemmas).enumerated()
      .sorted { ($0.1.summands.count, $0.0) < ($1.1.summands.count, $1.0) }.map(\.element)
  }

  private func lemmas(_ view: View) -> [CountingLemma] {
    var table = CountingTable(view, targets(view), observations)
    if table.targets.isEmpty { return [] }
    let rows = rows(&table)
    // The constant last, and only where that fails first: with it any number of idle processes can be counted.
    let columns = Array(0..<table.one)
    let found = lemmas(&table, rows, columns + [table.one])
    let rest = lemmas(&table, rows, [table.one] + columns)
    return found + rest.filter { lemma in !found.contains { $0.total == lemma.total } }
  }

  /// Numbers and truth values of the view itself, and of an object also whether they are 0.
  private func targets(_ view: View) -> [CountingLemma.Total] {
    let numbers = numbers(view)
    let zeros = view.subjects.isEmpty ? [] : numbers.filter(mayExceedOne)
    return numbers.map { .number($0) } + zeros.map { .isZero($0) }
  }

  /// A number from 0 that is more than a truth value.
  private func mayExceedOne(_ term: Term) -> Bool {
    guard case .read(let variable, _) = term,
      case .range(0, let high) = pair.small.variables[variable.index].domain
    else { return false }
    return high > 1
  }

  private func numbers(_ view: View) -> [Term] {
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

  /// Different rows from all over the search.
  private func rows(_ table: inout CountingTable) -> [[Int]] {
    var known = Set<[Int]>()
    var rows: [[Int]] = []
    states.sample(Self.rowLimit * 2) { state in
      if rows.count > Self.rowLimit { return }
      for row in table.rows(state) where known.insert(row).inserted { rows.append(row) }
    }
    return rows
  }

  // MARK: Solving

  private func lemmas(
    _ table: inout CountingTable, _ rows: [[Int]], _ order: [Int]
  ) -> [CountingLemma] {
    var relations = LinearRelations(columns: order.count, targets: table.targets.count)
    for row in rows { relations.add(order.map { row[$0] } + row[(table.one + 1)...]) }
    var trusted = Set<CountingLemma>()
    for _ in 0..<Self.rounds {
      let candidates = solutions(relations, table, order).filter { !trusted.contains($0) }
      let refuting = candidates.compactMap { lemma -> PackedState? in
        var check = CountingCheck(lemma, in: pair.small, states.scopes)
        let state = states.first { !check.isTrue($0) }
        if state == nil { trusted.insert(lemma) }
        return state
      }
      if refuting.isEmpty { break }
      for state in refuting {
        for row in table.rows(state) { relations.add(order.map { row[$0] } + row[(table.one + 1)...]) }
      }
    }
    return solutions(relations, table, order).filter { trusted.contains($0) }
  }

  private func solutions(
    _ relations: LinearRelations, _ table: CountingTable, _ order: [Int]
  ) -> [CountingLemma] {
    table.targets.enumerated().compactMap { number, target in
      guard let solution = relations.solution(number) else { return nil }
      var constant = 0
      var summands: [CountingLemma.Summand] = []
      for (column, coefficient) in solution {
        if order[column] == table.one {
          constant = coefficient
        } else {
          var summand = table.features.features[order[column]]
          summand.coefficient = coefficient
          summands.append(summand)
        }
      }
      let merged = merged(summands, table.view)
      guard merged.contains(where: { $0.counted != nil }), merged.count <= Self.summandLimit else {
        return nil
      }
      return CountingLemma(view: table.view, total: target, summands: merged, constant: constant)
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

/// The numbers of which equations are made: features, then 1, then the targets.
private struct CountingTable {
  let view: View
  let targets: [CountingLemma.Total]
  private(set) var features: CountingFeatures
  private let program: TermProgram
  private let positions: [Int]
  private let system: TransitionSystem

  init(_ view: View, _ targets: [CountingLemma.Total], _ observations: Observations) {
    self.view = view
    self.targets = targets
    features = CountingFeatures(view, observations)
    system = observations.pair.small
    var program = TermProgram(system, observations.states.scopes)
    positions = targets.map { program.add($0.term) }
    self.program = program
  }

  /// The column of ones.
  var one: Int { features.features.count }

  /// One row for each instance of the view.
  mutating func rows(_ state: PackedState) -> [[Int]] {
    var counts = [Int](repeating: 0, count: one)
    var values = [Int](repeating: 0, count: program.count)
    return system.tuples(of: view, in: state).map { tuple in
      features.look(state, tuple, into: &counts)
      program.run(state, tuple, into: &values)
      return counts + [1] + zip(targets, positions).map { $0.value(values[$1]) }
    }
  }
}
