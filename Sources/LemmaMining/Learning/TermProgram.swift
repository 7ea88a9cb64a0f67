import TransitionIR

/// Where each local is in scope: by variable, one flag for each control point of its kind and one for "has ended".
struct ScopeTable: Sendable {
  let isInScope: [[Bool]]

  init(_ system: TransitionSystem) {
    var table = [[Bool]](repeating: [], count: system.variables.count)
    for (index, variable) in system.variables.enumerated() {
      guard let kind = variable.localKind else { continue }
      table[index] = [Bool](repeating: false, count: system.kinds[kind.index].locationCount + 1)
    }
    for (index, location) in system.locations.enumerated() {
      let own = index - system.kinds[location.kind.index].firstLocation
      for id in location.locals where !table[id.index].isEmpty { table[id.index][own] = true }
    }
    isInScope = table
  }

  /// The control points at which all these locals are in scope, as flags.
  func common(_ locals: [VariableID], locationCount: Int) -> [Bool] {
    (0...locationCount).map { location in locals.allSatisfy { isInScope[$0.index][location] } }
  }
}

/// Terms as slot arithmetic of one system: all of them in one pass, each from values of earlier ones.
///
/// Must give what `Interpreter.value` gives for `Term.expression`; the tests compare the two.
struct TermProgram: Sendable {
  /// What a term without a value has.
  static let undefined = Int.min

  private enum Operation: Sendable {
    case subject(Int)
    case read(base: Int, factors: Range<Int>)
    case member(element: Int, set: Int, first: Int, count: Int)
    case size(Int)
  }

  /// One subscript: what it adds to the slot, and what has to be so.
  private struct Factor: Sendable {
    enum Kind: Sendable {
      /// `source` is a subject; `table` tells where the local is in scope, `other` is the first control slot of its kind.
      case own
      /// `source` is a term; `other` is the first `live` slot of its pool, or -1.
      case object
      /// `source` is a term.
      case element
    }
    let kind: Kind
    let source: Int
    let stride: Int
    /// Subtracted before multiplying.
    let lower: Int
    let count: Int
    let other: Int
    let table: Int
  }

  private var operations: [Operation] = []
  private var factors: [Factor] = []
  private var scopes: [[Bool]] = []
  private var numberOf: [Term: Int] = [:]
  private let system: TransitionSystem
  private let scopeTable: ScopeTable

  init(_ system: TransitionSystem, _ scopeTable: ScopeTable) {
    self.system = system
    self.scopeTable = scopeTable
  }

  /// Length of the buffer that `run` fills.
  var count: Int { operations.count }

  /// The position of a term among the values; it is added if it is not there.
  mutating func add(_ term: Term) -> Int {
    if let known = numberOf[term] { return known }
    let operation: Operation
    switch term {
    case .subject(let number): operation = .subject(number)
    case .read(let variable, let steps): operation = read(variable, steps)
    case .member(let element, let set):
      let domain = elementDomain(of: set)
      operation = .member(
        element: add(element), set: add(set), first: domain.element(ofBit: 0), count: domain.elementCount)
    case .size(let set): operation = .size(add(set))
    }
    operations.append(operation)
    numberOf[term] = operations.count - 1
    return operations.count - 1
  }

  private func elementDomain(of set: Term) -> Domain {
    guard case .read(let variable, _) = set, case .set(let domain) = system.variables[variable.index].domain
    else { preconditionFailure("only variables hold sets") }
    return domain
  }

  private mutating func read(_ id: VariableID, _ steps: [Term.Step]) -> Operation {
    let variable = system.variables[id.index]
    var base = variable.slot
    var stride = variable.slotCount
    var own: [Factor] = []
    for (step, dimension) in zip(steps, variable.dimensions) {
      stride /= max(1, dimension.count)
      var lower = 0
      if case .array(_, let first) = dimension { lower = first }
      switch step {
      case .constant(let value): base += (value - lower) * stride
      case .own(let subject): own.append(localFactor(id, subject, stride, dimension.count))
      case .object(let term): own.append(objectFactor(variable, term, stride, dimension.count))
      case .element(let term):
        own.append(
          Factor(
            kind: .element, source: add(term), stride: stride, lower: lower, count: dimension.count,
            other: -1, table: 0))
      }
    }
    factors += own
    return .read(base: base, factors: factors.count - own.count..<factors.count)
  }

  private mutating func localFactor(_ id: VariableID, _ subject: Int, _ stride: Int, _ count: Int) -> Factor {
    guard let kind = system.variables[id.index].localKind else { preconditionFailure("not a local") }
    scopes.append(scopeTable.isInScope[id.index])
    let description = system.kinds[kind.index]
    return Factor(
      kind: .own, source: subject, stride: stride, lower: description.firstProcess + 1, count: count,
      other: system.variables[description.control.index].slot, table: scopes.count - 1)
  }

  private mutating func objectFactor(
    _ variable: Variable, _ term: Term, _ stride: Int, _ count: Int
  ) -> Factor {
    guard case .pool(let pool, _)? = variable.dimensions.first else { preconditionFailure("not a field") }
    let live = system.pools[pool.index].live.map { system.variables[$0.index].slot }
    return Factor(
      kind: .object, source: add(term), stride: stride, lower: 1, count: count, other: live ?? -1, table: 0)
  }

  /// Evaluates all terms.
  @inline(__always)
  func run<S: StateSource>(_ state: S, _ tuple: Tuple, into values: inout [Int]) {
    for (index, operation) in operations.enumerated() {
      switch operation {
      case .subject(let number): values[index] = tuple[number]
      case .read(let base, let range): values[index] = read(base, range, state, tuple, values)
      case .member(let element, let set, let first, let count):
        let (element, set) = (values[element], values[set])
        if element == Self.undefined || set == Self.undefined {
          values[index] = Self.undefined
        } else {
          let bit = element &- first
          values[index] = bit >= 0 && bit < count ? (set >> bit) & 1 : 0
        }
      case .size(let set):
        values[index] = values[set] == Self.undefined ? Self.undefined : values[set].nonzeroBitCount
      }
    }
  }

  @inline(__always)
  private func read<S: StateSource>(
    _ base: Int, _ range: Range<Int>, _ state: S, _ tuple: Tuple, _ values: [Int]
  ) -> Int {
    var slot = base
    for index in range {
      let factor = factors[index]
      let source = factor.kind == .own ? tuple[factor.source] : values[factor.source]
      let offset = source &- factor.lower
      guard source != Self.undefined, offset >= 0, offset < factor.count else { return Self.undefined }
      switch factor.kind {
      case .own:
        guard scopes[factor.table][state.value(factor.other + offset)] else { return Self.undefined }
      case .object:
        guard factor.other < 0 || state.value(factor.other + offset) != 0 else { return Self.undefined }
      case .element: break
      }
      slot += offset * factor.stride
    }
    return state.value(slot)
  }
}
