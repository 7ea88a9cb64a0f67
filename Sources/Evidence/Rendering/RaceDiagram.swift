/// Shows a trace as the races in kernel commit messages are shown: one column for each process, one line a step.
///
/// ```
///       CPU0 user[0]            CPU1 user[1]
///       sys_mshare()                                              @ mm/mshare.c sys_mshare
///    1    mutex_lock(&root);                                      :45  root.owner = user[0]
///                               page_fault()
///    2                            mmap_read_lock(host);           :71
/// ```
///
/// Statement first, state second: what a step changed follows on the same line as far as it fits.
public enum RaceDiagram {
  /// How to draw.
  public struct Options: Hashable, Sendable {
    /// In columns.
    public var width = 110
    /// Of a run of 13 steps or less; a longer one gets more in proportion.
    ///
    /// Above it the diagram becomes terser:
    /// changes are cut, function names go into the lines of steps.
    public var lineGoal = 30
    /// Shows every change of every step, however many lines it takes.
    public var showsAllChanges = false
    /// With ANSI colours.
    public var usesColor = false
    public init() {}
  }

  /// The diagram, with a line feed at the end of each line.
  public static func render(_ trace: Trace, options: Options = Options()) -> String {
    let header = headerLines(trace, width: options.width)
    let footer = footerLines(trace, width: options.width)
    let room = max(options.lineGoal, options.lineGoal * trace.steps.count / 13) - header.count - footer.count
    var body: [String] = []
    for density in RaceLayout.Density.allCases {
      body = RaceLayout(trace: trace, options: options, density: density).lines()
      if options.showsAllChanges || body.count <= room { break }
    }
    let style = Style(isEnabled: options.usesColor)
    let lines = style.header(header) + body + style.footer(footer)
    return lines.map { trimmedAtEnd($0) + "\n" }.joined()
  }

  /// The spec, its settings, and what is violated.
  private static func headerLines(_ trace: Trace, width: Int) -> [String] {
    let meta = trace.meta
    let switches = trace.contextSwitchCount
    let length =
      "\(trace.steps.count) step\(trace.steps.count == 1 ? "" : "s"), "
      + "\(switches) context switch\(switches == 1 ? "" : "es")"
    var settings = "scope \(meta.scope.isEmpty ? "(default)" : meta.scope)"
    let enabled = meta.options.filter { $0.value == "true" }.map(\.name)
    if !enabled.isEmpty { settings += " with " + enabled.joined(separator: ", ") }
    for (index, parameter) in meta.parameters.enumerated() {
      let text = (index == 0 ? ": " : ", ") + "\(parameter.name) = \(parameter.value)"
      if settings.count + text.count + 3 > width {
        settings += ", …"
        break
      }
      settings += text
    }
    let verb = trace.kind == .witness ? "is possible" : "violated"
    return [
      meta.title.isEmpty ? meta.spec : "\(meta.spec): \(meta.title)", settings,
      "\(trace.property) \(verb) at \(trace.place.fileAndLine); \(length)", "",
    ]
  }

  /// The broken property and why.
  private static func footerLines(_ trace: Trace, width: Int) -> [String] {
    var line = trace.property
    if trace.kind == .witness { line += " (witness)" }
    if !trace.message.isEmpty { line += ": \(trace.message)" }
    let isElsewhere = trace.steps.last?.place.fileAndLine != trace.place.fileAndLine
    let declared = isElsewhere ? " (\(trace.shortPlace(trace.place)) `\(trace.place.text)`)" : ""
    if line.count + declared.count <= width { line += declared }
    let isExplained = trace.why.first.map { !$0.hasPrefix(Explanation.aliasPrefix) } ?? false
    return ["", line]
      + trace.why.enumerated().map { ($0.offset == 0 && isExplained ? "why: " : "     ") + $0.element }
  }

  private static func trimmedAtEnd(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// ANSI colours, or none.
  private struct Style {
    let isEnabled: Bool

    func header(_ lines: [String]) -> [String] {
      guard isEnabled, lines.count > 2 else { return lines }
      return ["\u{1B}[1m\(lines[0])\u{1B}[0m"] + lines.dropFirst()
    }

    func footer(_ lines: [String]) -> [String] {
      guard isEnabled, lines.count > 1 else { return lines }
      return [lines[0], "\u{1B}[1;31m\(lines[1])\u{1B}[0m"] + lines.dropFirst(2)
    }
  }
}
