/// A way to visit fewer states without changing any verdict.
///
/// Raw values are the names that users see (`--no-reduction partial-order`); they never change.
public enum Reduction: String, CaseIterable, Hashable, Sendable {
  /// States that differ only in the names of processes or objects count as one.
  case symmetry
  /// Steps that commute with everything that others can do are taken at once.
  case partialOrder = "partial-order"
  /// What a lock protects does not conflict while the lock is held.
  case atomicity
  /// Locals that nobody reads any more are zero.
  case deadLocals = "dead-locals"
}
