import Evidence

/// A self-contained page with the verdicts of a check and, folded below each violation, its race diagram.
public enum HTMLReport {
  /// The page; works from `file://`.
  public static func render(_ report: CheckReport) -> String {
    var body = "<h1>\(escape(report.tool)) \(escape(report.toolVersion))</h1>\n"
    for run in report.runs {
      body += "<h2>\(escape(run.title)) <small>\(escape(run.path)), scope \(escape(run.scope))</small></h2>\n"
      let numbers = run.statistics
      body += "<p>\(numbers.states) states, \(numbers.transitions) transitions, depth \(numbers.depth)</p>\n"
      body += "<table>\n<tr><th>property</th><th>verdict</th><th>expected</th><th>place</th></tr>\n"
      for result in run.results { body += row(result) }
      body += "</table>\n"
    }
    return page(body)
  }

  private static func row(_ result: CheckReport.Result) -> String {
    let place = result.place.map { "\($0.fileAndLine)" } ?? ""
    var text =
      "<tr class=\"\(result.isAsExpected ? "expected" : "unexpected")\"><td>\(escape(result.property))</td>"
    text += "<td>\(result.answer.kind.rawValue)</td><td>\(result.expected.rawValue)</td>"
    text += "<td>\(escape(place))</td></tr>\n"
    if let trace = result.trace {
      text += "<tr><td colspan=4><details><summary>\(escape(result.message ?? "trace"))</summary>"
      text += "<pre>\(escape(RaceDiagram.render(trace)))</pre></details></td></tr>\n"
    }
    return text
  }

  private static func page(_ body: String) -> String {
    """
    <!doctype html>
    <html lang="en"><meta charset="utf-8"><title>mmck</title>
    <style>body{font:15px/1.4 sans-serif;margin:2em}table{border-collapse:collapse}\
    td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #ddd}.unexpected td{background:#fdd}pre{overflow-x:auto}small{color:#666}</style>
    \(body)</html>

    """
  }

  private static func escape(_ text: String) -> String { HTMLPage.escaped(text) }
}
