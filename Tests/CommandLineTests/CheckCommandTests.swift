import Foundation
import Testing

/// `mmck check`: exit status, options, limits.
@Suite("mmck check")
struct CheckCommandTests {
  private let peterson = "specs/classic/peterson.mmck"
  private let ptshare = "specs/classic/ptshare.mmck"

  /// Violates `assert` on line 3.
  private let wrong = "spec wrong \"w\";\n0..3 x;\nprocess p { x = 1; assert(x == 2); }\n"

  @Test("exit status 0 if everything is as expected, violations too")
  func asExpected() throws {
    let good = try Tool.run(["check", peterson])
    #expect(good.status == 0 && good.errors.isEmpty)
    let expected = try Tool.run(["check", peterson, "-D", "BUG_TURN_FIRST=true"])
    #expect(expected.status == 0)
    #expect(expected.output.contains("violated  mutual_exclusion"))
  }

  @Test("exit status 1 if something is violated that should hold, or the other way round")
  func surprises() throws {
    let scratch = try Scratch()
    let bad = try scratch.write("wrong.mmck", wrong).path
    let run = try Tool.run(["check", bad])
    #expect(run.status == 1)
    #expect(run.output.contains("wrong.mmck:3"))
    let missed = try scratch.write("missed.mmck", "spec m \"m\"; process p { } expect violated deadlock;")
      .path
    #expect(try Tool.run(["check", missed]).status == 1)
  }

  @Test("exit status 2 and a message for mistakes in a spec")
  func mistakes() throws {
    let scratch = try Scratch()
    let bad = try scratch.write("bad.mmck", "spec b \"b\";\nprocess p { x = NULL; y = 1; }\n").path
    let run = try Tool.run(["check", bad])
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.errors.contains("bad.mmck:2:17: error:") && run.errors.contains("[E0219]"))
  }

  @Test(
    "exit status 3 if a limit leaves the answer open", arguments: [["--time", "0.3s"], ["--memory", "8M"]])
  func undecided(limit: [String]) throws {
    let run = try Tool.run(["check", ptshare, "--scope", "t4p2", "--engine", "interpreter"] + limit)
    let name = limit[0] == "--time" ? "time" : "memory"
    #expect(run.status == 3)
    #expect(run.output.contains("not complete"))
    #expect(
      run.lines.contains {
        $0.contains(#/unknown +tlb_has_reference +[a-z]+ limit reached at depth/#) && $0.contains(name)
      })
  }

  @Test("a violation found before the limit still counts")
  func violationBeforeLimit() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "a.mmck", "spec a \"a\"; u32 n; process p { loop { n++; assert(n != 5); } } expect violated assert;"
    ).path
    let run = try Tool.run(["check", path, "--time", "0.3s", "--json", "-", "--engine", "interpreter"])
    let results = try Report(run.output).results
    #expect(run.status == 3)
    #expect(results.first { $0.property == "assert" }?["verdict"] as? String == "violated")
    #expect(results.first { $0.property == "deadlock" }?["verdict"] as? String == "unknown")
  }

  @Test("Ctrl-C gives the partial result and exit status 130")
  func interrupted() throws {
    let run = try Tool.run(
      ["check", ptshare, "--scope", "t4p2", "--engine", "interpreter", "--no-reduction"],
      signal: (after: 1, number: SIGINT))
    #expect(run.status == 130)
    #expect(run.lines.contains { $0.contains(#/unknown +tlb_has_reference +interrupted at depth/#) })
  }

  @Test("ptshare has the states of SPIN, Murphi, TLC and LTSmin")
  func knownCounts() throws {
    let run = try Tool.run(["check", ptshare, "--scope", "t3p2", "--no-reduction"])
    #expect(run.output.contains("56,472 states, 159,720 transitions"))
  }

  @Test("the same bytes in every run, but for the time it took")
  func determinism() throws {
    var seen = Set<String>()
    for _ in 0..<5 {
      let scratch = try Scratch()
      let run = try Tool.run(
        [
          "check", "specs/classic", "--trace-dir", "traces", "--json", "out.json", "--sarif", "out.sarif",
          "-v",
          "-D", "BUG_*=true", "--scope", "small",
        ].map { $0 == "specs/classic" ? Tool.root.path + "/" + $0 : $0 }, in: scratch.folder)
      var text = "\(run.status)\n\(run.output)"
      for file in scratch.files() { text += "\(file)\n" + (try scratch.read(file)) }
      // Compiled steps may have taken over or not.
      text = text.replacing(#/"(seconds|bytesPerState)": [0-9.]+/#, with: "").replacing(
        "(explicit)", with: "(interpreter)")
      seen.insert(text)
    }
    #expect(seen.count == 1)
  }

  @Test("-D sets params and options, joined or not, and by wildcard")
  func overrides() throws {
    #expect(try Tool.run(["check", ptshare, "--scope", "small", "-DTASKS=1"]).output.contains("(TASKS = 1)"))
    let all = try Tool.run(["check", "specs/classic", "--scope", "small", "-D", "BUG_*=true"])
    #expect(all.status == 0)
    for option in ["BUG_FULL", "BUG_TURN_FIRST", "BUG_FLUSH_SELF", "BUG_NO_RECHECK"] {
      #expect(all.output.contains("with \(option)"), "\(option)")
    }
    #expect(
      try Tool.run(["check", ptshare, "--scope", "small", "-D", "TASKS=1", "-D", "TASKS=2"]).status == 0)
  }

  @Test(
    "-D with an unknown name or a bad value is a usage error",
    arguments: [
      "NOTHING=1", "NO_*=1", "TASKS=abc", "TASKS=99999999999999999999", "TASKS=9223372036854775807", "TASKS=",
      "TASKS", "=1", "TASKS=-1", "TASKS=true", "BUG_FLUSH_SELF=1",
    ])
  func badOverrides(override: String) throws {
    let run = try Tool.run(["check", ptshare, "--scope", "small", "-D", override])
    #expect(run.status == 2 && !run.errors.isEmpty && run.output.isEmpty)
  }

  @Test("--property reports only these, and refuses what does not exist")
  func properties() throws {
    let arguments = ["check", ptshare, "--scope", "small", "--json", "-"]
    let one = try Tool.run(arguments + ["--property", "deadlock"])
    #expect(try Report(one.output).results.map(\.property) == ["deadlock"])
    let group = try Tool.run(arguments + ["--property", "lock.*", "--property", "tlb_has_reference"])
    let names = try Report(group.output).results.map(\.property)
    #expect(names.count > 2 && names.allSatisfy { $0.hasPrefix("lock.") || $0 == "tlb_has_reference" })
    let none = try Tool.run(arguments + ["--property", "deadlok"])
    #expect(none.status == 2 && none.errors.contains("deadlok"))
  }

  @Test("--scope runs this scope, and refuses what does not exist")
  func scopes() throws {
    let one = try Tool.run(["check", ptshare, "--scope", "small", "--json", "-"])
    #expect(Set(try Report(one.output).results.compactMap { $0["scope"] as? String }) == ["small"])
    let none = try Tool.run(["check", ptshare, "--scope", "smal"])
    #expect(none.status == 2 && none.errors.contains("small"))
  }

  @Test("--stop-at-first stops")
  func stopping() throws {
    let run = try Tool.run([
      "check", ptshare, "--scope", "t3p2", "-D", "BUG_FLUSH_SELF=true", "--stop-at-first", "--json", "-",
    ])
    let result = try #require(try Report(run.output).results.first { $0.property == "tlb_has_reference" })
    #expect(result["verdict"] as? String == "violated" && (result["states"] as? Int ?? 0) < 50_000)
  }

  @Test("--granularity access splits statements")
  func granularity() throws {
    let scratch = try Scratch()
    let text =
      "spec c \"c\"; 0..2 x; process p[2] { x++; } invariant i \"i\": (forall q in p: ended(q)) ==> x == 2;"
    let path = try scratch.write("c.mmck", text).path
    #expect(try Tool.run(["check", path]).status == 0)
    let run = try Tool.run(["check", path, "--granularity", "access", "--no-reduction"])
    #expect(run.status == 1 && run.output.contains("12 states, 14 transitions"))
  }

  @Test("all scopes of all specs of a folder, but no libraries")
  func folders() throws {
    let run = try Tool.run(["check", "specs/classic", "--json", "-"])
    let specs = try Report(run.output).results.compactMap { $0["spec"] as? String }
    #expect(Set(specs).count == 13 && specs.allSatisfy { !$0.contains("/lib/") })
  }
}
