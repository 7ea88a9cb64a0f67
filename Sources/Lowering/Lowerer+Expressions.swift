import Diagnostics
import SpecSemantics
import SpecSyntax
import TransitionIR

/// Expressions. What an expression needs done before it can be evaluated (calls, choices, lock checks) goes to `pending` or into nodes.
extension Lowerer {
  func value(_ expression: TypedExpression) -> Expression {
    switch expression.kind {
    case .constant(let value): return .constant(value)
    case .current: return .current
    case .bound(let id): return boundValues[id] ?? .bound(BoundID(id))
    case .local(let index):
      if case .value(let value)? = frames.last?.bindings[index] { return value }
      return read(place(expression))
    case .global, .objectField, .valueField, .element: return read(place(expression))
    case .prefix(let op, let operand): return prefix(op, value(operand), expression.type)
    case .infix(let op, let left, let right): return infix(op, left, right, expression)
    case .member(let element, let domain): return membership(value(element), domain, element)
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, expression)
    case .truth(let operand):
      return fold(.notEqual, value(operand), .constant(0), .integer)
    case .convert(let operand, let bits):
      return bits == 64 ? value(operand) : fold(.bitAnd, value(operand), .constant((1 << bits) - 1), .integer)
    case .old(let operand): return .old(value(operand))
    case .setLiteral(let elements): return setLiteral(elements, expression.type)
    case .quantified(let keyword, let binder, let body): return quantified(keyword, binder, body)
    case .isAt(let process, let label): return .isAt(value(process), labelLocations[label] ?? [])
    case .maybe, .any, .allocate: return chosen(expression)
    case .call(let index, let arguments): return call(index, arguments, expression)
    case .builtin(let builtin, let arguments): return self.builtin(builtin, arguments, expression)
    }
  }

  private func read(_ place: PlaceRef) -> Expression {
    let suffix = place.type == .mutex || place.type == .spinlock || place.type == .rwsem ? ".owner" : ""
    checkGuard(place, isWrite: false)
    let access = scalar(place, suffix: suffix)
    guard isHoisted(access) else { return .read(access) }
    let temporary = declareLocal("read", place.type)
    pending.append(.assign(scalar(temporary), .read(access)))
    flush()
    return .read(scalar(temporary))
  }

  /// With `--granularity access`, each read of shared state is a step of its own.
  private func isHoisted(_ access: Place) -> Bool {
    settings.granularity == .access && sharedVariables.contains(access.variable) && !isProperty
      && atomicDepth == 0
      && kind != nil && binderDepth == 0
  }

  // MARK: Operators

  private func prefix(_ op: PrefixOperator, _ operand: Expression, _ type: Type) -> Expression {
    switch op {
    case .not:
      if case .constant(let value) = operand { return .constant(value == 0 ? 1 : 0) }
      return .unary(.not, operand, mask: 1)
    case .negate:
      if case .word(let bits) = type {
        return .unary(.negate, operand, mask: bits == 64 ? -1 : (1 << bits) - 1)
      }
      return .unary(.negate, operand, mask: 0)
    case .complement:
      switch type {
      case .word(let bits) where bits < 64: return .unary(.complement, operand, mask: (1 << bits) - 1)
      case .flags(let index):
        let mask = (1 << program.flagTypes[index].members.count) - 1
        if case .constant(let value) = operand { return .constant(~value & mask) }
        return .unary(.complement, operand, mask: mask)
      default: return .unary(.complement, operand, mask: -1)
      }
    }
  }

  private func infix(
    _ op: InfixOperator, _ left: TypedExpression, _ right: TypedExpression, _ whole: TypedExpression
  ) -> Expression {
    switch op {
    case .and, .or, .implies: return logical(op, left, right, whole)
    case .greater: return infix(.less, right, left, whole)
    case .greaterEqual: return infix(.lessEqual, right, left, whole)
    case .equal, .notEqual:
      if case .pointer(let structure) = left.type { return pointerComparison(op, left, right, structure) }
      return fold(op == .equal ? .equal : .notEqual, value(left), value(right), .integer)
    default: break
    }
    let arithmetic: Arithmetic = if case .word(let bits) = left.type { .wrapping(bits) } else { .integer }
    let operation: BinaryOperator =
      switch op {
      case .less: .less
      case .lessEqual: .lessEqual
      case .bitOr: .bitOr
      case .bitAnd: .bitAnd
      case .bitXor: .bitXor
      case .shiftLeft: .shiftLeft
      case .shiftRight: .shiftRight
      case .add: .add
      case .subtract: left.type.isSet ? .without : .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .remainder: .remainder
      case .and, .or, .implies, .equal, .notEqual, .greater, .greaterEqual, .member: .equal
      }
    return fold(operation, value(left), value(right), arithmetic)
  }

  private func pointerComparison(
    _ op: InfixOperator, _ left: TypedExpression, _ right: TypedExpression, _ structure: Int
  ) -> Expression {
    let a = value(left)
    let b = value(right)
    let same: Expression
    if isNull(a) || isNull(b) || structure == program.processStruct {
      same = fold(.equal, a, b, .integer)
    } else {
      same = .samePointer(a, b, PoolID(structure), strict: !isProperty, failureSite)
    }
    return op == .equal ? same : prefix(.not, same, .bool)
  }

  private func isNull(_ expression: Expression) -> Bool {
    if case .constant(0) = expression { return true }
    return false
  }

  /// A binary expression, folded if both sides are constant and nothing can fail.
  func fold(
    _ op: BinaryOperator, _ a: Expression, _ b: Expression, _ arithmetic: Arithmetic
  ) -> Expression {
    if case .constant(let x) = a, case .constant(let y) = b {
      switch op {
      case .equal: return .constant(x == y ? 1 : 0)
      case .notEqual: return .constant(x != y ? 1 : 0)
      case .less where arithmetic == .integer: return .constant(x < y ? 1 : 0)
      case .lessEqual where arithmetic == .integer: return .constant(x <= y ? 1 : 0)
      case .bitAnd: return .constant(x & y)
      case .bitOr: return .constant(x | y)
      case .without: return .constant(x & ~y)
      default: break
      }
    }
    return .binary(op, a, b, arithmetic, failureSite)
  }

  private func logical(
    _ op: InfixOperator, _ left: TypedExpression, _ right: TypedExpression, _ whole: TypedExpression
  ) -> Expression {
    if !isProperty, needsControlFlow(right) { return byControlFlow(whole) }
    if !isProperty, hasEffects(right) { return byStatement(whole) }
    let a = value(left)
    if case .constant(let known) = a {
      switch (op, known != 0) {
      case (.and, false): return .constant(0)
      case (.or, true), (.implies, false): return .constant(1)
      default: return value(right)
      }
    }
    pathConditions.append(op == .or ? prefix(.not, a, .bool) : a)
    let b = value(right)
    pathConditions.removeLast()
    if case .constant(let known) = b, op == .and || op == .or {
      if op == .and, known != 0 { return a }
      if op == .or, known == 0 { return a }
    }
    return .binary(op == .and ? .and : op == .or ? .or : .implies, a, b, .integer, failureSite)
  }

  private func conditional(
    _ condition: TypedExpression, _ then: TypedExpression, _ otherwise: TypedExpression,
    _ whole: TypedExpression
  ) -> Expression {
    if !isProperty, needsControlFlow(then) || needsControlFlow(otherwise) { return byControlFlow(whole) }
    if !isProperty, hasEffects(then) || hasEffects(otherwise) { return byStatement(whole) }
    let test = value(condition)
    if case .constant(let known) = test { return value(known != 0 ? then : otherwise) }
    pathConditions.append(test)
    let a = value(then)
    pathConditions[pathConditions.count - 1] = prefix(.not, test, .bool)
    let b = value(otherwise)
    pathConditions.removeLast()
    return .select(test, a, b)
  }

  /// Whether evaluating an expression may take several steps: calls that are inlined as code, or accesses that are steps of their own.
  func needsControlFlow(_ expression: TypedExpression) -> Bool {
    var found = false
    expression.visit { part in
      switch part.kind {
      case .call(let index, _): if program.functions[index].pureValue == nil { found = true }
      case .global, .objectField:
        if settings.granularity == .access, atomicDepth == 0, binderDepth == 0 { found = true }
      default: break
      }
    }
    return found
  }

  /// Whether evaluating an expression does more than look, within its step: choices, allocation, lock operations.
  private func hasEffects(_ expression: TypedExpression) -> Bool {
    var found = false
    expression.visit { part in
      switch part.kind {
      case .maybe, .any, .allocate: found = true
      case .builtin(let builtin, _): if !builtin.isPure { found = true }
      default: break
      }
    }
    return found
  }

  /// Evaluates a logical or conditional expression whose later parts have effects, as part of the pending statement.
  private func byStatement(_ expression: TypedExpression) -> Expression {
    let result = declareLocal("value", expression.type)
    func arm(_ typed: TypedExpression) -> [Statement] {
      let saved = pending
      pending = []
      let lowered = value(typed)
      defer { pending = saved }
      return pending + [.assign(scalar(result), lowered)]
    }
    func known(_ value: Int) -> [Statement] { [.assign(scalar(result), .constant(value))] }
    switch expression.kind {
    case .conditional(let condition, let then, let otherwise):
      let test = value(condition)
      if case .constant(let fixed) = test { return value(fixed != 0 ? then : otherwise) }
      pending.append(.branch(test, then: arm(then), otherwise: arm(otherwise)))
    case .infix(let op, let left, let right):
      let test = value(left)
      switch op {
      case .and: pending.append(.branch(test, then: arm(right), otherwise: known(0)))
      case .or: pending.append(.branch(test, then: known(1), otherwise: arm(right)))
      default: pending.append(.branch(test, then: arm(right), otherwise: known(1)))
      }
    default: break
    }
    return .read(scalar(result))
  }

  /// Evaluates a logical or conditional expression whose later parts have effects, into a temporary.
  private func byControlFlow(_ expression: TypedExpression) -> Expression {
    let result = declareLocal("value", expression.type)
    if case .conditional(let condition, let then, let otherwise) = expression.kind {
      let exits = branch(on: condition, expression.range)
      graph.open = exits.whenTrue
      store(value(then), in: result)
      let first = graph.open
      graph.open = exits.whenFalse
      store(value(otherwise), in: result)
      graph.open += first
      return .read(scalar(result))
    }
    let exits = branch(on: expression, expression.range)
    graph.open = exits.whenTrue
    store(.constant(1), in: result)
    let first = graph.open
    graph.open = exits.whenFalse
    store(.constant(0), in: result)
    graph.open += first
    return .read(scalar(result))
  }

  private func store(_ value: Expression, in place: PlaceRef) {
    pending.append(.assign(scalar(place), value))
    flush()
  }

  // MARK: Sets and quantifiers

  private func setLiteral(_ elements: [TypedExpression], _ type: Type) -> Expression {
    guard case .set(let elementType) = type else { return .constant(0) }
    let domain = self.domain(of: elementType)
    return elements.reduce(.constant(0)) { set, element in
      fold(.bitOr, set, singleton(value(element), domain), .integer)
    }
  }

  func singleton(_ element: Expression, _ domain: Domain) -> Expression {
    if case .constant(let known) = element {
      guard let bit = domain.bit(of: known), bit >= 0, bit < domain.elementCount else { return .constant(0) }
      return .constant(1 << bit)
    }
    return .singleton(element, of: domain)
  }

  private func membership(
    _ element: Expression, _ domain: TypedDomain, _ typed: TypedExpression
  ) -> Expression {
    func between(_ low: Expression, _ high: Expression) -> Expression {
      fold(
        .and, fold(.lessEqual, low, element, .integer), fold(.lessEqual, element, high, .integer), .integer)
    }
    switch domain {
    case .span(let low, let high): return between(value(low), value(high))
    case .kind(let kind):
      let info = program.kinds[kind]
      return between(.constant(info.firstProcess + 1), .constant(info.firstProcess + info.count))
    case .set(let set):
      guard case .set(let elementType) = set.type else { return .constant(0) }
      return .member(element, set: value(set), of: self.domain(of: elementType))
    case .type(.pointer(let structure)):
      if structure == program.processStruct { return fold(.notEqual, element, .constant(0), .integer) }
      return .live(element, PoolID(structure))
    case .type(.range(let low, let high)): return between(.constant(low), .constant(high))
    case .type: return .constant(1)
    }
  }

  func iteration(_ domain: TypedDomain) -> Iteration {
    switch domain {
    case .span(let low, let high): return .span(value(low), value(high))
    case .type(let type): return .values(self.domain(of: type))
    case .kind(let kind): return .processes(KindID(kind))
    case .set(let set):
      guard case .set(let elementType) = set.type else { return .values(.bool) }
      return .members(value(set), of: self.domain(of: elementType))
    }
  }

  private func quantified(
    _ keyword: QuantifierKeyword, _ binder: TypedBinder, _ body: TypedExpression
  ) -> Expression {
    let range = iteration(binder.domain)
    return withBound(binder) { id in
      let saved = pending
      pending = []
      let filter = binder.filter.map { value($0) }
      if let filter { pathConditions.append(filter) }
      let inner = value(body)
      if filter != nil { pathConditions.removeLast() }
      pending = saved + pending.map { quantifiedCheck($0, id, range) }
      var condition = inner
      if let filter {
        condition = .binary(keyword == .forall ? .implies : .and, filter, inner, .integer, failureSite)
      }
      let quantifier: Quantifier =
        switch keyword {
        case .forall: .forall
        case .exists: .exists
        case .count: .count
        }
      return .quantified(quantifier, id, range, condition)
    }
  }

  /// Gives the variable of a binder a number of its own while `body` lowers what it is visible in: a function whose
  /// body has a binder may be inlined inside of itself, as an argument of its own call.
  func withBound<Result>(_ binder: TypedBinder, _ body: (BoundID) -> Result) -> Result {
    let id = BoundID(nextBound)
    nextBound += 1
    system.boundCount = max(system.boundCount, nextBound)
    let saved = boundValues.updateValue(.bound(id), forKey: binder.id)
    binderDepth += 1
    defer {
      binderDepth -= 1
      boundValues[binder.id] = saved
    }
    return body(id)
  }

  /// A lock check inside of a quantifier is made for every value.
  func quantifiedCheck(_ check: Statement, _ id: BoundID, _ range: Iteration) -> Statement {
    guard case .check(let condition, let failure) = check else { return check }
    let plain = Failure(
      failure.property, failure.site, failure.message, subject: nil, isFatal: failure.isFatal)
    return .check(.quantified(.forall, id, range, condition), plain)
  }
}
