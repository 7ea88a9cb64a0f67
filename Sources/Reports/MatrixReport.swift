/// Which design has which property: a row for each property, a column for each spec.
public enum MatrixReport {
  /// One verdict for each property and spec, over all scopes that were run: the worst.
  public static func render(_ report: CheckReport) -> String {
    var specs: [String] = []
    var properties: [String] = []
    var cells: [String: [String: CheckReport.Kind]] = [:]
    for (run, result) in report.results {
      if !specs.contains(run.spec) { specs.append(run.spec) }
      if cells[result.property] == nil { properties.append(result.property) }
      let known = cells[result.property, default: [:]][run.spec]
      cells[result.property, default: [:]][run.spec] = worse(known, result.answer.kind)
    }
    let first = properties.map(\.count).max() ?? 0
    var text = String(repeating: " ", count: first) + specs.map { "  \($0)" }.joined() + "\n"
    for property in properties {
      text += property + String(repeating: " ", count: first - property.count)
      for spec in specs {
        let cell = cells[property]?[spec]?.rawValue ?? "-"
        text += "  " + cell + String(repeating: " ", count: max(0, spec.count - cell.count))
      }
      text = trimmed(text) + "\n"
    }
    if let line = TextReport.leftOut(of: report) { text += line + "\n" }
    return text
  }

  private static func worse(_ a: CheckReport.Kind?, _ b: CheckReport.Kind) -> CheckReport.Kind {
    guard let a else { return b }
    let order: [CheckReport.Kind] = [.holds, .unknown, .violated]
    return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0) ? b : a
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
