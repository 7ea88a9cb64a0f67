/// Why a text is not JSON, or not JSON that we accept.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong there.
  public let message: String
  /// 0-based, in bytes.
  public let offset: Int
  /// The message with its place.
  public var description: String { "\(message) at byte \(offset)" }
}

/// Reads JSON from bytes that nobody has looked at: never traps, and uses memory in proportion to the input.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private let depthLimit: Int

  static func parse(_ bytes: [UInt8], depthLimit: Int = 64) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.position < bytes.count { throw parser.error("text after the end of the document") }
    return value
  }

  private init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  private func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    if depth > depthLimit { throw error("more than \(depthLimit) levels of nesting") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where Self.isPartOfNumber(byte): return try number()
    case nil: throw error("the document ends too early")
    default: throw error("a value is missing")
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw error("a value is missing") }
    position += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var elements: [JSON] = []
    if take("]") { return .array([]) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("`]` is missing") }
    return .array(elements)
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    var names = Set<String>()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a name is missing") }
      let name = try string()
      guard names.insert(name).inserted else { throw error("the name \"\(name)\" stands twice in an object") }
      guard take(":") else { throw error("`:` is missing") }
      members.append(.init(name, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("`}` is missing") }
    return .object(members)
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    while let byte = next, Self.isPartOfNumber(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int(text), !text.hasPrefix("+") { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw error("`\(text)` is no number") }
    return .number(value)
  }

  private static func isPartOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw error("a string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): content += Array(String(try escape()).utf8)
      case 0..<0x20: throw error("a control character in a string")
      default: content.append(byte)
      }
    }
    throw error("a string does not end")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    guard let byte = next else { throw error("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw error("an unknown escape in a string")
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
    guard first < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else {
      throw error("half of a surrogate pair")
    }
    position += 2
    let second = try codeUnit()
    guard (0xDC00...0xDFFF).contains(second) else { throw error("half of a surrogate pair") }
    let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    guard position + 4 <= bytes.count else { throw error("a string does not end") }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    guard digits.allSatisfy(\.isHexDigit), let value = UInt16(digits, radix: 16) else {
      throw error("an unknown escape in a string")
    }
    position += 4
    return value
  }
}

extension JSON {
  /// Reads a document of at most `depthLimit` levels.
  ///
  /// Any bytes may be given.
  public init(parsing bytes: [UInt8], depthLimit: Int = 64) throws(JSONError) {
    self = try JSONParser.parse(bytes, depthLimit: depthLimit)
  }
}
