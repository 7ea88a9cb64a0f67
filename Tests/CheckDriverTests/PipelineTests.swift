import CheckDriver
import Diagnostics
import Evidence
import Foundation
import Lowering
import Reports
import SpecSemantics
import Testing
import TransitionIR

/// From requests to reports: limits, determinism, coverage, overrides.
@Suite("The check pipeline")
struct PipelineTests {
  private let counter = """
    spec c "c";
    param N = 3;
    u16 x;
    process p { loop x++; }
    invariant small "": x != 700;
    expect violated small;
    reachable far "": x == 60000;
    """

  @Test("more properties than the search has bits for are refused, not passed over")
  func tooManyProperties() throws {
    func spec(_ count: Int) -> String {
      let properties = (0..<count).map { "invariant i\($0) \"\": x != 1;" }
      return "spec c \"c\"; 0..1 x; process p { x = 1; } \(properties.joined(separator: " "))"
    }
    let world = World(["most.mmck": spec(64), "more.mmck": spec(65)])
    let results = try world.check(["most.mmck"]).runs[0].results
    #expect(results.filter { $0.answer.kind == .violated }.count == 64)
    #expect(throws: UsageError.self) { try world.check(["more.mmck"]) }
  }

  @Test("a time limit makes what is not known unknown, and says how far it got")
  func timeLimit() throws {
    // Each look at the clock takes a second.
    let world = World(["c.mmck": counter], tick: 1)
    let run = try world.check(["c.mmck"]) { $0.seconds = 5000 }.runs[0]
    #expect(!run.statistics.isComplete && run.statistics.states > 700)
    #expect(run.results.filter { $0.answer.kind == .violated }.map(\.property) == ["small"])
    for result in run.results where result.property != "small" {
      guard case .unknown(let reason) = result.answer else {
        Issue.record("\(result.property): \(result.answer)")
        continue
      }
      #expect(reason.hasPrefix("time limit reached at depth "))
    }
    #expect(exitCode(for: CheckReport(tool: "", toolVersion: "", runs: [run])) == 3)
  }

  @Test("a memory limit too, and a cancellation")
  func otherLimits() throws {
    let world = World(["c.mmck": counter])
    let full = try world.check(["c.mmck"]) { $0.bytes = 20_000 }
    #expect(full.runs[0].results.contains { $0.answer.kind == .unknown })
    var request = CheckRequest(paths: ["c.mmck"], isCancelled: { true })
    request.engine = .interpreter
    let cancelled = try CheckPipeline(request, host: world.host).run()
    #expect(cancelled.results.allSatisfy { $0.result.answer.kind == .unknown })
  }

  @Test("stopping at the first violation leaves the rest unknown")
  func firstViolation() throws {
    let run = try World(["c.mmck": counter]).check(["c.mmck"]) { $0.stopsAtFirst = true }.runs[0]
    #expect(run.results.filter { $0.answer.kind == .violated }.map(\.property) == ["small"])
    #expect(run.results.contains { $0.answer.kind == .unknown })
    #expect(run.statistics.states < 1000)
  }

  @Test("two runs give the same report but for the seconds")
  func determinism() throws {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "specs/classic/rwlock.mmck"), encoding: .utf8)
    func report(_ tick: Double) throws -> String {
      var report = try World(["a.mmck": text], tick: tick).check(["a.mmck"])
      for index in report.runs.indices { report.runs[index].statistics.seconds = 0 }
      let traces = report.results.compactMap { $0.result.trace?.itf }
      return ([JSONReport.render(report), TextReport.render(report, options: .init())] + traces).joined()
    }
    #expect(try report(0) == report(0.001))
  }

  @Test("coverage gaps of a spec are what none of its scopes reached")
  func coverage() throws {
    let world = World([
      "a.mmck": """
      spec a "a";
      param N = 1;
      0..3 x;
      process p {
          if (N == 1)
              x = 1;
          else
              x = 2;
          if (x == 3)
              x = 0;
      }
      invariant never "": x == 3 ==> false;
      invariant ever "": x == N ==> true;
      scope one { }
      scope two { N = 2; }
      scope three on_request { N = 3; }
      """
    ])
    let both = try world.check(["a.mmck"])
    #expect(both.runs.map(\.coverageGaps.isEmpty) == [true, false])
    #expect(
      both.runs[1].coverageGaps.map { "\($0.place.line) \($0.what)" } == [
        "9 condition never true", "10 statement never reached", "12 left side of ==> never true in never",
      ])
    let one = try world.check(["a.mmck"]) { $0.scope = "one" }
    #expect(one.runs[0].coverageGaps.contains { $0.what == "statement never reached" && $0.place.line == 10 })
  }

  @Test("a scope that was cut short says nothing about coverage, nor do the others then")
  func partialCoverage() throws {
    let world = World(
      [
        "a.mmck": """
        spec a "a";
        param N = 0;
        u16 x;
        process p {
            while (x < N)
                x++;
            if (x == 60000)
                x = 0;
        }
        scope small { }
        scope large { N = 60000; }
        """
      ], tick: 1)
    let report = try world.check(["a.mmck"]) { $0.seconds = 500 }
    #expect(report.runs.map(\.statistics.isComplete) == [true, false])
    #expect(report.runs.map(\.coverageGaps.isEmpty) == [true, true])
  }

  @Test("overrides: unknown names, wildcards, values")
  func overrides() throws {
    let world = World([
      "a.mmck":
        "spec a \"a\"; param N = 1; option FIX_A = false \"\"; option FIX_B = false \"\"; process p { }",
      "b.mmck": "spec b \"b\"; option FIX_C = false \"\"; process p { }",
    ])
    func options(_ overrides: [(name: String, value: String)]) throws -> [String] {
      try world.check(["a.mmck", "b.mmck"]) { $0.overrides = overrides }.runs.flatMap(\.options).filter {
        $0.value == "true"
      }.map(\.name)
    }
    #expect(try options([("FIX_*", "true")]) == ["FIX_A", "FIX_B", "FIX_C"])
    #expect(try options([("FIX_C", "true")]) == ["FIX_C"])
    #expect(try options([("FIX_*", "true"), ("FIX_A", "false")]) == ["FIX_B", "FIX_C"])
    for bad in [
      ("FIX_D", "true"), ("N", "x"), ("N", ""), ("N", "1e3"), ("N", "9223372036854775808"), ("", "1"),
    ] {
      #expect(throws: UsageError.self, "\(bad)") { try options([bad]) }
    }
    #expect(throws: SpecErrors.self) { try options([("N", "true")]) }
    #expect(throws: SpecErrors.self) { try options([("FIX_A", "2")]) }
  }

  @Test("folders hold specs, their libraries do not count, and each file is checked once")
  func folders() throws {
    let world = World([
      "s/a.mmck": "spec a \"a\"; process p { }", "s/d/b.mmck": "spec b \"b\"; process p { }",
      "s/lib/c.mmck": "bool c;", "s/readme.md": "", "empty/x.txt": "",
    ])
    #expect(try world.check(["s", "s/a.mmck"]).runs.map(\.path) == ["s/a.mmck", "s/d/b.mmck"])
    #expect(throws: UsageError.self) { try world.check(["empty"]) }
    #expect(throws: UsageError.self) { try world.check(["none"]) }
    #expect(throws: UsageError.self) { try world.check(["s"]) { $0.scope = "none" } }
  }

  @Test("the text of every shipped spec's transition system reads back as the same system")
  func textForm() throws {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let specs = try findSpecs([root.appending(path: "specs").path], host: .system)
    #expect(specs.count >= 5)
    for path in specs {
      let compiled = try compile(path, overrides: [], scope: nil, granularity: .statement, host: .system)
      let text = renderIR(compiled.system)
      let back = try parseIR(text).get()
      #expect(renderIR(back) == text, "\(path)")
      #expect(validate(back).isEmpty, "\(path)")
    }
  }

  @Test("the spec that `mmck new` writes is as it expects, with the fix and without")
  func template() throws {
    let world = World(["n.mmck": SpecTemplate.text("n")])
    #expect(exitCode(for: try world.check(["n.mmck"])) == 0)
    #expect(exitCode(for: try world.check(["n.mmck"]) { $0.overrides = [("FIX_UNLOCK", "false")] }) == 0)
  }
}
