import Diagnostics
import SpecSemantics
import TransitionIR

/// Inlining of functions.
extension Lowerer {
  /// Inlines a call; its value is an expression over what the inlined code left behind.
  func call(
    _ index: Int, _ arguments: [TypedExpression], _ expression: TypedExpression, into target: PlaceRef? = nil
  ) -> Expression {
    let function = program.functions[index]
    if let body = function.pureValue { return inlinePure(function, arguments, body) }
    guard !isProperty, binderDepth == 0 else {
      error(
        "E0504", "'\(function.name)' does more than return a value, so it cannot be called here",
        expression.range,
        suggestion: "call it before, and keep its result in a variable")
      return .constant(0)
    }
    var result = target
    if function.returnType != .void, result == nil {
      result = declareLocal(function.name, function.returnType)
    }
    var frame = self.frame(for: function, in: expression)
    enterScope()
    frame.result = result
    let bindings = bind(function, arguments, result: result)
    frame.bindings = bindings
    flush()
    frames.append(frame)
    let (savedStep, savedFailure) = (stepSite, failureSite)
    let savedConditions = pathConditions
    pathConditions = []
    beginWatching(index)
    lower(function.body)
    flush()
    if !graph.open.isEmpty { finishReturn() }
    graph.open = frames[frames.count - 1].returnEdges
    frames.removeLast()
    pathConditions = savedConditions
    (stepSite, failureSite) = (savedStep, savedFailure)
    leaveScope()
    return result.map { .read(scalar($0)) } ?? .constant(0)
  }

  private func frame(for function: TypedProgram.FunctionInfo, in expression: TypedExpression) -> CallFrame {
    var frame = CallFrame(
      name: function.name, origin: function.origin, locals: function.locals, returnType: function.returnType)
    frame.isEntry = function.isEntry
    let isFromLibrary = isLibrary(function.range)
    frame.isCalledFromSpec =
      isFromLibrary && !isLibrary(expression.range) || frames.last?.isCalledFromSpec == true
    frame.isTransparent =
      frames.last?.isTransparent == true || (isFromLibrary && Usage.statementCount(function.body) <= 1)
    return frame
  }

  private func bind(
    _ function: TypedProgram.FunctionInfo, _ arguments: [TypedExpression], result: PlaceRef?
  ) -> [Int: LocalBinding] {
    var bindings: [Int: LocalBinding] = [:]
    // What the callee can write to, beside what is its own.
    var written = Set(result.map { [$0.path] } ?? [])
    for (argument, parameter) in zip(arguments, function.locals) where parameter.isReference {
      written.insert(place(argument).path)
    }
    for (number, (argument, parameter)) in zip(arguments, function.locals).enumerated() {
      if parameter.isReference {
        bindings[number] = .place(frozen(place(argument)))
        continue
      }
      if !parameter.isReassigned, let value = stableValue(argument, written) {
        bindings[number] = .value(value)
        continue
      }
      let local = declareParameter(parameter, function.name)
      if !parameter.isReassigned, let id = variableIDs[local.path] { stableVariables.insert(id) }
      bindings[number] = .place(local)
      switch argument.kind {
      case .any, .maybe, .allocate: choose(argument, into: local)
      default: pending.append(.assign(scalar(local), value(argument)))
      }
    }
    return bindings
  }

  private func declareParameter(_ parameter: TypedProgram.LocalInfo, _ function: String) -> PlaceRef {
    let named = CallFrame(name: function, origin: "", locals: [], returnType: .void)
    frames.append(named)
    defer { frames.removeLast() }
    return declareLocal(parameter.name, parameter.type)
  }

  /// The value of an argument that needs no copy: it cannot change while the callee runs.
  private func stableValue(_ argument: TypedExpression, _ written: Set<String>) -> Expression? {
    switch argument.kind {
    case .constant, .current: return value(argument)
    case .local(let index):
      switch frames.last?.bindings[index] {
      case .value(let value)?: return value
      case .place(let place)?:
        guard place.type.isScalar, variableIDs[place.path] != nil else { return nil }
        let read = Expression.read(scalar(place))
        return isStable(read) || isOwnLocal(place) && !written.contains(place.path) ? read : nil
      case nil: return nil
      }
    case .prefix, .infix:
      let result = needsControlFlow(argument) ? nil : Optional(value(argument))
      if case .constant? = result { return result }
      return nil
    default: return nil
    }
  }

  /// A scalar that only the running process has: while a callee runs, nobody changes it but through a reference.
  private func isOwnLocal(_ place: PlaceRef) -> Bool {
    guard let id = variableIDs[place.path], case .local = system.variables[id.index].role else {
      return false
    }
    return place.indices.allSatisfy { if case .current = $0 { true } else { false } }
  }

  /// More calls of pure functions in one statement than this are refused.
  private static let inliningLimit = 2000

  private func inlinePure(
    _ function: TypedProgram.FunctionInfo, _ arguments: [TypedExpression], _ body: TypedExpression
  ) -> Expression {
    inlinedCount += 1
    guard inlinedCount < Self.inliningLimit else {
      error(
        "E0505", "calls of '\(function.name)' and others make this expression too large", function.range)
      return .constant(0)
    }
    var frame = CallFrame(
      name: function.name, origin: function.origin, locals: function.locals, returnType: function.returnType)
    for (number, (argument, parameter)) in zip(arguments, function.locals).enumerated() {
      frame.bindings[number] = parameter.isReference ? .place(place(argument)) : .value(value(argument))
    }
    frame.isTransparent = true
    frames.append(frame)
    defer { frames.removeLast() }
    return value(body)
  }

  // MARK: Returning

  func lowerReturn(_ value: TypedExpression?) {
    if let value, let result = frames.last?.result {
      switch value.kind {
      case .any, .maybe, .allocate: choose(value, into: result)
      default: pending.append(.assign(scalar(result), self.value(value)))
      }
    } else if let value {
      _ = self.value(value)
    }
    flush()
    finishReturn()
    graph.open = []
  }

  /// What happens at every way out of a function: locks are looked at, and control goes to the caller.
  private func finishReturn() {
    guard let frame = frames.last else { return }
    if frame.isEntry { checkNothingHeld() } else { watchReturn() }
    flush()
    frames[frames.count - 1].returnEdges += graph.open
    graph.open = []
  }
}

extension Usage {
  /// The number of statements of a body, blocks not counted.
  static func statementCount(_ body: [TypedStatement]) -> Int {
    var count = 0
    statements(of: body) { statement in
      if case .block = statement.kind { return }
      count += 1
    }
    return count
  }
}
