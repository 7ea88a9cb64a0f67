import Diagnostics

/// `any`, `forall`, `exists`, `count`, and the domains they range over.
extension Parser {
  /// Reads `any x in D where c`.
  mutating func parseAny() -> Expression {
    let start = advance().start
    let binder = parseBinder()
    return Expression(.any(binder), range(from: start))
  }

  /// Reads `forall a in A, b in B: e`.
  mutating func parseQuantifier() -> Expression {
    let start = token.start
    let keyword = QuantifierKeyword(rawValue: text(advance())) ?? .forall
    return parseQuantified(keyword, start: start)
  }

  /// Reads the binders and the body; each further binder nests in the one before it.
  private mutating func parseQuantified(_ keyword: QuantifierKeyword, start: Int) -> Expression {
    let binder = parseBinder()
    let body: Expression
    if at(.comma), !isPanicking {
      if keyword == .count { report(.countOfSeveral(here)) }
      advance()
      let inner = token.start
      body = nested(missingExpression) { $0.parseQuantified(keyword, start: inner) }
    } else {
      expectBodyColon(keyword)
      body = parseExpression()
    }
    return Expression(.quantified(keyword, binder, body), range(from: start))
  }

  private mutating func expectBodyColon(_ keyword: QuantifierKeyword) {
    note(.quantifierColon)
    guard !accept(.colon) else { return }
    let isOperator = InfixOperator(kind) != nil
    fail(
      .expected(
        "`where`, `,` or `:` after the domain of `\(keyword.rawValue)`", found: describeToken(), here,
        suggestion: isOperator ? "write parentheses around the domain" : nil))
  }

  /// Reads `x in D where c`.
  mutating func parseBinder() -> Binder {
    let name = expectName("of the element")
    expect(.in, "and the values of `\(name.text)`")
    let domain = parseDomain()
    guard at(.whereWord), !isPanicking else { return Binder(name: name, domain: domain, filter: nil) }
    advance()
    return Binder(name: name, domain: domain, filter: parseExpression())
  }

  private mutating func parseDomain() -> DomainSyntax {
    let first = position
    let low = parseOperand()
    guard accept(.span) else { return .named(low) }
    let high = parseOperand()
    noteSpan(from: first)
    return .span(low, high)
  }

  /// Reads an expression that binds tighter than comparisons.
  mutating func parseOperand() -> Expression {
    if expressionDepth == 0 { operatorCount = 0 }
    expressionDepth += 1
    let result = nested(missingExpression) { $0.parseInfix(Self.operandLevel) }
    expressionDepth -= 1
    return result
  }
}
