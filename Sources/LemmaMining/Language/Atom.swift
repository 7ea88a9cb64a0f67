import TransitionIR

/// A predicate over a view: false where a term in it has no value.
///
/// Nothing in it depends on the sizes of a system, so it has a meaning in all that correspond.
public enum Atom: Hashable, Sendable {
  /// The process that subject number … is stands at one of these places.
  case at(Int, LocationSet)
  case isNull(Term)
  case isStale(Term)
  /// The pointer leads to an object that exists.
  case isLive(Term)
  /// A pointer in the set is stale.
  case holdsStale(Term)
  case equals(Term, Int)
  case atMost(Term, Int)
  case hasBit(Term, Int)
  case same(Term, Term)
  case noMoreThan(Term, Term)

  var terms: [Term] {
    switch self {
    case .at: []
    case .isNull(let term), .isStale(let term), .isLive(let term), .holdsStale(let term): [term]
    case .equals(let term, _), .atMost(let term, _), .hasBit(let term, _): [term]
    case .same(let a, let b), .noMoreThan(let a, let b): [a, b]
    }
  }

  /// Whether one of the variables that it reads is such a one.
  func reads(where isSuch: (VariableID) -> Bool) -> Bool { terms.contains { $0.reads(where: isSuch) } }
}

/// Control points of a kind, counted from its first; the last number is "has ended".
public struct LocationSet: Hashable, Sendable {
  public let kind: KindID
  /// Sorted.
  public let members: [Int]

  public init(_ kind: KindID, _ members: some Sequence<Int>) {
    self.kind = kind
    self.members = Set(members).sorted()
  }

  func contains(_ location: Int) -> Bool { members.contains(location) }
}

/// An atom or its negation.
public struct Literal: Hashable, Sendable {
  public let atom: Atom
  public let isPositive: Bool

  public init(_ atom: Atom, _ isPositive: Bool) {
    self.atom = atom
    self.isPositive = isPositive
  }

  /// It says of a set that it has few elements.
  ///
  /// Before a conclusion that is a hypothesis which small systems meet always, and large ones rarely: there is nothing to learn from
  /// what follows from it there.
  var assumesSmallSet: Bool {
    if case .atMost(.size, _) = atom { return isPositive }
    return false
  }

  var negated: Literal { Literal(atom, !isPositive) }
}
