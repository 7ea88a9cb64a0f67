import Diagnostics

/// Precedence climbing: a level is how tightly an infix operator binds, 1 is the loosest.
extension Parser {
  /// Operands of `in` and domains bind tighter than every comparison.
  static let operandLevel = 9

  /// Reads an expression of any kind.
  mutating func parseExpression() -> Expression {
    let stops = stopsAtDeclarator
    stopsAtDeclarator = false
    if expressionDepth == 0 { operatorCount = 0 }
    expressionDepth += 1
    let result = nested(missingExpression) { parser in
      let condition = parser.parseInfix(1)
      return parser.parseConditional(condition)
    }
    expressionDepth -= 1
    stopsAtDeclarator = stops
    return result
  }

  /// An expression that could not be read.
  var missingExpression: Expression {
    Expression(.missing, SourceRange(file: file, start: token.start, end: token.start))
  }

  /// Reads `? a : b` if it follows `condition`.
  mutating func parseConditional(_ condition: Expression) -> Expression {
    guard at(.question) else { return condition }
    diagnoseBareAny(condition)
    advance()
    let first = parseExpression()
    expect(.colon, "between the two values of `?`")
    let second = parseExpression()
    return Expression(.conditional(condition, first, second), condition.range.union(second.range))
  }

  /// Reads operators of `minimum` level or tighter, with `first` as the left operand if it was read already.
  mutating func parseInfix(_ minimum: Int, from first: Expression? = nil) -> Expression {
    var left = first ?? parsePrefix()
    while let (infix, level) = infixHere(), level >= minimum {
      if stopsAtDeclarator, infix == .multiply, starBeginsDeclarator { break }
      diagnoseBareAny(left)
      if kind == .identifier { report(.operatorWord(text(token), write: infix.rawValue, here)) }
      countOperator()
      advance()
      switch infix {
      case .member: left = parseMembership(left)
      case .implies:
        let right = nested(missingExpression) { $0.parseInfix(level) }
        left = combine(infix, left, right)
      default: left = combine(infix, left, parseInfix(level + 1))
      }
    }
    return left
  }

  /// The infix operator here and its level; `and` and `or` are taken for `&&` and `||`.
  private func infixHere() -> (InfixOperator, Int)? {
    guard let infix = InfixOperator(kind) ?? wordOperator else { return nil }
    return (infix, infix.level)
  }

  private var wordOperator: InfixOperator? {
    guard kind == .identifier, token.end - token.start <= 3 else { return nil }
    return switch text(token) {
    case "and": .and
    case "or": .or
    default: nil
    }
  }

  /// `0..4 *x,`: here the star belongs to the declarator, in `0..4 * N x` it does not.
  private var starBeginsDeclarator: Bool {
    let stars = starCount(from: 0)
    guard peek(stars).isName else { return false }
    switch peek(stars + 1) {
    case .comma, .rightParen, .semicolon, .assign, .leftBracket, .guardedBy: return true
    default: return false
    }
  }

  /// `any x in S` takes everything to its right, so an operator behind it is not what it looks like.
  private mutating func diagnoseBareAny(_ left: Expression) {
    if case .any(let binder) = left.kind, binder.filter == nil { report(.bareAny(left.range, found: here)) }
  }

  /// Joins two operands, refusing the two habits of C that nobody reads right.
  private mutating func combine(_ infix: InfixOperator, _ left: Expression, _ right: Expression) -> Expression
  {
    let range = left.range.union(right.range)
    switch infix {
    case .bitAnd, .bitOr, .bitXor:
      for operand in [left, right] where operand.isBareComparison {
        report(.bitwiseComparison(infix.rawValue, operand: operand.range, range))
        break
      }
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .member:
      if left.isBareComparison { report(.comparisonChain(range)) }
    default: break
    }
    return Expression(.infix(infix, left, right), range)
  }

  /// Reads the right side of `x in S` or `x in lo..hi`.
  ///
  /// The tree has no range expression: `x in lo..hi` becomes `(lo <= x && x <= hi)`. So `x` is there twice and must
  /// not be a choice or a call.
  private mutating func parseMembership(_ left: Expression) -> Expression {
    let first = position
    let low = parseOperand()
    guard accept(.span) else { return combine(.member, left, low) }
    let high = parseOperand()
    noteSpan(from: first)
    let range = left.range.union(high.range)
    if left.isBareComparison { report(.comparisonChain(range)) }
    if !left.canBeRepeated { report(.repeatedOperand(left.range)) }
    let below = Expression(.infix(.lessEqual, low, left), left.range.union(low.range))
    let above = Expression(.infix(.lessEqual, left, high), range)
    return Expression(.parenthesized(Expression(.infix(.and, below, above), range)), range)
  }
}

extension InfixOperator {
  /// The operator that a token of this kind is between two operands.
  init?(_ kind: TokenKind) {
    guard let infix = Self.byToken[kind] else { return nil }
    self = infix
  }

  private static let byToken: [TokenKind: InfixOperator] = [
    .implies: .implies, .or: .or, .and: .and, .equal: .equal, .notEqual: .notEqual, .less: .less,
    .lessEqual: .lessEqual, .greater: .greater, .greaterEqual: .greaterEqual, .in: .member, .pipe: .bitOr,
    .caret: .bitXor, .ampersand: .bitAnd, .shiftLeft: .shiftLeft, .shiftRight: .shiftRight, .plus: .add,
    .minus: .subtract, .star: .multiply, .slash: .divide, .percent: .remainder,
  ]

  /// How tightly it binds; 1 is the loosest.
  public var level: Int {
    switch self {
    case .implies: 1
    case .or: 2
    case .and: 3
    case .bitOr: 4
    case .bitXor: 5
    case .bitAnd: 6
    case .equal, .notEqual: 7
    case .less, .lessEqual, .greater, .greaterEqual, .member: 8
    case .shiftLeft, .shiftRight: 9
    case .add, .subtract: 10
    case .multiply, .divide, .remainder: 11
    }
  }
}

extension Expression {
  /// A comparison without parentheses around it.
  var isBareComparison: Bool {
    guard case .infix(let infix, _, _) = kind else { return false }
    switch infix {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .member: return true
    default: return false
    }
  }

  /// Whether evaluating it twice is the same as evaluating it once.
  var canBeRepeated: Bool {
    switch kind {
    case .integer, .string, .boolean, .null, .current, .name, .missing: true
    case .prefix(_, let operand), .addressOf(let operand), .dereference(let operand), .old(let operand),
      .dot(let operand, _), .arrow(let operand, _), .parenthesized(let operand):
      operand.canBeRepeated
    case .infix(_, let left, let right), .index(let left, let right):
      left.canBeRepeated && right.canBeRepeated
    case .call(let name, let arguments):
      Self.pureCalls.contains(name.text)
        && arguments.allSatisfy { if case .value(let value) = $0 { value.canBeRepeated } else { false } }
    case .conditional, .maybe, .any, .quantified, .setLiteral: false
    }
  }

  private static let pureCalls: Set<String> = ["size", "refcount_read", "u8", "u16", "u32", "u64"]
}
