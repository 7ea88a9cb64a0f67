/// Writes JSON that people can read: what fits on a line stays on it.
struct JSONWriter {
  private var output = ""
  private let width: Int

  /// The text of a tree, with a line feed at the end.
  ///
  /// Depends on nothing but the tree.
  static func text(of json: JSON, width: Int = 110) -> String {
    var writer = JSONWriter(width: width)
    writer.write(json, indentation: 0, used: 0)
    return writer.output + "\n"
  }

  private init(width: Int) { self.width = width }

  /// `used`: columns of the line that are taken already.
  private mutating func write(_ json: JSON, indentation: Int, used: Int) {
    var line = ""
    if Self.writeFlat(json, into: &line, limit: width - used) {
      output += line
      return
    }
    switch json {
    case .array(let elements):
      writeBroken("[", "]", elements.map { ("", $0) }, indentation: indentation)
    case .object(let members):
      writeBroken(
        "{", "}", members.map { (Self.quoted($0.name) + ": ", $0.value) }, indentation: indentation)
    default: output += line
    }
  }

  private mutating func writeBroken(
    _ open: String, _ close: String, _ parts: [(prefix: String, value: JSON)], indentation: Int
  ) {
    let inner = indentation + 2
    output += open + "\n"
    for (index, part) in parts.enumerated() {
      output += String(repeating: " ", count: inner) + part.prefix
      write(part.value, indentation: inner, used: inner + part.prefix.utf8.count + 1)
      output += index + 1 < parts.count ? ",\n" : "\n"
    }
    output += String(repeating: " ", count: indentation) + close
  }

  /// Writes on one line; false if that takes more than `limit` bytes.
  ///
  /// Scalars are always written.
  private static func writeFlat(_ json: JSON, into line: inout String, limit: Int) -> Bool {
    switch json {
    case .null: line += "null"
    case .bool(let value): line += value ? "true" : "false"
    case .integer(let value): line += String(value)
    case .number(let value): line += value.isFinite ? String(value) : "null"
    case .string(let value): line += quoted(value)
    case .array(let elements):
      line += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { line += ", " }
        guard writeFlat(element, into: &line, limit: limit), line.utf8.count <= limit else { return false }
      }
      line += "]"
      return line.utf8.count <= limit || elements.isEmpty
    case .object(let members):
      line += "{"
      for (index, member) in members.enumerated() {
        line += (index > 0 ? ", " : "") + quoted(member.name) + ": "
        guard writeFlat(member.value, into: &line, limit: limit), line.utf8.count <= limit else {
          return false
        }
      }
      line += "}"
      return line.utf8.count <= limit || members.isEmpty
    }
    return true
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSON {
  /// The tree as text: containers that fit on a line of 110 columns stay on it.
  ///
  /// Equal trees give equal bytes.
  public var text: String { JSONWriter.text(of: self) }
}
