import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The files that `mmck check` writes for other programs.
@Suite("Report files")
struct ReportFileTests {
  /// A run with everything in it: violations, witnesses, unknowns, expectations missed.
  private func run(_ arguments: [String], in scratch: Scratch) throws -> Tool.Result {
    try scratch.write(
      "a.mmck",
      """
      spec all "everything <&> \\"quoted\\"";
      param N = 2;
      option BUG = true "b";
      mutex m;
      0..3 x guarded_by m;
      process p { x = N; assert(x != 2, "text"); }
      process q { if (BUG) mutex_unlock(&m); }
      invariant small "less < than & more": x < 2;
      step up "x grows": x >= old(x);
      reachable two "x gets there": x == 2;
      reachable three "x gets there": x == 3;
      expect violated lock.*;
      expect unknown deadlock;
      scope one { }
      scope two { N = 1; BUG = false; }
      """)
    return try Tool.run(["check", "a.mmck"] + arguments, in: scratch.folder)
  }

  @Test("--json has every field of the contract, with the values that it allows")
  func json() throws {
    let scratch = try Scratch()
    let run = try run(["--json", "-", "--trace-dir", "t"], in: scratch)
    #expect(run.status == 1)
    let report = try Report(run.output)
    #expect(report.members["version"] as? Int == 1)
    #expect((report.members["tool"] as? String)?.hasPrefix("mmck ") == true)
    #expect(report.results.count > 10)
    let groups: Set = [
      "lock", "lifetime", "range", "deadlock", "assert", "invariant", "step", "reachable", "liveness",
      "measure",
    ]
    for result in report.results {
      for name in [
        "spec", "scope", "property", "group", "verdict", "strength", "expected", "states", "transitions",
        "depth",
        "seconds", "bytesPerState", "engine", "trace", "reason",
      ] {
        #expect(result[name] != nil, "\(name)")
      }
      let verdict = try #require(result["verdict"] as? String)
      let isNull = { (name: String) in result[name] is NSNull }
      #expect(["holds", "violated", "unknown"].contains(verdict))
      #expect(["holds", "violated", "unknown"].contains(result["expected"] as? String))
      #expect(groups.contains(result["group"] as? String ?? ""))
      #expect(verdict == "holds" ? result["strength"] as? String == "exhaustive" : isNull("strength"))
      #expect(isNull("reason") == (verdict != "unknown"))
      #expect(result["states"] is Int && result["transitions"] is Int && result["depth"] is Int)
      #expect((result["seconds"] as? Double ?? -1) >= 0 && (result["bytesPerState"] as? Double ?? -1) > 0)
      if let trace = result["trace"] as? String {
        #expect(FileManager.default.fileExists(atPath: scratch.path(trace)))
      }
    }
    #expect(
      report.results.contains {
        $0.property == "three" && $0["verdict"] as? String == "violated" && $0["trace"] is NSNull
      })
    #expect(report.results.contains { $0.property == "two" && $0["trace"] is String })
  }

  @Test("--json says unknown with a reason, and nothing else then")
  func unknown() throws {
    let run = try Tool.run([
      "check", "specs/classic/ptshare.mmck", "--scope", "t4p2", "--engine", "interpreter", "--time", "0.2s",
      "--json", "-",
    ])
    let results = try Report(run.output).results
    #expect(results.allSatisfy { $0["verdict"] as? String == "unknown" && $0["strength"] is NSNull })
    #expect(results.allSatisfy { ($0["reason"] as? String)?.contains("time limit") == true })
  }

  #if canImport(FoundationXML)
    private final class Counter: NSObject, XMLParserDelegate {
      var counts: [String: Int] = [:]
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
      ) { counts[name, default: 0] += 1 }
    }

    @Test("--junit is XML with a case for each result")
    func junit() throws {
      let scratch = try Scratch()
      _ = try run(["--junit", "out/j.xml", "--json", "j.json"], in: scratch)
      let parser = XMLParser(data: Data(try scratch.read("out/j.xml").utf8))
      let counter = Counter()
      parser.delegate = counter
      #expect(parser.parse())
      let results = try Report(try scratch.read("j.json")).results
      #expect(counter.counts["testcase"] == results.count)
      #expect(counter.counts["failure"] == results.count { $0["asExpected"] as? Bool == false })
    }
  #endif

  @Test("--sarif is JSON of version 2.1.0 with the surprises and their places")
  func sarif() throws {
    let scratch = try Scratch()
    _ = try run(["--sarif", "s.sarif"], in: scratch)
    let object = try JSONSerialization.jsonObject(with: Data(try scratch.read("s.sarif").utf8))
    let log = try #require(object as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let runs = try #require(log["runs"] as? [[String: Any]])
    let results = try #require(runs.first?["results"] as? [[String: Any]])
    #expect(!results.isEmpty)
    let lines = results.compactMap { result -> Int? in
      let location = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
      return (location?["region"] as? [String: Any])?["startLine"] as? Int
    }
    #expect(lines.contains(6) && lines.contains(8))
  }

  @Test("--html is one page that loads nothing")
  func html() throws {
    let scratch = try Scratch()
    _ = try run(["--html", "r.html"], in: scratch)
    let page = try scratch.read("r.html")
    #expect(page.lowercased().hasPrefix("<!doctype html>") && page.contains("</html>"))
    #expect(!page.contains("src=\"http") && !page.contains("href=\"http") && !page.contains("<link"))
    #expect(page.contains("less &lt; than &amp; more") || page.contains("everything &lt;&amp;&gt;"))
    #expect(!page.contains("everything <&>"))
  }

  @Test("--github prints an annotation for each surprise")
  func github() throws {
    let scratch = try Scratch()
    let run = try run(["--github"], in: scratch)
    let annotations = run.lines.filter { $0.hasPrefix("::") }
    #expect(annotations.contains { $0.hasPrefix("::error file=a.mmck,line=8") })
    #expect(annotations.allSatisfy { $0.hasPrefix("::error ") || $0.hasPrefix("::warning ") })
  }

  @Test("files that cannot be written are told with their path")
  func unwritable() throws {
    let scratch = try Scratch()
    let run = try run(["--json", "/proc/none/x.json"], in: scratch)
    #expect(run.status == 2 && run.errors.contains("/proc/none/x.json"))
  }
}
