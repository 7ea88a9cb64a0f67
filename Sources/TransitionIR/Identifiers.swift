/// Names a variable of a `TransitionSystem`.
public struct VariableID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a pool of objects.
public struct PoolID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a kind of process.
public struct KindID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a control point; unique in the whole system, not only in its kind.
public struct LocationID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a place in the spec text.
public struct SiteID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names an enum or flags type, for printing values.
public struct NamesID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a variable bound by a quantifier or a pick; unique in the whole system.
public struct BoundID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names a declaration of locks.
public struct LockClassID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
/// Names something whose execution is counted for coverage.
public struct CoverID: Hashable, Sendable {
  public let index: Int; public init(_ index: Int) { self.index = index }
}
