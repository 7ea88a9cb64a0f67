import SpecSyntax

/// A short text form of trees, for the expectations of tests.
enum Outline {
  static func of(_ expression: Expression) -> String {
    switch expression.kind {
    case .integer(let value): "\(value)"
    case .string(let text): "\"\(text)\""
    case .boolean(let value): "\(value)"
    case .null: "null"
    case .current: "current"
    case .maybe: "maybe"
    case .name(let name): name.text
    case .prefix(let sign, let operand): "(\(sign.rawValue) \(of(operand)))"
    case .infix(let infix, let left, let right): "(\(infix.rawValue) \(of(left)) \(of(right)))"
    case .conditional(let test, let first, let second): "(? \(of(test)) \(of(first)) \(of(second)))"
    case .addressOf(let operand): "(addr \(of(operand)))"
    case .dereference(let operand): "(deref \(of(operand)))"
    case .dot(let base, let member): "\(of(base)).\(member.text)"
    case .arrow(let base, let member): "\(of(base))->\(member.text)"
    case .index(let base, let index): "\(of(base))[\(of(index))]"
    case .call(let name, let arguments): "\(name.text)(\(arguments.map(of).joined(separator: ", ")))"
    case .any(let binder): "(any \(of(binder)))"
    case .quantified(let keyword, let binder, let body): "(\(keyword.rawValue) \(of(binder)) : \(of(body)))"
    case .old(let operand): "(old \(of(operand)))"
    case .setLiteral(let elements): "{\(elements.map(of).joined(separator: ", "))}"
    case .parenthesized(let inner): of(inner)
    case .missing: "?missing"
    }
  }

  static func of(_ argument: Expression.Argument) -> String {
    switch argument {
    case .value(let value): of(value)
    case .type(let type): "type \(of(type))"
    }
  }

  static func of(_ binder: Binder) -> String {
    let domain =
      switch binder.domain {
      case .span(let low, let high): "\(of(low))..\(of(high))"
      case .named(let expression): of(expression)
      }
    return "\(binder.name.text) in \(domain)" + (binder.filter.map { " where \(of($0))" } ?? "")
  }

  static func of(_ type: TypeSyntax) -> String {
    switch type.kind {
    case .void: "void"
    case .named(let name): name.text
    case .structure(let name): "struct \(name.text)"
    case .tagged(let name): "tagged \(name.text)"
    case .span(let low, let high): "\(of(low))..\(of(high))"
    case .set(let element, let depth): "set of \(of(element))\(String(repeating: "*", count: depth))"
    case .missing: "?missing"
    }
  }

  static func of(_ variable: VariableDeclaration) -> String {
    let stars = String(repeating: "*", count: variable.pointerDepth)
    let bounds = variable.dimensions.map { "[\(of($0))]" }.joined()
    let value = variable.initializer.map { " = \(of($0))" } ?? ""
    let lock = variable.guardedBy.map { " guarded_by \(of($0))" } ?? ""
    return "\(of(variable.type)) \(stars)\(variable.name.text)\(bounds)\(lock)\(value)"
  }

  static func of(_ statements: [Statement]) -> String {
    statements.map(of).joined(separator: "; ")
  }

  static func of(_ statement: Statement) -> String {
    switch statement.kind {
    case .declaration(let variable): of(variable)
    case .assignment(let sign, let target, let value): "\(of(target)) \(sign.rawValue) \(of(value))"
    case .increment(let target, let up): of(target) + (up ? "++" : "--")
    case .expression(let expression): of(expression)
    case .ifElse(let test, let then, let otherwise):
      "if \(of(test)) {\(of(then))}" + (otherwise.map { " else {\(of($0))}" } ?? "")
    case .whileLoop(let test, let body): "while \(of(test)) {\(of(body))}"
    case .doWhile(let body, let test): "do {\(of(body))} while \(of(test))"
    case .forEach(let binder, let body): "for \(of(binder)) {\(of(body))}"
    case .loop(let body): "loop {\(of(body))}"
    case .choose(let choice): "choose {\(of(choice))}"
    case .switchOn(let subject, let cases):
      "switch \(of(subject)) {\(cases.map(of).joined(separator: " | "))}"
    case .block(let statements): "{\(of(statements))}"
    case .atomic(let statements): "atomic {\(of(statements))}"
    case .returnValue(let value): "return" + (value.map { " \(of($0))" } ?? "")
    case .breakLoop: "break"
    case .continueLoop: "continue"
    case .goto(let label): "goto \(label.text)"
    case .label(let label): "\(label.text):"
    case .exit: "exit"
    case .empty: ""
    }
  }

  private static func of(_ choice: ChooseStatement) -> String {
    var parts = choice.cases.map { ($0.guardExpression.map(of) ?? "") + ": " + of($0.body) }
    switch choice.otherwise {
    case .run(let statements)?: parts.append("else: " + of(statements))
    case .wait?: parts.append("else: wait")
    case nil: break
    }
    return parts.joined(separator: " | ")
  }

  private static func of(_ part: SwitchCase) -> String {
    (part.values.map(of) + (part.isDefault ? ["default"] : [])).joined(separator: ", ") + ": " + of(part.body)
  }
}
