import CheckDriver
import Diagnostics
import Foundation
import Testing

/// Names, types and lowering: the code and the marked text of every mistake.
@Suite("Mistakes of meaning are told with their code and place")
struct SemanticErrorTests {
  static let all =
    SemanticMistake.names + SemanticMistake.types + SemanticMistake.expressions + SemanticMistake.lowering

  private func diagnostics(_ text: String) -> [Diagnostic] {
    do {
      var request = CheckRequest(paths: ["case.mmck"])
      request.engine = .interpreter
      request.seconds = 1
      _ = try CheckPipeline(request, host: .memory(["case.mmck": text])).run()
      return []
    } catch let errors as SpecErrors {
      return errors.diagnostics
    } catch {
      Issue.record(error)
      return []
    }
  }

  @Test("each mistake gives its codes and no others", arguments: all)
  func codes(mistake: SemanticMistake) {
    let source = SourceText(path: "case.mmck", text: mistake.text)
    let found = diagnostics(mistake.text).map {
      "\($0.code) \(source.text(from: $0.range.start, to: $0.range.end))"
    }
    #expect(found == mistake.expected)
  }

  @Test("messages are sentences without a full stop, and suggestions too")
  func wording() {
    for diagnostic in Self.all.flatMap({ diagnostics($0.text) }) {
      #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."), "\(diagnostic.code)")
      #expect(diagnostic.suggestion?.hasSuffix(".") != true, "\(diagnostic.code)")
    }
  }

  @Test("every code of the sources has a case")
  func completeness() throws {
    // E0302 needs an import: CheckDriverTests. E0505 needs 200,000 statements.
    let exempt: Set = ["E0302", "E0505"]
    let sources = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    var used = Set<String>()
    for folder in ["SpecSemantics", "Lowering"] {
      let path = sources.appending(path: folder)
      for file in try FileManager.default.contentsOfDirectory(at: path, includingPropertiesForKeys: nil)
      where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
        used.formUnion(text.matches(of: #/"(E0[345]\d\d)"/#).map { String($0.output.1) })
      }
    }
    #expect(used.count > 80)
    let tested = Set(Self.all.flatMap(\.expected).map { String($0.prefix(5)) })
    #expect(used.subtracting(tested).subtracting(exempt).sorted() == [])
    #expect(exempt.subtracting(used).sorted() == [])
  }

  @Test("all mistakes of a file are told in one go, in the order of the file")
  func together() {
    let found = diagnostics(
      "spec s \"s\";\n0..3 x;\nbool b;\nprocess p {\n  y = 1;\n  x = b;\n  z();\n}\nbool b;\n")
    #expect(found.map(\.code) == ["E0312", "E0448", "E0314", "E0301"])
  }

  @Test("a mistake is told once, not for every use of what it spoils")
  func noCascades() {
    let found = diagnostics(
      """
      spec s "s";
      strange a;
      process p { a = 1; a = a + 1; if (a) f(a); a.b = 2; a[1] = 3; for (i in a) a = i; }
      void f(0..3 n) { n = 1; }
      """)
    #expect(found.map(\.code) == ["E0311"])
  }
}
