import CheckDriver
import Evidence
import Foundation
import Testing

/// The committed traces of mshare v1, as their index lists them.
@Suite("Committed counterexamples")
struct CounterexampleTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let folder = "\(root)/counterexamples/mshare/v1-2022"

  struct Row: Sendable, CustomStringConvertible {
    let name: String
    let property: String
    let fix: String
    var description: String { name }
  }

  static let rows: [Row] = {
    let text = (try? String(contentsOfFile: "\(folder)/INDEX.tsv", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Row(name: columns[0], property: columns[2], fix: columns[5])
    }
  }()

  @Test("are all listed, and all there")
  func listed() throws {
    let files = Host.system.files(Self.folder, [".itf.json"]).map { ($0 as NSString).lastPathComponent }
    #expect(Set(files) == Set(Self.rows.map { $0.name + ".itf.json" }))
    #expect(Self.rows.count >= 17)
    for row in Self.rows {
      let trace = try readTrace("\(Self.folder)/\(row.name).itf.json", host: .system)
      #expect(trace.property == row.property)
      let text = try String(contentsOfFile: "\(Self.folder)/\(row.name).txt", encoding: .utf8)
      #expect(text == RaceDiagram.render(trace))
    }
  }

  @Test("still violate, and no longer do with their fix", arguments: rows)
  func replayed(row: Row) throws {
    let path = "\(Self.folder)/\(row.name).itf.json"
    let today = try ReplayPipeline(paths: [path], overrides: [], host: .system).run()
    guard case .stillViolates? = today.first?.result else {
      Issue.record("\(row.name): \(String(describing: today.first?.result))")
      return
    }
    let fixed = try ReplayPipeline(paths: [path], overrides: [(row.fix, "true")], host: .system).run()
    guard case .noLongerPossible(_, let why)? = fixed.first?.result else {
      Issue.record("\(row.name) with \(row.fix): \(String(describing: fixed.first?.result))")
      return
    }
    #expect(!why.isEmpty)
  }
}
