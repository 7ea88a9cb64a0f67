import Diagnostics

/// Types and declarators.
extension Parser {
  /// Whether the token here is a word that only begins types.
  var beginsBuiltInType: Bool {
    switch kind {
    case .struct, .set, .bool, .void, .mutex, .spinlock, .rwsem, .refcount: true
    case .u8, .u16, .u32, .u64: peek() != .leftParen
    default: kind.isForeignType || kind.isForeignQualifier
    }
  }

  /// Reads a type without the stars and bounds of its declarator.
  mutating func parseType() -> TypeSyntax {
    skipQualifiers()
    let start = token
    switch kind {
    case .void:
      advance()
      return TypeSyntax(.void, range(of: start))
    case .bool, .u8, .u16, .u32, .u64, .mutex, .spinlock, .rwsem, .refcount: return parseNamedType()
    case .struct:
      advance()
      return TypeSyntax(.structure(expectName("of the struct")), range(from: start.start))
    case .set: return parseSetType()
    case .enumWord, .flags:
      guard peek().isName, peek(2).isName || peek(2) == .star else { return parseNamedType() }
      advance()
      return TypeSyntax(.tagged(expectName("of the type")), range(from: start.start))
    case .integer, .minus, .leftParen, .tilde: return parseSpanType()
    default: break
    }
    if kind.isForeignType { return parseForeignType() }
    if kind.isName { return beginsSpan ? parseSpanType() : parseNamedType() }
    fail(.expected("a type", found: describeToken(), here))
    return TypeSyntax(.missing, here)
  }

  private mutating func parseNamedType() -> TypeSyntax {
    let token = advance()
    return TypeSyntax(.named(Name(text: text(token), range: range(of: token))), range(of: token))
  }

  /// `N..`, `N - 1..` and the like begin a range; `N x` and `N *x` do not.
  private var beginsSpan: Bool {
    switch peek() {
    case .span, .plus, .minus, .slash, .percent, .shiftLeft, .shiftRight, .leftParen, .dot, .leftBracket: true
    case .star:
      peek(2) == .integer || (peek(2).isName && [.span, .plus, .minus, .star].contains(peek(3)))
    default: false
    }
  }

  private mutating func parseSpanType() -> TypeSyntax {
    let first = position
    let low = parseOperand()
    return parseSpanType(from: low, first: first)
  }

  /// Reads `..hi` after the low end, which began at the token `first`.
  mutating func parseSpanType(from low: Expression, first: Int) -> TypeSyntax {
    guard expect(.span, "in the range of a type") else { return TypeSyntax(.missing, low.range) }
    stopsAtDeclarator = true
    let high = parseOperand()
    stopsAtDeclarator = false
    noteSpan(from: first)
    return TypeSyntax(.span(low, high), low.range.union(high.range))
  }

  /// The stars behind the element type belong to it: `set of struct page *`.
  private mutating func parseSetType() -> TypeSyntax {
    let start = advance().start
    expect(.of, "and the type of the elements after `set`")
    let missing = TypeSyntax(.missing, here)
    let element = nested(missing) { $0.parseType() }
    let depth = parseStars()
    return TypeSyntax(.set(element, pointerDepth: depth), range(from: start))
  }

  private mutating func parseForeignType() -> TypeSyntax {
    let start = token
    while kind.isForeignType { advance() }
    let range = range(from: start.start)
    report(.foreignType(source.text(from: range.start, to: range.end), range))
    return TypeSyntax(.missing, range)
  }

  /// `static`, `const` and the like before a type are diagnosed and skipped.
  private mutating func skipQualifiers() {
    while kind.isForeignQualifier || (at(.const) && (peek().isName || peek().isReservedWord)) {
      report(.qualifier(text(token), here))
      advance()
    }
  }

  /// Reads stars and yields how many.
  mutating func parseStars() -> Int {
    var depth = 0
    while true {
      if at(.star) {
        note(.pointerStar)
        advance()
        depth += 1
      } else if at(.const), peek().isName || peek() == .star {
        skipQualifiers()
        if at(.const) { advance() }
      } else {
        return depth
      }
    }
  }
}

// MARK: Declarators

extension Parser {
  /// What a declarator may have besides its name and bounds.
  struct DeclaratorOptions: OptionSet {
    let rawValue: Int
    static let initializer = DeclaratorOptions(rawValue: 1)
    static let guardedBy = DeclaratorOptions(rawValue: 2)
    static let several = DeclaratorOptions(rawValue: 4)
  }

  /// Reads `*a[2] = x, b` and yields one declaration for each; `start` is where the type begins.
  mutating func parseDeclarators(
    _ type: TypeSyntax, start: Int, role: String, _ options: DeclaratorOptions
  ) -> [VariableDeclaration] {
    var result = [parseDeclarator(type, start: start, role: role, options)]
    while options.contains(.several), !isPanicking, accept(.comma) {
      result.append(parseDeclarator(type, start: token.start, role: role, options))
    }
    return result
  }

  private mutating func parseDeclarator(
    _ type: TypeSyntax, start: Int, role: String, _ options: DeclaratorOptions
  ) -> VariableDeclaration {
    operatorCount = 0
    let depth = parseStars()
    let name = expectName(role)
    var dimensions: [Expression] = []
    while at(.leftBracket), !isPanicking {
      let open = advance()
      dimensions.append(parseExpression())
      closeBracket(.rightBracket, open: open)
    }
    var guardedBy: Expression?
    var initializer: Expression?
    while !isPanicking {
      if at(.guardedBy), guardedBy == nil, options.contains(.guardedBy) {
        advance()
        expressionDepth += 1
        guardedBy = parsePrefix()
        expressionDepth -= 1
      } else if at(.assign), initializer == nil, options.contains(.initializer) {
        advance()
        initializer = parseExpression()
        diagnoseChainedAssignment()
      } else {
        break
      }
    }
    return VariableDeclaration(
      type: type, pointerDepth: depth, name: name, dimensions: dimensions, initializer: initializer,
      guardedBy: guardedBy, range: range(from: start))
  }

  /// `x = y = 0` is diagnosed and its rest skipped.
  mutating func diagnoseChainedAssignment() {
    while at(.assign) || compoundAssignment != nil, !isPanicking {
      report(.chainedAssignment(here))
      advance()
      _ = parseExpression()
    }
  }
}
