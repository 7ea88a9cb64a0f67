import Diagnostics

/// Comments, preprocessor lines, and bytes that belong to no token.
extension Lexer {
  /// Reads `// ...` up to the end of the line.
  mutating func lexLineComment() {
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    comments.append(Token(kind: .lineComment, start: start, end: offset))
  }

  /// Reads `/* ... */`; as in C, these do not nest.
  mutating func lexBlockComment() {
    let start = offset
    offset += 2
    while offset < bytes.count {
      if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        offset += 2
        comments.append(Token(kind: .blockComment, start: start, end: offset))
        return
      }
      offset += 1
    }
    report(.unterminatedComment(range(start, start + 2)))
    comments.append(Token(kind: .blockComment, start: start, end: offset))
  }

  /// `#include`, `#define` and the rest: the whole line, with its continuation lines, is diagnosed once.
  mutating func skipPreprocessorLine() {
    let start = offset
    var end = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      if peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "\n") { offset += 1 }
      if peek() > 0x20 { end = offset + 1 }
      offset += 1
    }
    let firstLine = bytes[start..<end].prefix { $0 != UInt8(ascii: "\n") }
    report(
      .preprocessor(String(decoding: firstLine, as: UTF8.self), range(start, start + firstLine.count)))
  }

  /// A run of characters that start no token gives one diagnostic.
  mutating func skipStrayCharacters() {
    let start = offset
    while offset < bytes.count, isStray(bytes[offset]) { offset += 1 }
    if offset == start { offset += 1 }
    let text = String(decoding: bytes[start..<min(offset, start + 16)], as: UTF8.self)
    report(.strayCharacters(text, range(start, offset)))
  }

  private func isStray(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D, 0x20: false
    case ..<0x20, 0x7F...: true
    case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\\"): true
    default: false
    }
  }

  /// Strings and comments may hold any character, but the file must be UTF-8 throughout.
  mutating func reportInvalidEncoding() {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    var index = 0
    while index < bytes.count, diagnostics.count < Self.diagnosticLimit {
      let length = sequenceLength(at: index)
      if length == 0 { report(.invalidEncoding(range(index, index + 1))) }
      index += max(1, length)
      // One message for a run of bad bytes: a binary file is told once per line at most.
      if length == 0 { while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 } }
    }
  }

  /// The length of the UTF-8 sequence at `index`, or 0 if there is none.
  private func sequenceLength(at index: Int) -> Int {
    let length =
      switch bytes[index] {
      case ..<0x80: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 1 else { return length }
    guard index + length <= bytes.count else { return 0 }
    return String(validating: bytes[index..<(index + length)], as: UTF8.self) == nil ? 0 : length
  }
}
