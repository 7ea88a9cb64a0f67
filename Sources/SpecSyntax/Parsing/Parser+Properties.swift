import Diagnostics

/// Processes, properties, scopes and expectations.
extension Parser {
  /// Reads `process NAME [count] symmetric daemon environment @ "text" { ... }`.
  mutating func parseProcess() -> Declaration.Kind {
    advance()
    let name = expectName("of the process")
    var count: Expression?
    if at(.leftBracket) {
      let open = advance()
      count = parseExpression()
      closeBracket(.rightBracket, open: open)
    }
    var words: Set<TokenKind> = []
    while [.symmetric, .daemon, .environment].contains(kind), !isPanicking { words.insert(advance().kind) }
    let origin = parseOriginMark()
    let body = parseBlock("before the statements of the process")
    return .process(
      ProcessDeclaration(
        name: name, count: count, isSymmetric: words.contains(.symmetric), isDaemon: words.contains(.daemon),
        isEnvironment: words.contains(.environment), origin: origin, body: body))
  }

  /// Reads `init { ... }`.
  mutating func parseInitial() -> Declaration.Kind {
    advance()
    return .initial(parseBlock("after `init`"))
  }

  /// Reads `invariant NAME "text": e;` and its relatives.
  mutating func parseProperty(_ group: PropertyDeclaration.Group) -> Declaration.Kind {
    advance()
    let name = expectName("of the property")
    let documentation = acceptString()
    expectLabelColon("before the condition")
    let body = parseExpression()
    expectSemicolon("`\(group.rawValue)`")
    return .property(
      PropertyDeclaration(group: group, name: name, documentation: documentation, body: body))
  }

  /// Reads `scope NAME on_request symbolic { PARAM = value; ... }`.
  mutating func parseScope() -> Declaration.Kind {
    advance()
    let name = expectName("of the scope")
    var words: Set<TokenKind> = []
    while [.onRequest, .symbolic].contains(kind), !isPanicking { words.insert(advance().kind) }
    let open = token
    var settings: [(name: Name, value: Expression)] = []
    if openBrace("before the settings") {
      while !at(.rightBrace), !at(.endOfFile), !beginsDeclarationLine {
        let start = position
        noteAnchor(levels: 1)
        let parameter = expectName("of a parameter or option")
        let value = isPanicking ? missingExpression : parseValue()
        settings.append((parameter, value))
        expectSemicolon("a setting")
        if isPanicking { synchronizeStatement(from: start) }
        if position == start { advance() }
      }
      closeBrace(open)
    }
    return .scope(
      ScopeDeclaration(
        name: name, isOnRequest: words.contains(.onRequest), isSymbolic: words.contains(.symbolic),
        settings: settings))
  }

  /// Reads `expect holds lock.* in small, large when !FIX;`.
  mutating func parseExpect() -> Declaration.Kind {
    advance()
    let outcome = parseOutcome()
    let property = isPanicking ? Name(text: "", range: here) : parsePropertyName()
    var scopes: [Name] = []
    if accept(.in) {
      repeat { scopes.append(expectName("of a scope")) } while !isPanicking && accept(.comma)
    }
    let condition = accept(.when) ? parseExpression() : nil
    expectSemicolon("`expect`")
    return .expect(
      ExpectDeclaration(outcome: outcome, property: property, scopes: scopes, condition: condition))
  }

  private mutating func parseOutcome() -> ExpectDeclaration.Outcome {
    switch kind {
    case .holds, .violated, .unknown:
      return ExpectDeclaration.Outcome(rawValue: text(advance())) ?? .holds
    default:
      fail(.expected("`holds`, `violated` or `unknown`", found: describeToken(), here))
      return .holds
    }
  }

  /// Reads `name`, `group.name`, `group.*` or `*`; parts may be words of the language: `lifetime.null`.
  private mutating func parsePropertyName() -> Name {
    let start = token.start
    var parts: [String] = []
    repeat {
      guard at(.star) || kind.isName || kind.isReservedWord else {
        fail(.expected("the name of a property, `group.*` or `*`", found: describeToken(), here))
        break
      }
      parts.append(text(advance()))
    } while parts.last != "*" && accept(.dot)
    return Name(text: parts.joined(separator: "."), range: range(from: start))
  }
}
