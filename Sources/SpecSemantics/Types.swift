/// The type of an expression or variable, with all sizes known: types are made for one scope.
public indirect enum Type: Hashable, Sendable {
  case void
  case bool
  /// Both ends included.
  case range(Int, Int)
  /// A mathematical integer: the type of arithmetic over ranges and of constants. No variable has it.
  case integer
  /// A machine word of so many bits.
  case word(Int)
  /// Index into `TypedProgram.enums`.
  case enumeration(Int)
  /// Index into `TypedProgram.flagTypes`.
  case flags(Int)
  /// Pointer to an object of a struct with a pool, or to a process. Index into `TypedProgram.structs`.
  case pointer(Int)
  case set(Type)
  /// A struct without a pool.
  case structure(Int)
  case array(Type, ArrayIndex)
  case mutex
  case spinlock
  case rwsem
  case refcount
  /// `null` before it meets a pointer.
  case null
  /// `{}` before it meets a set.
  case emptySet
  /// Already diagnosed.
  case error

  /// What an array is indexed by.
  public struct ArrayIndex: Hashable, Sendable {
    public let type: Type
    public let lower: Int
    public let count: Int
    /// For arrays indexed by a process kind.
    public let kind: Int?
    public init(type: Type, lower: Int, count: Int, kind: Int? = nil) {
      self.type = type
      self.lower = lower
      self.count = count
      self.kind = kind
    }
  }

  public var isLock: Bool {
    switch self {
    case .mutex, .spinlock, .rwsem: true
    default: false
    }
  }

  public var isInteger: Bool {
    switch self {
    case .range, .integer, .word: true
    default: false
    }
  }

  /// A single value that can be assigned and compared.
  public var isScalar: Bool {
    switch self {
    case .bool, .range, .integer, .word, .enumeration, .flags, .pointer, .set, .null, .emptySet, .error: true
    default: false
    }
  }

  public var isSet: Bool {
    switch self {
    case .set, .emptySet: true
    default: false
    }
  }
}
