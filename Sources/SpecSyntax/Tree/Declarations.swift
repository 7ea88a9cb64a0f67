import Diagnostics

/// A spec file as written: its top-level declarations in order.
public struct SyntaxTree: Sendable {
  public let file: FileID
  public let declarations: [Declaration]
  public init(file: FileID, declarations: [Declaration]) {
    self.file = file
    self.declarations = declarations
  }
}

public struct Declaration: Sendable {
  public enum Kind: Sendable {
    /// `spec name "title";`
    case spec(Name, title: StringLiteral?)
    case origin(StringLiteral)
    case importFile(StringLiteral)
    case param(Name, Expression)
    /// `option NAME = false "what it fixes";`
    case option(Name, Expression, documentation: StringLiteral?)
    case constant(Name, Expression)
    case typedef(VariableDeclaration)
    case enumeration(Name, cases: [Name])
    case flags(Name, members: [Name])
    case structure(StructDeclaration)
    case variable(VariableDeclaration)
    case function(FunctionDeclaration)
    case process(ProcessDeclaration)
    /// `init { ... }`
    case initial([Statement])
    case property(PropertyDeclaration)
    case scope(ScopeDeclaration)
    case expect(ExpectDeclaration)
  }
  public let kind: Kind
  public let range: SourceRange
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

public struct StructDeclaration: Sendable {
  public enum Storage: Sendable {
    /// A plain value.
    case value
    /// `pool N`: at most N objects, reached by pointers.
    case pool(Expression)
    /// `per process`: one object for each process; `current` points to it.
    case perProcess
  }
  public let name: Name
  public let storage: Storage
  public let fields: [VariableDeclaration]
  public init(name: Name, storage: Storage, fields: [VariableDeclaration]) {
    self.name = name
    self.storage = storage
    self.fields = fields
  }
}

public struct FunctionDeclaration: Sendable {
  /// `entry`: called from user mode; at its return the process must hold no lock.
  public let isEntry: Bool
  public let returnType: TypeSyntax
  public let returnPointerDepth: Int
  public let name: Name
  public let parameters: [VariableDeclaration]
  /// `@ "file function"`: where the patch has it.
  public let origin: StringLiteral?
  public let body: [Statement]
  public let range: SourceRange
  public init(
    isEntry: Bool, returnType: TypeSyntax, returnPointerDepth: Int, name: Name,
    parameters: [VariableDeclaration], origin: StringLiteral?, body: [Statement], range: SourceRange
  ) {
    self.isEntry = isEntry
    self.returnType = returnType
    self.returnPointerDepth = returnPointerDepth
    self.name = name
    self.parameters = parameters
    self.origin = origin
    self.body = body
    self.range = range
  }
}

public struct ProcessDeclaration: Sendable {
  public let name: Name
  /// How many of this kind; nil is one.
  public let count: Expression?
  public let isSymmetric: Bool
  /// `daemon`: may wait for ever without that being a deadlock.
  public let isDaemon: Bool
  /// `environment`: its steps do not count as progress when a deadlock is looked for.
  public let isEnvironment: Bool
  public let origin: StringLiteral?
  public let body: [Statement]
  public init(
    name: Name, count: Expression?, isSymmetric: Bool, isDaemon: Bool, isEnvironment: Bool,
    origin: StringLiteral?, body: [Statement]
  ) {
    self.name = name
    self.count = count
    self.isSymmetric = isSymmetric
    self.isDaemon = isDaemon
    self.isEnvironment = isEnvironment
    self.origin = origin
    self.body = body
  }
}

public struct PropertyDeclaration: Sendable {
  public enum Group: String, Sendable {
    case invariant
    /// `step NAME: ...` may use `old(x)` and `current`.
    case step
    /// `reachable NAME: ...` asks for a witness.
    case reachable
    /// `liveness NAME: ...` is read and then refused: nothing checks it yet.
    case liveness
  }
  public let group: Group
  public let name: Name
  public let documentation: StringLiteral?
  public let body: Expression
  public init(group: Group, name: Name, documentation: StringLiteral?, body: Expression) {
    self.group = group
    self.name = name
    self.documentation = documentation
    self.body = body
  }
}

public struct ScopeDeclaration: Sendable {
  public let name: Name
  /// `on_request`: checked only when named with `--scope`.
  public let isOnRequest: Bool
  /// `symbolic`: a choice may be among more values than anybody can try one by one.
  public let isSymbolic: Bool
  public let settings: [(name: Name, value: Expression)]
  public init(
    name: Name, isOnRequest: Bool, isSymbolic: Bool, settings: [(name: Name, value: Expression)]
  ) {
    self.name = name
    self.isOnRequest = isOnRequest
    self.isSymbolic = isSymbolic
    self.settings = settings
  }
}

public struct ExpectDeclaration: Sendable {
  public enum Outcome: String, Sendable { case holds, violated, unknown }
  public let outcome: Outcome
  /// Dotted name; a last part `*` stands for a whole group: `lock.*`.
  public let property: Name
  /// Empty: in every scope.
  public let scopes: [Name]
  /// `when` condition over params and options; nil is always.
  public let condition: Expression?
  public init(outcome: Outcome, property: Name, scopes: [Name], condition: Expression?) {
    self.outcome = outcome
    self.property = property
    self.scopes = scopes
    self.condition = condition
  }
}
