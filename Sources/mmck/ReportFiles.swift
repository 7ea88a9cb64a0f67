import CheckDriver
import Foundation
import Reports

/// The report formats that go to files.
struct ReportFiles {
  let junit: String?
  let sarif: String?
  let json: String?
  let html: String?

  func write(_ report: CheckReport) throws {
    let host = Host.system
    if let junit { try host.write(junit, JUnitReport.render(report)) }
    if let sarif { try host.write(sarif, SARIFReport.render(report)) }
    if let json {
      let text = JSONReport.render(report)
      if json == "-" {
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      } else {
        try host.write(json, text)
      }
    }
    if let html { try host.write(html, HTMLReport.render(report)) }
  }
}
