import Diagnostics

/// The tokens of a file, its comments, and what is wrong with its characters.
public struct LexedFile: Sendable {
  /// Without comments, in source order; the last one is always `endOfFile`.
  public let tokens: [Token]
  /// Line and block comments in source order; they lie between the tokens.
  public let comments: [Token]
  /// `E01xx`, in source order.
  public let diagnostics: [Diagnostic]
}

/// Cuts a file into tokens.
///
/// Never fails: what is no token is diagnosed and skipped.
/// Every byte of the file is in exactly one token or comment, is white space, or is covered by a diagnostic.
/// Linear in the size of the file.
public func lex(_ source: SourceText, file: FileID) -> LexedFile {
  guard source.bytes.count <= Lexer.byteLimit else {
    let nothing = SourceRange(file: file, start: 0, end: 0)
    let end = Token(kind: .endOfFile, start: 0, end: 0)
    return LexedFile(tokens: [end], comments: [], diagnostics: [.fileTooLarge(nothing)])
  }
  var lexer = Lexer(source: source, file: file)
  lexer.run()
  return LexedFile(tokens: lexer.tokens, comments: lexer.comments, diagnostics: lexer.diagnostics)
}

/// The state of one pass over the bytes of a file.
struct Lexer {
  /// No spec is larger than this; offsets fit into 32 bits below it.
  static let byteLimit = 64 << 20
  /// A file with more lexical errors than this is no spec; the rest of them is not told.
  static let diagnosticLimit = 50

  /// The whole file.
  let bytes: [UInt8]
  /// Its name in ranges.
  let file: FileID
  /// The byte that is read next.
  var offset = 0
  /// What was found so far.
  var tokens: [Token] = []
  /// The comments found so far.
  var comments: [Token] = []
  /// What is wrong so far.
  var diagnostics: [Diagnostic] = []

  /// Requires: the file is not larger than `byteLimit`.
  init(source: SourceText, file: FileID) {
    bytes = source.bytes
    self.file = file
    tokens.reserveCapacity(bytes.count / 4)
  }

  /// The byte `distance` bytes ahead, or 0 behind the end of the file.
  func peek(_ distance: Int = 0) -> UInt8 {
    let index = offset + distance
    return index < bytes.count ? bytes[index] : 0
  }

  /// Reads the whole file.
  mutating func run() {
    skipByteOrderMark()
    while offset < bytes.count {
      let start = offset
      lexOne()
      if offset == start { offset += 1 }
    }
    tokens.append(Token(kind: .endOfFile, start: bytes.count, end: bytes.count))
    reportInvalidEncoding()
    diagnostics.sort { $0.range.start < $1.range.start }
  }

  private mutating func skipByteOrderMark() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  private mutating func lexOne() {
    let byte = bytes[offset]
    switch byte {
    case 0x20, 0x09...0x0D: offset += 1
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      lexWord()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
    case UInt8(ascii: "\""): lexString()
    case UInt8(ascii: "'"): lexCharacter()
    case UInt8(ascii: "#"): skipPreprocessorLine()
    case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): lexLineComment()
    case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): lexBlockComment()
    default: lexPunctuation()
    }
  }

  /// Ends a token that began at `start` where the lexer stands.
  mutating func finish(_ kind: TokenKind, from start: Int) {
    tokens.append(Token(kind: kind, start: start, end: offset))
  }

  /// A range of the file.
  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: file, start: start, end: min(end, bytes.count))
  }

  /// Adds a diagnostic, up to the limit.
  mutating func report(_ diagnostic: Diagnostic) {
    if diagnostics.count < Self.diagnosticLimit { diagnostics.append(diagnostic) }
  }

  private mutating func lexWord() {
    let start = offset
    skipWord()
    // The longest word of the language has 11 letters: longer ones need no look-up.
    guard offset - start <= 12 else { return finish(.identifier, from: start) }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    finish(TokenKind.words[text] ?? .identifier, from: start)
  }

  /// Moves behind the letters, digits and underscores here.
  mutating func skipWord() {
    while offset < bytes.count, isWordByte(bytes[offset]) { offset += 1 }
  }

  private mutating func lexPunctuation() {
    let start = offset
    if let (kind, length) = punctuation() {
      offset += length
      finish(kind, from: start)
    } else {
      skipStrayCharacters()
    }
  }
}

/// Whether `byte` can be part of a name.
func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
    true
  default: false
  }
}
