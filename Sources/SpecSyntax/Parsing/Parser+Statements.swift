import Diagnostics

/// Statements and blocks.
extension Parser {
  /// Reads `{ ... }`.
  mutating func parseBlock(_ purpose: String) -> [Statement] {
    let open = token
    guard openBrace(purpose) else { return [] }
    isPanicking = false
    let statements = parseStatements(endsAtCase: false)
    closeBrace(open)
    return statements
  }

  /// Reads statements up to `}` or, in `choose` and `switch`, up to the next case.
  mutating func parseStatements(endsAtCase: Bool) -> [Statement] {
    var statements: [Statement] = []
    while !at(.endOfFile), !at(.rightBrace), !beginsDeclarationLine {
      if endsAtCase, beginsCase { break }
      let start = position
      noteAnchor(levels: 1)
      owning { $0.parseStatement(into: &statements) }
      if isPanicking { synchronizeStatement(from: start) }
      if position == start { advance() }
    }
    return statements
  }

  /// Whether a case of a `choose` or `switch` begins here.
  var beginsCase: Bool {
    at(.case) || at(.default) || (at(.else) && peek() == .colon)
  }

  /// Reads one statement; a declaration of several variables gives several.
  private mutating func parseStatement(into statements: inout [Statement]) {
    if beginsLocalDeclaration {
      parseLocalDeclaration(into: &statements)
    } else {
      statements.append(parseStatement())
    }
  }

  /// Reads the statement that an `if` or a loop governs.
  mutating func parseGoverned() -> Statement {
    if isPanicking { return Statement(.empty, here) }
    let start = token.start
    var statements: [Statement] = []
    if at(.leftBrace) {
      nested(()) { $0.parseStatement(into: &statements) }
    } else {
      noteAnchor(levels: 1)
      nested(()) { parser in parser.owning { $0.parseStatement(into: &statements) } }
    }
    return statements.count == 1 ? statements[0] : Statement(.block(statements), range(from: start))
  }

  private mutating func parseStatement() -> Statement {
    let start = token.start
    let kind = nested(Statement.Kind.empty) { $0.parseStatementKind() }
    return Statement(kind, range(from: start))
  }

  private mutating func parseStatementKind() -> Statement.Kind {
    switch kind {
    case .semicolon:
      advance()
      return .empty
    case .leftBrace: return .block(parseBlock("before the statements"))
    case .if: return parseIf()
    case .while: return parseWhile()
    case .do: return parseDo()
    case .for: return parseFor()
    case .loop:
      advance()
      return .loop(parseGoverned())
    case .choose: return parseChoose()
    case .switch: return parseSwitch()
    case .atomic:
      advance()
      return .atomic(parseBlock("after `atomic`"))
    case .return, .break, .continue, .goto, .exit: return parseJump()
    case .else:
      fail(.strayElse(here))
      return .empty
    case .case, .default:
      fail(.strayCase(text(token), here))
      return .empty
    default:
      if kind.isName, peek() == .colon { return parseLabel() }
      return parseSimpleStatement()
    }
  }

  private mutating func parseLabel() -> Statement.Kind {
    note(.gotoLabel)
    let name = expectName("of the label")
    expectLabelColon("after a label")
    return .label(name)
  }

  private mutating func parseJump() -> Statement.Kind {
    let word = advance().kind
    let result: Statement.Kind
    switch word {
    case .return: result = .returnValue(at(.semicolon) || endsStatement ? nil : parseExpression())
    case .break: result = .breakLoop
    case .continue: result = .continueLoop
    case .goto: result = .goto(expectName("of the label"))
    default: result = .exit
    }
    expectSemicolon("`\(word.rawValue)`")
    return result
  }

  /// `return` at the end of a line without its semicolon.
  private var endsStatement: Bool { at(.rightBrace) || at(.endOfFile) || (isOnNewLine && beginsStatement) }
}

// MARK: Conditions and loops

extension Parser {
  /// Reads `(c)` after `word`.
  mutating func parseCondition(after word: TokenKind) -> Expression {
    let open = token
    guard accept(.leftParen) else {
      report(.missingParentheses(word.rawValue, here))
      return parseExpression()
    }
    let condition = parseExpression()
    closeBracket(.rightParen, open: open)
    return condition
  }

  private mutating func parseIf() -> Statement.Kind {
    advance()
    let condition = parseCondition(after: .if)
    let then = parseGoverned()
    guard !isPanicking, at(.else), peek() != .colon else {
      return .ifElse(condition, then: then, otherwise: nil)
    }
    noteAnchor(levels: 0)
    advance()
    return .ifElse(condition, then: then, otherwise: parseGoverned())
  }

  private mutating func parseWhile() -> Statement.Kind {
    advance()
    let condition = parseCondition(after: .while)
    return .whileLoop(condition, body: parseGoverned())
  }

  private mutating func parseDo() -> Statement.Kind {
    advance()
    let body = parseGoverned()
    noteAnchor(levels: 0)
    guard !isPanicking, expect(.while, "after the body of `do`") else {
      return .doWhile(body: body, missingExpression)
    }
    let condition = parseCondition(after: .while)
    expectSemicolon("`do … while (…)`")
    return .doWhile(body: body, condition)
  }

  private mutating func parseFor() -> Statement.Kind {
    advance()
    let open = token
    guard expect(.leftParen, "after `for`") else { return .empty }
    guard peek() == .in || at(.in) else { return parseForeignFor(open) }
    let binder = parseBinder()
    closeBracket(.rightParen, open: open)
    return .forEach(binder, body: parseGoverned())
  }

  /// The three-part `for` of C is diagnosed; its body is read for the errors in it.
  private mutating func parseForeignFor(_ open: Token) -> Statement.Kind {
    let isEndless = at(.semicolon) && peek() == .semicolon && peek(2) == .rightParen
    let variable = foreignLoopVariable()
    var depth = 1
    while depth > 0, !at(.endOfFile), !at(.leftBrace), !at(.rightBrace) {
      if at(.leftParen) { depth += 1 }
      if at(.rightParen) { depth -= 1 }
      advance()
    }
    let head = range(from: open.start)
    if isEndless {
      report(.endlessFor(head))
      return .loop(parseGoverned())
    }
    report(.foreignFor(variable.text, head))
    let missing = DomainSyntax.named(Expression(.missing, head))
    return .forEach(Binder(name: variable, domain: missing, filter: nil), body: parseGoverned())
  }

  /// The name before the first `=`, if the head of a C loop has one.
  private func foreignLoopVariable() -> Name {
    for index in position..<min(position + 6, tokens.count - 1)
    where tokens[index].kind.isName && tokens[index + 1].kind == .assign {
      return Name(text: text(tokens[index]), range: range(of: tokens[index]))
    }
    return Name(text: "i", range: here)
  }
}

// MARK: Declarations, assignments, calls

extension Parser {
  /// Whether the statement here declares variables.
  private var beginsLocalDeclaration: Bool {
    if beginsBuiltInType { return true }
    switch kind {
    case .integer, .minus: return true
    case .enumWord, .flags: if peek().isName { return true }
    case .const: return peek().isName || peek().isReservedWord
    default: break
    }
    guard kind.isName else { return false }
    let stars = starCount(from: 1)
    return peek(1 + stars).isName || peek() == .span
  }

  private mutating func parseLocalDeclaration(into statements: inout [Statement]) {
    let start = token.start
    let type = parseType()
    guard !isPanicking else { return }
    finishLocalDeclaration(type, start: start, into: &statements)
  }

  private mutating func finishLocalDeclaration(
    _ type: TypeSyntax, start: Int, into statements: inout [Statement]
  ) {
    if beginsFunction(after: 0) { return fail(.nestedFunction(here)) }
    let options: DeclaratorOptions = [.initializer, .several]
    let variables = parseDeclarators(type, start: start, role: "of the variable", options)
    if at(.guardedBy) { fail(.guardedLocal(here)) }
    expectSemicolon("a declaration")
    statements += variables.map { Statement(.declaration($0), $0.range) }
  }

  /// Reads an assignment, `x++`, a call, or a declaration whose range type begins like an expression.
  private mutating func parseSimpleStatement() -> Statement.Kind {
    let firstToken = position
    operatorCount = 0
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    if at(.increment) || at(.decrement) {
      note(.prefixOperator)
      let up = advance().kind == .increment
      let target = parsePrefix()
      expectSemicolon("a statement")
      return .increment(target: target, up: up)
    }
    let first = parsePrefix(leavesIncrement: true)
    if at(.increment) || at(.decrement), !isPanicking {
      note(.postfixOperator)
      let up = advance().kind == .increment
      expectSemicolon("a statement")
      return .increment(target: first, up: up)
    }
    if let operation = assignmentOperator() {
      return parseAssignment(operation, target: first)
    }
    let whole = parseConditional(parseInfix(1, from: first))
    if at(.span), !isPanicking { return parseSpanDeclaration(low: whole, first: firstToken) }
    if at(.assign) || compoundAssignment != nil, !isPanicking { return parseOddAssignment(whole) }
    if case .infix(.equal, _, _) = whole.kind { report(.comparisonStatement(whole.range)) }
    expectSemicolon("a statement")
    return .expression(whole)
  }

  private mutating func parseAssignment(
    _ operation: AssignmentOperator, target: Expression
  ) -> Statement.Kind {
    advance()
    let value = parseExpression()
    diagnoseChainedAssignment()
    expectSemicolon("an assignment")
    return .assignment(operation, target: target, value: value)
  }

  /// `a + b = c`: the left side is no place to assign to.
  private mutating func parseOddAssignment(_ target: Expression) -> Statement.Kind {
    report(.oddAssignment(target.range))
    return parseAssignment(.set, target: target)
  }

  /// Reads the rest of `N - 1..N x;`.
  private mutating func parseSpanDeclaration(low: Expression, first: Int) -> Statement.Kind {
    let start = low.range.start
    let type = parseSpanType(from: low, first: first)
    var statements: [Statement] = []
    if !isPanicking { finishLocalDeclaration(type, start: start, into: &statements) }
    return statements.count == 1 ? statements[0].kind : .block(statements)
  }

  /// The assignment operator here; those that the language lacks are diagnosed and read as `=`.
  private mutating func assignmentOperator() -> AssignmentOperator? {
    guard !isPanicking else { return nil }
    if at(.assign) { return .set }
    guard let spelling = compoundAssignment else { return nil }
    if let operation = AssignmentOperator(rawValue: spelling) { return operation }
    report(.unknownAssignment(spelling, here))
    return .set
  }

  /// The spelling of the compound assignment here, also of those that only C has.
  var compoundAssignment: String? {
    switch kind {
    case .addAssign, .subtractAssign, .orAssign, .andAssign, .xorAssign, .multiplyAssign, .divideAssign,
      .remainderAssign, .shiftLeftAssign, .shiftRightAssign:
      kind.rawValue
    default: nil
    }
  }
}
