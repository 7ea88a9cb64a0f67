/// A line of the result.
struct OutputLine {
  /// Without the trailing comment.
  var text = ""
  /// A comment at the end of the line.
  var trailing: LayoutItem?

  /// The column behind `text`.
  var width: Int { text.unicodeScalars.count }

  /// The line without white space at its end.
  var rendered: String {
    guard let trailing else { return text.allSatisfy({ $0 == " " }) ? "" : text }
    return text + trimmedEnd(trailing.text)
  }
}

/// Pads the lines in front of their trailing comments.
///
/// Comments that the author aligned on lines that follow each other stay aligned: right behind the longest line if
/// they were so, else in the author's column, if the lines leave room for it. Comments that were not aligned follow
/// their line after one space.
func alignTrailingComments(_ lines: inout [OutputLine]) {
  var start = 0
  while start < lines.count {
    var end = start
    while end < lines.count, lines[end].trailing != nil { end += 1 }
    if end > start { align(&lines, start..<end) }
    start = max(end, start + 1)
  }
}

private func align(_ lines: inout [OutputLine], _ group: Range<Int>) {
  let comments = group.compactMap { lines[$0].trailing }
  let isAligned = Set(comments.map(\.sourceColumn)).count == 1
  let isTight = comments.contains { $0.sourceGap <= 1 }
  let needed = (group.map { lines[$0].width }.max() ?? 0) + 1
  let shared = isTight ? needed : max(needed, comments.first?.sourceColumn ?? 0)
  for index in group {
    let column = isAligned ? shared : lines[index].width + 1
    lines[index].text += String(repeating: " ", count: column - lines[index].width)
  }
}

/// `text` without white space at its end.
func trimmedEnd(_ text: String) -> String {
  let space: Set<Unicode.Scalar> = [" ", "\t", "\r", "\u{0B}", "\u{0C}"]
  var scalars = Substring(text).unicodeScalars
  while let last = scalars.last, space.contains(last) { scalars.removeLast() }
  return String(scalars)
}
