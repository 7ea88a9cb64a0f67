import Diagnostics

/// What must stand somewhere, and where to go on if it does not.
extension Parser {
  /// Reads a token of this kind, or fails.
  @discardableResult
  mutating func expect(_ expected: TokenKind, _ purpose: String) -> Bool {
    if accept(expected) { return true }
    fail(.expected("`\(expected.rawValue)` \(purpose)", found: describeToken(), here))
    return false
  }

  /// Reads a name; `role` says of what ("of the process").
  ///
  /// A word of the language is diagnosed and taken as the name.
  mutating func expectName(_ role: String) -> Name {
    if kind.isName {
      let token = advance()
      return Name(text: text(token), range: range(of: token))
    }
    if kind.isReservedWord, kind != .in {
      report(.reservedWord(text(token), here))
      let token = advance()
      return Name(text: text(token), range: range(of: token))
    }
    fail(.expected("the name \(role)", found: describeToken(), here))
    return Name(text: "", range: SourceRange(file: file, start: here.start, end: here.start))
  }

  /// Reads a text in double quotes if one stands here.
  mutating func acceptString() -> StringLiteral? {
    guard at(.string) else { return nil }
    let token = advance()
    return StringLiteral(text: stringValue(source.bytes[token.start..<token.end]), range: range(of: token))
  }

  /// Reads a text in double quotes, or fails.
  mutating func expectString(_ purpose: String) -> StringLiteral {
    if let string = acceptString() { return string }
    fail(.expected("a text in double quotes \(purpose)", found: describeToken(), here))
    return StringLiteral(text: "", range: here)
  }

  /// The token here, for messages.
  func describeToken() -> String {
    switch kind {
    case .endOfFile: "the end of the file"
    case .string: "a text"
    default: token.end - token.start <= 40 ? "`\(text(token))`" : "something else"
    }
  }

  /// Reads the `;` that ends a statement or declaration.
  ///
  /// If the next token plainly begins something new, only the semicolon is missing and reading goes on.
  mutating func expectSemicolon(_ what: String) {
    if at(.semicolon) {
      advance()
      isPanicking = false
      return
    }
    guard !isPanicking else { return }
    let end = SourceRange(file: file, start: max(0, previousEnd - 1), end: previousEnd)
    let diagnostic = Diagnostic.missingSemicolon(what, found: describeToken(), end)
    if isOnNewLine || at(.rightBrace) || at(.endOfFile) || beginsStatement {
      if !followsLexicalError { report(diagnostic) }
    } else {
      fail(diagnostic)
    }
  }

  /// Reads the bracket that closes the one at `open`, or skips to it.
  mutating func closeBracket(_ closing: TokenKind, open: Token) {
    diagnoseAssignment()
    if accept(closing) {
      isPanicking = false
      return
    }
    fail(
      .unclosed(
        "`\(closing.rawValue)`", found: describeToken(), here,
        opening: text(open), at: range(of: open)))
    skipTo(closing)
  }

  /// `=` where an expression has ended inside brackets: `if (x = 1)`.
  private mutating func diagnoseAssignment() {
    while at(.assign) || compoundAssignment != nil {
      report(.assignmentInExpression(text(token), here))
      advance()
      _ = parseExpression()
    }
  }

  /// Skips to behind the bracket that closes what is open here, if it stands before the statement's end.
  private mutating func skipTo(_ closing: TokenKind) {
    var depth = 0
    var index = position
    // Whoever closes a bracket further away than this will hardly mean that one.
    search: while index < min(tokens.count, position + 1000) {
      switch tokens[index].kind {
      case .semicolon, .leftBrace, .rightBrace, .endOfFile: break search
      case .leftParen, .leftBracket: depth += 1
      case .rightParen, .rightBracket:
        if depth == 0 {
          guard tokens[index].kind == closing else { break search }
          position = index + 1
          isPanicking = false
          return
        }
        depth -= 1
      default: break
      }
      index += 1
    }
    if tokens[min(index, tokens.count - 1)].kind == .leftBrace, closing == .rightParen {
      position = index
      isPanicking = false
    }
  }

  /// Reads the `{` of a block.
  mutating func openBrace(_ purpose: String) -> Bool {
    if layout?.roles[position] != .functionBrace { note(.blockBrace) }
    // A block that is a statement of its own has its anchor from the list it stands in.
    if layout?.owner != position { noteAnchor(levels: 0) }
    return expect(.leftBrace, purpose)
  }

  /// Reads the colon of a label, a case or a property.
  mutating func expectLabelColon(_ purpose: String) {
    note(.labelColon)
    expect(.colon, purpose)
  }

  /// Reads the `}` that closes the brace at `open`.
  mutating func closeBrace(_ open: Token) {
    note(.blockBrace)
    noteAnchor(levels: 0)
    if accept(.rightBrace) {
      isPanicking = false
      return
    }
    fail(.unclosed("`}`", found: describeToken(), here, opening: "{", at: range(of: open)))
  }
}

// MARK: Places to go on

extension Parser {
  /// Whether the word here begins a statement and nothing else.
  var beginsStatement: Bool {
    switch kind {
    case .if, .while, .do, .for, .loop, .choose, .switch, .return, .break, .continue, .goto, .exit, .atomic,
      .case, .default, .else:
      true
    default: false
    }
  }

  /// Ends a panic in a statement list: moves behind the broken statement, which began at `start`.
  mutating func synchronizeStatement(from start: Int) {
    isPanicking = false
    while !at(.endOfFile), !at(.rightBrace), !beginsDeclarationLine {
      if position > start, beginsStatement, !at(.else) || peek() == .colon { return }
      switch kind {
      case .semicolon:
        advance()
        return
      case .leftBrace:
        skipBraces()
        if !at(.else) || peek() == .colon { return }
      default: advance()
      }
    }
  }

  /// Ends a panic between declarations: moves behind the broken declaration, which began at `start`.
  mutating func synchronizeDeclaration(from start: Int) {
    isPanicking = false
    while !at(.endOfFile) {
      if position > start, beginsDeclarationLine { return }
      switch kind {
      case .semicolon:
        advance()
        return
      case .leftBrace:
        skipBraces()
        _ = accept(.semicolon)
        return
      case .rightBrace:
        advance()
        _ = accept(.semicolon)
        return
      default: advance()
      }
    }
  }

  /// Moves behind the `}` that closes the brace here, or to the next declaration if it is missing.
  private mutating func skipBraces() {
    var depth = 0
    repeat {
      if at(.leftBrace) { depth += 1 }
      if at(.rightBrace) { depth -= 1 }
      advance()
    } while depth > 0 && !at(.endOfFile) && !beginsDeclarationLine
  }

  /// Whether a declaration begins here in the first column, where nobody begins a statement: then a brace before
  /// it was not closed.
  var beginsDeclarationLine: Bool {
    guard isAtLineStart else { return false }
    switch kind {
    case .spec, .param, .option, .const, .process, .invariant, .step, .reachable, .liveness, .scope, .expect:
      return peek().isName && peek(2) != .semicolon
    case .origin, .importWord: return peek() == .string
    case .initWord: return peek() == .leftBrace
    case .typedef: return peek() != .colon
    case .entry: return peek() != .colon && (peek().isName || peek().isReservedWord)
    case .enumWord, .flags: return peek().isName && peek(2) == .leftBrace
    case .struct: return [.leftBrace, .pool, .per].contains(peek(2)) || beginsFunction(after: 2)
    default: return (kind.isName || beginsBuiltInType) && beginsFunction(after: 1)
    }
  }

  /// Whether stars, a name and `(` stand `distance` tokens ahead.
  func beginsFunction(after distance: Int) -> Bool {
    let name = distance + starCount(from: distance)
    return peek(name).isName && peek(name + 1) == .leftParen
  }

  /// How many `*` stand in a row `distance` tokens ahead; more than a few are not counted.
  func starCount(from distance: Int) -> Int {
    var count = 0
    while count < 8, peek(distance + count) == .star { count += 1 }
    return count
  }
}
