/// A parenthesised form, or a word, of the text form.
struct TextNode {
  enum Content {
    case word(String)
    case string(String)
    case list([TextNode])
    case brackets([TextNode])
  }
  let line: Int
  let content: Content
}

/// Splits text into forms.
///
/// Not recursive: the depth limit protects those who walk over the forms.
struct TextReader {
  private struct Open {
    let line: Int
    let isBrackets: Bool
    var nodes: [TextNode] = []
  }
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  /// All forms of the text.
  mutating func readForms() throws(IRTextError) -> [TextNode] {
    var stack = [Open(line: 1, isBrackets: false)]
    while skipBlanks() {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["):
        guard stack.count <= IRTextLimits.depth else { throw error("nested too deeply") }
        stack.append(Open(line: line, isBrackets: byte == UInt8(ascii: "[")))
        position += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        guard stack.count > 1, let closed = stack.popLast() else { throw error("nothing to close here") }
        guard closed.isBrackets == (byte == UInt8(ascii: "]")) else {
          throw error("this does not close what line \(closed.line) opens")
        }
        let content: TextNode.Content = closed.isBrackets ? .brackets(closed.nodes) : .list(closed.nodes)
        stack[stack.count - 1].nodes.append(TextNode(line: closed.line, content: content))
        position += 1
      default:
        let start = line
        let content: TextNode.Content =
          byte == UInt8(ascii: "\"") ? .string(try readString()) : .word(readWord())
        stack[stack.count - 1].nodes.append(TextNode(line: start, content: content))
      }
    }
    guard stack.count == 1 else {
      throw IRTextError(line: stack[stack.count - 1].line, message: "what is opened here is never closed")
    }
    return stack[0].nodes
  }

  private func error(_ message: String) -> IRTextError { IRTextError(line: line, message: message) }

  /// Skips white space and comments; false at the end of the text.
  private mutating func skipBlanks() -> Bool {
    var isComment = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        line += 1
        isComment = false
      case UInt8(ascii: ";"): isComment = true
      case 0...32: break
      default: if !isComment { return true }
      }
      position += 1
    }
    return false
  }

  /// A run of at least one byte without blanks and punctuation; an at sign begins a word of its own.
  private mutating func readWord() -> String {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] > 32, !Self.separators.contains(bytes[position]) {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static let separators: Set<UInt8> = Set("()[]\";@".utf8)

  private mutating func readString() throws(IRTextError) -> String {
    var content: [UInt8] = []
    let start = line
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try readEscape()
      case UInt8(ascii: "\n"):
        line += 1
        content.append(byte)
      default: content.append(byte)
      }
    }
    throw IRTextError(line: start, message: "this string is never closed")
  }

  private mutating func readEscape() throws(IRTextError) -> [UInt8] {
    guard position < bytes.count else { throw error("this string is never closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"):
      guard position < bytes.count, bytes[position] == UInt8(ascii: "{"),
        let end = bytes[position...].prefix(10).firstIndex(of: UInt8(ascii: "}")),
        let value = UInt32(String(decoding: bytes[position + 1..<end], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(value)
      else { throw error("\\u must be followed by a Unicode scalar in braces") }
      position = end + 1
      return Array(String(Character(scalar)).utf8)
    default: throw error("unknown escape in a string")
    }
  }
}
