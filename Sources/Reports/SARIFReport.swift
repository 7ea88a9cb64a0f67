import Evidence

/// SARIF 2.1.0, which code hosts show in pull requests: every violation and every surprise is a result, with its
/// trace as a code flow.
///
/// Rules are properties. Expected violations have the level `note`, surprises `error`, surprising unknowns `warning`.
public enum SARIFReport {
  /// A JSON document with a line feed at the end.
  public static func render(_ report: CheckReport) -> String {
    let shown = report.results.filter { !$0.result.isAsExpected || $0.result.answer.kind == .violated }
    var rules: [String] = []
    for (_, result) in shown where !rules.contains(result.property) { rules.append(result.property) }
    let driver = JSON.members([
      "name": .string(report.tool),
      "semanticVersion": .string(report.toolVersion),
      "rules": .array(
        rules.map { rule in
          let group = shown.first { $0.result.property == rule }?.result.group ?? ""
          return .members([
            "id": .string(rule),
            "name": .string(rule),
            "shortDescription": text("\(group): \(rule)"),
          ])
        }),
    ])
    let run = JSON.members([
      "tool": .members(["driver": driver]),
      "originalUriBaseIds": .members([
        "%SRCROOT%": .members(["description": text("the root of the repository")])
      ]),
      "results": .array(shown.map { result($0.result, of: $0.run, rules: rules) }),
      "columnKind": .string("unicodeCodePoints"),
    ])
    return JSON.members([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .string("2.1.0"),
      "runs": .array([run]),
    ]).text
  }

  private static func text(_ text: String) -> JSON { .members(["text": .string(text)]) }

  private static func result(_ result: CheckReport.Result, of run: CheckReport.Run, rules: [String]) -> JSON {
    let scope = run.scope.isEmpty ? "" : " in scope \(run.scope)"
    let place =
      result.place ?? SourcePlace(file: run.path, line: 1, column: 1, text: "", function: "", origin: "")
    return .members([
      "ruleId": .string(result.property),
      "ruleIndex": .integer(rules.firstIndex(of: result.property) ?? 0),
      "level": .string(level(result)),
      "message": text(Phrases.summary(of: result) + scope),
      "locations": .array([location(place)]),
      "codeFlows": result.trace.map { .array([codeFlow($0)]) },
      "partialFingerprints": .members([
        "mmck/v1": .string(
          [run.path, run.scope, result.property, place.function, place.text].joined(separator: "|"))
      ]),
    ])
  }

  private static func level(_ result: CheckReport.Result) -> String {
    if result.isAsExpected { return "note" }
    return result.answer.kind == .unknown ? "warning" : "error"
  }

  /// One thread flow for each process, ordered among each other by `executionOrder`.
  private static func codeFlow(_ trace: Trace) -> JSON {
    let lines = trace.steps.enumerated()
    let flows = trace.columns.map { process -> JSON in
      let steps = lines.filter { $0.element.process == process }
      return .members([
        "id": .string(trace.processes[process]),
        "locations": .array(steps.map { flowLocation($0.element, index: $0.offset, of: trace) }),
      ])
    }
    return .members(["message": text(trace.message), "threadFlows": .array(flows)])
  }

  private static func flowLocation(_ step: Trace.Step, index: Int, of trace: Trace) -> JSON {
    let changes = trace.changes(ofStep: index).map(\.description).prefix(6).joined(separator: ", ")
    let message = "\(index + 1) \(trace.processes[step.process]): \(step.place.text)"
    return .members([
      "executionOrder": .integer(index + 1),
      "nestingLevel": .integer(max(0, step.callStack.count - 1)),
      "location": location(step.place, message: changes.isEmpty ? message : "\(message) [\(changes)]"),
    ])
  }

  private static func location(_ place: SourcePlace, message: String? = nil) -> JSON {
    let snippet = place.text.isEmpty ? nil : text(place.text)
    return .members([
      "physicalLocation": .members([
        "artifactLocation": artifact(place.file),
        "region": .members([
          "startLine": .integer(max(1, place.line)), "startColumn": .integer(max(1, place.column)),
          "snippet": snippet,
        ]),
      ]),
      "message": message.map(text),
    ])
  }

  /// Relative paths are relative to the root of the repository.
  private static func artifact(_ path: String) -> JSON {
    if path.hasPrefix("/") { return .members(["uri": .string("file://" + encoded(path))]) }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return .members(["uri": .string(encoded(relative)), "uriBaseId": .string("%SRCROOT%")])
  }

  private static func encoded(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
