import Evidence
import TransitionIR

/// Terminal colours, or none.
struct ANSI {
  enum Role: String {
    case good = "32"
    case bad = "1;31"
    case doubtful = "33"
    case title = "1"
  }

  let isEnabled: Bool

  func paint(_ text: String, _ role: Role) -> String {
    isEnabled ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// The lines of one run in a text report.
struct VerdictTable {
  let options: TextReport.Options
  private var ansi: ANSI { ANSI(isEnabled: options.usesColor) }

  func lines(for run: CheckReport.Run) -> [String] {
    let (quiet, shown) = split(run.results)
    let width = shown.map(\.property.count).max() ?? 0
    var lines = [ansi.paint(title(of: run), .title)]
    lines.append("  " + statistics(of: run))
    lines += shown.map { line(for: $0, propertyWidth: width) }
    if !quiet.isEmpty { lines.append("  ok    holds     \(collective(quiet))") }
    return lines
  }

  /// Built-in properties that hold as they should, and all others.
  private func split(_ results: [CheckReport.Result]) -> (
    quiet: [CheckReport.Result], shown: [CheckReport.Result]
  ) {
    if options.showsEverything { return ([], results) }
    let isQuiet = { (result: CheckReport.Result) in
      BuiltinProperty(rawValue: result.property) != nil && result.answer.kind == .holds && result.isAsExpected
    }
    return (results.filter(isQuiet), results.filter { !isQuiet($0) })
  }

  /// The spec, its scope and settings; what goes beyond `titleWidth` is cut.
  private func title(of run: CheckReport.Run) -> String {
    var text = run.path
    if !run.scope.isEmpty { text += ", scope \(run.scope)" }
    let enabled = run.options.filter { $0.value == "true" }.map(\.name)
    if !enabled.isEmpty { text += ", with " + enabled.joined(separator: ", ") }
    if run.parameters.isEmpty { return text }
    text += " ("
    for (index, parameter) in run.parameters.enumerated() {
      let next = (index == 0 ? "" : ", ") + "\(parameter.name) = \(parameter.value)"
      if index > 0, text.count + next.count > Self.titleWidth { return text + ", …)" }
      text += next
    }
    return text + ")"
  }

  private static let titleWidth = 120

  private func statistics(of run: CheckReport.Run) -> String {
    let numbers = run.statistics
    if run.engine == CheckReport.Run.solver {
      return numbers.depth < 0 ? "no run looked at (z3)" : "all runs of \(numbers.depth) steps looked at (z3)"
    }
    var text =
      "\(Self.grouped(numbers.states)) states, \(Self.grouped(numbers.transitions)) transitions, "
      + "depth \(numbers.depth)\(numbers.isComplete ? "" : ", not complete") "
      + "(\(run.engine)\(numbers.reductions.isEmpty ? "" : ", reduced"))"
    if options.showsTiming, numbers.seconds > 0 {
      let rate = Int(Double(numbers.states) / numbers.seconds)
      text += ", \((numbers.seconds * 1000).rounded() / 1000) s, \(Self.grouped(rate)) states/s"
    }
    return text
  }

  private func line(for result: CheckReport.Result, propertyWidth: Int) -> String {
    let (mark, role) = mark(for: result)
    let start = Self.padded(mark, to: 4)
    var parts = [
      Self.padded(result.answer.kind.rawValue, to: 8), Self.padded(result.property, to: propertyWidth),
    ]
    parts.append(detail(of: result))
    if !result.isAsExpected { parts.append("(expected: \(result.expected.rawValue))") }
    let text = parts.filter { !$0.isEmpty }.joined(separator: "  ")
    return "  \(ansi.paint(start, role))  \(text)"
  }

  private func mark(for result: CheckReport.Result) -> (String, ANSI.Role) {
    if result.isAsExpected { return ("ok", .good) }
    return result.answer.kind == .unknown ? ("?", .doubtful) : ("FAIL", .bad)
  }

  private func detail(of result: CheckReport.Result) -> String {
    switch result.answer {
    case .holds(let strength):
      let text = Self.text(of: strength)
      guard let trace = result.trace else { return text }
      let witness = "witness of \(trace.steps.count) steps"
      return [witness, result.tracePath].compactMap { $0 }.joined(separator: "  ")
    case .unknown(let reason): return Phrases.oneLine(reason)
    case .violated:
      let steps = result.trace.map { "\($0.steps.count) step\($0.steps.count == 1 ? "" : "s")" }
      let place = result.place.map { "\($0.fileAndLine):" } ?? ""
      let message = [place, Phrases.oneLine(result.message ?? "")].filter { !$0.isEmpty }.joined(
        separator: " ")
      return [message.isEmpty ? nil : message, steps.map { "[\($0)]" }, result.tracePath].compactMap { $0 }
        .joined(separator: "  ")
    }
  }

  /// Such as `12 built-in properties: lock.* (6), lifetime.* (4), deadlock, assert; exhaustive`.
  private func collective(_ results: [CheckReport.Result]) -> String {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for result in results {
      if counts[result.group] == nil { order.append(result.group) }
      counts[result.group, default: 0] += 1
    }
    let groups = order.map { group in
      ["deadlock", "assert"].contains(group) ? group : "\(group).* (\(counts[group] ?? 0))"
    }
    var strengths: [String] = []
    for case .holds(let strength) in results.map(\.answer) where !strengths.contains(Self.text(of: strength))
    {
      strengths.append(Self.text(of: strength))
    }
    let noun = results.count == 1 ? "built-in property" : "built-in properties"
    return "\(results.count) \(noun): \(groups.joined(separator: ", ")); \(strengths.joined(separator: ", "))"
  }

  static func text(of strength: Strength) -> String {
    switch strength {
    case .exhaustive: "exhaustive"
    case .depth(let depth): "up to depth \(depth)"
    case .inductive(let k, let lemmas): "inductive, k=\(k), any depth, \(counted(lemmas))"
    case .anyNumber(let kinds, let lemmas):
      "any number of \(kinds.joined(separator: ", ")), any depth, \(counted(lemmas))"
    }
  }

  private static func counted(_ lemmas: Int) -> String { "\(lemmas) lemma\(lemmas == 1 ? "" : "s")" }

  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
