import Diagnostics
import SpecSyntax

/// Signatures, bodies and properties.
extension Checker {
  func declareFunctions(_ declarations: [Declaration]) {
    for declaration in declarations {
      switch declaration.kind {
      case .function(let function):
        declare(function.name, .function(program.functions.count))
        pendingFunctions.append((program.functions.count, function))
        program.functions.append(signature(function))
        collectLabels(function.body)
      case .process(let process): collectLabels(process.body)
      case .property(let property): declare(property.name, .property)
      default: break
      }
    }
  }

  private func signature(_ function: FunctionDeclaration) -> TypedProgram.FunctionInfo {
    var returnType = resolve(function.returnType)
    if function.returnPointerDepth > 0 || returnType != .void {
      returnType = pointer(to: returnType, depth: function.returnPointerDepth, function.returnType.range)
    }
    if !returnType.isScalar, returnType != .void {
      error("E0458", "a function returns a single value or nothing", function.returnType.range)
      returnType = .error
    }
    var info = TypedProgram.FunctionInfo(
      name: function.name.text, isEntry: function.isEntry, returnType: returnType,
      parameterCount: function.parameters.count, origin: function.origin?.text ?? "",
      range: function.name.range)
    for parameter in function.parameters { info.locals.append(resolveParameter(parameter)) }
    return info
  }

  /// `struct S *p` of a pool struct is a value; one star more, or a star on anything else, makes a reference.
  private func resolveParameter(_ parameter: VariableDeclaration) -> TypedProgram.LocalInfo {
    let base = resolve(parameter.type)
    var isPooled = false
    if case .structure(let index) = base { isPooled = program.structs[index].storage != .value }
    let depth = parameter.pointerDepth
    let isReference = depth == (isPooled ? 2 : 1)
    var type = pointer(to: base, depth: isReference ? depth - 1 : depth, parameter.range)
    for dimension in parameter.dimensions.reversed() {
      guard let count = evaluateInteger(dimension) else { continue }
      type = .array(type, .init(type: .range(0, max(0, count - 1)), lower: 0, count: max(1, count)))
    }
    if !isReference, !type.isScalar, type != .error {
      error(
        "E0459", "\(describe(type)) cannot be passed by value", parameter.range,
        suggestion: "pass it by reference: `*\(parameter.name.text)`")
    }
    return .init(name: parameter.name.text, type: type, isReference: isReference, range: parameter.name.range)
  }

  private func collectLabels(_ body: [Statement], isAtomic: Bool = false) {
    for statement in body {
      switch statement.kind {
      case .label(let name): allLabels[name.text] = !isAtomic && allLabels[name.text] ?? true
      case .ifElse(_, let then, let otherwise):
        collectLabels([then] + (otherwise.map { [$0] } ?? []), isAtomic: isAtomic)
      case .whileLoop(_, let body), .doWhile(let body, _), .forEach(_, let body), .loop(let body):
        collectLabels([body], isAtomic: isAtomic)
      case .block(let body): collectLabels(body, isAtomic: isAtomic)
      case .atomic(let body): collectLabels(body, isAtomic: true)
      case .choose(let choose):
        choose.cases.forEach { collectLabels($0.body, isAtomic: isAtomic) }
        if case .run(let body)? = choose.otherwise { collectLabels(body, isAtomic: isAtomic) }
      case .switchOn(_, let cases): cases.forEach { collectLabels($0.body, isAtomic: isAtomic) }
      default: break
      }
    }
  }

  func checkBodies(_ declarations: [Declaration]) {
    for (index, syntax) in pendingFunctions { checkFunction(index, syntax) }
    findPureFunctions()
    var kind = 0
    for declaration in declarations {
      switch declaration.kind {
      case .process(let process):
        frame = Frame()
        frame?.isAbsent = program.kinds[kind].count == 0
        program.kinds[kind].body = checkBlock(process.body)
        resolveGotos()
        program.kinds[kind].locals = frame?.locals ?? []
        frame = nil
        kind += 1
      case .initial(let body):
        frame = Frame(locals: program.initialLocals)
        frame?.isInitial = true
        program.initial.append(checkBlock(body))
        program.initialLocals = frame?.locals ?? []
        frame = nil
      default: break
      }
    }
    for condition in caseConditions where !isPure(condition) {
      error(
        "E0469", "the condition of a case only looks", condition.range,
        suggestion: "choose inside of the case")
    }
  }

  private func checkFunction(_ index: Int, _ syntax: FunctionDeclaration) {
    var names: [String: Int] = [:]
    for (number, parameter) in program.functions[index].locals.enumerated() {
      if names.updateValue(number, forKey: parameter.name) != nil {
        error("E0301", "parameter '\(parameter.name)' is declared twice", parameter.range)
      }
    }
    frame = Frame(
      locals: program.functions[index].locals, blocks: [names],
      returnType: program.functions[index].returnType,
      functionIndex: index)
    let body = checkBlock(syntax.body)
    resolveGotos()
    program.functions[index].locals = frame?.locals ?? []
    program.functions[index].body = body
    if program.functions[index].returnType != .void, program.functions[index].returnType != .error,
      !alwaysLeaves(body)
    {
      error("E0460", "'\(syntax.name.text)' can end without returning a value", syntax.name.range)
    }
    frame = nil
  }

  /// Whether control cannot reach the end of a body.
  ///
  /// Conservative: loops without a way out and gotos count as leaving.
  private func alwaysLeaves(_ body: [TypedStatement]) -> Bool {
    guard let last = body.last else { return false }
    switch last.kind {
    case .returnValue, .goto, .exit, .loop: return true
    case .ifElse(_, let then, let otherwise):
      return alwaysLeaves(then) && otherwise.map(alwaysLeaves) ?? false
    case .block(let body), .atomic(let body): return alwaysLeaves(body)
    case .choose(let cases, let otherwise):
      return cases.allSatisfy { alwaysLeaves($0.body) } && otherwise.map(alwaysLeaves) ?? true
    case .switchOn(_, let cases, let otherwise):
      return cases.allSatisfy { alwaysLeaves($0.body) } && otherwise.map(alwaysLeaves) ?? false
    case .whileLoop(let condition, _):
      if case .constant(1) = condition.kind { return true }
      return false
    default: return false
    }
  }

  private func resolveGotos() {
    guard let frame else { return }
    for (name, atomics) in frame.gotos {
      guard let label = frame.labels[name.text] else {
        error(
          "E0315", "there is no label '\(name.text)' in this function", name.range,
          suggestion: suggestion(for: name.text, among: Array(frame.labels.keys)))
        continue
      }
      if !atomics.starts(with: label.atomics) {
        error(
          "E0474", "this would enter an atomic block in its middle", name.range,
          notes: [.init(message: "the label is here", range: label.range)])
      }
    }
  }

  /// No choices and no effects: may stand in a property and is evaluated as part of its statement.
  func isPure(_ expression: TypedExpression) -> Bool {
    switch expression.kind {
    case .constant, .global, .local, .bound, .current: true
    case .maybe, .any, .allocate: false
    case .objectField(let base, _, _), .valueField(let base, _, _), .prefix(_, let base), .old(let base),
      .convert(let base, _), .truth(let base), .isAt(let base, _):
      isPure(base)
    case .element(let a, let b), .infix(_, let a, let b): isPure(a) && isPure(b)
    case .member(let a, let domain): isPure(a) && isPure(domain)
    case .conditional(let a, let b, let c): isPure(a) && isPure(b) && isPure(c)
    case .quantified(_, let binder, let body):
      isPure(binder.domain) && (binder.filter.map(isPure) ?? true) && isPure(body)
    case .setLiteral(let elements): elements.allSatisfy(isPure)
    case .call(let index, let arguments):
      program.functions[index].pureValue != nil && arguments.allSatisfy(isPure)
    case .builtin(let builtin, let arguments): builtin.isPure && arguments.allSatisfy(isPure)
    }
  }

  private func isPure(_ domain: TypedDomain) -> Bool {
    switch domain {
    case .span(let low, let high): isPure(low) && isPure(high)
    case .type, .kind: true
    case .set(let set): isPure(set)
    }
  }

  func checkProperties(_ declarations: [Declaration]) {
    for declaration in declarations {
      guard case .property(let property) = declaration.kind else { continue }
      if property.group == .liveness {
        error(
          "E0461", "liveness is not checked yet", declaration.range,
          suggestion: "state a bound as an invariant, or a witness as `reachable`")
        continue
      }
      analysis.outline.propertyNames.append(property.name.text)
      context = property.group == .step ? .stepProperty : .property
      let body = checkCondition(property.body)
      context = .code
      findImpureCalls(body)
      program.properties.append(
        .init(
          name: property.name.text, group: property.group, documentation: property.documentation?.text ?? "",
          body: body, range: declaration.range))
    }
  }

  private func findImpureCalls(_ expression: TypedExpression) {
    expression.visit { part in
      if case .call(let index, _) = part.kind, self.program.functions[index].pureValue == nil {
        self.error(
          "E0462", "'\(self.program.functions[index].name)' does more than return a value", part.range,
          suggestion: "only functions of the form `{ return e; }` may be called in properties")
      }
    }
  }

  func findRecursion() {
    var state: [Int: Int] = [:]
    func visit(_ function: Int) {
      state[function] = 1
      for call in calls[function] ?? [] {
        if state[call.callee] == 1 {
          error(
            "E0501",
            "'\(program.functions[call.callee].name)' calls itself: functions are inlined, so recursion is refused",
            call.range, suggestion: "write a loop",
            notes: [.init(message: "declared here", range: program.functions[call.callee].range)])
        } else if state[call.callee] == nil {
          visit(call.callee)
        }
      }
      state[function] = 2
    }
    for index in program.functions.indices where state[index] == nil { visit(index) }
  }
}

extension TypedExpression {
  /// Calls `body` for this expression and all parts of it.
  public func visit(_ body: (TypedExpression) -> Void) {
    body(self)
    switch kind {
    case .constant, .global, .local, .bound, .current, .maybe, .allocate: break
    case .objectField(let base, _, _), .valueField(let base, _, _), .prefix(_, let base), .old(let base),
      .convert(let base, _), .truth(let base), .isAt(let base, _):
      base.visit(body)
    case .element(let a, let b), .infix(_, let a, let b):
      a.visit(body)
      b.visit(body)
    case .member(let a, let domain):
      a.visit(body)
      domain.visit(body)
    case .conditional(let a, let b, let c):
      a.visit(body)
      b.visit(body)
      c.visit(body)
    case .any(let binder): binder.visit(body)
    case .quantified(_, let binder, let inner):
      binder.visit(body)
      inner.visit(body)
    case .setLiteral(let elements): elements.forEach { $0.visit(body) }
    case .call(_, let arguments), .builtin(_, let arguments): arguments.forEach { $0.visit(body) }
    }
  }
}

extension TypedDomain {
  public func visit(_ body: (TypedExpression) -> Void) {
    switch self {
    case .span(let low, let high):
      low.visit(body)
      high.visit(body)
    case .set(let set): set.visit(body)
    case .type, .kind: break
    }
  }
}

extension TypedBinder {
  public func visit(_ body: (TypedExpression) -> Void) {
    domain.visit(body)
    filter?.visit(body)
  }
}

extension Checker {
  /// Marks the functions whose body is one `return` of a pure expression; they may call each other, in any order.
  private func findPureFunctions() {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (index, function) in program.functions.enumerated() where function.pureValue == nil {
        guard !function.isEntry, function.body.count == 1,
          case .returnValue(let value?) = function.body[0].kind,
          isPure(value)
        else { continue }
        program.functions[index].pureValue = value
        hasChanged = true
      }
    }
  }
}
