/// Shows a trace as a Mermaid sequence diagram, for pages that render it (GitHub, GitLab, many wikis).
public enum MermaidDiagram {
  /// The diagram's source text.
  public static func render(_ trace: Trace) -> String {
    var lines = ["sequenceDiagram"]
    for column in trace.columns.indices {
      lines.append("  participant P\(column) as \(escaped(trace.columnTitle(column)))")
    }
    for step in trace.stepLines {
      let process = "P\(step.column)"
      if !step.entered.isEmpty {
        lines.append(
          "  Note over \(process): \(escaped(step.entered.map { "\($0)()" }.joined(separator: " > ")))")
      }
      lines.append("  \(process)->>\(process): \(step.number) \(escaped(step.text)) \(escaped(step.place))")
      if !step.changes.isEmpty {
        lines.append("  Note right of \(process): \(step.changes.map(escaped).joined(separator: "<br/>"))")
      }
    }
    let last = trace.columns.indices.last ?? 0
    let span = last == 0 ? "P0" : "P0,P\(last)"
    if !trace.steps.isEmpty {
      let verdict = trace.message.isEmpty ? trace.property : "\(trace.property): \(trace.message)"
      lines.append("  Note over \(span): \(escaped(verdict))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Everything that has a meaning in Mermaid or in HTML becomes a numeric character reference without `&`.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "#", ";", "<", ">", "&", "\"", "%", "{", "}": result += "#\(scalar.value);"
      case "\n", "\r", "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
