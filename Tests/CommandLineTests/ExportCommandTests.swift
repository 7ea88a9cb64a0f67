import Foundation
import Testing

/// `mmck export`.
@Suite("mmck export")
struct ExportCommandTests {
  @Test("writes a model to standard output, or to a file with what belongs to it")
  func writing() throws {
    let spec = "specs/classic/peterson.mmck"
    let printed = try Tool.run(["export", spec, "--to", "promela", "--states", "32"])
    #expect(printed.status == 0 && printed.errors.isEmpty)
    #expect(printed.output.hasPrefix("/* peterson: "))
    #expect(printed.output.contains("expected: 32 reachable states") && printed.output.contains("d_step"))
    let scratch = try Scratch()
    let file = scratch.folder.appending(path: "Peterson.tla").path
    #expect(try Tool.run(["export", spec, "--to", "tla", "-o", file, "--with-properties"]).status == 0)
    #expect(try scratch.read("Peterson.tla").contains("MODULE Peterson"))
    #expect(try scratch.read("Peterson.cfg").contains("INVARIANT mutual_exclusion"))
  }

  @Test("asks provers in their languages, about all properties or one, and says what it asks")
  func asking() throws {
    let spec = "specs/classic/peterson.mmck"
    let clauses = try Tool.run(["export", spec, "--to", "smtlib", "-D", "BUG_TURN_FIRST=true"])
    #expect(clauses.status == 0 && clauses.errors.isEmpty && clauses.output.contains("(set-logic HORN)"))
    #expect(clauses.output.contains("; expected to fail: mutual_exclusion"))
    #expect(clauses.output.contains("; settings: BUG_TURN_FIRST=true"))
    let words = try Tool.run(["export", spec, "--to", "btor2", "--property", "mutual_exclusion"])
    #expect(words.status == 0 && words.output.contains("; asked: mutual_exclusion\n"))
    #expect(words.output.split(separator: "\n").filter { $0.contains(" bad ") }.count == 1)
    let scratch = try Scratch()
    let file = scratch.folder.appending(path: "peterson.aig").path
    #expect(try Tool.run(["export", spec, "--to", "aiger", "-o", file]).status == 0)
    #expect(try #require(FileManager.default.contents(atPath: file)).starts(with: Array("aig ".utf8)))
  }

  @Test("what it cannot export is a usage error that says why")
  func refusing() throws {
    let spec = "specs/classic/peterson.mmck"
    let order = try Tool.run(["export", spec, "--to", "btor2", "--property", "nothing"])
    #expect(
      order.status == 2 && order.output.isEmpty && order.errors.contains("there is no property 'nothing'"))
    #expect(try Tool.run(["export", spec, "--to", "tla", "--property", "mutual_exclusion"]).status == 2)
    let large = try Tool.run(["export", "specs/classic/ptshare.mmck", "--to", "dot"])
    #expect(large.status == 2 && large.errors.contains("more than 2000 states"))
    #expect(try Tool.run(["export", "specs/classic/ptshare.mmck", "--to", "nonsense"]).status == 2)
  }
}
