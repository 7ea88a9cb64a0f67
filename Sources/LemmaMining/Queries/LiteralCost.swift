import TransitionIR

/// How little a literal is wanted in a lemma.
///
/// What speaks of locks, null and flags carries over to larger systems; numbers and deep paths less so, since values that only the
/// larger system has were never seen.
struct LiteralCost {
  /// What matters of a variable: in a table, since costs are asked for again and again.
  private struct Traits {
    let isHidden: Bool
    let isLock: Bool
    /// A number of which a larger system may have other values.
    let isCount: Bool
    /// What is to be proved speaks of it.
    let isRelevant: Bool
  }

  private let traits: [Traits]

  init(_ pair: SystemPair, relevant: Set<VariableID>) {
    traits = zip(pair.small.variables, pair.large.variables).enumerated().map { index, both in
      let (small, large) = both
      let isHidden = if case .hidden = small.role { true } else { false }
      let isCount =
        switch small.domain {
        case .range(let low, let high): high - low > 1 || large.domain != .range(low, high)
        case .wrapping: true
        default: false
        }
      return Traits(
        isHidden: isHidden, isLock: small.lockPart != nil, isCount: isCount,
        isRelevant: relevant.contains(VariableID(index)))
    }
  }

  func cost(of literal: Literal) -> Double {
    var cost = base(literal)
    let terms = literal.atom.terms
    cost += 0.4 * Double(terms.map(\.depth).max() ?? 0)
    // The negation is true where the path leads nowhere, which is more than it seems to say.
    if !literal.isPositive, terms.contains(where: { !$0.isTotal }) { cost += 0.2 }
    let traits = traits
    if literal.atom.reads(where: { traits[$0.index].isHidden }) { cost += 0.8 }
    if literal.atom.reads(where: { traits[$0.index].isRelevant }) { cost *= 0.6 }
    return cost
  }

  /// Whether a clause depends on how large a number becomes, of which small systems know little.
  func dependsOnCounts(_ literals: [Literal]) -> Bool {
    literals.contains { literal in
      if case .equals(_, 0) = literal.atom { return false }
      return literal.atom.terms.contains { isCount($0) }
    }
  }

  private func base(_ literal: Literal) -> Double {
    switch literal.atom {
    case .at(_, let set): return set.members.count > 1 ? 0.8 : 1.2
    case .isNull, .isLive: return 1
    case .isStale, .holdsStale: return 1.2
    case .hasBit: return 1.1
    case .same(let a, let b):
      if isCount(a) || isCount(b) { return 2 }
      guard a.isSubject || b.isSubject else { return 1.2 }
      return isLock(a) || isLock(b) ? 0.7 : 0.9
    case .equals(.member(_, let set), _): return isLock(set) ? 0.7 : 1
    case .equals(let term, let value), .atMost(let term, let value):
      return isCount(term) ? (value == 0 ? 1.3 : literal.isPositive ? 1.6 : 2.2) : 1.1
    case .noMoreThan: return 2
    }
  }

  private func isLock(_ term: Term) -> Bool {
    guard case .read(let variable, _) = term else { return false }
    return traits[variable.index].isLock
  }

  private func isCount(_ term: Term) -> Bool {
    guard case .read(let variable, _) = term else { return false }
    return traits[variable.index].isCount
  }
}
