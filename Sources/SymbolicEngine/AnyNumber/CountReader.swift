import SMTSolver
import Terms
import TransitionIR

/// Counts of processes in lemmas and properties that can be told apart into those who stay and those who are left out.
///
/// A count is looked at only in a comparison of a sum of counts with a number that has bounds, and whether a process counts is a
/// matter of its own control point and locals, which no other process writes.
struct CountReader {
  private let system: TransitionSystem
  private let growing: Set<KindID>

  /// More are like this many: no number that counts are compared with is as large.
  static let mostOthers = 4095

  init(_ system: TransitionSystem, _ growing: Set<KindID>) {
    self.system = system
    self.growing = growing
  }

  /// Whether counts of growing kinds are compared; throws if they are, but not as they should be.
  func isCountTest(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression
  ) throws(CutoffRefusal) -> Bool {
    switch op {
    case .equal, .notEqual, .less, .lessEqual: break
    default: return false
    }
    switch (isSum(left), isSum(right)) {
    case (false, false): return false
    case (true, true): throw CutoffRefusal("counts of processes are compared with each other")
    case (true, false): try compare(left, right)
    case (false, true): try compare(right, left)
    }
    return true
  }

  /// Adds counts up, at least one of a growing kind.
  private func isSum(_ expression: Expression) -> Bool {
    switch expression {
    case .quantified(.count, _, .processes(let kind), _): growing.contains(kind)
    case .labelled(_, let inner): isSum(inner)
    case .binary(.add, let a, let b, .integer, _), .binary(.multiply, let a, let b, .integer, _):
      isSum(a) || isSum(b)
    default: false
    }
  }

  private func compare(_ sum: Expression, _ number: Expression) throws(CutoffRefusal) {
    let least = try leastValue(sum)
    guard let bounds = bounds(number), bounds.upperBound <= 1 << 30,
      bounds.upperBound < least + Self.mostOthers
    else { throw CutoffRefusal("a count of processes is compared with something that has no bounds") }
  }

  private func bounds(_ number: Expression) -> ClosedRange<Int>? {
    switch number {
    case .labelled(_, let inner): bounds(inner)
    case .constant(let value): value...value
    case .read(let place) where place.indices.isEmpty:
      switch system.variables[place.variable.index].domain {
      case .bool: 0...1
      case .range(let low, let high): low...high
      default: nil
      }
    default: nil
    }
  }

  /// Of a sum whose counts are all zero; counts may only be added.
  private func leastValue(_ sum: Expression) throws(CutoffRefusal) -> Int {
    switch sum {
    case .labelled(_, let inner): return try leastValue(inner)
    case .constant(let value) where abs(value) <= 1 << 10: return value
    case .quantified(.count, let id, .processes(let kind), let body) where growing.contains(kind):
      _ = try key(body, id, kind)
      return 0
    case .binary(.add, let a, let b, .integer, _): return try leastValue(a) + leastValue(b)
    case .binary(.multiply, .constant(let factor), let inner, .integer, _) where (1...16).contains(factor):
      return try factor * leastValue(inner)
    default: throw CutoffRefusal("a sum with counts of processes has other parts")
    }
  }

  /// Text that is equal for equal conditions on a process.
  ///
  /// Throws if the condition depends on more than the process's own control point and locals.
  func key(_ body: Expression, _ id: BoundID, _ kind: KindID) throws(CutoffRefusal) -> String {
    switch body {
    case .labelled(_, let inner): return try key(inner, id, kind)
    case .constant(let value): return "\(value)"
    case .isAt(.bound(id), let locations): return "at\(locations.map(\.index))"
    case .hasEnded(.bound(id)): return "ended"
    case .unary(let op, let operand, let mask): return "(\(op)\(mask) \(try key(operand, id, kind)))"
    case .binary(let op, let left, let right, let arithmetic, _):
      return "(\(op)\(arithmetic) \(try key(left, id, kind)) \(try key(right, id, kind)))"
    case .read(let place):
      let variable = system.variables[place.variable.index]
      // A pointer to an object that is freed changes whosever it is, and locals share slots.
      guard case .local(kind) = variable.role, system.pools.allSatisfy(\.isProcessPool),
        place.indices.count == 1, case .process(.bound(id)) = place.indices[0]
      else { break }
      switch variable.domain {
      case .bool, .range, .enumeration: return "local\(place.variable.index)"
      default: break
      }
    default: break
    }
    throw CutoffRefusal("processes are counted by more than where they are and what they know themselves")
  }
}

/// A system with a number, for each condition, of processes that are left out and fulfil it.
///
/// Nobody knows these numbers, and they never change: who is left out does not move. So they are variables that no step writes, and
/// whose values are anything in the state before a step; in the beginning they are 0 if nobody fulfils the condition then, and
/// otherwise anything.
public struct CountedOthers {
  /// With the new variables; properties are rewritten.
  private var system: TransitionSystem
  private let reader: CountReader
  private let growing: Set<KindID>
  private var known: [String: (variable: VariableID, nobody: Expression)] = [:]

  /// `growing`: kinds of which processes are left out.
  public init(_ system: TransitionSystem, growing: Set<KindID>) {
    self.system = system
    self.growing = growing
    reader = CountReader(system, growing)
    for (index, property) in system.properties.enumerated() where property.group != .reachable {
      guard let body = try? rewritten(property.body) else { continue }
      self.system.properties[index] = Property(
        name: property.name, group: property.group, documentation: property.documentation, body: body,
        site: property.site, antecedents: [])
    }
  }

  /// The system with the variables, when everything is rewritten that is going to be.
  public func finished() throws(EncodingRefusal) -> TransitionSystem {
    var result = system
    let encoded = SymbolicSystem(system)
    for (_, condition) in known.sorted(by: { $0.key < $1.key }) {
      if try encoded.holdsAtStart(condition.nobody) { continue }
      result.initialBody.insert(
        .pick(
          Place(condition.variable, [], SiteID(0)), BoundID(system.boundCount),
          .values(system.variables[condition.variable.index].domain), filter: .constant(1)), at: 0)
    }
    return result
  }

  /// The expression with those who are left out added to each count.
  public mutating func rewritten(_ expression: Expression) throws(CutoffRefusal) -> Expression {
    switch expression {
    case .quantified(.count, let id, .processes(let kind), let body) where growing.contains(kind):
      let others = try others(body, id, kind)
      return .binary(.add, expression, .read(Place(others, [], SiteID(0))), .integer, SiteID(0))
    case .quantified(let quantifier, let id, let iteration, let body):
      return .quantified(quantifier, id, iteration, try rewritten(body))
    case .labelled(let site, let inner): return .labelled(site, try rewritten(inner))
    case .old(let inner): return .old(try rewritten(inner))
    case .unary(let op, let operand, let mask): return .unary(op, try rewritten(operand), mask: mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      return .binary(op, try rewritten(left), try rewritten(right), arithmetic, site)
    case .select(let condition, let then, let otherwise):
      return .select(try rewritten(condition), try rewritten(then), try rewritten(otherwise))
    // The reader lets counts be nowhere else.
    default: return expression
    }
  }

  private mutating func others(
    _ body: Expression, _ id: BoundID, _ kind: KindID
  ) throws(CutoffRefusal) -> VariableID {
    let key = "\(kind.index) " + (try reader.key(body, id, kind))
    if let known = known[key] { return known.variable }
    let variable = VariableID(system.variables.count)
    system.variables.append(
      Variable(
        name: "others#\(known.count)", domain: .range(0, CountReader.mostOthers), dimensions: [],
        role: .global, initial: 0, slot: system.slotCount))
    system.slotCount += 1
    let nobody = Expression.quantified(.forall, id, .processes(kind), .unary(.not, body, mask: 1))
    known[key] = (variable, nobody)
    return variable
  }
}

extension SymbolicSystem {
  /// Whether a closed expression is known to be true in all initial states.
  fileprivate func holdsAtStart(_ expression: Expression) throws(EncodingRefusal) -> Bool {
    let start = try initialState()
    let solver = Solver(store: store)
    solver.assert(start.condition)
    let truth = try truth(expression, in: start.slots).value
    if case .unsat = solver.check(assuming: [store.not(truth)]) { return true }
    return false
  }
}
