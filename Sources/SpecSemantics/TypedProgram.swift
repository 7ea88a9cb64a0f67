import Diagnostics
import SpecSyntax

/// A spec in one scope, with every name resolved and every expression typed.
public struct TypedProgram: Sendable {
  public var name = ""
  public var title = ""
  public var enums: [NamedValues] = []
  public var flagTypes: [NamedValues] = []
  public var structs: [StructInfo] = []
  /// Index in `structs` of the `per process` struct; always there, without fields if the spec declares none.
  public var processStruct = 0
  public var globals: [GlobalInfo] = []
  public var functions: [FunctionInfo] = []
  public var kinds: [KindInfo] = []
  public var initial: [[TypedStatement]] = []
  /// Locals of the `init` blocks.
  public var initialLocals: [LocalInfo] = []
  public var properties: [PropertyInfo] = []
  /// What `assert(c, "text")` says, by the place of the call.
  public var assertTexts: [SourceRange: String] = [:]
  /// Labels that some property asks for with `at`.
  public var observedLabels: Set<String> = []

  public struct NamedValues: Sendable {
    public let name: String
    public let members: [String]
  }

  public struct StructInfo: Sendable {
    public enum Storage: Hashable, Sendable { case value, pool(Int), perProcess }
    public let name: String
    public let storage: Storage
    public var fields: [FieldInfo] = []
    public let range: SourceRange
  }

  public struct FieldInfo: Sendable {
    public let name: String
    public let type: Type
    public let initial: Int?
    public let guardedBy: Guard?
    public let range: SourceRange
  }

  /// The lock that protects a variable.
  public enum Guard: Hashable, Sendable {
    /// A field of the same struct, by index.
    case field(Int)
    case global(Int)
  }

  public struct GlobalInfo: Sendable {
    public let name: String
    public let type: Type
    public let initial: Int?
    public var guardedBy: Guard?
    public let range: SourceRange
  }

  public struct LocalInfo: Sendable {
    public let name: String
    public let type: Type
    /// A parameter `T *x`: another name for the caller's variable.
    public let isReference: Bool
    /// Assigned after its declaration, or passed by reference: its value may change.
    public var isReassigned = false
    public let range: SourceRange
  }

  public struct FunctionInfo: Sendable {
    public let name: String
    public let isEntry: Bool
    public let returnType: Type
    /// The first locals, in order.
    public let parameterCount: Int
    public var locals: [LocalInfo] = []
    public var body: [TypedStatement] = []
    /// The expression of `{ return e; }`, if that is the whole body and it has no choices or effects.
    public var pureValue: TypedExpression?
    public let origin: String
    public let range: SourceRange
  }

  public struct KindInfo: Sendable {
    public let name: String
    public let count: Int
    public let firstProcess: Int
    public let isSymmetric: Bool
    public let isDaemon: Bool
    public let isEnvironment: Bool
    public let origin: String
    public var locals: [LocalInfo] = []
    public var body: [TypedStatement] = []
    public let range: SourceRange
  }

  public struct PropertyInfo: Sendable {
    public let name: String
    public let group: PropertyDeclaration.Group
    public let documentation: String
    public let body: TypedExpression
    public let range: SourceRange
  }

  public var processCount: Int { kinds.reduce(0) { $0 + $1.count } }
}

/// What a binder ranges over.
public indirect enum TypedDomain: Sendable {
  case span(TypedExpression, TypedExpression)
  /// All values of a scalar type; the live objects of a pool; all processes.
  case type(Type)
  case kind(Int)
  case set(TypedExpression)
}

public struct TypedBinder: Sendable {
  public let name: String
  /// Unique in the program.
  public let id: Int
  public let elementType: Type
  public let domain: TypedDomain
  public let filter: TypedExpression?
  public let range: SourceRange
}

/// The built-in functions of the language.
public enum Builtin: String, CaseIterable, Sendable {
  case mutexLock = "mutex_lock"
  case mutexTrylock = "mutex_trylock"
  case mutexUnlock = "mutex_unlock"
  case mutexLockNested = "mutex_lock_nested"
  case spinLock = "spin_lock"
  case spinTrylock = "spin_trylock"
  case spinUnlock = "spin_unlock"
  case spinLockNested = "spin_lock_nested"
  case downRead = "down_read"
  case downReadTrylock = "down_read_trylock"
  case upRead = "up_read"
  case downWrite = "down_write"
  case downWriteTrylock = "down_write_trylock"
  case upWrite = "up_write"
  case downgradeWrite = "downgrade_write"
  case downReadNested = "down_read_nested"
  case downWriteNested = "down_write_nested"
  case refcountSet = "refcount_set"
  case refcountRead = "refcount_read"
  case refcountInc = "refcount_inc"
  case refcountIncNotZero = "refcount_inc_not_zero"
  case refcountDec = "refcount_dec"
  case refcountDecAndTest = "refcount_dec_and_test"
  case size
  case ended
  case live
  case held
  case heldForWrite = "held_for_write"
  case heldBy = "held_by"
  case isLocked = "is_locked"
  case waitEvent = "wait_event"
  case assert
  case free

  /// Only looks; may stand in properties.
  public var isPure: Bool {
    switch self {
    case .size, .ended, .live, .held, .heldForWrite, .heldBy, .isLocked, .refcountRead: true
    default: false
    }
  }
}

public struct TypedExpression: Sendable {
  public indirect enum Kind: Sendable {
    case constant(Int)
    case global(Int)
    /// A local of the function or process around.
    case local(Int)
    case bound(Int)
    case current
    case maybe
    /// Field of the object that a pointer names.
    case objectField(TypedExpression, structure: Int, field: Int)
    /// Field of a struct value.
    case valueField(TypedExpression, structure: Int, field: Int)
    case element(TypedExpression, TypedExpression)
    case prefix(PrefixOperator, TypedExpression)
    /// Operands have one type by now (or are integers).
    case infix(InfixOperator, TypedExpression, TypedExpression)
    case member(TypedExpression, TypedDomain)
    case conditional(TypedExpression, TypedExpression, TypedExpression)
    case any(TypedBinder)
    case quantified(QuantifierKeyword, TypedBinder, TypedExpression)
    case old(TypedExpression)
    case setLiteral([TypedExpression])
    /// Arguments for reference parameters are places.
    case call(Int, [TypedExpression])
    case builtin(Builtin, [TypedExpression])
    case allocate(structure: Int, mayFail: Bool)
    case isAt(TypedExpression, label: String)
    /// Conversion to a word.
    case convert(TypedExpression, bits: Int)
    /// Non-zero, non-null.
    case truth(TypedExpression)
  }
  public let kind: Kind
  public let type: Type
  public let range: SourceRange
  public init(_ kind: Kind, _ type: Type, _ range: SourceRange) {
    self.kind = kind
    self.type = type
    self.range = range
  }
}

public struct TypedStatement: Sendable {
  public indirect enum Kind: Sendable {
    case declare(Int, TypedExpression?)
    /// Compound assignments are already expanded.
    case assign(TypedExpression, TypedExpression)
    case evaluate(TypedExpression)
    case ifElse(TypedExpression, [TypedStatement], [TypedStatement]?)
    case whileLoop(TypedExpression, [TypedStatement])
    case doWhile([TypedStatement], TypedExpression)
    case forEach(TypedBinder, local: Int, [TypedStatement])
    case loop([TypedStatement])
    case choose([ChooseCase], otherwise: [TypedStatement]?)
    case switchOn(
      TypedExpression, [(values: [TypedExpression], body: [TypedStatement])], otherwise: [TypedStatement]?)
    case block([TypedStatement])
    case atomic([TypedStatement])
    case returnValue(TypedExpression?)
    case breakLoop, continueLoop
    case goto(String)
    case label(String)
    case exit
  }
  public struct ChooseCase: Sendable {
    public let guardExpression: TypedExpression?
    public let body: [TypedStatement]
    public let range: SourceRange
  }
  public let kind: Kind
  public let range: SourceRange
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
