import Diagnostics
import SpecSyntax

/// Statements: names of locals, assignments, control.
extension Checker {
  func checkBlock(_ body: [Statement]) -> [TypedStatement] {
    frame?.blocks.append([:])
    defer { frame?.blocks.removeLast() }
    return body.flatMap(check)
  }

  private func checkBody(_ statement: Statement) -> [TypedStatement] {
    if case .block(let body) = statement.kind { return checkBlock(body) }
    return checkBlock([statement])
  }

  private func checkLoopBody(_ statement: Statement) -> [TypedStatement] {
    frame?.loopDepth += 1
    defer { frame?.loopDepth -= 1 }
    return checkBody(statement)
  }

  func check(_ statement: Statement) -> [TypedStatement] {
    let range = statement.range
    func one(_ kind: TypedStatement.Kind) -> [TypedStatement] { [TypedStatement(kind, range)] }
    switch statement.kind {
    case .empty: return []
    case .declaration(let variable): return one(checkDeclaration(variable))
    case .assignment(let op, let target, let value): return one(checkAssignment(op, target, value, range))
    case .increment(let target, let up):
      let amount = Expression(.integer(1), range)
      return one(checkAssignment(up ? .add : .subtract, target, amount, range))
    case .expression(let expression): return one(checkExpressionStatement(expression))
    case .ifElse(let condition, let then, let otherwise):
      return one(.ifElse(checkCondition(condition), checkBody(then), otherwise.map(checkBody)))
    case .whileLoop(let condition, let body):
      return one(.whileLoop(checkCondition(condition), checkLoopBody(body)))
    case .doWhile(let body, let condition):
      return one(.doWhile(checkLoopBody(body), checkCondition(condition)))
    case .forEach(let binder, let body): return one(checkForEach(binder, body))
    case .loop(let body): return one(.loop(checkLoopBody(body)))
    case .choose(let choose): return one(checkChoose(choose))
    case .switchOn(let value, let cases): return one(checkSwitch(value, cases))
    case .block(let body): return one(.block(checkBlock(body)))
    case .atomic(let body):
      frame?.atomicCount += 1
      let number = frame?.atomicCount ?? 0
      frame?.atomics.append(number)
      defer { frame?.atomics.removeLast() }
      return one(.atomic(checkBlock(body)))
    case .returnValue(let value): return one(checkReturn(value, range))
    case .breakLoop, .continueLoop:
      if frame?.loopDepth == 0 { error("E0463", "there is no loop around this", range) }
      if case .breakLoop = statement.kind { return one(.breakLoop) }
      return one(.continueLoop)
    case .goto(let name):
      let atomics = frame?.atomics ?? []
      frame?.gotos.append((name, atomics))
      return one(.goto(name.text))
    case .label(let name):
      let label = Frame.Label(range: name.range, atomics: frame?.atomics ?? [])
      if frame?.labels.updateValue(label, forKey: name.text) != nil {
        error("E0301", "label '\(name.text)' is declared twice in this function", name.range)
      }
      return one(.label(name.text))
    case .exit:
      if frame?.isInitial == true { error("E0426", "no process is running here", range) }
      return one(.exit)
    }
  }

  private func checkDeclaration(_ variable: VariableDeclaration) -> TypedStatement.Kind {
    let type = resolve(variable)
    if type.isLock || type == .refcount {
      error("E0464", "a local cannot be \(describe(type)): nobody else could reach it", variable.range)
    }
    if type == .void { error("E0412", "a variable cannot be void", variable.range) }
    if let lock = variable.guardedBy { error("E0410", "locals need no guard", lock.range) }
    let initial = variable.initializer.map { coerce(check($0, expecting: type), to: type) }
    return .declare(declareLocal(variable.name, type), initial)
  }

  private func declareLocal(_ name: Name, _ type: Type) -> Int {
    let index = frame?.locals.count ?? 0
    frame?.locals.append(.init(name: name.text, type: type, isReference: false, range: name.range))
    if let last = frame?.blocks.indices.last {
      if frame?.blocks[last].updateValue(index, forKey: name.text) != nil {
        error("E0301", "'\(name.text)' is declared twice in this block", name.range)
      }
    }
    return index
  }

  private func checkAssignment(
    _ op: AssignmentOperator, _ target: Expression, _ value: Expression, _ range: SourceRange
  ) -> TypedStatement.Kind {
    let place = check(target)
    if place.type == .error {
      _ = check(value)
      return .block([])
    }
    guard isPlace(place) else {
      if case .bound = place.kind {
        error("E0465", "a bound variable cannot be assigned", target.range)
      } else {
        error("E0465", "this cannot be assigned", target.range)
      }
      return .block([])
    }
    markReassigned(place)
    if place.type == .refcount {
      error(
        "E0466", "a refcount_t changes only by its operations", range, suggestion: "use refcount_set(&…, n)")
      return .block([])
    }
    if !place.type.isScalar {
      guard op == .set, case .structure = place.type else {
        error("E0467", "\(describe(place.type)) cannot be assigned", range)
        return .block([])
      }
      return .assign(place, coerce(check(value, expecting: place.type), to: place.type))
    }
    guard op != .set else {
      return .assign(place, coerce(check(value, expecting: place.type), to: place.type))
    }
    let infix: InfixOperator =
      switch op {
      case .add: .add
      case .subtract: .subtract
      case .or: .bitOr
      case .and: .bitAnd
      case .xor, .set: .bitXor
      }
    let sum = checkInfix(infix, target, value, range, place.type)
    return .assign(place, coerce(sum, to: place.type, allowNarrowing: true))
  }

  private func checkExpressionStatement(_ expression: Expression) -> TypedStatement.Kind {
    let typed = check(expression)
    switch typed.kind {
    case .call, .builtin: break
    case .allocate:
      error("E0468", "the new object is lost", expression.range, suggestion: "assign it to a pointer")
    default:
      if typed.type != .error {
        error("E0468", "this statement does nothing", expression.range)
      }
    }
    if case .builtin(let builtin, _) = typed.kind, builtin.isPure {
      error("E0468", "this statement does nothing", expression.range)
    }
    return .evaluate(typed)
  }

  private func checkForEach(_ binder: Binder, _ body: Statement) -> TypedStatement.Kind {
    frame?.blocks.append([:])
    defer { frame?.blocks.removeLast() }
    var result: TypedBinder?
    _ = withBinder(binder) { typed in
      result = typed
      return self.bad(typed.range)
    }
    let local = declareLocal(binder.name, result?.elementType ?? .error)
    let statements = checkLoopBody(body)
    guard let result else { return .block([]) }
    return .forEach(result, local: local, statements)
  }

  private func checkChoose(_ choose: ChooseStatement) -> TypedStatement.Kind {
    let cases = choose.cases.map { item in
      TypedStatement.ChooseCase(
        guardExpression: item.guardExpression.map { checkCondition($0) }, body: checkBlock(item.body),
        range: item.range)
    }
    caseConditions += cases.compactMap(\.guardExpression)
    switch choose.otherwise {
    case .run(let body): return .choose(cases, otherwise: checkBlock(body))
    case .wait, nil: return .choose(cases, otherwise: nil)
    }
  }

  private func checkSwitch(_ value: Expression, _ cases: [SwitchCase]) -> TypedStatement.Kind {
    let subject = check(value)
    if !subject.type.isScalar || subject.type.isSet {
      error("E0470", "\(describe(subject.type)) cannot be switched over", value.range)
    }
    var otherwise: [TypedStatement]?
    var typed: [(values: [TypedExpression], body: [TypedStatement])] = []
    for item in cases {
      let body = checkBlock(item.body)
      let values = item.values.map {
        coerce(check($0, expecting: subject.type), to: comparable(subject.type))
      }
      if item.isDefault { otherwise = body }
      if !values.isEmpty { typed.append((values, body)) }
    }
    return .switchOn(subject, typed, otherwise: otherwise)
  }

  private func comparable(_ type: Type) -> Type {
    if case .range = type { return .integer }
    return type
  }

  private func checkReturn(_ value: Expression?, _ range: SourceRange) -> TypedStatement.Kind {
    guard let returnType = frame?.returnType else {
      error("E0471", "only functions return", range, suggestion: "`exit;` ends the process")
      return .block([])
    }
    if let value {
      if returnType == .void {
        error("E0472", "this function returns nothing", value.range)
        return .returnValue(nil)
      }
      return .returnValue(coerce(check(value, expecting: returnType), to: returnType))
    }
    if returnType != .void, returnType != .error {
      error("E0472", "this function returns \(describe(returnType))", range)
    }
    return .returnValue(nil)
  }
}
