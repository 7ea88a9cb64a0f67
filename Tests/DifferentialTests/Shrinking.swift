/// A spec that is wrong in the same way with as few lines as can be found by leaving some out.
///
/// A block goes as a whole, or only the lines that open and close it. `isWrong` is asked at most `limit`
/// times.
func shrunk(_ text: String, limit: Int = 400, while isWrong: (String) -> Bool) -> String {
  var lines = text.split(separator: "\n").map(String.init)
  var rest = limit
  var hasChanged = true
  while hasChanged {
    hasChanged = false
    for start in lines.indices.reversed() where start < lines.count {
      for fewer in shorter(lines, from: start) {
        if rest == 0 { return lines.joined(separator: "\n") }
        rest -= 1
        guard isWrong(fewer.joined(separator: "\n")) else { continue }
        lines = fewer
        hasChanged = true
        break
      }
    }
  }
  return lines.joined(separator: "\n")
}

/// The lines without the statement or declaration that begins at `start`, and without what is around its
/// block.
private func shorter(_ lines: [String], from start: Int) -> [[String]] {
  var depth = 0
  var end = start
  repeat {
    if end == lines.count { return [] }
    depth += lines[end].reduce(0) { $0 + ($1 == "{" ? 1 : $1 == "}" ? -1 : 0) }
    end += 1
  } while depth > 0
  if depth < 0 { return [] }
  var result = [Array(lines[..<start] + lines[end...])]
  if end - start > 1 {
    result.append(Array(lines[..<start] + lines[(start + 1)..<(end - 1)] + lines[end...]))
  }
  return result
}
