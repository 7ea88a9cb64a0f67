import Evidence
import Reports

/// Writes the trace of each violation and witness below a folder, as ITF and as text, and notes in the report where it is.
///
/// `DIR/<spec>/<scope>/<property>-<line>.itf.json`; names are unique and the same in every run.
public func writeTraces(of report: inout CheckReport, below folder: String, host: Host) throws(HostError) {
  for run in report.runs.indices {
    var used: [String: Int] = [:]
    for index in report.runs[run].results.indices {
      guard let trace = report.runs[run].results[index].trace else { continue }
      let result = report.runs[run].results[index]
      var name = "\(result.property)-\(result.place?.line ?? 0)"
      used[name, default: 0] += 1
      if let count = used[name], count > 1 { name += "-\(count)" }
      let path = "\(folder)/\(report.runs[run].spec)/\(report.runs[run].scope)/\(name)"
      try host.write(path + ".itf.json", trace.itf)
      try host.write(path + ".txt", RaceDiagram.render(trace))
      report.runs[run].results[index].tracePath = path + ".itf.json"
    }
  }
}
