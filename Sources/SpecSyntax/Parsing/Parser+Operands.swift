import Diagnostics

/// Prefix operators, postfix operators and atoms.
extension Parser {
  /// Reads prefix operators and their operand.
  ///
  /// A statement takes `x++` itself: it sets `leavesIncrement`.
  mutating func parsePrefix(leavesIncrement: Bool = false) -> Expression {
    let start = token.start
    switch kind {
    case .not, .minus, .tilde, .star, .ampersand, .increment, .decrement: break
    default:
      if isNotWord { break }
      return parsePostfix(leavesIncrement: leavesIncrement)
    }
    if kind != .identifier { note(.prefixOperator) }
    let sign = advance()
    let operand = nested(missingExpression) { $0.parsePrefix() }
    let range = range(from: start)
    switch sign.kind {
    case .not: return Expression(.prefix(.not, operand), range)
    case .minus: return Expression(.prefix(.negate, operand), range)
    case .tilde: return Expression(.prefix(.complement, operand), range)
    case .star: return Expression(.dereference(operand), range)
    case .ampersand:
      report(.strayAddressOf(range))
      return Expression(.addressOf(operand), range)
    case .increment, .decrement:
      report(.incrementInExpression(text(sign), range))
      return operand
    default:
      report(.operatorWord("not", write: "!", self.range(of: sign)))
      return Expression(.prefix(.not, operand), range)
    }
  }

  private var isNotWord: Bool {
    kind == .identifier && token.end - token.start == 3 && text(token) == "not"
      && (peek().isWordLike || peek() == .leftParen || peek() == .not)
  }

  /// Reads an atom and what follows it: members, indexes, a call.
  private mutating func parsePostfix(leavesIncrement: Bool) -> Expression {
    var result = parseAtom()
    while !isPanicking {
      let start = result.range.start
      switch kind {
      case .dot, .arrow:
        let isArrow = advance().kind == .arrow
        let member = expectName("of the field")
        result = Expression(isArrow ? .arrow(result, member) : .dot(result, member), range(from: start))
      case .leftBracket:
        let open = advance()
        let index = parseExpression()
        closeBracket(.rightBracket, open: open)
        result = Expression(.index(result, index), range(from: start))
      case .leftParen:
        report(.callOfExpression(result.range))
        _ = parseArguments()
      case .increment, .decrement:
        if leavesIncrement { return result }
        let sign = advance()
        report(.incrementInExpression(text(sign), range(from: start)))
      default: return result
      }
      countOperator()
    }
    return result
  }

  private mutating func parseAtom() -> Expression {
    let start = token
    let range = range(of: start)
    switch kind {
    case .integer:
      advance()
      return Expression(.integer(integerValue(start)), range)
    case .string: return Expression(.string(acceptString()?.text ?? ""), range)
    case .true, .false:
      advance()
      return Expression(.boolean(start.kind == .true), range)
    case .null:
      advance()
      return Expression(.null, range)
    case .current:
      advance()
      return Expression(.current, range)
    case .maybe:
      advance()
      return Expression(.maybe, range)
    case .any: return parseAny()
    case .forall, .exists: return parseQuantifier()
    case .count where peek().isName && peek(2) == .in: return parseQuantifier()
    case .old: return parseOld()
    case .leftParen: return parseParenthesized()
    case .leftBrace: return parseSetLiteral()
    case .struct where peek().isName:
      advance()
      report(.structInExpression(text(token), self.range(from: start.start).union(here)))
      return parseNameOrCall()
    case .bool, .u8, .u16, .u32, .u64: return parseNameOrCall()
    default:
      if kind.isName { return parseNameOrCall() }
      fail(.expectedExpression(found: describeToken(), here))
      return missingExpression
    }
  }

  private func integerValue(_ token: Token) -> UInt64 {
    if case .value(let value) = integerLiteral(source.bytes[token.start..<token.end]) { value } else { 0 }
  }

  private mutating func parseNameOrCall() -> Expression {
    let token = advance()
    let name = Name(text: text(token), range: range(of: token))
    if at(.leftParen) {
      let arguments = parseArguments()
      return Expression(.call(name, arguments), range(from: token.start))
    }
    if name.text == "NULL" {
      report(.nullWord(name.range))
      return Expression(.null, name.range)
    }
    return Expression(.name(name), name.range)
  }

  private mutating func parseArguments() -> [Expression.Argument] {
    note(.callParenthesis)
    let open = advance()
    var arguments: [Expression.Argument] = []
    while !at(.rightParen), !isPanicking {
      arguments.append(parseArgument())
      guard accept(.comma) else { break }
    }
    closeBracket(.rightParen, open: open)
    return arguments
  }

  private mutating func parseArgument() -> Expression.Argument {
    switch kind {
    case .struct, .set, .void, .mutex, .spinlock, .rwsem, .refcount:
      return .type(parseType())
    case .ampersand:
      note(.prefixOperator)
      let start = advance().start
      let operand = nested(missingExpression) { $0.parsePrefix() }
      return .value(Expression(.addressOf(operand), range(from: start)))
    default:
      if kind.isForeignType { return .type(parseType()) }
      return .value(parseExpression())
    }
  }

  private mutating func parseOld() -> Expression {
    let start = advance().start
    let open = token
    note(.callParenthesis)
    guard expect(.leftParen, "after `old`") else { return missingExpression }
    let operand = parseExpression()
    closeBracket(.rightParen, open: open)
    return Expression(.old(operand), range(from: start))
  }

  private mutating func parseParenthesized() -> Expression {
    if let cast = parseCast() { return cast }
    let open = advance()
    let inner = parseExpression()
    closeBracket(.rightParen, open: open)
    return Expression(.parenthesized(inner), range(from: open.start))
  }

  private mutating func parseSetLiteral() -> Expression {
    note(.setBrace)
    let open = advance()
    var elements: [Expression] = []
    while !at(.rightBrace), !isPanicking {
      elements.append(parseExpression())
      guard accept(.comma) else { break }
    }
    note(.setBrace)
    closeBracket(.rightBrace, open: open)
    return Expression(.setLiteral(elements), range(from: open.start))
  }
}

// MARK: Casts

extension Parser {
  /// `(type)x` is diagnosed and read as `x`.
  private mutating func parseCast() -> Expression? {
    guard let length = castLength() else { return nil }
    let start = token.start
    let word = peek()
    for _ in 0..<length { advance() }
    report(.cast(isWord: [.u8, .u16, .u32, .u64].contains(word), word.rawValue, range(from: start)))
    return nested(missingExpression) { $0.parsePrefix() }
  }

  /// The number of tokens of the cast here, with its parentheses.
  private func castLength() -> Int? {
    var index = 1
    let isPlainName = kind == .leftParen && peek().isName && ![.enumWord, .flags, .count].contains(peek())
    if peek() == .struct || ([.enumWord, .flags].contains(peek()) && peek(2).isName) {
      index = 3
    } else if isPlainName || isTypeWord(peek()) {
      index = 2
    } else {
      return nil
    }
    while isTypeWord(peek(index)), index < 8 { index += 1 }
    let stars = starCount(from: index)
    guard peek(index + stars) == .rightParen else { return nil }
    let next = peek(index + stars + 1)
    let isOperand = next.isName || next == .integer || [.null, .current, .true, .false].contains(next)
    guard isPlainName, stars == 0 else { return isOperand || next == .leftParen ? index + stars + 1 : nil }
    return isOperand && !isOperatorWord(index + 1) ? index + 1 : nil
  }

  private func isTypeWord(_ kind: TokenKind) -> Bool {
    switch kind {
    case .bool, .void, .u8, .u16, .u32, .u64: true
    default: kind.isForeignType
    }
  }

  /// `(a) and (b)` is no cast, nor is what a contextual word follows: `(a) where c`.
  private func isOperatorWord(_ distance: Int) -> Bool {
    let token = tokens[min(position + distance, tokens.count - 1)]
    switch token.kind {
    case .identifier: return ["and", "or"].contains(text(token))
    case .integer: return false
    default: return token.kind.isName
    }
  }
}
