import TransitionIR

/// A clause with what speaks for it.
public struct MinedClause: Sendable {
  public let clause: Clause
  /// Rows that agree with all literals but one, whichever that one is: how often the clause could have been found wrong.
  public let support: Int
  /// It only says that a place is never reached: true of the small system, and little reason to believe it of another.
  public let isWeak: Bool
  /// The less, the better it reads and the more it is likely to say.
  public let cost: Double
}

/// Answers counterexamples to induction: given a state of the large system, finds clauses that are true in all states seen of the
/// small one and false in that state.
///
/// A state of the large system that looks from every view like one of the small system cannot be answered. The clauses are guesses: that
/// they are false in the given state is certain, that they hold in the large system is for others to prove.
public struct ClauseFinder {
  let observations: Observations
  var pair: SystemPair { observations.pair }
  /// Different sets of literals that are tried for one sighting.
  private static let attempts = 5

  public init(_ observations: Observations) { self.observations = observations }

  /// The best clauses that are false in `cti`, best first; none if nothing unseen is in it.
  ///
  /// Views of fewer subjects are tried first; those of more only if nothing is found but weak clauses and such as depend on how
  /// large a number becomes. `mover` is the process (0-based) of whose step it is the beginning; what it is part of is preferred.
  /// Clauses that speak of the variables in `relevantTo` and of control points alone are looked for first, and others only if
  /// there is none: what else is odd about the state may be chance.
  public func blocking(
    cti: [Int], mover: Int? = nil, relevantTo relevant: Set<VariableID> = [], limit: Int = 4
  ) -> [MinedClause] {
    precondition(cti.count == pair.large.slotCount, "not a state of the large system")
    if !relevant.isEmpty {
      let narrow = blocking(cti, mover, relevant, limit) { atom in
        !atom.reads { !relevant.contains($0) }
      }
      if narrow.contains(where: { !$0.isWeak }) { return narrow }
    }
    return blocking(cti, mover, relevant, limit) { _ in true }
  }

  private func blocking(
    _ cti: [Int], _ mover: Int?, _ relevant: Set<VariableID>, _ limit: Int, isAllowed: (Atom) -> Bool
  ) -> [MinedClause] {
    let state = PlainState(slots: cti)
    let cost = LiteralCost(pair, relevant: relevant)
    var drafts: [Draft] = []
    for size in 0...2 where drafts.allSatisfy({ isNews($0.sighting) || $0.dependsOnCounts }) {
      var asked = Set<Question>()
      for view in observations.views where view.subjects.count == size {
        for tuple in pair.large.tuples(of: view, in: state) {
          drafts += self.drafts(view, tuple, state, cost, mover, &asked, isAllowed)
        }
      }
    }
    // Looking where else a clause is true takes most of the time, so only the most promising are followed.
    let order = drafts.enumerated().sorted { ($0.1.cost, $0.0) < ($1.1.cost, $1.0) }
    var known = Set<Clause>()
    let found = order.prefix(2 * limit).flatMap { generalized($0.element, cost) }
      .filter { known.insert($0.clause).inserted }
    return Array(sorted(found).prefix(limit))
  }

  /// Literals that no row of a sighting makes all true.
  private struct Draft {
    let sighting: Sighting
    let data: [Literal]
    let support: Int
    let discount: Double
    let dependsOnCounts: Bool
    /// Of the literals, with the discount; weak ones are dearer.
    let cost: Double
  }

  private func sorted(_ clauses: [MinedClause]) -> [MinedClause] {
    clauses.enumerated().sorted { a, b in
      func rank(_ entry: (offset: Int, element: MinedClause)) -> (Int, Double, Int, Int) {
        (entry.element.isWeak ? 1 : 0, entry.element.cost, -entry.element.support, entry.offset)
      }
      return rank(a) < rank(b)
    }.map(\.element)
  }

  // MARK: One tuple

  /// What a sighting of the large state looks like; equal ones have equal answers.
  private struct Question: Hashable {
    let sighting: Sighting
    let values: [Bool]
  }

  private func drafts(
    _ view: View, _ tuple: Tuple, _ state: PlainState, _ cost: LiteralCost, _ mover: Int?,
    _ asked: inout Set<Question>, _ isAllowed: (Atom) -> Bool
  ) -> [Draft] {
    let sighting = sighting(view, tuple, state)
    // Twins are seen in both orders; one is enough.
    if view.isOfTwins, sighting.locations[0] > sighting.locations[1] || isMirrored(sighting, tuple) {
      return []
    }
    let cell = observations.cell(sighting)
    let values = cell.values(in: state, tuple)
    guard asked.insert(Question(sighting: sighting, values: values)).inserted else { return [] }
    let search = CoverSearch(cell, values, isAllowed: isAllowed)
    guard search.isPossible else { return [] }
    let isMoving = mover.map { mover in
      view.subjects.indices.contains { view.kind($0) != nil && tuple[$0] == mover + 1 }
    }
    return drafts(cell, values, search, cost, discount: isMoving == true ? 0.8 : 1)
  }

  private func isMirrored(_ sighting: Sighting, _ tuple: Tuple) -> Bool {
    sighting.locations[0] == sighting.locations[1] && tuple.first > tuple.second
  }

  private func sighting(_ view: View, _ tuple: Tuple, _ state: PlainState) -> Sighting {
    let locations = view.subjects.indices.map { number in
      view.kind(number).map { pair.large.controlValue(of: tuple[number], $0, in: state) } ?? -1
    }
    return Sighting(view: view, locations: locations)
  }

  /// Several minimal sets: literals that were used become more expensive each time.
  private func drafts(
    _ cell: Cell, _ values: [Bool], _ search: CoverSearch, _ cost: LiteralCost, discount: Double
  ) -> [Draft] {
    let literals = zip(cell.atoms, values).map { Literal($0, $1) }
    let costs = literals.map { cost.cost(of: $0) }
    var weights = costs
    var tried = Set<[Int]>()
    var result: [Draft] = []
    for _ in 0..<Self.attempts {
      let cover = search.cover(weights)
      for atom in cover { weights[atom] *= 2.5 }
      guard tried.insert(cover.sorted()).inserted else { continue }
      let data = cover.sorted { (costs[$0], $0) < (costs[$1], $1) }.map { literals[$0] }
      let support = cover.isEmpty ? sightings(cell.sighting) : search.support(cover)
      let sum = (cover.reduce(0) { $0 + costs[$1] } + (isNews(cell.sighting) ? 100 : 0)) * discount
      result.append(
        Draft(
          sighting: cell.sighting, data: data, support: support, discount: discount,
          dependsOnCounts: cost.dependsOnCounts(data), cost: sum))
      if cover.isEmpty { break }
    }
    return result
  }

  // MARK: Control points

  private func generalized(_ draft: Draft, _ cost: LiteralCost) -> [MinedClause] {
    let (sighting, data) = (draft.sighting, draft.data)
    let widening = Widening(observations.states)
    let numbers = Array(sighting.view.subjects.indices)
    let orders =
      numbers.count == 2 && sighting.view.kind(1) != nil ? [numbers, numbers.reversed()] : [numbers]
    let isWeak = isNews(sighting)
    var variants = isWeak ? [] : orders.map { widening.widened(sighting, data, order: $0) }
    variants.append(widening.literals(sighting.view, sighting.locations.map { [$0] }) + data)
    return variants.map { literals in
      let sum = literals.reduce(0) { $0 + cost.cost(of: $1) }
      return MinedClause(
        clause: Clause(sighting.view, Self.readable(literals)), support: draft.support,
        isWeak: isWeak, cost: sum * draft.discount)
    }
  }

  /// How often each of the processes was seen at its place: the least of these numbers.
  private func sightings(_ sighting: Sighting) -> Int {
    sighting.locations.indices.compactMap { number in
      sighting.view.kind(number).map { observations.states.sightings(of: $0, at: sighting.locations[number]) }
    }.min() ?? 0
  }

  /// A process stands where none was ever seen.
  private func isNews(_ sighting: Sighting) -> Bool {
    sighting.view.kind(0) != nil && sightings(sighting) == 0
  }

  /// The literal that makes the best conclusion last: a negated one, so that what follows is stated positively.
  static func readable(_ literals: [Literal]) -> [Literal] {
    func isAt(_ literal: Literal) -> Bool { if case .at = literal.atom { true } else { false } }
    guard let last = literals.lastIndex(where: { !$0.isPositive && !isAt($0) }) else { return literals }
    var result = literals
    result.append(result.remove(at: last))
    return result
  }
}
