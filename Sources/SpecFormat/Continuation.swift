/// The columns of one level of indentation.
let indentWidth = 4

/// Where the further lines of a statement stand.
///
/// They are one level deeper than the line on which the innermost open bracket stands, or the innermost quantifier
/// whose body has begun; outside of both, one level deeper than the statement. So a line moves right by one level at
/// a time, however much stands on the line before it. (Aligning with the bracket, as the kernel does, was tried: it
/// pushes the bodies of quantifiers off the page.)
struct Continuation {
  private struct Level {
    let lineIndent: Int
    let isBracket: Bool
  }

  private let base: Int
  private var levels: [Level] = []

  /// `lineIndent` is the indentation of the line on which the statement begins.
  init(lineIndent: Int = 0) {
    base = lineIndent
  }

  /// The indentation of a line that begins here; a line that begins with a closing bracket stands as the line
  /// with the opening one.
  func indent(beforeClosing: Bool) -> Int {
    guard beforeClosing else { return (levels.last?.lineIndent ?? base) + indentWidth }
    return levels.last { $0.isBracket }?.lineIndent ?? base
  }

  /// A bracket was opened on a line with this indentation.
  mutating func open(lineIndent: Int) {
    levels.append(Level(lineIndent: lineIndent, isBracket: true))
  }

  /// The innermost bracket was closed, and with it the quantifiers inside.
  mutating func close() {
    while let level = levels.popLast() {
      if level.isBracket { return }
    }
  }

  /// The body of a quantifier begins behind a colon on a line with this indentation.
  mutating func deepen(lineIndent: Int) {
    levels.append(Level(lineIndent: lineIndent, isBracket: false))
  }
}
