import Diagnostics

/// `choose` and `switch`.
extension Parser {
  /// Reads `choose { case: ... case c: ... else: ... }`.
  mutating func parseChoose() -> Statement.Kind {
    let word = advance()
    let open = token
    var cases: [ChooseStatement.Case] = []
    var otherwise: ChooseStatement.Otherwise?
    guard openBrace("after `choose`") else {
      return .choose(ChooseStatement(cases: [], otherwise: nil))
    }
    while !at(.rightBrace), !at(.endOfFile), !beginsDeclarationLine {
      let start = position
      if at(.case) {
        if otherwise != nil { report(.caseAfterElse(here)) }
        cases.append(parseChooseCase())
      } else if at(.default) || at(.else) {
        if otherwise != nil { report(.secondElse(here)) }
        otherwise = parseOtherwise()
      } else {
        skipLooseStatements("choose")
      }
      if isPanicking { synchronizeStatement(from: start) }
      if position == start { advance() }
    }
    closeBrace(open)
    diagnoseChoose(cases, otherwise, range(of: word))
    return .choose(ChooseStatement(cases: cases, otherwise: otherwise))
  }

  private mutating func diagnoseChoose(
    _ cases: [ChooseStatement.Case], _ otherwise: ChooseStatement.Otherwise?, _ range: SourceRange
  ) {
    if cases.isEmpty {
      report(.emptyChoose(range))
    } else if otherwise == nil, cases.allSatisfy({ $0.guardExpression != nil }) {
      report(.guardedChoose(range))
    } else if otherwise != nil, cases.contains(where: { $0.guardExpression == nil }) {
      report(.uselessElse(range))
    }
  }

  private mutating func parseChooseCase() -> ChooseStatement.Case {
    let start = token.start
    noteCase()
    let (condition, body) = owning { parser in
      parser.advance()
      let condition = parser.at(.colon) ? nil : parser.parseExpression()
      parser.expectLabelColon("after the condition of the case")
      if parser.isPanicking { parser.synchronizeLabel() }
      return (condition, parser.parseStatements(endsAtCase: true))
    }
    return ChooseStatement.Case(guardExpression: condition, body: body, range: range(from: start))
  }

  private mutating func parseOtherwise() -> ChooseStatement.Otherwise {
    if at(.default) { report(.defaultInChoose(here)) }
    noteCase()
    return owning { parser in
      parser.advance()
      parser.expectLabelColon("after `else`")
      guard parser.at(.wait), parser.peek() == .semicolon else {
        return .run(parser.parseStatements(endsAtCase: true))
      }
      parser.noteAnchor(levels: 1)
      parser.advance()
      parser.advance()
      return .wait
    }
  }

  private mutating func noteCase() {
    note(.caseLabel)
    noteAnchor(levels: 0)
  }

  /// After an error in the head of a case: goes on behind its colon, if that is near.
  private mutating func synchronizeLabel() {
    var index = position
    while index < tokens.count, ![.semicolon, .leftBrace, .rightBrace].contains(tokens[index].kind) {
      if tokens[index].kind == .colon {
        position = index + 1
        isPanicking = false
        return
      }
      index += 1
      if index > position + 20 { return }
    }
  }

  /// Statements before the first `case` are diagnosed once and dropped.
  private mutating func skipLooseStatements(_ word: String) {
    report(.statementBeforeCase(word, here))
    _ = parseStatements(endsAtCase: true)
  }
}

// MARK: switch

extension Parser {
  /// Reads `switch (e) { case A: ... break; default: ... }`.
  mutating func parseSwitch() -> Statement.Kind {
    advance()
    let subject = parseCondition(after: .switch)
    let open = token
    guard openBrace("after the value of `switch`") else { return .switchOn(subject, []) }
    var cases: [SwitchCase] = []
    while !at(.rightBrace), !at(.endOfFile), !beginsDeclarationLine {
      let start = position
      if at(.case) || at(.default) {
        cases.append(parseSwitchCase())
      } else {
        skipLooseStatements("switch")
      }
      if isPanicking { synchronizeStatement(from: start) }
      if position == start { advance() }
    }
    closeBrace(open)
    return .switchOn(subject, cases)
  }

  /// Reads `case A: case B: statements`.
  private mutating func parseSwitchCase() -> SwitchCase {
    let start = token
    var values: [Expression] = []
    var isDefault = false
    let owner = layout?.owner
    while at(.case) || at(.default) {
      layout?.owner = owner
      noteCase()
      layout?.owner = position
      if advance().kind == .default { isDefault = true } else { values.append(parseExpression()) }
      expectLabelColon("after the value of the case")
      if isPanicking { synchronizeLabel() }
      guard !isPanicking else { break }
    }
    let label = range(from: start.start)
    let body = parseStatements(endsAtCase: true)
    layout?.owner = owner
    let (kept, problems) = SwitchBody.check(body, label: label)
    for problem in problems { report(problem) }
    return SwitchCase(values: values, isDefault: isDefault, body: kept, range: range(from: start.start))
  }
}
