import Diagnostics

/// What a token is to a formatter, where its kind alone does not tell.
public enum TokenRole: UInt8, Sendable {
  case plain
  /// `!x`, `-x`, `*x`, `&x`: stands close to what follows.
  case prefixOperator
  /// `x++`: stands close to what precedes.
  case postfixOperator
  /// An infix operator in an end of a range: `0..N-1`.
  case tightInfix
  /// The star of a declarator.
  case pointerStar
  /// The `(` behind the name of a function.
  case callParenthesis
  /// The braces of a set.
  case setBrace
  /// The braces around statements, fields, names or settings.
  case blockBrace
  /// The `{` of a function's body.
  case functionBrace
  /// The name of a label that `goto` leads to; its anchor is that of a statement.
  case gotoLabel
  /// `case`, `default` and `else` of `choose` and `switch`.
  case caseLabel
  /// The colon behind a label, a case, the head of a property.
  case labelColon
  /// The colon between the binders and the body of a quantifier.
  case quantifierColon
}

/// Where a line stands that begins with a certain token.
public struct LayoutAnchor: Sendable {
  /// The index of the token that begins what this one is part of; nil for a top-level declaration.
  public let owner: Int?
  /// How many levels the line is indented against the line of `owner`.
  public let levels: Int
}

/// The tokens of a file that has no syntax errors, with what a formatter must know about them.
public struct TokenLayout: Sendable {
  /// As in `LexedFile`.
  public let tokens: [Token]
  /// As in `LexedFile`.
  public let comments: [Token]
  /// One for each token.
  public let roles: [TokenRole]
  /// One for each token; nil for a token that continues a line.
  public let anchors: [LayoutAnchor?]
}

/// Reads a file for a formatter; the layout is meaningful only if there are no diagnostics.
public func tokenLayout(_ source: SourceText, file: FileID) -> (TokenLayout, diagnostics: [Diagnostic]) {
  var parser = Parser(source: source, file: file)
  parser.layout = LayoutRecorder(tokenCount: parser.tokens.count)
  _ = parser.parseFile()
  let recorded = parser.layout ?? LayoutRecorder(tokenCount: 0)
  let layout = TokenLayout(
    tokens: parser.tokens, comments: parser.comments, roles: recorded.roles, anchors: recorded.anchors)
  return (layout, parser.sortedDiagnostics)
}

/// What the parser writes down for the formatter while it reads.
struct LayoutRecorder {
  /// One for each token.
  var roles: [TokenRole]
  /// One for each token.
  var anchors: [LayoutAnchor?]
  /// The token that begins the innermost statement, case or declaration.
  var owner: Int?

  /// Nothing is known yet.
  init(tokenCount: Int) {
    roles = Array(repeating: .plain, count: tokenCount)
    anchors = Array(repeating: nil, count: tokenCount)
  }
}

extension Parser {
  /// Notes the role of the token here.
  mutating func note(_ role: TokenRole) { layout?.roles[position] = role }

  /// Notes that the token here begins a line `levels` deeper than the owner.
  mutating func noteAnchor(levels: Int) {
    guard let owner = layout?.owner else {
      layout?.anchors[position] = LayoutAnchor(owner: nil, levels: 0)
      return
    }
    layout?.anchors[position] = LayoutAnchor(owner: owner, levels: levels)
  }

  /// Makes the token here the owner while `body` runs.
  mutating func owning<Result>(_ body: (inout Parser) -> Result) -> Result {
    let owner = layout?.owner
    layout?.owner = position
    let result = body(&self)
    layout?.owner = owner
    return result
  }

  /// Notes the infix operators of a range that was read from the token `first` up to here.
  mutating func noteSpan(from first: Int) {
    guard layout != nil else { return }
    var depth = 0
    for index in first..<position {
      switch tokens[index].kind {
      case .leftParen, .leftBracket, .leftBrace: depth += 1
      case .rightParen, .rightBracket, .rightBrace: depth -= 1
      case .in: break
      case let kind where depth == 0 && InfixOperator(kind) != nil:
        if layout?.roles[index] == .plain { layout?.roles[index] = .tightInfix }
      default: break
      }
    }
  }
}
