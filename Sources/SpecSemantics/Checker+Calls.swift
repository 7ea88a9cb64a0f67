import Diagnostics
import SpecSyntax

/// Calls of functions and built-ins.
extension Checker {
  func checkCall(_ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange) -> TypedExpression {
    switch name.text {
    case "alloc", "alloc_nofail": return checkAllocation(name, arguments, range)
    case "at": return checkAt(arguments, range)
    case "likely", "unlikely":
      guard let value = single(name, arguments) else { return bad(range) }
      return checkCondition(value)
    case "u8", "u16", "u32", "u64": return checkConversion(name, arguments, range)
    default: break
    }
    if let builtin = Builtin(rawValue: name.text) { return checkBuiltin(builtin, name, arguments, range) }
    guard case .function(let index)? = symbols[name.text] else {
      if symbols[name.text] != nil {
        error("E0449", "'\(name.text)' is not a function", name.range)
      } else {
        let functions = symbols.compactMap { key, symbol in if case .function = symbol { key } else { nil } }
        error(
          "E0314", "there is no function '\(name.text)'", name.range,
          suggestion: suggestion(
            for: name.text,
            among: functions + Builtin.allCases.map(\.rawValue) + ["alloc", "alloc_nofail", "at"]))
      }
      for case .value(let argument) in arguments { _ = check(stripAddress(argument)) }
      return bad(range)
    }
    return checkFunctionCall(index, name, arguments, range)
  }

  private func single(_ name: Name, _ arguments: [Expression.Argument]) -> Expression? {
    if arguments.count == 1, case .value(let value) = arguments[0] { return value }
    error("E0450", "'\(name.text)' takes one argument", name.range)
    return nil
  }

  private func stripAddress(_ expression: Expression) -> Expression {
    if case .addressOf(let inner) = expression.kind { return inner }
    return expression
  }

  private func checkFunctionCall(
    _ index: Int, _ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange
  ) -> TypedExpression {
    let function = program.functions[index]
    if let caller = frame?.functionIndex { calls[caller, default: []].append((index, range)) }
    if arguments.count != function.parameterCount {
      error(
        "E0450", "'\(name.text)' takes \(function.parameterCount) arguments, not \(arguments.count)", range,
        notes: [.init(message: "declared here", range: function.range)])
      return bad(range)
    }
    var typed: [TypedExpression] = []
    for (argument, parameter) in zip(arguments, function.locals) {
      guard case .value(let value) = argument else {
        error("E0451", "a type is not a value", argument.range)
        return bad(range)
      }
      typed.append(parameter.isReference ? checkReference(value, parameter) : checkValue(value, parameter))
    }
    return TypedExpression(.call(index, typed), function.returnType, range)
  }

  private func checkValue(_ value: Expression, _ parameter: TypedProgram.LocalInfo) -> TypedExpression {
    if case .addressOf = value.kind {
      error(
        "E0452", "'\(parameter.name)' takes a value", value.range,
        suggestion: "drop the `&`", notes: [.init(message: "declared here", range: parameter.range)])
      return bad(value.range)
    }
    return coerce(check(value, expecting: parameter.type), to: parameter.type)
  }

  /// The variable that a reference parameter becomes another name for.
  private func checkReference(_ value: Expression, _ parameter: TypedProgram.LocalInfo) -> TypedExpression {
    var place: TypedExpression
    if case .addressOf(let inner) = value.kind {
      place = check(inner)
    } else if case .name(let name) = value.kind, let frame,
      let local = frame.blocks.reversed().lazy.compactMap({ $0[name.text] }).first,
      frame.locals[local].isReference
    {
      place = TypedExpression(.local(local), frame.locals[local].type, value.range)
    } else {
      error(
        "E0453", "'\(parameter.name)' is a reference", value.range, suggestion: "pass a variable: &x",
        notes: [.init(message: "declared here", range: parameter.range)])
      return bad(value.range)
    }
    if place.type == .error { return place }
    guard isPlace(place) else {
      error("E0454", "only a variable can be passed by reference", value.range)
      return bad(value.range)
    }
    markReassigned(place)
    if place.type != parameter.type {
      error(
        "E0448", "this is \(describe(place.type)), but \(describe(parameter.type)) is needed", value.range)
      place = bad(value.range)
    }
    return place
  }

  func isPlace(_ expression: TypedExpression) -> Bool {
    switch expression.kind {
    case .global, .local, .objectField: true
    case .valueField(let base, _, _), .element(let base, _): isPlace(base)
    default: false
    }
  }

  func markReassigned(_ place: TypedExpression) {
    switch place.kind {
    case .local(let index): frame?.locals[index].isReassigned = true
    case .valueField(let base, _, _), .element(let base, _): markReassigned(base)
    default: break
    }
  }

  private func checkAllocation(
    _ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange
  ) -> TypedExpression {
    guard context == .code else {
      error("E0425", "a property cannot allocate", range)
      return bad(range)
    }
    var structName: Name?
    if arguments.count == 1 {
      switch arguments[0] {
      case .type(let type):
        if case .structure(let name) = type.kind { structName = name }
      case .value(let value):
        if case .name(let name) = value.kind { structName = name }
      }
    }
    guard let structName else {
      error(
        "E0455", "'\(name.text)' takes a struct with a pool", range, suggestion: "\(name.text)(struct NAME)")
      return bad(range)
    }
    guard case .structure(let index)? = symbols[structName.text], case .pool = program.structs[index].storage
    else {
      error("E0455", "'\(structName.text)' is not a struct with a pool", structName.range)
      return bad(range)
    }
    return TypedExpression(.allocate(structure: index, mayFail: name.text == "alloc"), .pointer(index), range)
  }

  private func checkAt(_ arguments: [Expression.Argument], _ range: SourceRange) -> TypedExpression {
    guard context == .property || context == .stepProperty else {
      error("E0456", "`at` belongs into a property", range)
      return bad(range)
    }
    guard arguments.count == 2, case .value(let process) = arguments[0],
      case .value(let label) = arguments[1],
      case .name(let name) = label.kind
    else {
      error("E0450", "`at` takes a process and a label", range, suggestion: "at(p, critical)")
      return bad(range)
    }
    switch allLabels[name.text] {
    case true?: break
    case false?: error("E0475", "nobody ever stands at a label inside of `atomic`", name.range)
    case nil:
      error(
        "E0315", "there is no label '\(name.text)'", name.range,
        suggestion: suggestion(for: name.text, among: Array(allLabels.keys)))
    }
    program.observedLabels.insert(name.text)
    let typed = coerce(check(process), to: .pointer(program.processStruct))
    return TypedExpression(.isAt(typed, label: name.text), .bool, range)
  }

  private func checkConversion(
    _ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange
  ) -> TypedExpression {
    guard let value = single(name, arguments), let bits = Int(name.text.dropFirst()) else {
      return bad(range)
    }
    let typed = check(value)
    if case .flags = typed.type { return TypedExpression(.convert(typed, bits: bits), .word(bits), range) }
    guard typed.type.isInteger || typed.type == .error else {
      error("E0448", "\(describe(typed.type)) is not a number", value.range)
      return bad(range)
    }
    return TypedExpression(.convert(typed, bits: bits), .word(bits), range)
  }

  private func checkBuiltin(
    _ builtin: Builtin, _ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange
  ) -> TypedExpression {
    if context != .code, !builtin.isPure {
      error("E0425", "'\(name.text)' changes the state; a property only looks", range)
      return bad(range)
    }
    var values: [Expression] = []
    for argument in arguments {
      guard case .value(let value) = argument else {
        error("E0451", "a type is not a value", argument.range)
        return bad(range)
      }
      values.append(value)
    }
    let signature = builtin.signature
    if builtin == .assert, values.count == 2, case .string(let text) = values[1].kind {
      program.assertTexts[range] = text
      values.removeLast()
    }
    if values.count != signature.parameters.count {
      error(
        "E0450", "'\(name.text)' takes \(signature.parameters.count) arguments, not \(values.count)", range)
      return bad(range)
    }
    let typed = zip(values, signature.parameters).map { checkBuiltinArgument($0, $1, name) }
    return TypedExpression(.builtin(builtin, typed), signature.result, range)
  }

  private func checkBuiltinArgument(
    _ value: Expression, _ parameter: Builtin.Parameter, _ name: Name
  ) -> TypedExpression {
    switch parameter {
    case .condition: return checkCondition(value)
    case .number: return coerce(check(value), to: .integer)
    case .process: return coerce(check(value), to: .pointer(program.processStruct))
    case .pointer:
      let typed = check(value)
      switch typed.type {
      case .pointer, .null, .error: return typed
      default:
        error("E0448", "'\(name.text)' takes a pointer, not \(describe(typed.type))", value.range)
        return bad(value.range)
      }
    case .set:
      let typed = check(value)
      if !typed.type.isSet, typed.type != .error {
        error("E0448", "'\(name.text)' takes a set, not \(describe(typed.type))", value.range)
      }
      return typed
    case .variable(let accepts):
      let typed = check(stripAddress(value))
      if !accepts(typed.type), typed.type != .error {
        error("E0457", "'\(name.text)' cannot be applied to \(describe(typed.type))", value.range)
        return bad(value.range)
      }
      if typed.type != .error, Builtin(rawValue: name.text)?.isPure != true, !isReferenceOrAddress(value) {
        error(
          "E0453", "'\(name.text)' takes the address of its object", value.range,
          suggestion: "write `&` before it")
      }
      return typed
    }
  }

  private func isReferenceOrAddress(_ value: Expression) -> Bool {
    if case .addressOf = value.kind { return true }
    if case .name(let name) = value.kind, let frame,
      let local = frame.blocks.reversed().lazy.compactMap({ $0[name.text] }).first
    {
      return frame.locals[local].isReference
    }
    return false
  }
}

extension Builtin {
  enum Parameter {
    case condition, number, process, pointer, set
    case variable((Type) -> Bool)
  }

  var signature: (parameters: [Parameter], result: Type) {
    switch self {
    case .mutexLock, .mutexUnlock: ([.variable { $0 == .mutex }], .void)
    case .mutexTrylock: ([.variable { $0 == .mutex }], .bool)
    case .mutexLockNested: ([.variable { $0 == .mutex }, .number], .void)
    case .spinLock, .spinUnlock: ([.variable { $0 == .spinlock }], .void)
    case .spinTrylock: ([.variable { $0 == .spinlock }], .bool)
    case .spinLockNested: ([.variable { $0 == .spinlock }, .number], .void)
    case .downRead, .upRead, .downWrite, .upWrite, .downgradeWrite: ([.variable { $0 == .rwsem }], .void)
    case .downReadTrylock, .downWriteTrylock: ([.variable { $0 == .rwsem }], .bool)
    case .downReadNested, .downWriteNested: ([.variable { $0 == .rwsem }, .number], .void)
    case .refcountSet: ([.variable { $0 == .refcount }, .number], .void)
    case .refcountRead: ([.variable { $0 == .refcount }], .integer)
    case .refcountInc, .refcountDec: ([.variable { $0 == .refcount }], .void)
    case .refcountIncNotZero, .refcountDecAndTest: ([.variable { $0 == .refcount }], .bool)
    case .size: ([.set], .integer)
    case .ended: ([.process], .bool)
    case .live: ([.pointer], .bool)
    case .held, .heldForWrite, .isLocked: ([.variable(\.isLock)], .bool)
    case .heldBy: ([.variable(\.isLock), .process], .bool)
    case .waitEvent, .assert: ([.condition], .void)
    case .free: ([.pointer], .void)
    }
  }
}
