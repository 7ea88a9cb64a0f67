/// The types of the language that values of a random spec have.
indirect enum SpecType: Hashable {
  case bool
  case range(Int, Int)
  case word(Int)
  case enumeration
  case flags
  /// To an object of the pool with this number.
  case pointer(Int)
  case task
  case set(SpecType)

  /// As it stands before the name of a variable.
  var text: String {
    switch self {
    case .bool: "bool"
    case .range(let low, let high): "\(low)..\(high)"
    case .word(let bits): "u\(bits)"
    case .enumeration: "color"
    case .flags: "mode"
    case .pointer(let pool): "struct obj\(pool) *"
    case .task: "task"
    case .set(let element): "set of \(element.text)"
    }
  }

  func declaration(_ name: String) -> String {
    if case .pointer = self { return text + name }
    return "\(text) \(name)"
  }

  var isSet: Bool { if case .set = self { true } else { false } }
  var isRange: Bool { if case .range = self { true } else { false } }
}

/// A variable or field that can be named.
struct SpecVariable {
  enum Dimension {
    case none
    case count(Int)
    case enumeration
    /// One element for each process of the kind with this number.
    case kind(Int)
  }
  var name: String
  var type: SpecType
  var dimension = Dimension.none
  /// Bound variables and those of `for` are only read.
  var isAssignable = true
  /// A reference parameter is written `*name`.
  var isReference = false
}

/// A pool of objects.
struct SpecPool {
  let number: Int
  let capacity: Int
  var fields: [SpecVariable]
  var lock: String?
  var hasCount: Bool
}

struct SpecKind {
  let number: Int
  var count: Int
  var isSymmetric: Bool
  var isDaemon: Bool
  var isEnvironment: Bool
  /// Labels outside of `atomic`.
  var labels: [String] = []
  var name: String { "proc\(number)" }
}

struct SpecFunction {
  let name: String
  let parameters: [SpecVariable]
  let result: SpecType?
  /// One `return` of an expression: properties may call it.
  let isPure: Bool
  let isEntry: Bool
  /// Has a loop with steps in it, or calls something that has.
  let hasLoop: Bool
}

struct SpecLock {
  enum Sort: String, CaseIterable { case mutex, spinlock, rwsem }
  let name: String
  let sort: Sort
}

/// What can be seen from where an expression or a statement is written.
struct SpecScope {
  enum Place { case code, initial, property, stepProperty }
  var place = Place.code
  /// Nil in functions, which several kinds may call.
  var kind: Int?
  var locals: [SpecVariable] = []
  /// Choices and calls that do more than return a value.
  var allowsEffects = true
  var isAtomic = false
  var loopDepth = 0
  var isInSwitch = false
  var isInFunction = false
  var result: SpecType?
  /// Locks that are held unless something went wrong, by their text.
  var held: [String] = []
  /// Functions before this number may be called.
  var functionLimit = Int.max

  var hasCurrent: Bool { place == .code || place == .stepProperty }
  var isProperty: Bool { place == .property || place == .stepProperty }

  /// A property only looks.
  static func property(_ place: Place) -> SpecScope {
    SpecScope(place: place, allowsEffects: false)
  }

  var pure: SpecScope {
    var copy = self
    copy.allowsEffects = false
    return copy
  }

  func with(_ variable: SpecVariable) -> SpecScope {
    var copy = self
    copy.locals.append(variable)
    return copy
  }
}
