import SpecSemantics

/// Who touches what, found by one walk over the code (properties and `init` do not count).
///
/// Decides which accesses make a step: a variable that no statement writes is a constant, and a field of the
/// `per process` struct that everyone reaches only through `current` is as good as a local.
struct Usage {
  /// Globals that some statement writes.
  private(set) var writtenGlobals = Set<Int>()
  /// Fields that some statement writes.
  private(set) var writtenFields = Set<Field>()
  /// Fields of the process struct that some process reaches in another.
  private(set) var foreignFields = Set<Int>()
  /// Functions that take or release locks, themselves or through calls.
  private(set) var lockingFunctions = Set<Int>()
  private let program: TypedProgram

  struct Field: Hashable {
    let structure: Int
    let field: Int
  }

  init(_ program: TypedProgram) {
    self.program = program
    for kind in program.kinds { scan(kind.body) }
    for function in program.functions { scan(function.body) }
    findLockingFunctions()
  }

  private mutating func findLockingFunctions() {
    var callees: [Int: Set<Int>] = [:]
    for (index, function) in program.functions.enumerated() {
      var calls = Set<Int>()
      var locks = false
      Self.expressions(of: function.body) { expression in
        expression.visit { part in
          if case .call(let callee, _) = part.kind { calls.insert(callee) }
          if case .builtin(let builtin, let arguments) = part.kind, !builtin.isPure,
            arguments.first?.type.isLock == true
          {
            locks = true
          }
        }
      }
      callees[index] = calls
      if locks { lockingFunctions.insert(index) }
    }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (index, calls) in callees
      where !lockingFunctions.contains(index) && !calls.isDisjoint(with: lockingFunctions) {
        lockingFunctions.insert(index)
        hasChanged = true
      }
    }
  }

  private mutating func scan(_ body: [TypedStatement]) {
    var found: [TypedExpression] = []
    Self.expressions(of: body) { found.append($0) }
    for expression in found { expression.visit { part in self.note(part) } }
    Self.assignments(of: body) { self.write($0) }
  }

  private mutating func note(_ part: TypedExpression) {
    switch part.kind {
    case .objectField(let base, let structure, let field):
      if structure == program.processStruct {
        if case .current = base.kind {} else { foreignFields.insert(field) }
      }
    case .call(let index, let arguments):
      for (argument, parameter) in zip(arguments, program.functions[index].locals) where parameter.isReference
      {
        write(argument)
      }
    case .builtin(let builtin, let arguments):
      if !builtin.isPure, let first = arguments.first, first.type.isLock || first.type == .refcount {
        write(first)
      }
    default: break
    }
  }

  private mutating func write(_ place: TypedExpression) {
    switch place.kind {
    case .global(let index): writtenGlobals.insert(index)
    case .objectField(_, let structure, let field):
      writtenFields.insert(Field(structure: structure, field: field))
    case .valueField(let base, _, _), .element(let base, _): write(base)
    default: break
    }
  }

  private static func assignments(of body: [TypedStatement], _ visit: (TypedExpression) -> Void) {
    statements(of: body) { statement in
      if case .assign(let place, _) = statement.kind { visit(place) }
    }
  }

  /// Calls `visit` for every expression that stands directly in a statement.
  static func expressions(of body: [TypedStatement], _ visit: (TypedExpression) -> Void) {
    statements(of: body) { statement in
      switch statement.kind {
      case .declare(_, let value): value.map(visit)
      case .assign(let place, let value):
        visit(place)
        visit(value)
      case .evaluate(let value), .ifElse(let value, _, _), .whileLoop(let value, _), .doWhile(_, let value):
        visit(value)
      case .forEach(let binder, _, _): binder.visit(visit)
      case .choose(let cases, _): cases.forEach { $0.guardExpression.map(visit) }
      case .switchOn(let value, let cases, _):
        visit(value)
        cases.forEach { $0.values.forEach(visit) }
      case .returnValue(let value): value.map(visit)
      case .loop, .block, .atomic, .breakLoop, .continueLoop, .goto, .label, .exit: break
      }
    }
  }

  /// Calls `visit` for every statement, nested ones included.
  static func statements(of body: [TypedStatement], _ visit: (TypedStatement) -> Void) {
    for statement in body {
      visit(statement)
      switch statement.kind {
      case .ifElse(_, let then, let otherwise):
        statements(of: then, visit)
        statements(of: otherwise ?? [], visit)
      case .whileLoop(_, let body), .doWhile(let body, _), .forEach(_, _, let body), .loop(let body),
        .block(let body),
        .atomic(let body):
        statements(of: body, visit)
      case .choose(let cases, let otherwise):
        cases.forEach { statements(of: $0.body, visit) }
        statements(of: otherwise ?? [], visit)
      case .switchOn(_, let cases, let otherwise):
        cases.forEach { statements(of: $0.body, visit) }
        statements(of: otherwise ?? [], visit)
      default: break
      }
    }
  }
}
