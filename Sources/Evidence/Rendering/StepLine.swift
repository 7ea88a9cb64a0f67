/// A step of a trace in the words of a diagram.
struct StepLine {
  /// 1-based.
  let number: Int
  /// Position in `Trace.columns`.
  let column: Int
  /// How many calls deep the statement is.
  let depth: Int
  /// The functions that were entered since the process's last step, outermost first.
  let entered: [String]
  /// What the innermost of them was called with: `addr = 2`.
  let arguments: [String]
  let origin: String
  let text: String
  /// `:12`, with the file if it is not the root of the spec.
  let place: String
  /// `mm_struct#0.mmap_lock.owner = user[0]`; chosen values first.
  let changes: [String]
}

extension Trace {
  /// All steps, in order.
  var stepLines: [StepLine] {
    let columns = columns
    var stacks: [Int: [String]] = [:]
    return steps.indices.map { index in
      let step = steps[index]
      let before = stacks[step.process] ?? Array(step.callStack.prefix(1))
      let common = zip(before, step.callStack).prefix { $0 == $1 }.count
      let entered = Array(step.callStack.dropFirst(max(1, common)))
      stacks[step.process] = step.callStack
      return StepLine(
        number: index + 1, column: columns.firstIndex(of: step.process) ?? 0,
        depth: max(0, step.callStack.count - 1), entered: entered,
        arguments: entered.isEmpty ? [] : arguments(ofStep: index), origin: step.place.origin,
        text: statementText(step), place: shortPlace(step.place),
        changes: changeTexts(ofStep: index))
    }
  }

  /// `CPU0 user[0]`: the title of a column.
  func columnTitle(_ column: Int) -> String { "CPU\(column) \(processes[columns[column]])" }

  /// `:12` in the spec's root file, `mm:12` in the imported `lib/kernel/mm.mmck`.
  func shortPlace(_ place: SourcePlace) -> String {
    if place.file == meta.path || place.file.isEmpty { return ":\(place.line)" }
    return "\(place.shortFile):\(place.line)"
  }

  /// The statement without comments and opening brace; a block that is one step shows what was done in it.
  private func statementText(_ step: Step) -> String {
    let text = SourceWords.statement(step.place.text)
    let isBlock = ["choose", "loop choose", "atomic"].contains(text)
    guard isBlock else { return text }
    let inner = step.executed.filter { $0.function == step.place.function }
      .map { SourceWords.statement($0.text) }.filter { !SourceWords.isControl($0) }
      .map { $0.hasSuffix(";") ? $0 : $0 + ";" }
    if inner.isEmpty { return text }
    return "\(text): " + SourceWords.cut(text == "atomic" ? inner.joined(separator: " ") : inner[0], to: 44)
  }

  /// The values of a function's own locals when it begins; those of the innermost function entered.
  private func arguments(ofStep index: Int) -> [String] {
    let step = steps[index]
    guard case .record(let fields)? = state(before: index)[processes[step.process]] else { return [] }
    return fields.compactMap { field in
      let isNumber = if case .integer = field.value { true } else { false }
      guard isNumber || !field.value.isBlank, let name = localName(field.name, of: step.place.function)
      else { return nil }
      return "\(name) = \(field.value)"
    }
  }

  /// `find_shared_vma.host` is `host` in its own function.
  private func localName(_ name: String, of function: String) -> String? {
    name.hasPrefix(function + ".") ? String(name.dropFirst(function.count + 1)) : nil
  }

  /// Chosen values, shared state, then locals of the active functions; not the arguments of calls that follow.
  private func changeTexts(ofStep index: Int) -> [String] {
    let step = steps[index]
    let own = processes[step.process] + "."
    var texts = step.chosen.map { "\($0.name) = \($0.value)" }
    for change in changes(ofStep: index) {
      var text = change.short(by: processes[step.process])
      if change.isLocal, text.hasPrefix(own) {
        text = String(text.dropFirst(own.count))
        if let name = step.callStack.lazy.compactMap({ localName(text, of: $0) }).first {
          text = name
        } else if change.before == nil {
          continue
        }
      }
      if !texts.contains(text) { texts.append(text) }
    }
    return texts
  }
}

/// Source text in few words.
enum SourceWords {
  /// One statement, without comments, opening brace and runs of spaces.
  static func statement(_ source: String) -> String {
    var words: [Substring] = []
    var isComment = false
    for word in source.split(whereSeparator: \.isWhitespace) {
      if word.hasPrefix("//") { break }
      if word.hasPrefix("/*") { isComment = true }
      if !isComment { words.append(word) }
      if word.hasSuffix("*/") { isComment = false }
    }
    if words.count > 1, words.last == "{" { words.removeLast() }
    return words.joined(separator: " ")
  }

  /// At most `width` characters.
  static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
  }

  /// The head of a block: it says less than what is in it.
  static func isControl(_ statement: String) -> Bool {
    let word = statement.prefix { $0.isLetter }
    if word == "case" { return statement.hasSuffix(":") }
    return ["choose", "atomic", "loop", "switch", "if", "for", "while", "do"].contains(String(word))
  }
}
