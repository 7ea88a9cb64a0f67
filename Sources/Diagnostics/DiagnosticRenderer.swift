/// Turns a diagnostic into text for people.
///
///     specs/a.mmck:3:8: error: `&` binds looser than this comparison [E0213]
///         3 |     if (x & F == 0)
///           |         ^~~~~~~~~~
///       suggestion: write parentheses
///
/// Whatever the source holds, the text has no control characters but line ends (and colours, if asked for), so that
/// a spec cannot write to the terminal of its reader.
public struct DiagnosticRenderer {
  private let sources: SourceMap
  private let color: Bool

  /// `color` adds ANSI sequences; pass false for anything but a terminal.
  public init(sources: SourceMap, color: Bool) {
    self.sources = sources
    self.color = color
  }

  /// The message with its source line, suggestion and notes; several lines, without a line end at the end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let isError = diagnostic.severity == .error
    let label = paint(diagnostic.severity.rawValue, isError ? .red : .yellow)
    let message = paint(printable(diagnostic.message), .bold)
    var lines = ["\(place(diagnostic.range)): \(label): \(message) [\(diagnostic.code)]"]
    lines += excerpt(diagnostic.range, isError ? .red : .yellow)
    if let suggestion = diagnostic.suggestion {
      lines.append("  \(paint("suggestion", .green)): \(printable(suggestion))")
    }
    for note in diagnostic.notes {
      lines.append("\(place(note.range)): \(paint("note", .cyan)): \(printable(note.message))")
      lines += excerpt(note.range, .cyan)
    }
    return lines.joined(separator: "\n")
  }

  private func source(_ range: SourceRange) -> SourceText? {
    sources.files.indices.contains(range.file.index) ? sources[range.file] : nil
  }

  // path:line:column
  private func place(_ range: SourceRange) -> String {
    guard let source = source(range) else { return "<unknown file>" }
    let offset = min(max(0, range.start), source.bytes.count)
    return paint("\(printable(source.path)):\(source.line(at: offset)):\(source.column(at: offset))", .bold)
  }

  /// The source line and the marks below it; a range over several lines is marked to the end of its first.
  private func excerpt(_ range: SourceRange, _ style: Style) -> [String] {
    guard let source = source(range) else { return [] }
    let start = min(max(0, range.start), source.bytes.count)
    let line = source.line(at: start)
    let lineStart = source.lineStarts[line - 1]
    let lineEnd = line < source.lineStarts.count ? source.lineStarts[line] - 1 : source.bytes.count
    let shown = ShownLine(
      bytes: source.bytes[lineStart..<max(lineStart, lineEnd)],
      marked: start..<max(start, min(range.end, lineEnd)))
    let number = String(line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let marks = "^" + String(repeating: "~", count: max(0, shown.markWidth - 1))
    return [
      "\(margin)\(number) | \(shown.text)",
      "      | \(String(repeating: " ", count: shown.markStart))\(paint(marks, style))",
    ].map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  private enum Style: String {
    case bold = "1"
    case red = "1;31"
    case green = "32"
    case yellow = "1;33"
    case cyan = "36"
  }

  private func paint(_ text: String, _ style: Style) -> String {
    color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// A source line as it is shown.
///
/// Tabs are spaces, unprintable characters are replaced, a long line is cut to a window around the marked part.
private struct ShownLine {
  static let width = 100
  static let tabWidth = 8

  var text = ""
  /// Columns before the first mark, and how many are marked.
  var markStart = 0
  var markWidth = 1

  /// `marked` counts in offsets of the file, as the indices of `bytes` do.
  init(bytes: ArraySlice<UInt8>, marked: Range<Int>) {
    // Far outside of the window nothing needs to be looked at: a line of megabytes costs no more than another.
    let reach = 4 * Self.width
    let low = max(bytes.startIndex, Self.boundary(marked.lowerBound - reach, in: bytes))
    let high = min(bytes.endIndex, marked.lowerBound + reach)
    var cells: [Character] = []
    var markEnd = 0
    var offset = low
    markStart = -1
    for scalar in String(decoding: bytes[low..<max(low, high)], as: UTF8.self).unicodeScalars {
      if markStart < 0, offset >= marked.lowerBound { markStart = cells.count }
      let isMarked = offset < marked.upperBound
      if scalar == "\t" {
        cells += Array(repeating: " ", count: Self.tabWidth - cells.count % Self.tabWidth)
      } else if scalar != "\r" {
        cells += Array(printable(scalar))
      }
      if isMarked { markEnd = cells.count }
      offset += Self.length(of: scalar, at: offset, in: bytes)
    }
    if markStart < 0 { markStart = cells.count }
    markWidth = max(1, markEnd - markStart)
    cut(cells, isCutLeft: low > bytes.startIndex, isCutRight: high < bytes.endIndex)
  }

  private mutating func cut(_ cells: [Character], isCutLeft: Bool, isCutRight: Bool) {
    let fits = cells.count <= Self.width && !isCutLeft && !isCutRight
    let isNearStart = markStart < Self.width * 2 / 3 && !isCutLeft
    let first = fits || isNearStart ? 0 : max(0, markStart - Self.width / 2)
    let last = min(cells.count, first + Self.width)
    text = String(cells[first..<max(first, last)])
    markStart -= first
    if first > 0 || isCutLeft {
      text = "..." + text
      markStart += 3
    }
    if last < cells.count || isCutRight { text += "..." }
    markWidth = max(1, min(markWidth, Self.width - min(markStart, Self.width - 1)))
  }

  /// The next start of a character at or behind `index`.
  private static func boundary(_ index: Int, in bytes: ArraySlice<UInt8>) -> Int {
    var result = max(index, bytes.startIndex)
    while result < bytes.endIndex, bytes[result] & 0xC0 == 0x80 { result += 1 }
    return result
  }

  /// How many bytes `scalar` came from; a replacement character may stand for bytes that are no UTF-8.
  private static func length(of scalar: Unicode.Scalar, at offset: Int, in bytes: ArraySlice<UInt8>) -> Int {
    guard scalar == "\u{FFFD}" else { return UTF8.width(scalar) }
    let rest = bytes[min(offset, bytes.endIndex)...]
    if rest.starts(with: [0xEF, 0xBF, 0xBD]) { return 3 }
    // A broken sequence gives one replacement for its longest valid beginning.
    for length in [3, 2] where rest.count >= length {
      if String(decoding: rest.prefix(length), as: UTF8.self) == "\u{FFFD}" { return length }
    }
    return 1
  }
}

/// `text` with everything replaced that a terminal might act on.
func printable(_ text: String) -> String {
  text.unicodeScalars.map(printable).joined()
}

private func printable(_ scalar: Unicode.Scalar) -> String {
  switch scalar.value {
  case ..<0x20: String(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
  case 0x7F: "\u{2421}"
  // C1 controls; zero-width and direction marks; separators; byte order mark.
  case 0x80...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
    "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
  default: String(scalar)
  }
}
