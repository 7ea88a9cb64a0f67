/// What a failed `check` reports.
public struct Failure: Sendable {
  /// A name of the catalogue `BuiltinProperty`.
  public let property: BuiltinProperty
  public let site: SiteID
  /// A sentence for people, in which `subject` is the object: "released but not held".
  public let message: String
  /// Which object: rendered by `TransitionSystem.describe`.
  public let subject: Place?
  /// Whether the path ends here (a step without meaning) or is only reported.
  public let isFatal: Bool
  public init(_ property: BuiltinProperty, _ site: SiteID, _ message: String, subject: Place?, isFatal: Bool)
  {
    self.property = property
    self.site = site
    self.message = message
    self.subject = subject
    self.isFatal = isFatal
  }
}

/// One statement of a step's body.
///
/// Bodies are loop-free trees; each path through one ends in `jump` or `end`, or is cut by `wait` or a
/// fatal failure.
public indirect enum Statement: Sendable {
  /// Stores a value; outside of the variable's domain it is `range.overflow` (wrapping words wrap).
  case assign(Place, Expression)
  case branch(Expression, then: [Statement], otherwise: [Statement])
  /// One of the branches, freely.
  case fork([[Statement]])
  /// Stores some value of the iteration for which the filter is true; none: the whole step waits. The bound variable is visible in the filter only.
  case pick(Place, BoundID, Iteration, filter: Expression)
  /// If false, the whole step cannot happen now.
  case wait(Expression)
  /// Reports `Failure` if the expression is false.
  case check(Expression, Failure)
  /// Stores a pointer to the lowest free object of the pool, its fields at their initial values; null if there is none.
  case allocate(Place, PoolID)
  /// Frees an object: null does nothing, stale is `lifetime.double_free`; every pointer to it becomes stale, its fields are reset.
  case free(Expression, PoolID, SiteID)
  /// Records, for the lock-order graph, that the running process takes a lock of this class now. No effect on the state.
  case acquiring(LockClassID, subclass: Int, Place)
  /// Records that this part of the spec was executed. No effect on the state.
  case cover(CoverID)
  /// Makes these slots of the running process's locals zero: they go out of scope.
  case clear([VariableID])
  /// Ends the step; the process is at this control point now.
  case jump(LocationID)
  /// Ends the step and the process.
  case end
}

/// The properties that every spec is checked for.
///
/// Raw values are the names that users see; they never change.
public enum BuiltinProperty: String, CaseIterable, Hashable, Sendable {
  case unlockNotHeld = "lock.unlock_not_held"
  case heldAtReturn = "lock.held_at_return"
  case selfDeadlock = "lock.self_deadlock"
  case lockOrder = "lock.order"
  case unguarded = "lock.unguarded"
  case freedWhileHeld = "lock.freed_while_held"
  case null = "lifetime.null"
  case useAfterFree = "lifetime.use_after_free"
  case staleCompare = "lifetime.stale_compare"
  case doubleFree = "lifetime.double_free"
  case refcountFromZero = "lifetime.refcount_from_zero"
  case refcountUnderflow = "lifetime.refcount_underflow"
  case neverFreed = "lifetime.never_freed"
  case overflow = "range.overflow"
  case index = "range.index"
  case division = "range.division"
  case pool = "range.pool"
  case deadlock = "deadlock"
  case assertion = "assert"

  /// `lock`, `lifetime`, `range`, `deadlock` or `assert`.
  public var group: String { String(rawValue.prefix { $0 != "." }) }
}
