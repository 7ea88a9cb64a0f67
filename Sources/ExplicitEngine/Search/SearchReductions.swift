import Reductions
import TransitionIR

/// Which reductions a search uses; the verdicts are the same with all of them as with none.
public struct SearchReductions: Sendable {
  /// Of each orbit one state is stored.
  public var symmetry: Symmetry?
  /// Steps that commute with all that others can do are taken at once.
  public var safeSteps: SafeSteps?

  /// The system with dead locals cleared, which is searched in place of the original; its steps have the same names.
  public var cleared: TransitionSystem?
  /// Of those that are used, for people.
  public var names: [String] = []

  public init() {}

  public static var none: SearchReductions { SearchReductions() }

  var isSymmetric: Bool { symmetry.map { !$0.isTrivial } ?? false }
  var runsSafeSteps: Bool { safeSteps != nil }
}
