import Diagnostics

/// The wording of `E01xx`, sorted by code.
extension Diagnostic {
  /// E0101: characters that belong to no token.
  static func strayCharacters(_ text: String, _ range: SourceRange) -> Diagnostic {
    let shown = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0xFFFD }
    return Diagnostic(
      code: "E0101",
      message: shown ? "`\(text)` is not part of the language" : "a byte that is not part of the language",
      range: range, suggestion: strayReplacement(text).map { "write `\($0)`" })
  }

  private static func strayReplacement(_ text: String) -> String? {
    switch text {
    case "\u{201C}", "\u{201D}": "\""
    case "\u{2013}", "\u{2014}", "\u{2212}": "-"
    case "\u{2026}": ".."
    case "\u{2227}": "&&"
    case "\u{2228}": "||"
    case "\u{00AC}": "!"
    case "\u{2200}": "forall"
    case "\u{2203}": "exists"
    case "\u{2208}": "in"
    case "\u{2264}": "<="
    case "\u{2265}": ">="
    case "\u{2260}": "!="
    case "\u{21D2}": "==>"
    default: nil
    }
  }

  /// E0102: bytes that are not UTF-8, anywhere in the file.
  static func invalidEncoding(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0102", message: "this byte is not valid UTF-8", range: range,
      suggestion: "save the file as UTF-8")
  }

  /// E0103: no closing quote before the end of the line.
  static func unterminatedString(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0103", message: "this string has no end", range: range,
      suggestion: "write `\"` before the end of the line")
  }

  /// E0104: no closing mark before the end of the file.
  static func unterminatedComment(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0104", message: "this comment has no end", range: range, suggestion: "write `*/` where it ends")
  }

  /// E0105: does not fit into 64 bits.
  static func numberTooLarge(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0105", message: "this number does not fit into 64 bits", range: range,
      suggestion: "the largest number is 0xffffffffffffffff")
  }

  /// E0106: digits that are no number.
  static func malformedNumber(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0106", message: "this is not a number", range: range,
      suggestion: "numbers are written `42`, `0x2a` or, in octal, `0600`; there are no fractions")
  }

  /// E0107: `1UL`.
  static func numberSuffix(_ number: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0107", message: "numbers have no suffix: a constant adapts to the word beside it", range: range,
      suggestion: "write `\(number)`")
  }

  /// E0108: `'c'`.
  static func characterLiteral(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0108", message: "there are no characters in single quotes", range: range,
      suggestion: "write a number or an enum value; texts stand in double quotes")
  }

  /// E0109: `#include`, `#define`, `#ifdef`.
  static func preprocessor(_ line: String, _ range: SourceRange) -> Diagnostic {
    let word = line.dropFirst().drop { $0 == " " || $0 == "\t" }.prefix { $0.isLetter }
    let suggestion: String? =
      switch word {
      case "include": "write `import \"path.mmck\";`"
      case "define": "write `const NAME = value;`, or `param NAME = value;` if scopes set it"
      case "if", "ifdef", "ifndef", "else", "elif", "endif":
        "write `option NAME = false;` and test it with `if`"
      default: nil
      }
    return Diagnostic(
      code: "E0109", message: "there is no preprocessor", range: range, suggestion: suggestion)
  }

  /// E0110: `\` before something else than `n`, `t`, `"` and `\`.
  static func unknownEscape(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0110", message: "this is not an escape", range: range,
      suggestion: "strings know `\\n`, `\\t`, `\\\"` and `\\\\`")
  }

  /// E0111: larger than any spec.
  static func fileTooLarge(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0111", message: "the file is larger than \(Lexer.byteLimit >> 20) MiB and was not read",
      range: range)
  }
}
