public enum UnaryOperator: String, Sendable, CaseIterable {
  /// 0 becomes 1, anything else 0.
  case not
  case negate
  /// Bitwise; the mask says which bits exist.
  case complement
}

public enum BinaryOperator: String, Sendable, CaseIterable {
  /// Logical; the right side is evaluated only if needed. Operands and results are 0 or 1.
  case and, or, implies
  case equal, notEqual
  case less, lessEqual
  case bitAnd, bitOr, bitXor
  /// Bits of the left that are not in the right.
  case without
  case shiftLeft, shiftRight
  case add, subtract, multiply, divide, remainder
}

public enum Quantifier: String, Sendable, CaseIterable { case forall, exists, count }

/// How integers are computed.
public enum Arithmetic: Hashable, Sendable {
  /// Mathematical integers; a result beyond 64 bits is `range.overflow`.
  case integer
  /// Modulo 2^bits, unsigned comparison, division and right shift.
  case wrapping(Int)
}

/// One step of the way from a variable to a slot.
public enum Index: Sendable {
  /// An array index; outside of `0..<count` after subtracting `lower` it is `range.index`.
  case element(Expression)
  /// A pointer to an object of the variable's pool; null or stale is a `lifetime` violation.
  case object(Expression)
  /// The running process, for its own locals.
  case current
  /// Some process (a pointer value into the process pool) of the variable's kind, for another's locals (properties and hidden variables only).
  case process(Expression)
}

/// A scalar slot of the state: a variable with as many indices as it has dimensions.
public struct Place: Sendable {
  public let variable: VariableID
  public let indices: [Index]
  /// Where the access stands in the spec.
  public let site: SiteID
  public init(_ variable: VariableID, _ indices: [Index], _ site: SiteID) {
    self.variable = variable
    self.indices = indices
    self.site = site
  }
}

/// What a quantifier or a pick ranges over, in increasing order of value.
public indirect enum Iteration: Sendable {
  /// All values of a domain; for pointers: the live objects; for processes: all.
  case values(Domain)
  /// `low...high`; empty if low > high.
  case span(Expression, Expression)
  /// The elements of a set over the domain, a stale pointer included.
  case members(Expression, of: Domain)
  /// The processes first..<first + count, as pointer values.
  case processes(KindID)
}

/// An expression over the state, free of side effects.
///
/// Evaluation may fail; the failure names a property and a site.
public indirect enum Expression: Sendable {
  case constant(Int)
  case read(Place)
  case bound(BoundID)
  /// The running process as a pointer into the process pool.
  case current
  case unary(UnaryOperator, Expression, mask: Int)
  case binary(BinaryOperator, Expression, Expression, Arithmetic, SiteID)
  /// Pointer equality: comparing a stale pointer with an object is `lifetime.stale_compare`, except in properties (`strict` false).
  case samePointer(Expression, Expression, PoolID, strict: Bool, SiteID)
  /// A value into a set, or false: `bit` of the element domain is set in the mask.
  case member(Expression, set: Expression, of: Domain)
  /// The set with just this element (null gives the empty set).
  case singleton(Expression, of: Domain)
  /// The number of elements of a set.
  case cardinality(Expression)
  case select(Expression, Expression, Expression)
  case quantified(Quantifier, BoundID, Iteration, Expression)
  /// The value in the state before the step; step properties only.
  case old(Expression)
  /// The pointer is neither null nor stale.
  case live(Expression, PoolID)
  /// Only locals of the running process hold this pointer: nobody else can reach the object.
  case exclusive(Expression, PoolID)
  /// A process (pointer value) is at one of these control points.
  case isAt(Expression, [LocationID])
  case hasEnded(Expression)
  /// The number of locks that the running process holds, in any mode.
  case heldLockCount
  /// Wraps a part of a property with its source text, for explanations; means its operand.
  case labelled(SiteID, Expression)
}
