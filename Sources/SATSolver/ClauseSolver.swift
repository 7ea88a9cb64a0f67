/// A solver for clauses over truth values that goes on from what it has learnt when clauses are added and other assumptions are made.
///
/// Conflict-driven clause learning with two watched literals, activities, saved phases, Luby restarts and clauses dropped by how
/// many levels they span (J. Marques-Silva, K. Sakallah 1996; M. Moskewicz et al., "Chaff", 2001; N. Eén, N. Sörensson, "An
/// extensible SAT-solver", 2003; G. Audemard, L. Simon 2009). Deterministic: equal calls give equal answers.
/// One thread at a time.
public final class ClauseSolver {
  public enum Answer: Equatable {
    /// All clauses and assumptions can be true; `isTrue` says how.
    case sat
    /// They cannot, even if only these of the assumptions are made; not always the fewest.
    case unsat(core: [Literal])
    /// There were more conflicts than allowed.
    case unknown
  }

  private var search = ClauseSearch()

  public init() {}

  deinit { search.free() }

  public var conflictCount: Int { search.conflictCount }

  public func newVariable() -> Literal { search.newVariable() }

  /// One of the literals is true.
  public func add(_ clause: [Literal]) { search.add(clause) }

  /// Whether all clauses and the assumptions can be true together; gives up after `conflictLimit` conflicts.
  public func solve(assuming assumptions: [Literal] = [], conflictLimit: Int = .max) -> Answer {
    search.solve(assuming: assumptions, conflictLimit: conflictLimit)
  }

  /// What the last `sat` was about.
  public func isTrue(_ literal: Literal) -> Bool { search.isTrue(literal) }
}
