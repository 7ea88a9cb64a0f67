import Diagnostics

public enum AssignmentOperator: String, Sendable {
  case set = "="
  case add = "+="
  case subtract = "-="
  case or = "|="
  case and = "&="
  case xor = "^="
}

/// `T *name[n] = value`, as a variable, field or parameter.
///
/// One declaration per declarator: `T a, b;` gives two.
public struct VariableDeclaration: Sendable {
  public let type: TypeSyntax
  public let pointerDepth: Int
  public let name: Name
  /// Array bounds in source order: a constant count, or a type name to index by.
  public let dimensions: [Expression]
  public let initializer: Expression?
  /// `guarded_by lock`: a sibling field or a global.
  public let guardedBy: Expression?
  public let range: SourceRange

  public init(
    type: TypeSyntax, pointerDepth: Int, name: Name, dimensions: [Expression], initializer: Expression?,
    guardedBy: Expression?, range: SourceRange
  ) {
    self.type = type
    self.pointerDepth = pointerDepth
    self.name = name
    self.dimensions = dimensions
    self.initializer = initializer
    self.guardedBy = guardedBy
    self.range = range
  }
}

/// A statement as written.
public struct Statement: Sendable {
  public indirect enum Kind: Sendable {
    case declaration(VariableDeclaration)
    case assignment(AssignmentOperator, target: Expression, value: Expression)
    /// `x++;` or `x--;` (also prefix): `up` tells which.
    case increment(target: Expression, up: Bool)
    case expression(Expression)
    case ifElse(Expression, then: Statement, otherwise: Statement?)
    case whileLoop(Expression, body: Statement)
    /// `do body while (cond);`
    case doWhile(body: Statement, Expression)
    /// `for (x in D where cond) body`
    case forEach(Binder, body: Statement)
    /// `loop body`: for ever.
    case loop(Statement)
    case choose(ChooseStatement)
    case switchOn(Expression, [SwitchCase])
    case block([Statement])
    case atomic([Statement])
    case returnValue(Expression?)
    case breakLoop
    case continueLoop
    case goto(Name)
    case label(Name)
    /// The running process ends.
    case exit
    case empty
  }
  public let kind: Kind
  public let range: SourceRange
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// The statement `choose { case [guard]: ... else: ... }`.
public struct ChooseStatement: Sendable {
  public struct Case: Sendable {
    public let guardExpression: Expression?
    public let body: [Statement]
    public let range: SourceRange
    public init(guardExpression: Expression?, body: [Statement], range: SourceRange) {
      self.guardExpression = guardExpression
      self.body = body
      self.range = range
    }
  }
  public enum Otherwise: Sendable {
    /// `else: statements`
    case run([Statement])
    /// `else: wait;` blocks until a guard becomes true.
    case wait
  }
  public let cases: [Case]
  public let otherwise: Otherwise?
  public init(cases: [Case], otherwise: Otherwise?) {
    self.cases = cases
    self.otherwise = otherwise
  }
}

/// `case A: case B: ...` of a `switch`; an empty `values` is `default`.
///
/// The parser has refused falling through, and has taken out the `break` at the end of the body: in the tree a
/// `switch` is not what a `break` leaves.
public struct SwitchCase: Sendable {
  public let values: [Expression]
  public let isDefault: Bool
  public let body: [Statement]
  public let range: SourceRange
  public init(values: [Expression], isDefault: Bool, body: [Statement], range: SourceRange) {
    self.values = values
    self.isDefault = isDefault
    self.body = body
    self.range = range
  }
}
