import Evidence
import Reports
import Testing
import TransitionIR

@Suite("Reports")
struct ReportTests {
  private func result(
    _ property: String, _ answer: CheckReport.Answer, expected: CheckReport.Kind, trace: Trace? = nil
  ) -> CheckReport.Result {
    let group = BuiltinProperty(rawValue: property)?.group ?? "invariant"
    let place = SourcePlace(
      file: "specs/a,b: c.mmck", line: 7, column: 3, text: "x < \"y\" && z", function: "f", origin: "")
    return CheckReport.Result(
      property: property, group: group, answer: answer, expected: expected,
      place: answer.kind == .violated ? place : nil,
      message: answer.kind == .violated ? "100% <wrong>\r\nreally" : nil, trace: trace,
      tracePath: trace == nil ? nil : "traces/x.itf.json")
  }

  private func report(_ results: [CheckReport.Result]) -> CheckReport {
    var statistics = RunStatistics()
    statistics.states = 1_234_567
    statistics.transitions = 89
    statistics.depth = 13
    statistics.seconds = 1.5
    statistics.bytesPerState = 11.256
    statistics.isComplete = true
    let run = CheckReport.Run(
      spec: "lock_example", title: "t", path: "specs/lock.mmck", scope: "small",
      parameters: [.init("TASKS", "2")], options: [.init("FIX_A", "true"), .init("FIX_B", "false")],
      engine: "explicit", statistics: statistics, results: results)
    return CheckReport(tool: "mmck", toolVersion: "0.1", runs: [run])
  }

  private func mixedReport() throws -> CheckReport {
    let trace = try LockExample().trace("counted")
    var report = report([
      result("counted", .violated, expected: .holds, trace: trace),
      result("deadlock", .holds(.exhaustive), expected: .holds),
      result("lock.order", .violated, expected: .violated),
      result("lock.unguarded", .holds(.exhaustive), expected: .holds),
      result("range.pool", .unknown("out of memory"), expected: .holds),
      result("assert", .holds(.depth(5)), expected: .violated),
    ])
    let place = SourcePlace(file: "s.mmck", line: 3, column: 1, text: "lock(&b);", function: "f", origin: "")
    report.runs[0].coverageGaps = [CoverageGap(what: "statement never reached", place: place)]
    report.runs[0].lockOrder = [
      LockOrderEntry(held: "a", taken: "b", place: place),
      LockOrderEntry(held: "b", taken: "a", place: place),
      LockOrderEntry(held: "a", taken: "c", place: place),
      LockOrderEntry(held: "a", taken: "b", place: place),
    ]
    return report
  }

  @Test("the exit status says whether everything is as expected")
  func exitStatus() {
    typealias Case = (CheckReport.Answer, CheckReport.Kind, Int32)
    let holds = CheckReport.Answer.holds(.exhaustive)
    let unknown = CheckReport.Answer.unknown("why")
    let cases: [Case] = [
      (holds, .holds, 0), (holds, .violated, 1), (holds, .unknown, 1),
      (.violated, .holds, 1), (.violated, .violated, 0), (.violated, .unknown, 1),
      (unknown, .holds, 3), (unknown, .violated, 3), (unknown, .unknown, 0),
    ]
    #expect(exitCode(for: report([])) == 0)
    for (answer, expected, code) in cases {
      #expect(exitCode(for: report([result("a", answer, expected: expected)])) == code)
      let withUnknown = report([
        result("a", answer, expected: expected), result("b", unknown, expected: .holds),
      ])
      #expect(exitCode(for: withUnknown) == (code == 1 ? 1 : 3))
    }
  }

  @Test("the table has a line for each property, aligned, and ends with a summary")
  func text() throws {
    #expect(
      TextReport.render(try mixedReport()) == """
        specs/lock.mmck, scope small, with FIX_A (TASKS = 2)
          1,234,567 states, 89 transitions, depth 13 (explicit)
          FAIL  violated  counted     specs/a,b: c.mmck:7: 100% <wrong> really  [6 steps]  traces/x.itf.json  (expected: holds)
          ok    violated  lock.order  specs/a,b: c.mmck:7: 100% <wrong> really
          ?     unknown   range.pool  out of memory  (expected: holds)
          FAIL  holds     assert      up to depth 5  (expected: violated)
          ok    holds     2 built-in properties: deadlock, lock.* (1); exhaustive
          not covered (1):
            s.mmck:3: statement never reached: `lock(&b);`
          locks are taken in a cycle:
            a -> b  s.mmck:3 `lock(&b);` in f
            b -> a  s.mmck:3 `lock(&b);` in f

        3 hold, 2 violated, 1 unknown: 3 not as expected

        """)
  }

  @Test("colour and timing only when asked for")
  func textOptions() throws {
    var options = TextReport.Options()
    options.usesColor = true
    options.showsTiming = true
    options.showsEverything = true
    let text = TextReport.render(try mixedReport(), options: options)
    #expect(text.contains("\u{1B}[1;31mFAIL\u{1B}[0m"))
    #expect(text.contains("1.5 s, 823,044 states/s"))
    #expect(text.contains("holds     lock.unguarded  exhaustive"))
  }

  @Test("the JSON has every member of the contract, null where it does not apply")
  func json() throws {
    let document = try JSON(parsing: Array(JSONReport.render(try mixedReport()).utf8))
    #expect(document["version"] == .integer(1))
    #expect(document["tool"] == .string("mmck 0.1"))
    guard case .array(let results)? = document["results"] else {
      Issue.record("no results")
      return
    }
    let contract = [
      "spec", "scope", "property", "group", "verdict", "strength", "expected", "states", "transitions",
      "depth",
      "seconds", "bytesPerState", "engine", "trace", "reason",
    ]
    for result in results {
      for name in contract { #expect(result[name] != nil, "\(name)") }
    }
    #expect(results[0]["verdict"] == .string("violated"))
    #expect(results[0]["strength"] == .null)
    #expect(results[0]["trace"] == .string("traces/x.itf.json"))
    #expect(results[0]["place"]?["line"] == .integer(7))
    #expect(results[0]["message"] == .string("100% <wrong>\r\nreally"))
    #expect(results[0]["asExpected"] == .bool(false))
    #expect(results[1]["strength"] == .string("exhaustive"))
    #expect(results[1]["bytesPerState"] == .number(11.26))
    #expect(results[4]["reason"] == .string("out of memory"))
    #expect(results[5]["strength"] == .string("depth"))
  }

  @Test("JUnit counts what is not as expected and escapes text")
  func junit() throws {
    let text = JUnitReport.render(try mixedReport())
    #expect(text.contains("<testsuites name=\"mmck\" tests=\"6\" failures=\"3\" errors=\"0\" skipped=\"0\">"))
    #expect(text.contains("<testsuite name=\"specs/lock.mmck (small)\" tests=\"6\""))
    #expect(
      text.contains(
        "<failure message=\"counted violated: 100% &lt;wrong&gt;&#13;&#10;really (expected: holds)\""))
    #expect(text.contains("mm_struct#0.mmap_lock"), "the trace is in the failure")
    #expect(text.contains("<testcase name=\"deadlock\" classname=\"lock_example.small\"/>"))
    let skipped = JUnitReport.render(report([result("a", .unknown("slow"), expected: .unknown)]))
    #expect(skipped.contains("<skipped message=\"unknown, as expected: slow\"/>"))
  }

  @Test("SARIF has rules, relative places and the trace as a code flow")
  func sarif() throws {
    let document = try JSON(parsing: Array(SARIFReport.render(try mixedReport()).utf8))
    #expect(document["version"] == .string("2.1.0"))
    guard case .array(let runs)? = document["runs"], case .array(let results)? = runs.first?["results"],
      case .array(let locations)? = results.first?["locations"],
      case .array(let flows)? = results.first?["codeFlows"],
      case .array(let threads)? = flows.first?["threadFlows"],
      case .array(let steps)? = threads.first?["locations"]
    else {
      Issue.record("not SARIF")
      return
    }
    #expect(results.count == 4)
    #expect(
      results.map { $0["level"] } == [
        .string("error"), .string("note"), .string("warning"), .string("error"),
      ])
    let place = locations.first?["physicalLocation"]
    #expect(place?["artifactLocation"]?["uri"] == .string("specs/a%2Cb%3A%20c.mmck"))
    #expect(place?["region"]?["startLine"] == .integer(7))
    #expect(threads.first?["id"] == .string("user[0]"))
    #expect(steps.count == 6)
    #expect(
      steps.first?["location"]?["message"]?["text"]
        == .string("1 user[0]: mutex_lock(&root); [root.owner: null -> user[0]]"))
  }

  @Test("GitHub annotations are one line each, escaped")
  func annotations() throws {
    let lines = GitHubAnnotations.render(try mixedReport()).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix(
        "::error file=specs/a%2Cb%3A c.mmck,line=7,col=3,title=counted::"
          + "counted violated: 100%25 <wrong>%0D%0Areally (expected: holds) in scope small%0Alock_example: "))
    #expect(
      lines[1] == "::warning file=specs/lock.mmck,title=range.pool::range.pool unknown: out of memory "
        + "(expected: holds) in scope small")
    #expect(lines[2].hasPrefix("::error file=specs/lock.mmck,title=assert::assert holds (up to depth 5)"))
  }
}
