/// Operators and brackets, the longest match first.
extension Lexer {
  /// The punctuation that starts here and its length in bytes.
  func punctuation() -> (TokenKind, Int)? {
    switch bytes[offset] {
    case UInt8(ascii: "("): (.leftParen, 1)
    case UInt8(ascii: ")"): (.rightParen, 1)
    case UInt8(ascii: "{"): (.leftBrace, 1)
    case UInt8(ascii: "}"): (.rightBrace, 1)
    case UInt8(ascii: "["): (.leftBracket, 1)
    case UInt8(ascii: "]"): (.rightBracket, 1)
    case UInt8(ascii: ";"): (.semicolon, 1)
    case UInt8(ascii: ":"): (.colon, 1)
    case UInt8(ascii: ","): (.comma, 1)
    case UInt8(ascii: "@"): (.at, 1)
    case UInt8(ascii: "?"): (.question, 1)
    case UInt8(ascii: "~"): (.tilde, 1)
    default: longestOperator()
    }
  }

  private func longestOperator() -> (TokenKind, Int)? {
    for (kind, spelling) in Self.operators[Int(bytes[offset])] where matches(spelling) {
      return (kind, spelling.count)
    }
    return nil
  }

  private func matches(_ spelling: [UInt8]) -> Bool {
    guard offset + spelling.count <= bytes.count else { return false }
    for index in spelling.indices where bytes[offset + index] != spelling[index] { return false }
    return true
  }

  /// For each first byte the operators that begin with it, the longer ones first.
  private static let operators: [[(TokenKind, [UInt8])]] = {
    let kinds: [TokenKind] = [
      .ellipsis, .span, .dot, .implies, .equal, .assign, .notEqual, .not, .shiftLeftAssign, .lessEqual,
      .shiftLeft, .less, .shiftRightAssign, .greaterEqual, .shiftRight, .greater, .and, .andAssign,
      .ampersand, .or, .orAssign, .pipe, .xorAssign, .caret, .increment, .addAssign, .plus, .decrement,
      .arrow, .subtractAssign, .minus, .multiplyAssign, .star, .divideAssign, .slash, .remainderAssign,
      .percent,
    ]
    var table = [[(TokenKind, [UInt8])]](repeating: [], count: 256)
    for kind in kinds {
      let spelling = Array(kind.rawValue.utf8)
      table[Int(spelling[0])].append((kind, spelling))
    }
    return table.map { $0.sorted { $0.1.count > $1.1.count } }
  }()
}
