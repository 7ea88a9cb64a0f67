/// The commands of an SMT-LIB script, found without a full parser, so that none is passed over.
///
/// Z3's reader keeps the assertions that stand at the end of a script and ignores whatever asks. A script that
/// asks twice, or opens scopes, or assumes, would therefore get the answer to another question: such scripts are
/// refused.
struct ScriptCommands {
  private static let declarative: Set<String> = [
    "assert", "declare-const", "declare-datatype", "declare-datatypes", "declare-fun", "declare-sort",
    "define-const", "define-fun", "define-sort", "set-info", "set-logic",
  ]

  private let bytes: [UInt8]
  private var position = 0

  private init(_ script: String) { bytes = Array(script.utf8) }

  /// Requires one question, `(check-sat)`, after everything else but `(exit)`.
  static func check(_ script: String) throws(ScriptError) {
    var reader = ScriptCommands(script)
    var names: [String] = []
    while let name = try reader.next() { names.append(name) }
    if names.last == "exit" { names.removeLast() }
    guard names.last == "check-sat" else {
      throw ScriptError(reason: "the script does not end with (check-sat)")
    }
    if let other = names.dropLast().first(where: { !declarative.contains($0) }) {
      throw ScriptError(reason: "(\(other) …) is not taken: a script declares, asserts and asks once")
    }
  }

  /// The name of the next command; nil at the end of the script.
  private mutating func next() throws(ScriptError) -> String? {
    var name: String?
    var depth = 0
    while let token = try token() {
      switch token {
      case .open: depth += 1
      case .close: depth -= 1
      case .symbol(let text):
        if depth == 0 { throw ScriptError(reason: "'\(text)' stands outside of any command") }
        if name == nil { name = text }
      case .literal:
        if depth == 0 { throw ScriptError(reason: "a literal stands outside of any command") }
        if name == nil { throw ScriptError(reason: "a command has no name") }
      }
      if depth < 0 { throw ScriptError(reason: "a ')' closes nothing") }
      if depth == 0 { return name ?? "" }
      if depth > 1, name == nil { throw ScriptError(reason: "a command has no name") }
    }
    if depth > 0 { throw ScriptError(reason: "a '(' is never closed") }
    return nil
  }

  private enum Token {
    case open, close
    case symbol(String)
    /// A string, or a symbol in bars.
    case literal
  }

  private mutating func token() throws(ScriptError) -> Token? {
    skipBlanksAndComments()
    guard position < bytes.count else { return nil }
    let start = position
    position += 1
    switch bytes[start] {
    case UInt8(ascii: "("): return .open
    case UInt8(ascii: ")"): return .close
    case UInt8(ascii: "\""), UInt8(ascii: "|"):
      guard let end = bytes[position...].firstIndex(of: bytes[start]) else {
        throw ScriptError(reason: "a string or a symbol in bars is never closed")
      }
      position = end + 1
      return .literal
    default:
      while position < bytes.count, !Self.endsSymbol(bytes[position]) { position += 1 }
      return .symbol(String(decoding: bytes[start..<position], as: UTF8.self))
    }
  }

  private mutating func skipBlanksAndComments() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: ";") {
        position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      } else if Self.isBlank(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  private static func endsSymbol(_ byte: UInt8) -> Bool {
    isBlank(byte) || "()\"|;".utf8.contains(byte)
  }
}
