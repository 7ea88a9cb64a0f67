/// Shows a trace as one HTML page without any other file: the race diagram, a state beside it, and keys to step.
public enum HTMLPage {
  /// The page.
  ///
  /// Works from `file://`; arrow keys, `j`, `k`, Home and End move.
  public static func render(_ trace: Trace) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(trace.property)) - \(escaped(trace.meta.spec))</title>
    <style>\(HTMLAssets.style)</style>
    </head>
    <body>
    \(header(trace))
    <main>
    <table id="steps">
    \(table(trace))
    </table>
    <section id="states" aria-live="polite">
    \(states(trace))
    </section>
    </main>
    \(footer(trace))
    <script>\(HTMLAssets.script)</script>
    </body>
    </html>

    """
  }

  private static func header(_ trace: Trace) -> String {
    let meta = trace.meta
    var settings = (meta.parameters + meta.options.filter { $0.value != "false" })
      .map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    if !settings.isEmpty { settings = ": " + settings }
    let verb = trace.kind == .witness ? "is possible" : "violated"
    return """
      <header>
      <h1>\(escaped(meta.title.isEmpty ? meta.spec : "\(meta.spec): \(meta.title)"))</h1>
      <p>scope \(escaped(meta.scope))\(escaped(settings))</p>
      <p class="verdict">\(escaped(trace.property)) \(verb) at \(escaped(trace.place.fileAndLine)),
      \(trace.steps.count) steps, \(trace.contextSwitchCount) context switches</p>
      </header>
      """
  }

  private static func table(_ trace: Trace) -> String {
    let columns = trace.columns.indices
    var rows = ["<thead><tr><th>#</th>"]
    rows += columns.map { "<th>\(escaped(trace.columnTitle($0)))</th>" }
    rows.append("<th>line</th><th>changes</th></tr></thead>\n<tbody>")
    rows.append("<tr data-step=\"0\"><td>0</td><td colspan=\"\(columns.count + 2)\">initial state</td></tr>")
    for step in trace.stepLines {
      rows.append("<tr data-step=\"\(step.number)\"><td>\(step.number)</td>")
      for column in columns {
        rows.append(column == step.column ? cell(step) : "<td></td>")
      }
      let title = escaped(trace.steps[step.number - 1].place.fileAndLine + " " + step.origin)
      rows.append("<td title=\"\(title)\">\(escaped(step.place))</td>")
      rows.append("<td>\(step.changes.map { escaped($0) }.joined(separator: "<br>"))</td></tr>")
    }
    rows.append("</tbody>")
    return rows.joined(separator: "\n")
  }

  private static func cell(_ step: StepLine) -> String {
    var text = ""
    if !step.entered.isEmpty {
      let call = step.entered.map { "\($0)()" }.joined(separator: " > ")
      let origin = step.origin.isEmpty ? "" : " <i>@ \(escaped(step.origin))</i>"
      text = "<div class=\"call\">\(escaped(call))\(origin)</div>"
    }
    return
      "<td class=\"statement\">\(text)<code style=\"padding-left:\(step.depth)em\">\(escaped(step.text))</code></td>"
  }

  private static func states(_ trace: Trace) -> String {
    let views = [trace.initialState] + trace.steps.map(\.state)
    return views.enumerated().map { index, view in
      let changed = index == 0 ? [] : Set(trace.changes(ofStep: index - 1).map(\.path))
      let rows = view.leaves.map { leaf in
        let isChanged = changed.contains { leaf.path == $0 || leaf.path.hasPrefix($0 + ".") }
        let mark = isChanged ? " class=\"changed\"" : ""
        return "<tr\(mark)><td>\(escaped(leaf.path))</td><td>\(escaped(leaf.value.description))</td></tr>"
      }
      let title = index == 0 ? "initial state" : "state after step \(index)"
      return
        "<table data-state=\"\(index)\" hidden><caption>\(title)</caption>\n\(rows.joined(separator: "\n"))</table>"
    }.joined(separator: "\n")
  }

  private static func footer(_ trace: Trace) -> String {
    let why = trace.why.isEmpty ? "" : "<p>why:</p><pre>\(escaped(trace.why.joined(separator: "\n")))</pre>"
    return """
      <footer>
      <p class="verdict">\(escaped(trace.property)): \(escaped(trace.message))</p>
      \(why)
      <p class="keys">keys: arrows or j and k to step, Home and End; made by \(escaped(trace.meta.tool)) \
      \(escaped(trace.meta.toolVersion))</p>
      </footer>
      """
  }

  /// Text for a place between tags or in a quoted attribute.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{0}"..<"\u{9}", "\u{b}"..<"\u{20}", "\u{7f}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
