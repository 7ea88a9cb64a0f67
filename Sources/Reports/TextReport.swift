import Evidence

/// The verdicts as a table for terminals and logs.
///
/// Stable: the same for every run and every number of threads.
public enum TextReport {
  /// What to show.
  public struct Options: Hashable, Sendable {
    /// One line for each property; otherwise built-in properties that hold as expected share one.
    public var showsEverything = false
    /// States per second and the like, which differ from run to run.
    public var showsTiming = false
    /// With ANSI colours.
    public var usesColor = false
    /// At most this many coverage gaps of each run are listed.
    public var coverageGapLimit = 10
    public init() {}
  }

  /// The table, coverage gaps, lock-order cycles, and a summary line.
  public static func render(_ report: CheckReport, options: Options = Options()) -> String {
    let table = VerdictTable(options: options)
    var lines: [String] = []
    for run in report.runs {
      lines += table.lines(for: run)
      lines += gaps(of: run, limit: options.coverageGapLimit)
      lines += cycles(of: run)
      lines.append("")
    }
    if let line = leftOut(of: report) { lines.append(line) }
    lines.append(summary(of: report, options: options))
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for all scopes that were left out, if there are any.
  static func leftOut(of report: CheckReport) -> String? {
    if report.leftOut.isEmpty { return nil }
    let scopes = report.leftOut.map { "\($0.path), scope \($0.scope)" }
    return "left out, for Z3 only: " + scopes.joined(separator: "; ")
  }

  private static func gaps(of run: CheckReport.Run, limit: Int) -> [String] {
    if run.coverageGaps.isEmpty { return [] }
    var lines = ["  not covered (\(run.coverageGaps.count)):"]
    lines += run.coverageGaps.prefix(limit).map {
      "    \($0.place.fileAndLine): \($0.what): `\($0.place.text)`"
    }
    if run.coverageGaps.count > limit { lines.append("    and \(run.coverageGaps.count - limit) more") }
    return lines
  }

  /// The edges of the lock-order graph that lie on a cycle, if a cycle is reported.
  private static func cycles(of run: CheckReport.Run) -> [String] {
    let isReported = run.results.contains { $0.property == "lock.order" && $0.answer.kind == .violated }
    let edges = isReported ? LockOrderGraph(run.lockOrder).cyclicEdges : []
    if edges.isEmpty { return [] }
    let width = edges.map { $0.held.count + $0.taken.count }.max() ?? 0
    return ["  locks are taken in a cycle:"]
      + edges.map { edge in
        let names = "\(edge.held) -> \(edge.taken)"
        let padding = String(repeating: " ", count: width - edge.held.count - edge.taken.count)
        return
          "    \(names)\(padding)  \(edge.place.fileAndLine) `\(edge.place.text)` in \(edge.place.function)"
      }
  }

  private static func summary(of report: CheckReport, options: Options) -> String {
    let results = report.results.map(\.result)
    var parts: [String] = []
    for kind in [CheckReport.Kind.holds, .violated, .unknown] {
      let count = results.count { $0.answer.kind == kind }
      if count > 0 { parts.append("\(count) \(kind == .holds ? "hold" : kind.rawValue)") }
    }
    let surprises = results.count { !$0.isAsExpected }
    let verdict =
      surprises == 0
      ? "as expected" : "\(surprises) not as expected"
    let text = "\(parts.isEmpty ? "nothing checked" : parts.joined(separator: ", ")): \(verdict)"
    return ANSI(isEnabled: options.usesColor).paint(text, surprises == 0 ? .good : .bad)
  }
}

/// The edges between lock classes, each once.
struct LockOrderGraph {
  private let edges: [LockOrderEntry]

  init(_ edges: [LockOrderEntry]) {
    var seen = Set<[String]>()
    self.edges = edges.filter { seen.insert([$0.held, $0.taken, $0.place.fileAndLine]).inserted }
  }

  /// Edges from whose end one can come back to their start, in the order given.
  var cyclicEdges: [LockOrderEntry] {
    edges.filter { reachable(from: $0.taken).contains($0.held) }
  }

  private func reachable(from start: String) -> Set<String> {
    var reached: Set<String> = [start]
    var work = [start]
    while let next = work.popLast() {
      for edge in edges where edge.held == next && reached.insert(edge.taken).inserted {
        work.append(edge.taken)
      }
    }
    return reached
  }
}
