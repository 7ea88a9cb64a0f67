import TransitionIR

/// What it means that a process has to do with an object: where it is then, and which other ties there are.
///
/// "Whoever holds the lock is there, and the object is the one that this local leads to": what the proof of most lock properties
/// stands on.
struct PairFacts {
  private let view: View
  private let kind: KindID
  private let locations: [Int]
  /// Ties in the order of the catalog, with the places where they were seen.
  private var places: [Atom: [Int]] = [:]
  private var order: [Atom] = []
  /// Two ties, of which the second was seen wherever the first was: at which places.
  private var implied: [Tie: [Int]] = [:]
  private var impliedOrder: [Tie] = []

  private struct Tie: Hashable {
    let first: Atom
    let second: Atom
  }

  /// Requires: `view` is of a process of `kind` and something that is no process.
  init(_ observations: Observations, _ view: View, _ kind: KindID) {
    self.view = view
    self.kind = kind
    locations = observations.states.locations(of: kind)
    for location in locations {
      look(observations.cell(Sighting(view: view, locations: [location, -1])), location)
    }
  }

  private mutating func look(_ cell: Cell, _ location: Int) {
    let ties = cell.atoms.indices.filter {
      Self.isTie(cell.atoms[$0]) && cell.column($0).contains { $0 != 0 }
    }
    for tie in ties {
      let atom = cell.atoms[tie]
      if places[atom] == nil { order.append(atom) }
      places[atom, default: []].append(location)
      for other in ties where other != tie && !Self.dependsOnLocals(atom) {
        guard zip(cell.column(tie), cell.column(other)).allSatisfy({ $0 & ~$1 == 0 }) else { continue }
        let pair = Tie(first: atom, second: cell.atoms[other])
        if implied[pair] == nil { impliedOrder.append(pair) }
        implied[pair, default: []].append(location)
      }
    }
  }

  /// An atom that says, if it is true, that the two belong together.
  private static func isTie(_ atom: Atom) -> Bool {
    switch atom {
    case .same, .equals(.member, 1):
      (0...1).allSatisfy { number in atom.terms.contains { $0.mentions(number) } }
    default: false
    }
  }

  private static func dependsOnLocals(_ atom: Atom) -> Bool { atom.terms.contains { !$0.locals.isEmpty } }

  func clauses(_ cost: LiteralCost) -> [MinedClause] {
    var result: [MinedClause] = []
    for atom in order where !Self.dependsOnLocals(atom) {
      let seen = places[atom] ?? []
      if seen.count == locations.count { continue }
      result.append(clause([Literal(atom, true), Literal(.at(0, LocationSet(kind, seen)), false)], cost))
    }
    for tie in impliedOrder {
      let there = implied[tie] ?? []
      var literals = [Literal(tie.first, true), Literal(tie.second, false)]
      if there.count < (places[tie.first] ?? []).count {
        literals.insert(Literal(.at(0, LocationSet(kind, there)), true), at: 0)
      }
      result.append(clause(literals, cost))
    }
    return result
  }

  private func clause(_ literals: [Literal], _ cost: LiteralCost) -> MinedClause {
    MinedClause(
      clause: Clause(view, literals), support: 0, isWeak: false,
      cost: literals.reduce(-1) { $0 + cost.cost(of: $1) })
  }
}

/// Places at which two processes were never seen at once: critical sections, and what comes after all others have ended.
struct ExclusionFacts {
  private let view: View
  private let kinds: (KindID, KindID)
  private let together: [Set<Int>]
  private let observations: Observations

  /// Requires: `view` is of two processes of these kinds.
  init(_ observations: Observations, _ view: View, _ first: KindID, _ second: KindID) {
    self.observations = observations
    self.view = view
    kinds = (first, second)
    together = observations.states.together(first, second)
  }

  func clauses(_ cost: LiteralCost) -> [MinedClause] {
    let others = observations.states.locations(of: kinds.1)
    var groups: [[Int]: [Int]] = [:]
    var order: [[Int]] = []
    for place in observations.states.locations(of: kinds.0) {
      let never = others.filter { !together[place].contains($0) }
      if never.isEmpty { continue }
      if groups[never] == nil { order.append(never) }
      groups[never, default: []].append(place)
    }
    return order.map { never in
      let literals = [
        Literal(.at(0, LocationSet(kinds.0, groups[never] ?? [])), true),
        Literal(.at(1, LocationSet(kinds.1, never)), true),
      ]
      return MinedClause(
        clause: Clause(view, literals), support: 0, isWeak: false,
        cost: literals.reduce(-0.5) { $0 + cost.cost(of: $1) })
    }
  }
}
