import TransitionIR

extension ClauseFinder {
  /// Clauses to begin with, before there is any counterexample; true in every state seen.
  ///
  /// They tell what is always so at a place, where a process must be if it has a lock, where no two are at once, and what globals, objects and indices have to do
  /// with each other.
  ///
  /// The most general first; those that another in the list implies are mostly left out.
  public func bulkCandidates(relevantTo relevant: Set<VariableID> = [], limit: Int) -> [MinedClause] {
    let cost = LiteralCost(pair, relevant: relevant)
    var found: [MinedClause] = []
    for view in observations.views {
      switch (view.subjects.count, view.kind(0)) {
      case (1, let kind?):
        let facts = LocationFacts(observations, view, kind)
        found += facts.clauses(cost)
      case (2, let kind?):
        if let other = view.kind(1) {
          found += ExclusionFacts(observations, view, kind, other).clauses(cost)
        } else {
          found += PairFacts(observations, view, kind).clauses(cost)
        }
      case (0...1, nil), (2, nil): found += implications(view, cost)
      default: continue
      }
    }
    var known = Set<Clause>()
    let sorted = found.filter { known.insert($0.clause).inserted }.enumerated()
      .sorted { ($0.1.cost, $0.0) < ($1.1.cost, $1.0) }
    return sorted.prefix(limit).map(\.element)
  }

  /// Constant atoms and implications between two atoms of a view without processes.
  private func implications(_ view: View, _ cost: LiteralCost) -> [MinedClause] {
    let cell = observations.cell(Sighting(view: view, locations: view.subjects.map { _ in -1 }))
    guard cell.rowCount > 0 else { return [] }
    let facts = CellFacts(cell)
    // What does not need all subjects is said by a smaller view.
    func needsAll(_ literals: [Literal]) -> Bool {
      view.subjects.indices.allSatisfy { number in
        literals.contains { $0.atom.terms.contains { $0.mentions(number) } }
      }
    }
    let units = facts.constants.filter { needsAll([$0]) }.map { literal in
      MinedClause(
        clause: Clause(view, [literal.negated]), support: cell.rowCount, isWeak: false,
        cost: cost.cost(of: literal))
    }
    let pairs = facts.exclusions.filter { needsAll([$0, $1]) }
    return units
      + pairs.map { a, b in
        MinedClause(
          clause: Clause(view, Self.readable([a, b])), support: facts.support(a, b), isWeak: false,
          cost: cost.cost(of: a) + cost.cost(of: b))
      }
  }
}

/// What the rows of one cell have in common.
struct CellFacts {
  private let cell: Cell
  private let counts: [Int]

  init(_ cell: Cell) {
    self.cell = cell
    counts = cell.atoms.indices.map { index in cell.column(index).reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  func isAlwaysTrue(_ index: Int) -> Bool { counts[index] == cell.rowCount }
  func isNeverTrue(_ index: Int) -> Bool { counts[index] == 0 }

  /// Literals that are true in all rows, without those that follow from others about the same term.
  var constants: [Literal] {
    var settled = Set<Term>()
    var defined = Set<Term>()
    var owned = Set<Term>()
    for (index, atom) in cell.atoms.enumerated() where !isNeverTrue(index) {
      defined.formUnion(atom.terms)
      for case .size(let set) in atom.terms { defined.insert(set) }
      guard isAlwaysTrue(index) else { continue }
      if let term = atom.value { settled.insert(term) }
      if case .same(let subject, let term) = atom, subject.isSubject { owned.insert(term) }
    }
    return cell.atoms.enumerated().compactMap { index, atom in
      if isAlwaysTrue(index) {
        if case .isLive(let term) = atom, owned.contains(term) { return nil }
        return Literal(atom, true)
      }
      guard isNeverTrue(index), atom.terms.allSatisfy({ $0.isTotal || defined.contains($0) }) else {
        return nil
      }
      return atom.terms.count == 1 && settled.contains(atom.terms[0]) ? nil : Literal(atom, false)
    }
  }

  /// Pairs of literals, each sometimes true, that no row makes both true.
  var exclusions: [(Literal, Literal)] {
    let varying = cell.atoms.indices.filter { !isNeverTrue($0) && !isAlwaysTrue($0) }.prefix(Self.limit)
    var result: [(Literal, Literal)] = []
    for (number, a) in varying.enumerated() {
      for b in varying[(number + 1)...] where !Self.isTrivial(cell.atoms[a], cell.atoms[b]) {
        for (isA, isB) in [(true, true), (true, false), (false, true), (false, false)]
        where !meet(a, isA, b, isB) {
          let pair = (Literal(cell.atoms[a], isA), Literal(cell.atoms[b], isB))
          if !pair.0.assumesSmallSet, !pair.1.assumesSmallSet { result.append(pair) }
        }
      }
    }
    return result
  }

  /// Atoms of one cell that are combined, the simplest; the number of pairs is its square.
  private static let limit = 250

  /// How many rows make the rarer of two literals true.
  func support(_ a: Literal, _ b: Literal) -> Int {
    [a, b].map { literal in
      let count = cell.atoms.firstIndex(of: literal.atom).map { counts[$0] } ?? 0
      return literal.isPositive ? count : cell.rowCount - count
    }.min() ?? 0
  }

  private func meet(_ a: Int, _ isA: Bool, _ b: Int, _ isB: Bool) -> Bool {
    for (index, (left, right)) in zip(cell.column(a), cell.column(b)).enumerated() {
      let both = (isA ? left : ~left) & (isB ? right : ~right)
      let isLast = index == cell.width - 1 && cell.rowCount % 64 != 0
      if isLast ? both & ((1 << UInt64(cell.rowCount % 64)) - 1) != 0 : both != 0 { return true }
    }
    return false
  }

  /// Whether two atoms have to do with each other by what they mean, not by what the system does.
  private static func isTrivial(_ a: Atom, _ b: Atom) -> Bool {
    func reaches(_ a: Atom, _ b: Atom) -> Bool {
      a.terms.count == 1 && b.terms.contains { $0 == a.terms[0] || $0.leads(through: a.terms[0]) }
    }
    return reaches(a, b) || reaches(b, a) || Set(a.terms) == Set(b.terms)
  }
}

extension Atom {
  /// The term of which the atom, if true, tells all that other atoms could.
  var value: Term? {
    switch self {
    case .isNull(let term), .isStale(let term), .isLive(let term), .equals(let term, _): term
    case .at, .atMost, .hasBit, .holdsStale, .same, .noMoreThan: nil
    }
  }
}

extension Term {
  /// Whether the value of another term is needed for this one.
  func leads(through other: Term) -> Bool {
    switch self {
    case .subject: false
    case .read(_, let steps):
      steps.contains { step in step.term.map { $0 == other || $0.leads(through: other) } ?? false }
    case .member(let element, let set):
      element == other || set == other || element.leads(through: other) || set.leads(through: other)
    case .size(let set): set == other || set.leads(through: other)
    }
  }
}
