/// Which reductions a search uses.
public struct SearchReductions: Equatable, Sendable {
  /// Of each orbit one state is stored.
  public var isSymmetric = false
  /// Steps that commute with all others are taken at once.
  public var runsSafeSteps = false

  public init() {}

  public static let none = SearchReductions()
}
