import Diagnostics
import SpecSyntax

/// A token or comment with what the layout must know about it.
struct LayoutItem {
  /// The kind of the token, or which kind of comment it is.
  let kind: TokenKind
  /// As in the source.
  let text: String
  /// `plain` for a comment.
  let role: TokenRole
  /// The index of the token; nil for a comment.
  let tokenIndex: Int?
  /// How many lines end in the source between the item before and this one.
  let newlinesBefore: Int
  /// The column in the source, from 0, with tabs as the reader sees them.
  let sourceColumn: Int
  /// The columns between the item before and this one, if they stand on one line.
  let sourceGap: Int
  /// How many line ends to write before this item; 0 keeps it on its line, 2 leaves a blank line.
  var breaks = 0

  /// Whether it is a comment rather than a token.
  var isComment: Bool { tokenIndex == nil }

  /// Whether this is a brace around statements, fields, names or settings.
  var isBlockBrace: Bool { role == .blockBrace || role == .functionBrace }

  /// Whether statements, fields, names or settings begin behind it.
  var opensBlock: Bool { kind == .leftBrace && isBlockBrace }

  /// Whether it ends statements, fields, names or settings.
  var closesBlock: Bool { kind == .rightBrace && isBlockBrace }
}

/// Tokens and comments in source order; the end of the file is the last item.
func layoutItems(_ layout: TokenLayout, source: SourceText) -> [LayoutItem] {
  var items: [LayoutItem] = []
  items.reserveCapacity(layout.tokens.count + layout.comments.count)
  var comments = layout.comments[...]
  var cursor = SourceCursor(bytes: source.bytes)
  func append(_ token: Token, _ index: Int?) {
    let (newlines, gap) = cursor.move(to: token.start)
    items.append(
      LayoutItem(
        kind: token.kind, text: source.text(from: token.start, to: token.end),
        role: index.map { layout.roles[$0] } ?? .plain, tokenIndex: index,
        newlinesBefore: newlines, sourceColumn: cursor.column, sourceGap: gap))
    _ = cursor.move(to: token.end)
  }
  for (index, token) in layout.tokens.enumerated() {
    while let comment = comments.first, comment.start < token.start || token.kind == .endOfFile {
      append(comment, nil)
      comments.removeFirst()
    }
    append(token, index)
  }
  return items
}

/// Goes through a file once and knows how far right it is, with a tab stop every 8 columns.
private struct SourceCursor {
  let bytes: [UInt8]
  var offset = 0
  var column = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Moves on; yields the lines that ended on the way, and the columns passed on the last of them.
  mutating func move(to end: Int) -> (newlines: Int, columns: Int) {
    var newlines = 0
    var start = column
    while offset < end {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\n") {
        newlines += 1
        column = 0
        start = 0
      } else if byte == UInt8(ascii: "\t") {
        column += 8 - column % 8
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      offset += 1
    }
    return (newlines, column - start)
  }
}
