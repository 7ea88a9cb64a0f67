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

  @Test("what it cannot export is a usage error that says why")
  func refusing() throws {
    for language in ["smtlib", "btor2"] {
      let run = try Tool.run(["export", "specs/classic/peterson.mmck", "--to", language])
      #expect(run.status == 2 && run.output.isEmpty && run.errors.contains("not part of this version"))
    }
    let large = try Tool.run(["export", "specs/classic/ptshare.mmck", "--to", "dot"])
    #expect(large.status == 2 && large.errors.contains("more than 2000 states"))
    #expect(try Tool.run(["export", "specs/classic/ptshare.mmck", "--to", "nonsense"]).status == 2)
  }
}
