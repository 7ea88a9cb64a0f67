import Evidence

/// Workflow commands that make GitHub show surprises beside the lines of the spec.
public enum GitHubAnnotations {
  /// One line for each result that is not as expected.
  public static func render(_ report: CheckReport) -> String {
    report.results.filter { !$0.result.isAsExpected }.map { line($0.result, of: $0.run) + "\n" }.joined()
  }

  private static func line(_ result: CheckReport.Result, of run: CheckReport.Run) -> String {
    let command = result.answer.kind == .unknown ? "warning" : "error"
    var parameters = ["file=\(property(result.place?.file ?? run.path))"]
    if let place = result.place { parameters += ["line=\(place.line)", "col=\(place.column)"] }
    parameters.append("title=\(property(result.property))")
    let scope = run.scope.isEmpty ? "" : " in scope \(run.scope)"
    var message = Phrases.summary(of: result) + scope
    if let trace = result.trace { message += "\n" + RaceDiagram.render(trace) }
    return "::\(command) \(parameters.joined(separator: ","))::\(data(message))"
  }

  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func property(_ text: String) -> String {
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
