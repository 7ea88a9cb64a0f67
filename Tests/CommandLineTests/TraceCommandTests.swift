import Foundation
import Testing

/// `mmck show` and `mmck replay` on traces that `mmck check` wrote.
@Suite("Traces")
struct TraceCommandTests {
  private func flushTrace(_ scratch: Scratch) throws -> String {
    let run = try Tool.run([
      "check", "specs/classic/ptshare.mmck", "--scope", "small", "-D", "BUG_FLUSH_SELF=true", "--trace-dir",
      scratch.path("t"),
    ])
    #expect(run.status == 0)
    return scratch.path("t/" + (try #require(scratch.files("t", ending: ".itf.json").first)))
  }

  @Test("the bug of 13 steps is shown in at most 30 lines")
  func shortDiagram() throws {
    let scratch = try Scratch()
    let trace = try flushTrace(scratch)
    let run = try Tool.run(["show", trace])
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n", omittingEmptySubsequences: false).count - 1 <= 30)
    #expect(run.output.contains("13 steps") && run.output.contains("CPU0") && run.output.contains("CPU1"))
    #expect(run.output.contains("tlb_has_reference"))
    #expect(
      try String(contentsOfFile: trace.replacing(".itf.json", with: ".txt"), encoding: .utf8) == run.output)
    #expect(try Tool.run(["show", "--full", trace]).output.count >= run.output.count)
    #expect(try Tool.run(["show", "--mermaid", trace]).output.hasPrefix("sequenceDiagram"))
  }

  @Test("show --html writes a page that loads nothing")
  func html() throws {
    let scratch = try Scratch()
    #expect(try Tool.run(["show", try flushTrace(scratch), "--html", scratch.path("p/x.html")]).status == 0)
    let page = try scratch.read("p/x.html")
    #expect(page.contains("</html>") && !page.contains("src=\"http") && !page.contains("<link"))
  }

  @Test("traces are ITF: variables, states with their numbers, and where they come from")
  func format() throws {
    let scratch = try Scratch()
    let text = try String(contentsOfFile: try flushTrace(scratch), encoding: .utf8)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let trace = try #require(object as? [String: Any])
    let meta = try #require(trace["#meta"] as? [String: Any])
    #expect(meta["format"] as? String == "ITF")
    let variables = try #require(trace["vars"] as? [String])
    let states = try #require(trace["states"] as? [[String: Any]])
    #expect(states.count == 14)
    #expect(states.allSatisfy { state in variables.allSatisfy { state[$0] != nil } })
    #expect(text.contains("fnv1a64:"))
  }

  @Test("every trace that check writes replays")
  func replay() throws {
    let scratch = try Scratch()
    #expect(
      try Tool.run(["check", "specs/classic", "-D", "BUG_*=true", "--trace-dir", scratch.path("t")]).status
        == 0)
    let run = try Tool.run(["replay", scratch.path("t"), "--expect", "violates"])
    let count = scratch.files("t", ending: ".itf.json").count
    #expect(run.status == 0)
    #expect(count > 4 && run.output.contains("\(count) traces: \(count) still violate, 0 do not"))
  }

  @Test("with the bug switched off the trace is no longer possible, and it is said at which step")
  func noLongerPossible() throws {
    let scratch = try Scratch()
    let trace = try flushTrace(scratch)
    let run = try Tool.run(["replay", trace, "-D", "BUG_FLUSH_SELF=false"])
    #expect(run.status == 0)
    #expect(run.output.contains("no longer possible at step"))
    #expect(try Tool.run(["replay", trace, "-D", "BUG_FLUSH_SELF=false", "--expect", "gone"]).status == 0)
    #expect(
      try Tool.run(["replay", trace, "-D", "BUG_FLUSH_SELF=false", "--expect", "violates"]).status == 1)
    #expect(try Tool.run(["replay", trace, "--expect", "gone"]).status == 1)
  }

  @Test("what is not a trace is refused")
  func refusals() throws {
    let scratch = try Scratch()
    for arguments in [
      ["show", "specs/classic/ptshare.mmck"], ["show", scratch.path("none.itf.json")],
      ["show", scratch.folder.path],
      ["replay", scratch.folder.path], ["replay", scratch.path("none")],
      ["replay", "specs/classic/ptshare.mmck"],
      ["show"], ["replay"],
    ] {
      let run = try Tool.run(arguments)
      #expect(run.status == 2 && !run.errors.isEmpty, "\(arguments)")
    }
  }
}
