import Foundation
import Testing

@testable import Interchange

/// The texts that leave the exporters.
@Suite("Exports")
struct ExportTests {
  /// Two processes, a choice, a set, a wait and a failing step: small enough to read in every language.
  static let tiny = """
    0..2 count; set of bool seen; mutex lock;
    process user [2] {
        mutex_lock(&lock);
        atomic { count += any n in 1..2 where n > count; seen |= {count == 2}; }
        mutex_unlock(&lock);
    }
    invariant noted "what was counted was noted": count == 0 || seen != {};
    """

  @Test("of a tiny spec", arguments: ExportLanguage.allCases)
  func golden(_ language: ExportLanguage) throws {
    var options = ExportOptions()
    (options.specPath, options.scope, options.tool) = ("tiny.mmck", "small", "mmck")
    options.expectedStates = 15
    options.withProperties = true
    let text = try export(try Specs.text(Self.tiny), to: language, options: options).text
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/tiny.\(language.rawValue).txt")
    guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("\(file.lastPathComponent) was missing; it has been recorded, to be reviewed")
      return
    }
    #expect(text == expected, "delete \(file.lastPathComponent) to record it anew")
  }

  @Test("a TLA+ module has the name of its file, and a configuration beside it")
  func module() throws {
    var options = ExportOptions()
    options.moduleName = "My_Module"
    options.withProperties = true
    let result = try export(try Specs.text(Self.tiny), to: .tla, options: options)
    #expect(result.text.contains(" MODULE My_Module "))
    #expect(result.companions.map(\.ending) == [".cfg"])
    #expect(result.companions[0].text == "INIT Init\nNEXT Next\nINVARIANT noted\n")
    options.moduleName = "my-module"
    #expect(throws: ExportRefusal.self) {
      try export(try Specs.text(Self.tiny), to: .tla, options: options)
    }
  }

  @Test(
    "refuses what has no exact counterpart, and names it",
    arguments: [
      ("u64 big; process p { big = 1; }", ExportLanguage.promela, "more than 32 bits"),
      ("0..3000000000 big; process p { big = 1; }", .murphi, "more than 32 bits"),
      ("0..60000 a; 0..60000 b; process p { a = a * b; }", .tla, "may need more than 32 bits"),
      ("0..64 a; process p { a = 1 << a; }", .murphi, "more than 32 bits"),
      ("0..9 a; -1..1 b; process p { a = a & b; }", .promela, "numbers that may be negative"),
      ("0..3000 a; process p { loop { a = (a + 1) % 3000; } }", .dot, "more than 2000 states"),
    ])
  func refusals(text: String, language: ExportLanguage, message: String) throws {
    let system = try Specs.text(text)
    let error = #expect(throws: ExportRefusal.self) { try export(system, to: language) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("texts beyond the limit are refused")
  func limit() throws {
    var options = ExportOptions()
    options.textLimit = 500
    let system = try Specs.text(Self.tiny)
    for language in [ExportLanguage.promela, .murphi, .tla] {
      #expect(throws: ExportRefusal.self) { try export(system, to: language, options: options) }
    }
  }

  @Test("a way through a step with too many alternatives")
  func alternatives() throws {
    let picks = (1...5).map { "a = any x\($0) in 0..9;" }.joined(separator: " ")
    let system = try Specs.text("0..9 a; process p { loop { atomic { \(picks) } } }")
    let error = #expect(throws: ExportRefusal.self) { try export(system, to: .promela) }
    #expect(error?.description.contains("alternatives") == true)
    // A choice is a quantifier in TLA+ and digits of a number in Murphi: nothing is written out.
    #expect(try export(system, to: .tla).text.contains("\\E c4 \\in 0..9:"))
    #expect(try export(system, to: .murphi).text.contains("number_c4 := left % found;"))
  }

  @Test("names are letters, digits and underscores, and unique")
  func names() {
    var table = NameTable(reserved: ["byte"])
    let names = ["user.pc", "user_pc", "byte", "x1", "3d", "größe", "...", "s"].map { table.unique($0) }
    #expect(names == ["user_pc", "user_pc_2", "byte_2", "x1_", "x_3d", "gr_e", "x_", "s_"])
    #expect(Set(names).count == names.count && names.allSatisfy(NameTable.isIdentifier))
  }
}
