import Diagnostics

/// Reads a file into a tree.
///
/// Never fails: the tree holds what could be read, the diagnostics tell the rest. They are `E01xx` and `E02xx` in
/// source order, at most 50; if there is none, the tree is complete and holds no `missing` node. Whatever the bytes
/// are, the depth of the tree is bounded: at most 200 nested constructs, 500 operators in each expression.
public func parse(_ source: SourceText, file: FileID) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
  var parser = Parser(source: source, file: file)
  let declarations = parser.parseFile()
  return (SyntaxTree(file: file, declarations: declarations), parser.sortedDiagnostics)
}

/// A recursive-descent parser over the tokens of one file.
///
/// Recovery: `fail` reports an error and starts a panic, in which nothing more is reported and nothing is expected
/// to be there; the statement list or the file's declaration list skips to a place where reading can go on and ends
/// the panic. `report` is for mistakes that leave no doubt about what follows: no panic.
struct Parser {
  /// How deep statements and expressions nest, so that no stage overflows its stack.
  static let nestingLimit = 200
  /// How many infix and postfix operators one expression has: a chain of them is as deep as it is long.
  static let operatorLimit = 500
  /// How many diagnostics a file gets.
  static let diagnosticLimit = 50

  /// The file that is read.
  let source: SourceText
  /// Its name in ranges.
  let file: FileID
  /// All of its tokens; the last is the end of the file.
  let tokens: [Token]
  /// Its comments, which only a formatter asks for.
  let comments: [Token]
  /// The index of the token that is read next.
  var position = 0
  private var diagnostics: [Diagnostic]
  private let lexicalErrors: [SourceRange]
  /// Between an error and the place where reading goes on.
  var isPanicking = false
  /// Where the last `fail` was: two errors about one token are one error too many.
  private var lastFailure = -1
  /// Nothing more is reported, and the parser stands at the end of the file.
  private var hasGivenUp = false

  private var nesting = 0
  /// The operators read so far in the outermost expression.
  var operatorCount = 0
  /// How many expressions the current one is in.
  var expressionDepth = 0
  /// In the high end of a range type a `*` may begin the declarator: `0..4 *x`.
  var stopsAtDeclarator = false
  /// What a formatter must know; nil unless one asked.
  var layout: LayoutRecorder?

  /// Cuts the file into tokens; what the lexer says is the beginning of what the parser says.
  init(source: SourceText, file: FileID) {
    self.source = source
    self.file = file
    let lexed = lex(source, file: file)
    tokens = lexed.tokens
    comments = lexed.comments
    diagnostics = lexed.diagnostics
    lexicalErrors = lexed.diagnostics.map(\.range)
  }

  /// What was found, in source order.
  var sortedDiagnostics: [Diagnostic] {
    diagnostics.sorted { $0.range.start < $1.range.start }
  }
}

// MARK: Tokens

extension Parser {
  /// The token that is read next.
  var token: Token { tokens[position] }

  /// The kind of the token that is read next.
  var kind: TokenKind { tokens[position].kind }

  /// The kind of the token `distance` tokens ahead; the end of the file goes on for ever.
  func peek(_ distance: Int = 1) -> TokenKind {
    tokens[min(position + distance, tokens.count - 1)].kind
  }

  /// Whether a token of this kind stands here.
  func at(_ kind: TokenKind) -> Bool { self.kind == kind }

  /// Moves on; the end of the file is never passed.
  @discardableResult
  mutating func advance() -> Token {
    let result = token
    if position < tokens.count - 1 { position += 1 }
    return result
  }

  /// Moves on if a token of this kind stands here.
  mutating func accept(_ kind: TokenKind) -> Bool {
    guard at(kind) else { return false }
    advance()
    return true
  }

  /// The range of the token here.
  var here: SourceRange { range(of: token) }

  /// The range of a token.
  func range(of token: Token) -> SourceRange {
    SourceRange(file: file, start: token.start, end: token.end)
  }

  /// The offset behind the last token that was read.
  var previousEnd: Int { position == 0 ? 0 : tokens[position - 1].end }

  /// From `start` to the end of the last token that was read.
  func range(from start: Int) -> SourceRange {
    SourceRange(file: file, start: start, end: previousEnd)
  }

  /// The spelling of a token.
  func text(_ token: Token) -> String {
    String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
  }

  /// Whether the token here is the first of its line and stands in its first column.
  var isAtLineStart: Bool {
    token.start == 0 || source.bytes[token.start - 1] == UInt8(ascii: "\n")
  }

  /// Whether a line ends between the last token and the one here.
  var isOnNewLine: Bool {
    guard position > 0 else { return true }
    return source.bytes[previousEnd..<token.start].contains(UInt8(ascii: "\n"))
  }
}

// MARK: Errors and limits

extension Parser {
  /// Adds an error after which reading goes on as if nothing had happened.
  mutating func report(_ diagnostic: Diagnostic) {
    guard !hasGivenUp, !isPanicking else { return }
    guard diagnostics.count < Self.diagnosticLimit - 1 else {
      diagnostics.append(.tooManyErrors(diagnostic.range))
      return abandon()
    }
    diagnostics.append(diagnostic)
  }

  /// Adds an error that leaves open how to go on, and starts a panic.
  mutating func fail(_ diagnostic: Diagnostic) {
    if position != lastFailure, !followsLexicalError { report(diagnostic) }
    lastFailure = position
    isPanicking = true
  }

  /// Whether the token here or the one before it, or something between them, is no proper token: then the lexer
  /// has said what is wrong, and the parser would only say it again.
  var followsLexicalError: Bool {
    let start = position == 0 ? 0 : tokens[position - 1].start
    return lexicalErrors.contains { start <= $0.start && $0.start < max(token.end, start + 1) }
  }

  private mutating func abandon() {
    hasGivenUp = true
    position = tokens.count - 1
  }

  /// Runs `body` one level deeper, or gives up on the file if that is too deep.
  mutating func nested<Result>(
    _ fallback: Result, _ body: (inout Parser) -> Result
  ) -> Result {
    guard nesting < Self.nestingLimit else {
      giveUpTooDeep()
      return fallback
    }
    nesting += 1
    let result = body(&self)
    nesting -= 1
    return result
  }

  /// Counts one more operator of the current expression.
  mutating func countOperator() {
    operatorCount += 1
    if operatorCount > Self.operatorLimit { giveUpTooDeep() }
  }

  private mutating func giveUpTooDeep() {
    isPanicking = false
    report(.tooDeep(here))
    abandon()
  }
}
