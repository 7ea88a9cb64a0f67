import Diagnostics
import SpecSyntax
import Testing

@Suite("Diagnostics are shown with their source line")
struct RendererTests {
  /// Renders the diagnostics of `text`.
  private func rendered(_ text: String, color: Bool = false) -> String {
    var sources = SourceMap()
    let source = SourceText(path: "a.mmck", text: text)
    let file = sources.add(source)
    let renderer = DiagnosticRenderer(sources: sources, color: color)
    return parse(source, file: file).diagnostics.map(renderer.render).joined(separator: "\n")
  }

  /// Renders an error at a range of `bytes`.
  private func shown(_ bytes: [UInt8], _ start: Int, _ end: Int) -> [String] {
    var sources = SourceMap()
    let file = sources.add(SourceText(path: "a.mmck", bytes: bytes))
    let diagnostic = Diagnostic(
      code: "E0001", message: "m", range: SourceRange(file: file, start: start, end: end))
    return DiagnosticRenderer(sources: sources, color: false).render(diagnostic)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("the whole form")
  func wholeForm() {
    let indent = String(repeating: " ", count: 8)
    let expected = """
      a.mmck:2:6: error: `&` binds looser than this comparison [E0213]
          2 | \(indent)if (a & b == c) x = 1;
            | \(indent)    ^~~~~~~~~~
        suggestion: write parentheses: `(x & F) == 0`; for conditions write `&&` or `||`
      a.mmck:2:10: note: this would be compared first
          2 | \(indent)if (a & b == c) x = 1;
            | \(indent)        ^~~~~~
      """
    #expect(rendered("process p {\n\tif (a & b == c) x = 1;\n}") == expected)
  }

  @Test("a warning, and no position at all")
  func withoutPosition() {
    let range = SourceRange(file: FileID(index: 3), start: 0, end: 0)
    let diagnostic = Diagnostic(code: "W0001", severity: .warning, message: "m", range: range)
    let renderer = DiagnosticRenderer(sources: SourceMap(), color: false)
    #expect(renderer.render(diagnostic) == "<unknown file>: warning: m [W0001]")
  }

  @Test("the end of the file and ranges of several lines")
  func edges() {
    #expect(shown(Array("ab\n".utf8), 3, 3) == ["a.mmck:2:1: error: m [E0001]", "    2 |", "      | ^"])
    #expect(shown(Array("abc\ndef".utf8), 1, 6)[2] == "      |  ^~")
    #expect(shown([], 0, 0) == ["a.mmck:1:1: error: m [E0001]", "    1 |", "      | ^"])
    #expect(shown(Array("ab".utf8), 100, 200)[0] == "a.mmck:1:3: error: m [E0001]")
  }

  @Test("a long line is cut around the mark")
  func longLine() {
    let bytes =
      Array(repeating: UInt8(ascii: "a"), count: 100_000) + Array("bad".utf8)
      + Array(repeating: UInt8(ascii: "c"), count: 100_000)
    let lines = shown(bytes, 100_000, 100_003)
    #expect(lines[1].count < 130 && lines[1].contains("aabadcc"))
    let mark = lines[2].distance(
      from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].startIndex)
    #expect(Array(lines[1])[mark] == "b" && lines[2].hasSuffix("^~~"))
  }

  @Test("nothing in a source reaches the terminal")
  func hostileBytes() {
    let bytes: [UInt8] = [0x1B, 0x5B, 0x32, 0x4A, 0x00, 0xFF, 0xC3, 0x28, 0xE2, 0x80, 0xAE, 0x41]
    for start in bytes.indices {
      for line in shown(bytes, start, start + 1) {
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
      }
    }
    let line = shown(bytes, 11, 12)
    #expect(line[1] == "    1 | \u{241B}[2J\u{2400}\u{FFFD}\u{FFFD}(<U+202E>A")
    #expect(line[2] == "      | " + String(repeating: " ", count: 16) + "^")
  }

  @Test("colours are only added when asked for")
  func colors() {
    #expect(!rendered("spec a").contains("\u{1B}"))
    #expect(rendered("spec a", color: true).contains("\u{1B}[1;31merror\u{1B}[0m"))
  }

  @Test(
    "the nearest name",
    arguments: [
      ("mutex_lok", "mutex_lock"), ("nul", "null"), ("Size", "size"), ("lokc", "lock"), ("xyz", nil),
      ("a", nil),
      ("", nil), ("lock", nil),
    ] as [(String, String?)])
  func nearestName(name: String, expected: String?) {
    #expect(nearest(name, in: ["mutex_lock", "null", "size", "lock", "b"]) == expected)
  }
}
