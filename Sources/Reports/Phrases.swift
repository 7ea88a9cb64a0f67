import Evidence

/// Sentences that several report formats share.
enum Phrases {
  /// One line about a result: `lock.unguarded violated: total is written without its lock (expected: holds)`.
  static func summary(of result: CheckReport.Result) -> String {
    var text = result.property
    switch result.answer {
    case .holds(let strength): text += " holds (\(VerdictTable.text(of: strength)))"
    case .violated: text += " violated"
    case .unknown(let reason): text += " unknown: \(reason)"
    }
    if result.answer.kind == .violated, let message = result.message, !message.isEmpty {
      text += ": \(message)"
    }
    if !result.isAsExpected { text += " (expected: \(result.expected.rawValue))" }
    return text
  }

  /// For places where a line feed would break the layout.
  static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

/// Text for XML.
enum XML {
  /// For attribute values, in which a reader would turn line feeds into spaces.
  static func attribute(_ text: String) -> String {
    escaped(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "&#10;")
  }

  /// For element content.
  ///
  /// Characters that XML 1.0 cannot hold become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\r": result += "&#13;"
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
