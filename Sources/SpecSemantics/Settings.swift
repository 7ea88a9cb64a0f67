import Diagnostics
import SpecSyntax

/// Values for params and options: from the command line and from a scope.
public struct Settings: Hashable, Sendable {
  /// `-D NAME=VALUE`, as typed; they win over a scope.
  public var overrides: [String: String]
  /// The scope whose settings apply; nil: defaults.
  public var scope: String?
  public var granularity: Granularity

  /// How much of a statement is one step.
  public enum Granularity: String, Sendable, CaseIterable {
    /// All of it.
    case statement
    /// Each single read or write of shared state.
    case access
  }

  public init(overrides: [String: String] = [:], scope: String? = nil, granularity: Granularity = .statement)
  {
    self.overrides = overrides
    self.scope = scope
    self.granularity = granularity
  }
}

/// What a spec says about itself, independent of a scope's sizes.
public struct SpecOutline: Sendable {
  public var name = ""
  public var title = ""
  public var origins: [String] = []
  public var scopes: [Scope] = []
  public var expectations: [ExpectDeclaration] = []
  public var paramNames: [String] = []
  public var optionNames: [String] = []
  /// Declared properties; the built-in ones are in `builtinPropertyNames`.
  public var propertyNames: [String] = []

  public struct Scope: Sendable {
    public let name: String
    public let isOnRequest: Bool
    /// Its choices may be too many to enumerate: no search can answer for it, only proofs and solvers.
    public let isSymbolic: Bool
  }
}

/// Everything known about a spec in one scope.
public struct Analysis: Sendable {
  public var outline = SpecOutline()
  /// The scope chosen is `symbolic`.
  public var isSymbolic = false
  public var program = TypedProgram()
  /// The values that params and options have in this scope.
  public var values: [String: ConstantValue] = [:]
  /// The expectations that apply to this scope with these values, in order of declaration.
  public var expectations: [ExpectDeclaration] = []
}

/// The value of a constant.
public enum ConstantValue: Hashable, Sendable, CustomStringConvertible {
  case integer(Int)
  case boolean(Bool)

  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    }
  }
}
