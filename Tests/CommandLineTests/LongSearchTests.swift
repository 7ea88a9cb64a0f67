import Foundation
import Testing

/// Searches that are cut short: by a limit, or by kill -9.
@Suite("long searches")
struct LongSearchTests {
  private static let spec = ["check", "specs/classic/ptshare.mmck", "--scope", "t3p2", "--no-reduction"]

  private struct Counts: Equatable {
    let states: Int
    let transitions: Int
    let depth: Int
    let verdicts: [String]
  }

  private func report(_ arguments: [String]) throws -> Report {
    try Report(Tool.run(arguments + ["--json", "-"]).output)
  }

  private func counts(_ report: Report) throws -> Counts {
    let first = try #require(report.results.first)
    return Counts(
      states: try #require(first["states"] as? Int), transitions: try #require(first["transitions"] as? Int),
      depth: try #require(first["depth"] as? Int),
      verdicts: report.results.map { "\($0.property) \($0["verdict"] ?? "")" })
  }

  @Test("killed three times and resumed, one finds what an undisturbed one finds", arguments: [11, 12, 13])
  func killAndResume(seed: Int) throws {
    let scratch = try Scratch()
    let checkpoint = scratch.path("checkpoint")
    let undisturbed = try counts(report(Self.spec))
    #expect(undisturbed.states == 56_472)
    #expect(undisturbed.transitions == 159_720)
    var random = UInt64(seed)
    for _ in 0..<3 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let seconds = 0.2 + Double(random >> 33 & 0x3ff) / 1024
      let resume = FileManager.default.fileExists(atPath: checkpoint) ? ["--resume", checkpoint] : []
      let result = try Tool.run(
        Self.spec + resume + ["--engine", "interpreter", "--checkpoint", checkpoint]
          + ["--checkpoint-interval", "0.05s"],
        signal: (after: seconds, number: SIGKILL))
      // On a fast machine it may have been done before.
      #expect(result.status == 128 + SIGKILL || result.status == 0)
    }
    #expect(FileManager.default.fileExists(atPath: checkpoint))
    #expect(try counts(report(Self.spec + ["--resume", checkpoint])) == undisturbed)
  }

  @Test("a violation that was found before the checkpoint has its trace after it")
  func resumedViolation() throws {
    let scratch = try Scratch()
    let checkpoint = scratch.path("checkpoint")
    let spec = Self.spec + ["-D", "BUG_FLUSH_SELF=true"]
    let first = try Tool.run(
      spec + ["--time", "1s", "--engine", "interpreter", "--checkpoint", checkpoint])
    #expect(first.status == 3 || first.status == 1 || first.status == 0)
    guard FileManager.default.fileExists(atPath: checkpoint) else { return }
    let report = try self.report(spec + ["--resume", checkpoint, "--trace-dir", scratch.path("traces")])
    let violated = try #require(report.results.first { $0["verdict"] as? String == "violated" })
    #expect(violated.property == "tlb_has_reference")
    #expect(!scratch.files("traces", ending: ".txt").isEmpty)
  }

  @Test("a checkpoint of something else, a damaged and a missing one are refused")
  func wrongCheckpoint() throws {
    let scratch = try Scratch()
    let checkpoint = scratch.path("checkpoint")
    let made = try Tool.run(
      Self.spec + ["--time", "0.3s", "--engine", "interpreter", "--checkpoint", checkpoint])
    #expect(made.status == 3)
    let other = try Tool.run(["check", "specs/classic/peterson.mmck", "--resume", checkpoint])
    #expect(other.status == 2)
    #expect(other.errors.contains("another spec"))
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: checkpoint)))
    for length in [0, 10, 100, bytes.count / 2, bytes.count - 1] {
      try scratch.write("damaged", Array(bytes.prefix(length)))
      let result = try Tool.run(Self.spec + ["--resume", scratch.path("damaged")])
      #expect(result.status == 2)
    }
    #expect(
      try Tool.run(["check", "specs/classic/ptshare.mmck", "--scope", "small", "--resume", "no/such"]).status
        == 2)
    #expect(try Tool.run(["check", "specs/classic/ptshare.mmck", "--resume", checkpoint]).status == 2)
  }

  @Test("without enough memory the verdict is unknown, with what was found so far")
  func memory() throws {
    let result = try Tool.run(
      ["check", "specs/classic/ptshare.mmck", "--scope", "t4p3", "--no-reduction", "--engine", "explicit"]
        + ["--memory", "60M", "--time", "120s", "--json", "-"])
    #expect(result.status == 3)
    let report = try Report(result.output)
    let first = try #require(report.results.first)
    #expect(first["verdict"] as? String == "unknown")
    #expect((first["reason"] as? String ?? "").contains("memory limit reached at depth"))
    #expect(first["states"] as? Int ?? 0 > 10_000)
  }

  @Test("a frontier on disk changes nothing")
  func spill() throws {
    let scratch = try Scratch()
    let spilled = try report(Self.spec + ["--spill", scratch.folder.path])
    #expect(try counts(spilled) == counts(report(Self.spec)))
    #expect(try Tool.run(Self.spec + ["--spill", scratch.path("no/such/folder")]).status == 2)
  }
}
