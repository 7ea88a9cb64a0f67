import CheckDriver
import Diagnostics
import Foundation
import Reports
import Testing

/// The documentation of the language: its examples are specs, and they are run.
@Suite("The language reference")
struct ReferenceTests {
  /// A fenced block of a page below `Docs/language`.
  struct Block: Sendable, CustomTestStringConvertible {
    let page: String
    let line: Int
    /// What follows the three backticks: `mmck`, or `mmck-error E0213`.
    let kind: String
    let text: String
    var testDescription: String { "\(page):\(line) \(kind)" }
  }

  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let blocks: [Block] = {
    let folder = root.appending(path: "Docs/language")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
      blocks(of: (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "", page: name)
    }
  }()

  private static func blocks(of page: String, page name: String) -> [Block] {
    var result: [Block] = []
    var open: (kind: String, line: Int, lines: [Substring])?
    for (number, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let block = open {
        if line.hasPrefix("```") {
          result.append(
            Block(
              page: name, line: block.line, kind: block.kind, text: block.lines.joined(separator: "\n") + "\n"
            ))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), number + 1, [])
      }
    }
    return result
  }

  private func report(_ block: Block) throws -> CheckReport {
    var request = CheckRequest(paths: ["block.mmck"])
    request.engine = .interpreter
    return try CheckPipeline(request, host: .memory(["block.mmck": block.text])).run()
  }

  @Test("has examples")
  func examples() { #expect(Self.blocks.count { $0.kind == "mmck" } >= 2) }

  @Test("every example is checked as it expects", arguments: blocks.filter { $0.kind == "mmck" })
  func accepted(block: Block) throws {
    do {
      let report = try report(block)
      #expect(exitCode(for: report) == 0)
      #expect(report.runs.allSatisfy { $0.coverageGaps.isEmpty })
    } catch let errors as SpecErrors {
      Issue.record("\(errors.diagnostics.map { "\($0.code) \($0.message)" })")
    }
  }

  @Test(
    "every wrong example is refused with its code",
    arguments: blocks.filter { $0.kind.hasPrefix("mmck-error") })
  func refused(block: Block) throws {
    let code = block.kind.dropFirst("mmck-error".count).trimmingCharacters(in: .whitespaces)
    let errors = #expect(throws: SpecErrors.self) { try report(block) }
    #expect(errors?.diagnostics.contains { $0.code == code } == true)
  }

  @Test("names every built-in property and no other")
  func builtinProperties() throws {
    let text = try String(
      contentsOf: Self.root.appending(path: "Docs/language/reference.md"), encoding: .utf8)
    let named = Set(
      text.matches(of: #/(?m)^\| `((?:lock|lifetime|range)\.[a-z_]+|deadlock|assert)` \|/#).map {
        String($0.output.1)
      })
    #expect(named.count == 19)
    for property in named {
      let body = "spec s \"s\"; process p { } expect holds \(property);"
      _ = try CheckPipeline(CheckRequest(paths: ["s.mmck"]), host: .memory(["s.mmck": body])).run()
    }
  }
}
