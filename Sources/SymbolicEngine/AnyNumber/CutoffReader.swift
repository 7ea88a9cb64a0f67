import TransitionIR

/// Why nothing is said about other numbers of processes.
public struct CutoffRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence for people.
  public let description: String
  /// `description`: a sentence for people.
  public init(_ description: String) { self.description = description }
}

/// Reads steps, lemmas and properties, and refuses what leaving processes out of a state may change.
///
/// What may stay: looking at slots, at whether a process is another or nobody, in a set or not, and at whether a set is empty.
/// See decision 10.
struct CutoffReader {
  /// What an expression is as far as processes are concerned.
  private enum Sort {
    case plain
    /// The constant 0: nothing, nobody, the empty set.
    case zero
    case process
    /// `isFinite`: some of the processes that are named one by one.
    case processes(isFinite: Bool)
  }

  /// What is read, which decides what may occur in it.
  enum Text {
    case step
    /// Assumed of the state before, and broken in the one after.
    case lemma
    /// Only broken.
    case goal
  }

  private let system: TransitionSystem
  private let growing: Set<KindID>
  private let text: Text
  private var bound: [Int: Sort] = [:]
  private var depth = 0
  /// Inside of something that is more than a truth value: an index, a pointer.
  private var innerDepth = 0
  /// Places where a step asks whether nobody else knows an object: whoever does must stay.
  private(set) var exclusiveCount = 0
  /// Processes of growing kinds are counted.
  private(set) var countsProcesses = false
  /// So many members of a set tell it from all larger ones, as far as is asked.
  private(set) var memberCount = 1
  /// By kind, the variables that range over its processes.
  private(set) var binders: [KindID: Int] = [:]

  init(_ system: TransitionSystem, growing: Set<KindID>, _ text: Text) {
    self.system = system
    self.growing = growing
    self.text = text
  }

  private func isOfProcesses(_ domain: Domain) -> Bool {
    if case .pointer(system.processPool, _) = domain { true } else { false }
  }

  // MARK: Formulas

  /// Reads a closed formula.
  mutating func read(formula expression: Expression) throws(CutoffRefusal) {
    try formula(expression, isPositive: true, isUnderSome: false)
  }

  /// `isPositive`: it is used as it is, not negated.
  private mutating func formula(
    _ expression: Expression, isPositive: Bool, isUnderSome: Bool
  ) throws(CutoffRefusal) {
    switch expression {
    case .labelled(_, let inner):
      try formula(inner, isPositive: isPositive, isUnderSome: isUnderSome)
    case .binary(.and, let left, let right, _, _), .binary(.or, let left, let right, _, _):
      try formula(left, isPositive: isPositive, isUnderSome: isUnderSome)
      try formula(right, isPositive: isPositive, isUnderSome: isUnderSome)
    case .binary(.implies, let left, let right, _, _):
      try formula(left, isPositive: !isPositive, isUnderSome: isUnderSome)
      try formula(right, isPositive: isPositive, isUnderSome: isUnderSome)
    case .unary(.not, let inner, _):
      try formula(inner, isPositive: !isPositive, isUnderSome: isUnderSome)
    case .quantified(let quantifier, let id, let iteration, let body) where quantifier != .count:
      let speaksOfAll = (quantifier == .forall) == isPositive
      let range = try range(of: iteration)
      bound[id.index] = range.sort
      if !range.kinds.isEmpty {
        // Of each of many some other one would have to stay.
        if speaksOfAll, isUnderSome { throw CutoffRefusal("it says that for some thing all processes …") }
        if !speaksOfAll, text == .lemma { throw CutoffRefusal("it says that there is a process") }
        for kind in range.kinds { binders[kind, default: 0] += 1 }
      }
      try formula(body, isPositive: isPositive, isUnderSome: isUnderSome || !speaksOfAll)
    default: try test(expression)
    }
  }

  /// What is ranged over, and the growing kinds among it.
  private mutating func range(of iteration: Iteration) throws(CutoffRefusal) -> (sort: Sort, kinds: [KindID])
  {
    switch iteration {
    case .processes(let kind): return (.process, growing.contains(kind) ? [kind] : [])
    case .values(let domain) where isOfProcesses(domain):
      return (.process, growing.sorted { $0.index < $1.index })
    case .members(_, let domain) where isOfProcesses(domain):
      throw CutoffRefusal("it ranges over the members of a set of processes")
    case .values: break
    case .span(let low, let high):
      try plain(low)
      try plain(high)
    case .members(let set, _): try plain(set)
    }
    return (.plain, [])
  }

  // MARK: Statements

  mutating func read(_ body: [Statement]) throws(CutoffRefusal) {
    for statement in body { try read(statement) }
  }

  private mutating func read(_ statement: Statement) throws(CutoffRefusal) {
    switch statement {
    case .assign(let place, let value):
      let target = try sort(of: place)
      switch (target, try sort(of: value)) {
      case (.plain, .plain), (_, .zero), (.process, .process), (.processes, .processes): break
      default: throw CutoffRefusal("a process is used as a number")
      }
    case .branch(let condition, let then, let otherwise):
      try test(condition)
      try read(then)
      try read(otherwise)
    case .fork(let branches): for branch in branches { try read(branch) }
    case .pick(let place, let id, let iteration, let filter):
      let range = try range(of: iteration)
      if !range.kinds.isEmpty { throw CutoffRefusal("a step chooses a process") }
      switch (try sort(of: place), range.sort) {
      case (.plain, .plain), (.process, .process): break
      default: throw CutoffRefusal("a process is used as a number")
      }
      try under(id, range.sort) { reader throws(CutoffRefusal) in try reader.test(filter) }
    case .wait(let condition), .check(let condition, _): try test(condition)
    case .allocate(let place, _): _ = try sort(of: place)
    case .free(let pointer, _, _): try plain(pointer)
    case .acquiring, .cover, .clear, .jump, .end: break
    }
  }

  private mutating func under(
    _ id: BoundID, _ sort: Sort, _ body: (inout CutoffReader) throws(CutoffRefusal) -> Void
  ) throws(CutoffRefusal) {
    bound[id.index] = sort
    depth += 1
    defer { depth -= 1 }
    try body(&self)
  }

  // MARK: Expressions

  /// Only whether it is zero matters.
  private mutating func test(_ expression: Expression) throws(CutoffRefusal) { _ = try sort(of: expression) }

  private mutating func plain(_ expression: Expression) throws(CutoffRefusal) {
    switch try sort(of: expression) {
    case .plain, .zero: break
    case .process, .processes: throw CutoffRefusal("a process is used as a number")
    }
  }

  private mutating func process(_ expression: Expression) throws(CutoffRefusal) {
    switch try sort(of: expression) {
    case .process, .zero: break
    case .plain, .processes: throw CutoffRefusal("a process is named by number")
    }
  }

  private mutating func sort(of expression: Expression) throws(CutoffRefusal) -> Sort {
    switch expression {
    case .unary, .binary, .select, .quantified, .old, .labelled: return try outerSort(of: expression)
    default:
      innerDepth += 1
      defer { innerDepth -= 1 }
      return try outerSort(of: expression)
    }
  }

  private mutating func outerSort(of expression: Expression) throws(CutoffRefusal) -> Sort {
    switch expression {
    case .constant(let value): return value == 0 ? .zero : .plain
    case .read(let place): return try sort(of: place)
    case .bound(let id): return bound[id.index] ?? .plain
    case .current: return .process
    case .unary(.not, let operand, _):
      try test(operand)
      return .plain
    case .unary(_, let operand, _):
      try plain(operand)
      return .plain
    case .binary(let op, let left, let right, let arithmetic, _):
      if try isSizeTest(op, left, right) { return .plain }
      if text != .step, innerDepth == 0, try CountReader(system, growing).isCountTest(op, left, right) {
        countsProcesses = true
        return .plain
      }
      return try binary(op, left, right, arithmetic)
    case .samePointer(let left, let right, let pool, _, _):
      if pool == system.processPool {
        try process(left)
        try process(right)
      } else {
        try plain(left)
        try plain(right)
      }
      return .plain
    case .member(let element, let set, let domain):
      guard isOfProcesses(domain) else {
        try plain(element)
        try plain(set)
        return .plain
      }
      try process(element)
      switch try sort(of: set) {
      case .processes, .zero: return .plain
      case .plain, .process: throw CutoffRefusal("a set of processes is written as a number")
      }
    case .singleton(let element, let domain):
      guard isOfProcesses(domain) else {
        try plain(element)
        return .plain
      }
      if text != .step { throw CutoffRefusal("it compares sets of processes") }
      try process(element)
      return .processes(isFinite: true)
    case .cardinality(let set):
      if case .processes = try sort(of: set) {
        throw CutoffRefusal("the size of a set of processes is asked")
      }
      return .plain
    case .select(let condition, let then, let otherwise):
      try test(condition)
      return try joined(try sort(of: then), try sort(of: otherwise))
    case .quantified(let quantifier, let id, let iteration, let body):
      let range = try range(of: iteration)
      if !range.kinds.isEmpty {
        let what = quantifier == .count ? "processes are counted" : "processes are ranged over"
        throw CutoffRefusal("\(what) inside of an expression")
      }
      try under(id, range.sort) { reader throws(CutoffRefusal) in try reader.test(body) }
      return .plain
    case .old(let operand), .labelled(_, let operand): return try sort(of: operand)
    case .live(let pointer, let pool):
      if pool == system.processPool { try process(pointer) } else { try plain(pointer) }
      return .plain
    case .exclusive(let pointer, let pool):
      if text != .step || depth > 0 || pool == system.processPool {
        throw CutoffRefusal("it asks who knows an object")
      }
      try plain(pointer)
      exclusiveCount += 1
      return .plain
    case .isAt(let pointer, _), .hasEnded(let pointer):
      try process(pointer)
      return .plain
    case .heldLockCount: return .plain
    }
  }

  /// Whether a set of processes has more or less than a constant number of members.
  private mutating func isSizeTest(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) throws(CutoffRefusal) -> Bool {
    switch (op, left, right) {
    case (.equal, .cardinality(let set), .constant(let limit)),
      (.notEqual, .cardinality(let set), .constant(let limit)),
      (.less, .cardinality(let set), .constant(let limit)),
      (.lessEqual, .cardinality(let set), .constant(let limit)),
      (.equal, .constant(let limit), .cardinality(let set)),
      (.notEqual, .constant(let limit), .cardinality(let set)),
      (.less, .constant(let limit), .cardinality(let set)),
      (.lessEqual, .constant(let limit), .cardinality(let set)):
      guard case .processes = try sort(of: set) else { return false }
      // More than anybody tries; and nothing that overflows.
      memberCount = max(memberCount, min(limit, 64) + 1)
      return true
    default: return false
    }
  }

  private mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic
  ) throws(CutoffRefusal) -> Sort {
    let a = try sort(of: left)
    let b = try sort(of: right)
    switch (op, a, b) {
    case (_, .plain, .plain), (_, .plain, .zero), (_, .zero, .plain): return .plain
    case (.bitOr, .zero, .zero), (.bitAnd, .zero, .zero), (.without, .zero, .zero): return .zero
    case (_, .zero, .zero): return .plain
    // The right side can be the result, the left side is only tested.
    case (.and, _, .plain), (.or, _, .plain), (.implies, _, .plain): return .plain
    case (.and, _, .zero), (.or, _, .zero), (.implies, _, .zero): return .plain
    case (.equal, .process, .process), (.equal, .process, .zero), (.equal, .zero, .process),
      (.notEqual, .process, .process), (.notEqual, .process, .zero), (.notEqual, .zero, .process):
      return .plain
    case (.equal, .processes, .zero), (.equal, .zero, .processes), (.notEqual, .processes, .zero),
      (.notEqual, .zero, .processes):
      return .plain
    case (.bitOr, _, _), (.bitAnd, _, _), (.without, _, _):
      guard text == .step, arithmetic == .integer, let x = isFinite(a), let y = isFinite(b) else { break }
      switch op {
      case .bitOr: return .processes(isFinite: x && y)
      case .bitAnd where x || y: return .processes(isFinite: true)
      case .without where y: return .processes(isFinite: x)
      default: break
      }
    default: break
    }
    if isFinite(a) != nil, isFinite(b) != nil { throw CutoffRefusal("sets of processes are compared") }
    throw CutoffRefusal("a process is used as a number")
  }

  private func isFinite(_ sort: Sort) -> Bool? {
    switch sort {
    case .processes(let isFinite): isFinite
    case .zero: true
    case .plain, .process: nil
    }
  }

  private func joined(_ a: Sort, _ b: Sort) throws(CutoffRefusal) -> Sort {
    switch (a, b) {
    case (.zero, .zero): return .zero
    case (.plain, .plain), (.plain, .zero), (.zero, .plain): return .plain
    case (.process, .process), (.process, .zero), (.zero, .process): return .process
    default:
      guard let x = isFinite(a), let y = isFinite(b) else {
        throw CutoffRefusal("a process is used as a number")
      }
      return .processes(isFinite: x && y)
    }
  }

  private mutating func sort(of place: Place) throws(CutoffRefusal) -> Sort {
    let variable = system.variables[place.variable.index]
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      switch (index, dimension) {
      case (.object(let pointer), .pool(system.processPool, _)): try process(pointer)
      case (.element(let expression), _), (.object(let expression), _):
        if case .process = try sort(of: expression) {
          throw CutoffRefusal("\(variable.name) is an array over processes")
        }
      case (.process(let pointer), _):
        switch pointer {
        case .bound, .current: break
        default: throw CutoffRefusal("a local of a process that is named by another is looked at")
        }
      case (.current, _): break
      }
    }
    switch variable.domain {
    case .pointer(system.processPool, _): return .process
    case .set(.pointer(system.processPool, _)): return .processes(isFinite: false)
    default: return .plain
    }
  }
}
