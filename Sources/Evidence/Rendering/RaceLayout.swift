/// Places the steps of a trace on lines of limited width.
struct RaceLayout {
  /// From talkative to terse.
  enum Density: CaseIterable {
    /// Calls and changes that do not fit get lines of their own.
    case spacious
    /// Changes that do not fit are cut.
    case compact
    /// Calls have no lines of their own either.
    case dense
  }

  private let options: RaceDiagram.Options
  private let density: Density
  private let titles: [String]
  private let steps: [StepLine]
  /// Where each column begins.
  private let offsets: [Int]
  /// Where the right-hand side begins: places and changes.
  private let margin: Int
  /// So that changes begin in the same column; longer places push them to the right.
  private let placeWidth: Int

  private static let numberWidth = 4
  /// What the right-hand side gets at least.
  private static let notesWidth = 36

  init(trace: Trace, options: RaceDiagram.Options, density: Density) {
    self.options = options
    self.density = density
    titles = trace.columns.indices.map(trace.columnTitle)
    steps = trace.stepLines
    let widths = steps.map { Self.leftTexts($0, density).map(\.count).max() ?? 0 }
    let room = max(40, options.width - Self.notesWidth)
    let share = max(14, (room - Self.numberWidth) / max(1, titles.count))
    var offsets: [Int] = []
    var offset = Self.numberWidth
    for (column, title) in titles.enumerated() {
      offsets.append(offset)
      let widest = zip(steps, widths).filter { $0.0.column == column }.map(\.1).max() ?? 0
      offset += min(max(title.count, widest) + 2, max(share, title.count + 2))
    }
    self.offsets = offsets
    placeWidth = min(12, steps.map(\.place.count).max() ?? 0)
    let ends = zip(steps, widths).map { offsets[$0.0.column] + $0.1 + 2 }
    let first = (offsets.last ?? 0) + (titles.last?.count ?? 0) + 2
    let last = max(first, min(ends.max() ?? 0, room))
    margin = Self.margin(from: first, to: last, ends: ends, notes: steps.map(Self.notesWidth), options.width)
  }

  /// The margin with the fewest lines that need another one for their changes; a text that reaches beyond the
  /// margin is half as bad.
  private static func margin(from first: Int, to last: Int, ends: [Int], notes: [Int], _ width: Int) -> Int {
    var best = (margin: last, cost: Int.max)
    for margin in stride(from: last, through: first, by: -1) {
      let cost = zip(ends, notes).reduce(0) { cost, line in
        cost + (line.0 > margin ? 1 : 0) + (max(margin, line.0) + line.1 > width ? 2 : 0)
      }
      if cost < best.cost { best = (margin, cost) }
    }
    return best.margin
  }

  private static func notesWidth(of step: StepLine) -> Int {
    step.changes.reduce(max(6, step.place.count)) { $0 + 2 + $1.count }
  }

  /// The texts of a step's column: the call, if it has a line of its own, and the statement.
  private static func leftTexts(_ step: StepLine, _ density: Density) -> [String] {
    let indentation = String(repeating: "  ", count: min(step.depth, 8))
    let call = step.entered.map { "\($0)()" }.joined(separator: " > ")
    if step.entered.isEmpty { return [indentation + step.text] }
    if density == .dense { return ["\(step.entered.joined(separator: " > ")): \(step.text)"] }
    return [
      String(indentation.dropLast(2 * min(step.entered.count, step.depth))) + call, indentation + step.text,
    ]
  }

  func lines() -> [String] {
    var lines = [titleLine()]
    for step in steps {
      let texts = Self.leftTexts(step, density)
      if texts.count > 1 { lines.append(callLine(step, texts[0])) }
      lines += stepLines(step, texts.last ?? "")
    }
    return lines
  }

  private func titleLine() -> String {
    var line = ""
    for (offset, title) in zip(offsets, titles) { line = padded(line, to: offset) + title }
    return line
  }

  private func callLine(_ step: StepLine, _ text: String) -> String {
    let left = padded("", to: offsets[step.column]) + text
    var notes = step.arguments
    if !step.origin.isEmpty { notes.insert("@ \(step.origin)", at: 0) }
    while !notes.isEmpty {
      let line =
        "\(padded(left, to: margin))\(left.count >= margin ? "  " : "")\(notes.joined(separator: ", "))"
      if line.count <= options.width { return line }
      notes.removeLast()
    }
    return SourceWords.cut(left, to: options.width)
  }

  private func stepLines(_ step: StepLine, _ text: String) -> [String] {
    let number = String(step.number)
    let start = padded("", to: Self.numberWidth - 1 - number.count) + number
    let room = options.width - step.place.count - 2
    let left = SourceWords.cut(padded(start, to: offsets[step.column]) + text, to: max(room, 20))
    var line = padded(left, to: margin)
    line += (left.count >= margin ? "  " : "") + step.place
    var isFirst = true
    for (index, change) in step.changes.enumerated() {
      let separator = isFirst ? padded("", to: max(2, placeWidth + 2 - step.place.count)) : ", "
      let isLast = index + 1 == step.changes.count
      if line.count + separator.count + change.count + (isLast ? 0 : 3) > options.width {
        return unfitting(Array(step.changes[index...]), after: line, isFirst: isFirst)
      }
      line += separator + change
      isFirst = false
    }
    return [line]
  }

  /// Changes for which a line has no room: on lines of their own, or an ellipsis.
  private func unfitting(_ changes: [String], after line: String, isFirst: Bool) -> [String] {
    if density != .spacious, !options.showsAllChanges {
      if !isFirst { return [line + ", …"] }
      let room = options.width - line.count - 2
      return [room >= 12 ? "\(line)  \(SourceWords.cut(changes[0], to: room))" : line]
    }
    var lines = [line]
    var rest = changes[...]
    while !rest.isEmpty {
      var text = rest.removeFirst()
      while let next = rest.first, Self.numberWidth + 4 + text.count + 2 + next.count <= options.width {
        text += ", " + rest.removeFirst()
      }
      let indentation = min(margin + placeWidth + 2, max(Self.numberWidth + 4, options.width - text.count))
      lines.append(padded("", to: indentation) + text)
    }
    return lines
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
