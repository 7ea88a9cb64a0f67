import Diagnostics
import SpecSyntax

/// Types of expressions.
extension Checker {
  func check(_ expression: Expression, expecting expected: Type? = nil) -> TypedExpression {
    let range = expression.range
    switch expression.kind {
    case .missing: return bad(range)
    case .string:
      error("E0422", "a string has no place here", range)
      return bad(range)
    case .integer(let value):
      if case .flags? = expected, value == 0 {
        return TypedExpression(.constant(0), expected ?? .error, range)
      }
      if let small = Int(exactly: value) { return TypedExpression(.constant(small), .integer, range) }
      return TypedExpression(.constant(Int(truncatingIfNeeded: value)), .word(64), range)
    case .boolean(let value): return TypedExpression(.constant(value ? 1 : 0), .bool, range)
    case .null: return TypedExpression(.constant(0), expected.flatMap(pointerOnly) ?? .null, range)
    case .current: return checkCurrent(range)
    case .maybe:
      requireCode("maybe", range)
      return TypedExpression(.maybe, .bool, range)
    case .name(let name): return checkName(name)
    case .parenthesized(let inner):
      let typed = check(inner, expecting: expected)
      return TypedExpression(typed.kind, typed.type, range)
    case .prefix(let op, let operand): return checkPrefix(op, operand, range, expected)
    case .infix(let op, let left, let right): return checkInfix(op, left, right, range, expected)
    case .conditional(let condition, let then, let otherwise):
      return checkConditional(condition, then, otherwise, range, expected)
    case .addressOf(let operand):
      error(
        "E0423", "'&' stands only before an argument of a call", range,
        suggestion: "pass it to a function: f(&x)")
      _ = check(operand)
      return bad(range)
    case .dereference(let operand): return checkDereference(operand, range)
    case .dot(let base, let member): return checkMember(base, member, range, isArrow: false)
    case .arrow(let base, let member): return checkMember(base, member, range, isArrow: true)
    case .index(let base, let index): return checkIndex(base, index, range)
    case .call(let name, let arguments): return checkCall(name, arguments, range)
    case .any(let binder):
      requireCode("any", range)
      return withBinder(binder, isPick: true) { TypedExpression(.any($0), $0.elementType, range) }
    case .quantified(let keyword, let binder, let body):
      return withBinder(binder) { typed in
        TypedExpression(
          .quantified(keyword, typed, self.checkCondition(body)), keyword == .count ? .integer : .bool, range)
      }
    case .old(let operand):
      if context != .stepProperty {
        error("E0424", "`old` belongs into a `step` property", range)
      }
      let typed = check(operand, expecting: expected)
      return TypedExpression(.old(typed), typed.type, range)
    case .setLiteral(let elements): return checkSetLiteral(elements, range, expected)
    }
  }

  func bad(_ range: SourceRange) -> TypedExpression { TypedExpression(.constant(0), .error, range) }

  private func pointerOnly(_ type: Type) -> Type? {
    if case .pointer = type { return type }
    return nil
  }

  private func requireCode(_ what: String, _ range: SourceRange) {
    if context != .code {
      error("E0425", "`\(what)` is a choice; a property or constant cannot choose", range)
    }
  }

  private func checkCurrent(_ range: SourceRange) -> TypedExpression {
    if context == .property || context == .constant || frame?.isInitial == true {
      error("E0426", "no process is running here, so there is no `current`", range)
    }
    return TypedExpression(.current, .pointer(program.processStruct), range)
  }

  func checkName(_ name: Name) -> TypedExpression {
    let range = name.range
    if let bound = bindings.last(where: { $0.name == name.text }) {
      return TypedExpression(.bound(bound.id), bound.type, range)
    }
    if let local = frame?.blocks.reversed().lazy.compactMap({ $0[name.text] }).first, let frame {
      return TypedExpression(.local(local), frame.locals[local].type, range)
    }
    if constants[name.text] != nil {
      switch constantValue(of: name.text, at: range) {
      case .integer(let value)?: return TypedExpression(.constant(value), .integer, range)
      case .boolean(let value)?: return TypedExpression(.constant(value ? 1 : 0), .bool, range)
      case nil: return bad(range)
      }
    }
    switch symbols[name.text] {
    case .member(let type, let value): return TypedExpression(.constant(value), type, range)
    case .global(let index): return TypedExpression(.global(index), program.globals[index].type, range)
    case .kind(let kind):
      return kindExpression(kind, name)
    case .function:
      error("E0427", "'\(name.text)' is a function", range, suggestion: "call it: \(name.text)(…)")
    case .enumeration, .flags, .structure, .alias:
      error("E0428", "'\(name.text)' is a type, not a value", range)
    case .property, .scope, .constant:
      error("E0429", "'\(name.text)' is not a value", range)
    case nil:
      unknownName(name)
    }
    return bad(range)
  }

  /// The name of a process kind stands for its only process.
  private func kindExpression(_ kind: Int, _ name: Name) -> TypedExpression {
    let info = program.kinds[kind]
    if info.count != 1 {
      error(
        "E0430", "'\(name.text)' is a kind of \(info.count) processes, not one", name.range,
        suggestion: "quantify: `any p in \(name.text)`, `forall p in \(name.text): …`, or index it")
      return bad(name.range)
    }
    return TypedExpression(.constant(info.firstProcess + 1), .pointer(program.processStruct), name.range)
  }

  func unknownName(_ name: Name) {
    let known = ["NULL": "null", "nullptr": "null", "TRUE": "true", "FALSE": "false"][name.text]
    error(
      "E0312", "there is no '\(name.text)' here", name.range,
      suggestion: known.map { "write `\($0)`" } ?? suggestion(for: name.text, among: visibleNames))
  }

  /// A condition: a bool, or what C takes for one.
  func checkCondition(_ expression: Expression) -> TypedExpression {
    let typed = check(expression, expecting: .bool)
    switch typed.type {
    case .bool, .error: return typed
    case .pointer, .flags, .range, .integer, .word:
      return TypedExpression(.truth(typed), .bool, typed.range)
    case .enumeration(let index):
      error(
        "E0431", "an enum value is not a condition", expression.range,
        suggestion: "compare it: `== \(program.enums[index].members.first ?? "…")`")
    case .set:
      error("E0431", "a set is not a condition", expression.range, suggestion: "compare it: `!= {}`")
    case .null, .emptySet, .void, .structure, .array, .mutex, .spinlock, .rwsem, .refcount:
      error("E0431", "\(describe(typed.type)) is not a condition", expression.range)
    }
    return bad(expression.range)
  }

  private func checkPrefix(
    _ op: PrefixOperator, _ operand: Expression, _ range: SourceRange, _ expected: Type?
  ) -> TypedExpression {
    if op == .not { return TypedExpression(.prefix(.not, checkCondition(operand)), .bool, range) }
    let typed = check(operand, expecting: expected)
    switch (op, typed.type) {
    case (_, .error): return bad(range)
    case (.negate, .range), (.negate, .integer):
      if case .constant(let value) = typed.kind {
        return TypedExpression(.constant(0 &- value), .integer, range)
      }
      return TypedExpression(.prefix(op, typed), .integer, range)
    case (.negate, .word), (.complement, .word), (.complement, .flags):
      return TypedExpression(.prefix(op, typed), typed.type, range)
    case (.complement, .range), (.complement, .integer):
      if case .constant(let value) = typed.kind { return TypedExpression(.constant(~value), .integer, range) }
      return TypedExpression(.prefix(op, typed), .integer, range)
    default:
      error("E0432", "'\(op.rawValue)' cannot be applied to \(describe(typed.type))", range)
      return bad(range)
    }
  }

  private func checkConditional(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ range: SourceRange,
    _ expected: Type?
  ) -> TypedExpression {
    let test = checkCondition(condition)
    let a = check(then, expecting: expected)
    let b = check(otherwise, expecting: expected ?? a.type)
    guard let joined = common(a.type, b.type) else {
      error("E0433", "the two values are \(describe(a.type)) and \(describe(b.type))", range)
      return bad(range)
    }
    var type = joined
    if case .integer = joined, let expected, expected.isInteger { type = expected }
    return TypedExpression(.conditional(test, convert(a, to: type), convert(b, to: type)), type, range)
  }

  private func checkDereference(_ operand: Expression, _ range: SourceRange) -> TypedExpression {
    var inner = operand
    while case .parenthesized(let next) = inner.kind { inner = next }
    if case .name(let name) = inner.kind,
      let local = frame?.blocks.reversed().lazy.compactMap({ $0[name.text] }).first, let frame,
      frame.locals[local].isReference
    {
      return TypedExpression(.local(local), frame.locals[local].type, range)
    }
    let typed = check(operand)
    if case .pointer(let index) = typed.type {
      error(
        "E0434", "an object of struct '\(program.structs[index].name)' is used through its fields", range,
        suggestion: "write `->field`")
    } else if typed.type != .error {
      error("E0434", "\(describe(typed.type)) cannot be followed", range)
    }
    return bad(range)
  }

  private func checkMember(
    _ base: Expression, _ member: Name, _ range: SourceRange, isArrow: Bool
  ) -> TypedExpression {
    let typed = check(base)
    switch typed.type {
    case .pointer(let index):
      if !isArrow {
        error("E0435", "this is a pointer", member.range, suggestion: "write `->\(member.text)`")
      }
      guard let field = fieldIndex(member, of: index) else { return bad(range) }
      return TypedExpression(
        .objectField(typed, structure: index, field: field), program.structs[index].fields[field].type, range)
    case .structure(let index):
      if isArrow, !isReferenceName(base) {
        error("E0436", "this is a struct, not a pointer", member.range, suggestion: "write `.\(member.text)`")
      }
      guard let field = fieldIndex(member, of: index) else { return bad(range) }
      return TypedExpression(
        .valueField(typed, structure: index, field: field), program.structs[index].fields[field].type, range)
    case .error: return bad(range)
    default:
      error("E0437", "\(describe(typed.type)) has no fields", range)
      return bad(range)
    }
  }

  private func isReferenceName(_ expression: Expression) -> Bool {
    guard case .name(let name) = expression.kind, let frame,
      let local = frame.blocks.reversed().lazy.compactMap({ $0[name.text] }).first
    else { return false }
    return frame.locals[local].isReference
  }

  private func fieldIndex(_ name: Name, of structure: Int) -> Int? {
    let fields = program.structs[structure].fields
    if let index = fields.firstIndex(where: { $0.name == name.text }) { return index }
    error(
      "E0313", "struct '\(program.structs[structure].name)' has no field '\(name.text)'", name.range,
      suggestion: suggestion(for: name.text, among: fields.map(\.name)))
    return nil
  }

  private func checkIndex(_ base: Expression, _ index: Expression, _ range: SourceRange) -> TypedExpression {
    if case .name(let name) = base.kind, case .kind(let kind)? = symbols[name.text],
      frame?.blocks.joined().contains(where: { $0.key == name.text }) != true
    {
      return processConstant(kind, name, index, range)
    }
    let typed = check(base)
    guard case .array(let element, let by) = typed.type else {
      if typed.type != .error { error("E0438", "\(describe(typed.type)) is not an array", base.range) }
      _ = check(index)
      return bad(range)
    }
    let position = coerce(check(index, expecting: by.type), to: indexType(by), allowNarrowing: true)
    if case .constant(let value) = position.kind, position.type.isInteger,
      !(by.lower..<by.lower + by.count).contains(value)
    {
      error("E0439", "index \(value) is outside of \(by.lower)..\(by.lower + by.count - 1)", index.range)
    }
    return TypedExpression(.element(typed, position), element, range)
  }

  private func indexType(_ index: Type.ArrayIndex) -> Type {
    if case .range = index.type { return .integer }
    return index.type
  }

  /// `user[1]`: allowed only if the processes of the kind are not declared interchangeable.
  private func processConstant(
    _ kind: Int, _ name: Name, _ index: Expression, _ range: SourceRange
  ) -> TypedExpression {
    let info = program.kinds[kind]
    guard let number = evaluateInteger(index) else { return bad(range) }
    if info.isSymmetric {
      error(
        "E0440", "'\(name.text)' is symmetric, so its processes cannot be told apart by number", range,
        suggestion: "quantify over \(name.text), or drop `symmetric`")
    }
    guard (0..<max(1, info.count)).contains(number) else {
      error("E0439", "there is no \(name.text)[\(number)]", range)
      return bad(range)
    }
    return TypedExpression(.constant(info.firstProcess + number + 1), .pointer(program.processStruct), range)
  }

  private func checkSetLiteral(
    _ elements: [Expression], _ range: SourceRange, _ expected: Type?
  ) -> TypedExpression {
    var elementType: Type?
    if case .set(let type)? = expected { elementType = type }
    var typed = elements.map { check($0, expecting: elementType) }
    if elements.isEmpty {
      return TypedExpression(.setLiteral([]), expected.flatMap { $0.isSet ? $0 : nil } ?? .emptySet, range)
    }
    guard let type = elementType ?? typed.first?.type, type != .error else { return bad(range) }
    if case .integer = type {
      error(
        "E0441", "the element type of this set is not known", range,
        suggestion: "assign it to a variable first")
      return bad(range)
    }
    typed = typed.map { coerce($0, to: type) }
    return TypedExpression(.setLiteral(typed), .set(type), range)
  }

  // MARK: Binders

  func withBinder(
    _ binder: Binder, isPick: Bool = false, _ body: (TypedBinder) -> TypedExpression
  ) -> TypedExpression {
    let (domain, elementType) = checkDomain(binder.domain, isPick: isPick)
    boundCount += 1
    let id = boundCount - 1
    bindings.append((binder.name.text, id, elementType))
    defer { bindings.removeLast() }
    let filter = binder.filter.map { checkCondition($0) }
    return body(
      TypedBinder(
        name: binder.name.text, id: id, elementType: elementType, domain: domain, filter: filter,
        range: binder.name.range))
  }
}
