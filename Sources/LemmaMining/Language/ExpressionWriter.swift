import TransitionIR

/// Writes literals over the subjects of a view, and quantifiers around them.
struct ExpressionWriter {
  private let clause: Clause
  private let system: TransitionSystem
  private let firstBound: BoundID
  private let types: TypeTable
  private let scopes: ScopeTable
  private let site = SiteID(0)

  /// What must be so for a term to have a value.
  private enum Guard: Hashable {
    case inScope(VariableID, subject: Int)
    case live(Term)
  }

  init(_ clause: Clause, _ system: TransitionSystem, _ firstBound: BoundID) {
    self.clause = clause
    self.system = system
    self.firstBound = firstBound
    types = TypeTable(clause.view, system)
    scopes = ScopeTable(system)
  }

  var conjunction: Expression { all(clause.literals.map(expression)) }

  private func all(_ parts: [Expression]) -> Expression {
    guard let first = parts.first else { return .constant(1) }
    return parts.dropFirst().reduce(first) { .binary(.and, $0, $1, .integer, site) }
  }

  private func subject(_ number: Int) -> Expression { .bound(BoundID(firstBound.index + number)) }

  // MARK: Quantifiers

  func closed(_ body: Expression) -> Expression {
    var result = body
    if clause.view.isOfTwins { result = .binary(.or, isSameSubject, result, .integer, site) }
    for number in clause.view.subjects.indices.reversed() {
      result = .quantified(
        .forall, BoundID(firstBound.index + number), iteration(clause.view.subjects[number]), result)
    }
    return result
  }

  private var isSameSubject: Expression {
    switch clause.view.subjects[0] {
    case .process: .samePointer(subject(0), subject(1), system.processPool, strict: false, site)
    case .object(let pool): .samePointer(subject(0), subject(1), pool, strict: false, site)
    case .index: .binary(.equal, subject(0), subject(1), .integer, site)
    }
  }

  /// How many values of the last subject make all literals true.
  var count: Expression {
    let last = clause.view.subjects.count - 1
    return .quantified(
      .count, BoundID(firstBound.index + last), iteration(clause.view.subjects[last]), conjunction)
  }

  private func iteration(_ subject: View.Subject) -> Iteration {
    switch subject {
    case .process(let kind): return .processes(kind)
    case .object(let pool): return .values(.pointer(pool, capacity: system.pools[pool.index].capacity))
    case .index(let axis):
      let bounds = axis.bounds(in: system)
      return .span(.constant(bounds.lowerBound), .constant(bounds.upperBound - 1))
    }
  }

  // MARK: Literals

  private func expression(_ literal: Literal) -> Expression {
    let atom = expression(literal.atom)
    return literal.isPositive ? atom : .unary(.not, atom, mask: 1)
  }

  private func expression(_ atom: Atom) -> Expression {
    if case .at(let number, let set) = atom { return place(number, set) }
    var guards: [Guard] = []
    for term in atom.terms { addGuards(of: term, to: &guards) }
    return all(guards.map(expression) + [core(atom)])
  }

  private func place(_ number: Int, _ set: LocationSet) -> Expression {
    let kind = system.kinds[set.kind.index]
    let locations = set.members.filter { $0 < kind.locationCount }
      .map { LocationID(kind.firstLocation + $0) }
    let isAt = Expression.isAt(subject(number), locations)
    if !set.contains(kind.locationCount) { return isAt }
    let hasEnded = Expression.hasEnded(subject(number))
    return locations.isEmpty ? hasEnded : .binary(.or, isAt, hasEnded, .integer, site)
  }

  private func core(_ atom: Atom) -> Expression {
    func compare(_ op: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
      .binary(op, a, b, .integer, site)
    }
    switch atom {
    case .at(let number, let set): return place(number, set)
    case .isNull(let term): return compare(.equal, value(term), .constant(0))
    case .isStale(let term): return compare(.equal, value(term), .constant(pool(term).capacity + 1))
    case .isLive(let term): return isLive(term)
    case .holdsStale(let set): return holdsStale(set)
    case .equals(let term, let constant): return compare(.equal, value(term), .constant(constant))
    case .atMost(let term, let constant): return compare(.lessEqual, value(term), .constant(constant))
    case .hasBit(let term, let bit):
      return compare(.notEqual, compare(.bitAnd, value(term), .constant(1 << bit)), .constant(0))
    case .same(let a, let b):
      guard case .pointer(let pool) = types.type(of: a) else { return compare(.equal, value(a), value(b)) }
      return .samePointer(value(a), value(b), pool, strict: false, site)
    case .noMoreThan(let a, let b): return compare(.lessEqual, value(a), value(b))
    }
  }

  private func pool(_ term: Term) -> Pool {
    guard case .pointer(let pool) = types.type(of: term) else { preconditionFailure("not a pointer") }
    return system.pools[pool.index]
  }

  private func isLive(_ term: Term) -> Expression {
    guard case .pointer(let pool) = types.type(of: term) else { preconditionFailure("not a pointer") }
    return .live(value(term), pool)
  }

  private func holdsStale(_ set: Term) -> Expression {
    guard case .pointer(_, let capacity) = elements(of: set) else {
      preconditionFailure("no set of pointers")
    }
    return .member(.constant(capacity + 1), set: value(set), of: elements(of: set))
  }

  // MARK: Terms

  func value(_ term: Term) -> Expression {
    switch term {
    case .subject(let number): return subject(number)
    case .read(let variable, let steps): return .read(Place(variable, steps.map(index), site))
    case .member(let element, let set): return .member(value(element), set: value(set), of: elements(of: set))
    case .size(let set): return .cardinality(value(set))
    }
  }

  private func elements(of set: Term) -> Domain {
    guard case .read(let variable, _) = set, case .set(let domain) = system.variables[variable.index].domain
    else { preconditionFailure("only variables hold sets") }
    return domain
  }

  private func index(_ step: Term.Step) -> Index {
    switch step {
    case .own(let number): .process(subject(number))
    case .object(let term): .object(value(term))
    case .element(let term): .element(value(term))
    case .constant(let value): .element(.constant(value))
    }
  }

  /// In the order in which they must be tested.
  private func addGuards(of term: Term, to guards: inout [Guard]) {
    func add(_ condition: Guard) { if !guards.contains(condition) { guards.append(condition) } }
    switch term {
    case .subject: break
    case .read(let variable, let steps):
      for step in steps {
        if case .own(let number) = step, !isKnownInScope(variable, number) {
          add(.inScope(variable, subject: number))
        }
        guard let inner = step.term else { continue }
        addGuards(of: inner, to: &guards)
        if case .pointer = types.type(of: inner), !inner.isSubject { add(.live(inner)) }
      }
    case .member(let element, let set):
      addGuards(of: element, to: &guards)
      addGuards(of: set, to: &guards)
    case .size(let set): addGuards(of: set, to: &guards)
    }
  }

  private func expression(_ condition: Guard) -> Expression {
    switch condition {
    case .live(let term): return isLive(term)
    case .inScope(let variable, let number):
      guard let kind = system.variables[variable.index].localKind else { return .constant(1) }
      let flags = scopes.isInScope[variable.index]
      return place(number, LocationSet(kind, flags.indices.filter { flags[$0] }))
    }
  }

  /// Whether another literal says already that the process stands where the local is in scope.
  private func isKnownInScope(_ variable: VariableID, _ number: Int) -> Bool {
    clause.literals.contains { literal in
      guard literal.isPositive, case .at(number, let set) = literal.atom else { return false }
      return set.members.allSatisfy { scopes.isInScope[variable.index][$0] }
    }
  }
}
