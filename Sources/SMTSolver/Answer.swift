import Terms

/// What a solver says to a query.
///
/// Always switched over completely: `unknown` is neither of the others.
public enum Answer {
  /// There are such values.
  case sat(Model)
  /// There are none, even if only these of the assumptions are made.
  ///
  /// Not always the fewest.
  case unsat(core: [Term])
  /// Not decided, and why.
  case unknown(String)
}

/// Values of variables that satisfy a query.
///
/// Only the values of variables are Z3's; those of all other terms follow by `TermStore.evaluate`. It lives on its own: later
/// queries do not change it.
public struct Model {
  private let store: TermStore
  /// What Z3 said, by number of the variable.
  ///
  /// Any value does for those that are missing.
  public let variableValues: [Int: UInt64]

  init(_ store: TermStore, _ variableValues: [Int: UInt64]) {
    self.store = store
    self.variableValues = variableValues
  }

  /// Truth values are 0 or 1, variables that do not matter are 0.
  ///
  /// Faster for many terms at once than one by one.
  public func values(of terms: [Term]) -> [UInt64] {
    store.evaluate(terms) { variableValues[$0, default: 0] }
  }

  public func value(of term: Term) -> UInt64 {
    if store.operator(of: term) == .variable {
      return variableValues[Int(store.payload(of: term)), default: 0]
    }
    return values(of: [term])[0]
  }

  /// Whether all these truth values are true.
  public func satisfies(_ terms: [Term]) -> Bool { values(of: terms).allSatisfy { $0 != 0 } }
}
