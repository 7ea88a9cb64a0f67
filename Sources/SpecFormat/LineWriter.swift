import SpecSyntax

/// Writes the items line by line, once their line breaks are decided.
struct LineWriter {
  private let items: [LayoutItem]
  private let anchors: [LayoutAnchor?]
  private var lines: [OutputLine] = [OutputLine()]
  /// The indentation of the line on which a token with an anchor stands.
  private var indents: [Int]
  private var lineIndent = 0
  private var continuation = Continuation()

  /// Requires: the `breaks` of the items are decided.
  init(items: [LayoutItem], anchors: [LayoutAnchor?]) {
    self.items = items
    self.anchors = anchors
    indents = Array(repeating: 0, count: anchors.count)
  }

  /// The whole text; it ends with one line end, unless there is nothing at all.
  mutating func write() -> String {
    for index in items.indices where items[index].kind != .endOfFile { write(index) }
    alignTrailingComments(&lines)
    let text = lines.map(\.rendered).joined(separator: "\n")
    return text.isEmpty ? "" : text + "\n"
  }

  private mutating func write(_ index: Int) {
    let item = items[index]
    if item.breaks > 0 || index == 0 {
      if index > 0 {
        lines += Array(repeating: OutputLine(), count: item.breaks)
      }
      lineIndent = indent(ofLineAt: index)
      lines[lines.count - 1].text = String(repeating: " ", count: lineIndent)
    }
    recordAnchor(item)
    let isLineStart = item.breaks > 0 || index == 0
    if item.isComment {
      writeComment(index, isLineStart: isLineStart)
    } else {
      if !isLineStart, needsSpace(between: items[index - 1], and: item) { append(" ") }
      append(item.text)
      updateContinuation(index)
    }
  }

  private mutating func append(_ text: String) { lines[lines.count - 1].text += text }

  /// The first token of a statement sets what its continuation lines are measured from.
  private mutating func recordAnchor(_ item: LayoutItem) {
    guard let token = item.tokenIndex, anchors[token] != nil else { return }
    indents[token] = lineIndent
    continuation = Continuation(lineIndent: lineIndent)
  }

  private func indent(ofLineAt index: Int) -> Int {
    let item = items[index]
    guard item.isComment else { return indent(ofToken: item) }
    // A comment stands as what it precedes, at the end of a block as the statements of the block.
    let next = items[index...].first { !$0.isComment }
    guard let next, next.kind != .endOfFile else { return 0 }
    // Before a label the author has the choice: is it about the label, or the end of what is before it?
    let isAboveLabel = item.sourceColumn <= next.sourceColumn
    switch next.role {
    case .caseLabel: return indent(ofToken: next) + (isAboveLabel ? 0 : indentWidth)
    case .gotoLabel: return isAboveLabel ? 0 : anchoredIndent(next)
    default: return indent(ofToken: next) + (next.closesBlock ? indentWidth : 0)
    }
  }

  /// Labels stand in the first column, as in the kernel.
  private func indent(ofToken item: LayoutItem) -> Int {
    item.role == .gotoLabel ? 0 : anchoredIndent(item)
  }

  private func anchoredIndent(_ item: LayoutItem) -> Int {
    guard let token = item.tokenIndex, let anchor = anchors[token] else {
      return continuation.indent(beforeClosing: closesBracket(item))
    }
    guard let owner = anchor.owner else { return 0 }
    return indents[owner] + anchor.levels * indentWidth
  }

  private func opensBracket(_ item: LayoutItem) -> Bool {
    [.leftParen, .leftBracket].contains(item.kind) || (item.kind == .leftBrace && item.role == .setBrace)
  }

  private func closesBracket(_ item: LayoutItem) -> Bool {
    [.rightParen, .rightBracket].contains(item.kind) || (item.kind == .rightBrace && item.role == .setBrace)
  }

  private mutating func updateContinuation(_ index: Int) {
    let item = items[index]
    if opensBracket(item) {
      continuation.open(lineIndent: lineIndent)
    } else if closesBracket(item) {
      continuation.close()
    } else if item.role == .quantifierColon {
      continuation.deepen(lineIndent: lineIndent)
    }
  }
}

// MARK: Comments

extension LineWriter {
  private mutating func writeComment(_ index: Int, isLineStart: Bool) {
    let item = items[index]
    let isLastOfLine = index + 1 >= items.count || items[index + 1].breaks > 0
    let isTrailing = !isLineStart && isLastOfLine && !item.text.contains("\n")
    if isTrailing {
      lines[lines.count - 1].trailing = item
      return
    }
    if !isLineStart { lines[lines.count - 1].text += " " }
    let shift = lines[lines.count - 1].width - item.sourceColumn
    let parts = item.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      let line = trimmedEnd(String(part))
      if number == 0 {
        lines[lines.count - 1].text += line
      } else {
        lines.append(OutputLine(text: shifted(line, by: shift)))
      }
    }
  }

  /// A line inside a comment moves as far as the comment's start did.
  private func shifted(_ line: String, by shift: Int) -> String {
    let body = line.drop { $0 == " " || $0 == "\t" }
    guard !body.isEmpty else { return "" }
    var column = 0
    for character in line.prefix(line.count - body.count) {
      column += character == "\t" ? 8 - column % 8 : 1
    }
    return String(repeating: " ", count: max(0, column + shift)) + body
  }
}
