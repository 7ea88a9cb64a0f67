import Evidence

/// JUnit XML as CI systems read it: a suite for each spec and scope, a case for each property.
///
/// What is not as expected is a failure; an expected `unknown` is skipped.
public enum JUnitReport {
  /// An XML document with a line feed at the end.
  public static func render(_ report: CheckReport) -> String {
    let total = report.results.map(\.result)
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    lines.append("<testsuites name=\"\(XML.attribute(report.tool))\" \(counts(total))>")
    for run in report.runs { lines += suite(run) }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func counts(_ results: [CheckReport.Result]) -> String {
    let failures = results.count { !$0.isAsExpected }
    let skipped = results.count { $0.isAsExpected && $0.answer.kind == .unknown }
    return "tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
  }

  private static func suite(_ run: CheckReport.Run) -> [String] {
    let name = XML.attribute(run.scope.isEmpty ? run.path : "\(run.path) (\(run.scope))")
    let seconds = (run.statistics.seconds * 1000).rounded() / 1000
    var lines = ["  <testsuite name=\"\(name)\" \(counts(run.results)) time=\"\(seconds)\">"]
    lines.append("    <properties>")
    for setting in run.parameters + run.options {
      lines.append(
        "      <property name=\"\(XML.attribute(setting.name))\" value=\"\(XML.attribute(setting.value))\"/>")
    }
    lines.append("      <property name=\"states\" value=\"\(run.statistics.states)\"/>")
    lines.append("    </properties>")
    var seen: [String: Int] = [:]
    for result in run.results {
      seen[result.property, default: 0] += 1
      lines += testCase(result, of: run, number: seen[result.property] ?? 1)
    }
    lines.append("  </testsuite>")
    return lines
  }

  /// Several violations of a property have numbers, since case names should differ.
  private static func testCase(_ result: CheckReport.Result, of run: CheckReport.Run, number: Int) -> [String]
  {
    let name = number == 1 ? result.property : "\(result.property) (\(number))"
    let className = run.scope.isEmpty ? run.spec : "\(run.spec).\(run.scope)"
    var open = "    <testcase name=\"\(XML.attribute(name))\" classname=\"\(XML.attribute(className))\""
    if let place = result.place {
      open += " file=\"\(XML.attribute(place.file))\" line=\"\(place.line)\""
    }
    let content = content(of: result)
    return content.isEmpty ? [open + "/>"] : [open + ">"] + content + ["    </testcase>"]
  }

  private static func content(of result: CheckReport.Result) -> [String] {
    let summary = Phrases.summary(of: result)
    if result.isAsExpected {
      if case .unknown(let reason) = result.answer {
        return ["      <skipped message=\"\(XML.attribute("unknown, as expected: \(reason)"))\"/>"]
      }
      return []
    }
    let body = result.trace.map { RaceDiagram.render($0) } ?? summary
    return [
      "      <failure message=\"\(XML.attribute(summary))\" type=\"\(result.answer.kind.rawValue)\">"
        + XML.escaped(body) + "</failure>"
    ]
  }
}
