import Glibc
import TransitionIR

/// What is always so where a process stands: that it has a lock, or has none.
///
/// A fact that holds at many places becomes one clause with all of them.
struct LocationFacts {
  private let view: View
  private let kind: KindID
  private let pair: SystemPair
  private let scopes: ScopeTable
  /// Where a process of the kind was seen at all.
  private let locations: [Int]
  /// Literals that are true in all rows at a place: at which places.
  private var constantAt: [Literal: [Int]] = [:]
  private var order: [Literal] = []
  private var sightings: [Int: Int] = [:]

  init(_ observations: Observations, _ view: View, _ kind: KindID) {
    self.view = view
    self.kind = kind
    (pair, scopes) = (observations.pair, observations.states.scopes)
    locations = observations.states.locations(of: kind)
    for location in locations {
      let cell = observations.cell(Sighting(view: view, locations: [location]))
      sightings[location] = cell.rowCount
      let facts = CellFacts(cell)
      for literal in facts.constants {
        if constantAt[literal] == nil { order.append(literal) }
        constantAt[literal, default: []].append(location)
      }
    }
  }

  /// At these places the literal is true.
  func clauses(_ cost: LiteralCost) -> [MinedClause] {
    order.compactMap { literal in
      guard let places = constantAt[literal] else { return nil }
      var literals = [literal.negated]
      if isEverywhere(literal, places), !literal.atom.terms.contains(where: { $0.mentions(0) }) { return nil }
      if !isEverywhere(literal, places) {
        literals.insert(Literal(.at(0, LocationSet(kind, places)), true), at: 0)
      }
      return mined(literals, cost.cost(of: literal), places)
    }
  }

  /// Whether the literal needs no mention of places: it is true wherever the atom is known, and where it is not.
  private func isEverywhere(_ literal: Literal, _ places: [Int]) -> Bool {
    let locals = literal.atom.terms.flatMap(\.locals)
    if literal.isPositive, !locals.isEmpty { return false }
    let inScope = scopes.common(
      locals.map(\.variable), locationCount: pair.small.kinds[kind.index].locationCount)
    return locations.filter { inScope[$0] }.count == places.count
  }

  private func mined(_ literals: [Literal], _ cost: Double, _ places: [Int]) -> MinedClause {
    MinedClause(
      clause: Clause(view, literals), support: places.reduce(0) { $0 + (sightings[$1] ?? 0) },
      isWeak: false,
      cost: cost + 1 - 0.25 * log2(Double(places.count)))
  }
}
