import Foundation
import Testing

/// `mmck prove` and the other ways to ask Z3: verdicts, strengths, and what happens when the solver's process dies.
@Suite("mmck prove", .serialized)
struct ProveCommandTests {
  private let peterson = "specs/classic/peterson.mmck"

  private func report(_ arguments: [String], environment: [String: String] = [:]) throws -> (
    status: Int32, report: Report
  ) {
    let run = try Tool.run(arguments + ["--json", "-"], environment: environment)
    return (run.status, try Report(run.output))
  }

  @Test("proves what holds, for every depth, and says how strong that is")
  func holds() throws {
    let (status, report) = try report(["prove", peterson])
    #expect(status == 0)
    for result in report.results where !result.property.hasSuffix("_enters") {
      #expect(result["verdict"] as? String == "holds", "\(result.property)")
      #expect(result["strength"] as? String == "inductive" && result["engine"] as? String == "z3")
      #expect(result["states"] is NSNull && result["strengthK"] as? Int == 1)
    }
    let text = try Tool.run(["prove", peterson, "--property", "mutual_exclusion"]).output
    #expect(text.contains(#/ok +holds +mutual_exclusion +inductive, k=1, any depth, \d+ lemmas/#))
  }

  @Test("finds violations as short as the search does, with traces")
  func violated() throws {
    let arguments = ["check", peterson, "-D", "BUG_TURN_FIRST=true"]
    let searched = try report(arguments + ["--engine", "interpreter"])
    let solved = try report(arguments + ["--engine", "z3"])
    #expect(searched.status == 0 && solved.status == 0)
    let kinds = { (report: Report) in
      report.results.map { "\($0.property) \($0["verdict"] ?? "") \($0["steps"] ?? "")" }
    }
    #expect(kinds(solved.report) == kinds(searched.report))
    #expect(kinds(solved.report).contains { $0.hasPrefix("mutual_exclusion violated") })
  }

  @Test("a solver that is killed takes one property with it and no other")
  func killed() throws {
    let (status, report) = try report(
      ["prove", peterson], environment: ["MMCK_PROVER_DIES_AT": "range.index"])
    #expect(status == 3)
    for result in report.results {
      let isVictim = result.property == "range.index"
      #expect(result["verdict"] as? String == (isVictim ? "unknown" : "holds"), "\(result.property)")
      if isVictim {
        #expect((result["reason"] as? String ?? "").hasSuffix("the solver's process was ended by signal 9"))
      }
    }
    #expect(report.results.count == 7)
  }

  @Test(
    "with next to no memory or time everything is unknown, and the reason is said",
    arguments: [["--memory", "1M", "memory"], ["--time", "0.001s", "time limit"]])
  func starved(limit: [String]) throws {
    let (status, report) = try report(["prove", peterson] + limit.prefix(2))
    #expect(status == 3 && report.results.count == 7)
    for result in report.results {
      #expect(result["verdict"] as? String == "unknown")
      #expect((result["reason"] as? String ?? "").contains(limit[2]))
    }
  }

  @Test("what cannot be proven is unknown, and the step in the way is drawn")
  func obstacle() throws {
    let scratch = try Scratch()
    let spec = try scratch.write(
      "wide.mmck",
      """
      spec wide "w";
      u64 a;
      u64 n;
      process p { loop { atomic { u64 v = any x in u64 where x > 10; a = v; if (n == 1) a = 3; } } }
      invariant never_three "a is large or zero": a != 3;
      scope all symbolic { }
      """
    ).path
    let run = try Tool.run(["prove", spec, "--property", "never_three", "--method", "pdr", "--time", "10s"])
    #expect(run.status == 3)
    #expect(run.output.contains(#/\? +unknown +never_three +nothing found up to depth \d+; not inductive/#))
    #expect(run.output.contains("counterexample to induction for never_three: undecided"))
    #expect(run.output.contains("n = 1") && run.output.contains("a = 3"))
  }

  @Test(
    "real addresses: what is wrong has a trace, and with the fixes everything is proven",
    arguments: [false, true])
  func realWidths(fixed: Bool) throws {
    let (status, report) = try report(
      ["check", "specs/mshare/v1-2022.mmck", "--scope", "x86_64", "--time", "300s", "-D", "FIX_*=\(fixed)"])
    #expect(status == 0)
    let violated = report.results.filter { $0["verdict"] as? String == "violated" }
    #expect(violated.count == (fixed ? 0 : 5))
    #expect(violated.allSatisfy { ($0["steps"] as? Int ?? 0) > 0 })
    #expect(!report.results.contains { $0["verdict"] as? String == "unknown" })
  }

  @Test("beside a search that does not end in time, a proof answers for it")
  func race() throws {
    guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return }
    let (status, report) = try report([
      "check", "specs/classic/filterlock.mmck", "--scope", "large", "--no-reduction", "--time", "30s",
      "--property", "range.index", "--property", "range.division",
    ])
    #expect(status == 0)
    for result in report.results {
      #expect(result["verdict"] as? String == "holds" && result["engine"] as? String == "z3")
    }
  }

  @Test("Ctrl-C ends it, solver and all")
  func interrupted() throws {
    let start = Date()
    let run = try Tool.run(
      ["prove", "specs/classic/german.mmck", "--scope", "four", "--time", "120s"],
      signal: (after: 1.5, number: SIGINT))
    #expect(run.status == 130)
    #expect(Date().timeIntervalSince(start) < 60)
  }

  @Test(
    "refuses what it cannot do",
    arguments: [["--k", "0"], ["--explore", "nowhere"], ["--method", "guess"]])
  func refused(arguments: [String]) throws {
    let run = try Tool.run(["prove", peterson] + arguments)
    #expect(run.status == 2 && run.output.isEmpty)
  }
}
