import Diagnostics

/// One token (or comment) of a source file: what it is and which bytes it covers.
///
/// Tokens own no text, so that a large file costs little; ask `SourceText` for the spelling.
public struct Token: Hashable, Sendable {
  /// What it is.
  public let kind: TokenKind
  private let startOffset: UInt32
  private let endOffset: UInt32

  /// Requires: `0 <= start <= end <= UInt32.max`, which the lexer's limit on file sizes guarantees.
  public init(kind: TokenKind, start: Int, end: Int) {
    self.kind = kind
    startOffset = UInt32(start)
    endOffset = UInt32(end)
  }

  /// The byte offset of the first byte.
  public var start: Int { Int(startOffset) }
  /// The byte offset behind the last byte.
  public var end: Int { Int(endOffset) }
}

/// What a token is.
///
/// The raw value is the spelling of words and punctuation, which messages quote.
public enum TokenKind: String, Hashable, Sendable {
  case identifier, integer, string
  case lineComment, blockComment
  case endOfFile = "end of file"

  // Words that are never names.
  case `if`, `else`, `while`, `do`, `for`, loop, choose, `case`, `switch`, `default`, `return`, `break`
  case `continue`, goto, exit, atomic, any, maybe, forall, exists, `in`, old, null, `true`, `false`, current
  case `struct`, set, of, bool, void, u8, u16, u32, u64, mutex, spinlock, rwsem
  case refcount = "refcount_t"

  // Words that mean something in one position and are names everywhere else.
  case spec, origin, importWord = "import", param, option, const, typedef
  case enumWord = "enum"
  case flags, pool, per, process, initWord = "init", invariant, step, reachable, liveness, scope, expect
  case symmetric, daemon, environment, entry, onRequest = "on_request", symbolic, when
  case whereWord = "where"
  case guardedBy = "guarded_by", holds, violated, unknown, count, wait

  // Words of C that mmck has no use for; the parser explains what to write instead.
  case int, unsigned, signed, long, short, char, float, double
  case staticWord = "static", inline
  case externWord = "extern"
  case volatile, register

  case leftParen = "("
  case rightParen = ")"
  case leftBrace = "{"
  case rightBrace = "}"
  case leftBracket = "["
  case rightBracket = "]"
  case semicolon = ";"
  case colon = ":"
  case comma = ","
  case dot = "."
  case span = ".."
  case ellipsis = "..."
  case arrow = "->"
  case at = "@"
  case question = "?"
  case implies = "==>"
  case equal = "=="
  case assign = "="
  case notEqual = "!="
  case not = "!"
  case lessEqual = "<="
  case shiftLeftAssign = "<<="
  case shiftLeft = "<<"
  case less = "<"
  case greaterEqual = ">="
  case shiftRightAssign = ">>="
  case shiftRight = ">>"
  case greater = ">"
  case and = "&&"
  case andAssign = "&="
  case ampersand = "&"
  case or = "||"
  case orAssign = "|="
  case pipe = "|"
  case xorAssign = "^="
  case caret = "^"
  case increment = "++"
  case addAssign = "+="
  case plus = "+"
  case decrement = "--"
  case subtractAssign = "-="
  case minus = "-"
  case multiplyAssign = "*="
  case star = "*"
  case divideAssign = "/="
  case slash = "/"
  case remainderAssign = "%="
  case percent = "%"
  case tilde = "~"
}

extension TokenKind {
  /// The kinds that are spelled as words, by spelling.
  static let words: [String: TokenKind] = {
    let kinds = reservedWords + contextualWords + foreignTypes + foreignQualifiers
    return Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, $0) })
  }()

  /// Words that cannot be names.
  static let reservedWords: [TokenKind] = [
    .if, .else, .while, .do, .for, .loop, .choose, .case, .switch, .default, .return, .break, .continue,
    .goto, .exit, .atomic, .any, .maybe, .forall, .exists, .in, .old, .null, .true, .false, .current,
    .struct, .set, .of, .bool, .void, .u8, .u16, .u32, .u64, .mutex, .spinlock, .rwsem, .refcount,
  ]

  /// Words that are keywords in their position and names elsewhere.
  static let contextualWords: [TokenKind] = [
    .spec, .origin, .importWord, .param, .option, .const, .typedef, .enumWord, .flags, .pool, .per, .process,
    .initWord, .invariant, .step, .reachable, .liveness, .scope, .expect, .symmetric, .daemon, .environment,
    .entry, .onRequest, .symbolic, .when, .whereWord, .guardedBy, .holds, .violated, .unknown, .count, .wait,
  ]

  /// The types of C that have no counterpart: a spec says which values occur.
  static let foreignTypes: [TokenKind] = [
    .int, .unsigned, .signed, .long, .short, .char, .float, .double,
  ]

  /// The qualifiers of C that a spec leaves out.
  static let foreignQualifiers: [TokenKind] = [.staticWord, .inline, .externWord, .volatile, .register]

  private static let reservedSet = Set(reservedWords + foreignTypes + foreignQualifiers)
  private static let nameSet = Set([.identifier] + contextualWords)
  private static let foreignTypeSet = Set(foreignTypes)
  private static let foreignQualifierSet = Set(foreignQualifiers)

  /// Whether a token of this kind can be a name.
  public var isName: Bool { self == .identifier || Self.nameSet.contains(self) }

  /// Whether this is a word that can never be a name.
  public var isReservedWord: Bool { Self.reservedSet.contains(self) }

  /// `int`, `unsigned` and the like.
  public var isForeignType: Bool { Self.foreignTypeSet.contains(self) }

  /// `static`, `inline` and the like.
  public var isForeignQualifier: Bool { Self.foreignQualifierSet.contains(self) }

  /// Whether this is a name, a word, or a number: two of them in a row need a space between them.
  public var isWordLike: Bool { isName || isReservedWord || self == .integer }
}
