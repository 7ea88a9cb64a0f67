import CheckDriver
import Diagnostics
import Reports
import SpecSemantics
import Testing

/// A spec in memory, checked in one scope with the interpreter.
///
/// The text of a case leaves out the line `spec case "…";`, which `run` puts before its first line. A line that a test talks about ends in a mark: `// @name`.
struct SpecRun {
  let run: CheckReport.Run
  let text: String

  static let path = "case.mmck"

  init(
    _ body: String, scope: String? = nil, overrides: [(name: String, value: String)] = [],
    granularity: Settings.Granularity = .statement
  ) throws {
    let runs = try Self.runs(body, scope: scope, overrides: overrides, granularity: granularity)
    run = try #require(runs.first)
    text = Self.whole(body)
  }

  /// All scopes that are not on request, or the one asked for.
  static func runs(
    _ body: String, scope: String? = nil, overrides: [(name: String, value: String)] = [],
    granularity: Settings.Granularity = .statement
  ) throws -> [CheckReport.Run] {
    var request = CheckRequest(paths: [path])
    request.scope = scope
    request.overrides = overrides
    request.granularity = granularity
    request.engine = .interpreter
    return try CheckPipeline(request, host: .memory([path: whole(body)])).run().runs
  }

  private static func whole(_ body: String) -> String { "spec case_ \"a case\"; " + body }

  var states: Int { run.statistics.states }
  var transitions: Int { run.statistics.transitions }

  /// What does not hold, in the order of the report: `property @mark: subject`.
  var violations: [String] {
    run.results.filter { $0.answer != .holds(.exhaustive) }.map { result in
      var text = result.property
      if result.answer.kind != .violated { text = "unknown \(text)" }
      if let place = result.place { text += " @\(mark(ofLine: place.line))" }
      if let subject = result.subject { text += ": \(subject)" }
      return text
    }
  }

  private func mark(ofLine line: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return "line \(line)" }
    let parts = lines[line - 1].split(separator: "@")
    return parts.count > 1 ? String(parts[parts.count - 1]) : "line \(line)"
  }

  func result(_ property: String) throws -> CheckReport.Result {
    try #require(run.results.first { $0.property == property })
  }
}

/// Checks a spec that must have exactly these numbers and violations; everything else must hold.
func check(
  _ body: String, states: Int, transitions: Int, violations: [String] = [],
  granularity: Settings.Granularity = .statement, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  do {
    let found = try SpecRun(body, granularity: granularity)
    #expect(found.violations == violations, sourceLocation: sourceLocation)
    #expect(found.states == states, "states", sourceLocation: sourceLocation)
    #expect(found.transitions == transitions, "transitions", sourceLocation: sourceLocation)
  } catch let errors as SpecErrors {
    Issue.record("\(errors.diagnostics.map { "\($0.code) \($0.message)" })", sourceLocation: sourceLocation)
  }
}

/// Checks which properties a spec violates, and nothing else.
func check(
  _ body: String, violations: [String], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  do {
    let found = try SpecRun(body)
    #expect(found.violations == violations, sourceLocation: sourceLocation)
  } catch let errors as SpecErrors {
    Issue.record("\(errors.diagnostics.map { "\($0.code) \($0.message)" })", sourceLocation: sourceLocation)
  }
}

extension Host {
  /// A world that holds these files and where no time passes.
  static func memory(_ files: [String: String]) -> Host {
    Host(
      read: { path throws(HostError) in
        guard let text = files[path] else { throw HostError(path: path, reason: "no such file") }
        return Array(text.utf8)
      },
      write: { path, _ throws(HostError) in throw HostError(path: path, reason: "cannot be written") },
      kind: { files[$0] == nil ? .missing : .file }, files: { _, _ in [] }, now: { 0 })
  }
}
