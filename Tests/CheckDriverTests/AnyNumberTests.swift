import CheckDriver
import Evidence
import Foundation
import Reports
import Testing

/// Proofs for any number of processes: what is claimed, and above all what is not.
@Suite("Proofs for any number of processes", .serialized)
struct AnyNumberTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  /// What is said of each property: `any` with the kinds, or the kind of the answer; and why it is not more.
  private struct Said {
    var strengths: [String: String] = [:]
    var refusals: [String: String] = [:]
  }

  private func said(_ report: CheckReport) -> Said {
    var said = Said()
    for (_, result) in report.results {
      switch result.answer {
      case .holds(.anyNumber(let kinds, _)):
        said.strengths[result.property] = "any " + kinds.joined(separator: ", ")
      case .holds(.inductive): said.strengths[result.property] = "inductive"
      case .holds: said.strengths[result.property] = "holds"
      case .violated: said.strengths[result.property] = "violated"
      case .unknown: said.strengths[result.property] = "unknown"
      }
      said.refusals[result.property] = result.numberRefusal
    }
    return said
  }

  private func prove(_ text: String, _ overrides: [(name: String, value: String)] = []) throws -> Said {
    let world = World(["a.mmck": text]).host
    // The bounded check goes on until its time is over.
    let host = Host(
      read: world.read, write: world.write, kind: world.kind, files: world.files, now: Host.system.now)
    var request = CheckRequest(paths: ["a.mmck"])
    request.engine = .z3
    request.prover = LocalProver(host: host)
    request.overrides = overrides
    request.seconds = 15
    request.proof.method = .pdr
    return said(try CheckPipeline(request, host: host).run())
  }

  private func prove(
    classic name: String, _ overrides: [(name: String, value: String)], scope: String = "small",
    only properties: [String] = []
  ) throws -> Said {
    var request = CheckRequest(paths: ["\(Self.root)/specs/classic/\(name).mmck"])
    request.engine = .z3
    request.prover = LocalProver(host: .system)
    request.overrides = overrides
    request.scope = scope
    request.properties = properties
    request.seconds = 200
    request.proof.method = .pdr
    return said(try CheckPipeline(request, host: .system).run())
  }

  @Test("are found for the mutexes, whatever the scope")
  func mutexes() throws {
    for number in ["6"] {
      let said = try prove(classic: "mutex", [("TASKS", number)]).strengths
      for property in [
        "mutual_exclusion", "mutual_exclusion_builtin", "lock_pairing", "lock.unlock_not_held",
        "lock.held_at_return", "lock.self_deadlock", "lock.order", "assert",
      ] { #expect(said[property] == "any user", "\(property), \(number)") }
      #expect(said["both_used"] == "holds")
    }
  }

  @Test(
    "are not found where there is a bug", .enabled(if: isLongRun),
    arguments: ["BUG_SPLIT_TEST", "BUG_EARLY_UNLOCK"])
  func bugs(option: String) throws {
    let said = try prove(classic: "mutex", [("TASKS", "3"), (option, "true")]).strengths
    #expect(said["lock_pairing"] == "violated")
    let other = option == "BUG_SPLIT_TEST" ? "lock.self_deadlock" : "mutual_exclusion"
    #expect(said[other] == "any user")
    #expect(said[option == "BUG_SPLIT_TEST" ? "mutual_exclusion" : "mutual_exclusion_builtin"] == "violated")
  }

  @Test("are found for readers in sets, and for what a TLB refers to")
  func sets() throws {
    let said = try prove(classic: "ptshare", [("TASKS", "4"), ("PAGES", "1")]).strengths
    for property in ["lock.unlock_not_held", "lock.self_deadlock", "lock.order", "tlb_has_reference"] {
      #expect(said[property] == "any user", "\(property)")
    }
  }

  /// Tests that take long: `make test-proofs`.
  private static let isLongRun = ProcessInfo.processInfo.environment["MMCK_LONG_PROOFS"] != nil

  @Test("are found for the lock of a reference count", .enabled(if: isLongRun))
  func references() throws {
    let said = try prove(classic: "refcount", [("TASKS", "3")], only: ["lock.*", "lock_pairing"]).strengths
    for property in ["lock_pairing", "lock.unlock_not_held", "lock.self_deadlock", "lock.unguarded"] {
      #expect(said[property] == "any user", "\(property)")
    }
  }

  // MARK: What must not be claimed

  private static func spec(_ globals: String, _ body: String, _ property: String, number: Int = 3) -> String {
    """
    spec a "a";
    param N = \(number);
    \(globals)
    process p[N] symmetric { loop { \(body) } }
    \(property)
    scope here { N = \(number); }
    scope less { N = 2; }
    """
  }

  /// Of each the search finds a violation with nine processes, and none with three.
  @Test(
    "are not claimed of what is false for larger numbers",
    arguments: [
      ("0..7 waiting;", "waiting++; waiting--;", "", "range.overflow"),
      ("0..30 waiting;", "waiting++; waiting--;", "invariant few \"\": waiting < 6;", "few"),
      ("0..30 waiting;", "atomic { waiting++; assert(waiting < 5); } waiting--;", "", "assert"),
      (
        "set of task inside;", "inside |= {current}; inside -= {current};",
        "invariant few \"\": size(inside) < 5;", "few"
      ),
      (
        "bool a;", "a = false; here: a = true;", "invariant few \"\": (count x in p: at(x, here)) < 5;", "few"
      ),
      ("bool a;", "a = false; here: a = true;", "step few \"\": (count x in p: at(x, here)) < 6;", "few"),
      // Compared with the number itself.
      ("0..30 low;", "low = 0; if (N > 6) low = 9;", "invariant small \"\": low < 9;", "small"),
      (
        "const LIMIT = N; 0..30 low;", "low = 0; if (LIMIT > 6) low = 9;", "invariant small \"\": low < 9;",
        "small"
      ),
      ("0..30 low;", "low = 1;", "invariant small \"\": low < 9 - N;", "small"),
    ])
  func larger(globals: String, body: String, property: String, name: String) throws {
    let text = Self.spec(globals, body, property)
    let strength = try prove(text).strengths[name]
    #expect(strength?.hasPrefix("any") != true, "\(strength ?? "")")
    func searched(_ number: String) throws -> Bool {
      try World(["a.mmck": text]).check(["a.mmck"]) { request in
        request.overrides = [("N", number)]
        request.scope = "here"
      }.results.contains { $0.result.property == name && $0.result.answer.kind == .violated }
    }
    #expect(try searched("9") && !searched("3"))
  }

  @Test("speak of readers and writers that are counted", .enabled(if: isLongRun))
  func counts() throws {
    for scope in ["small", "both"] {
      let said = try prove(
        classic: "rwlock", [], scope: scope, only: ["lock.*", "lock_pairing", "range.overflow"]
      ).strengths
      for property in ["lock.unlock_not_held", "lock.self_deadlock", "lock.order", "lock.unguarded"] {
        #expect(said[property] == "any reader, writer", "\(property), \(scope)")
      }
      // Whether it is for any number of writers, too, depends on the lemmas that were found first.
      if scope == "small" { #expect(said["lock_pairing"]?.hasPrefix("any reader") == true) }
      // In the end there are more readers than the counter can count.
      #expect(said["range.overflow"] == "inductive")
    }
  }

  @Test("use counts, and know that others are counted")
  func counted() throws {
    let counter = ("0..30 inside;", "atomic { inside++; } here: atomic { inside--; }")
    let text = Self.spec(
      counter.0, counter.1, "invariant right \"\": inside == (count x in p: at(x, here));")
    #expect(try prove(text).strengths["right"] == "any p")
    let wrong = Self.spec(
      counter.0, counter.1,
      "invariant few \"\": inside == (count x in p: at(x, here)) && (count x in p: at(x, here)) <= 5;")
    #expect(try prove(wrong).strengths["few"] == "inductive")
    // Everybody is where they are counted before they move.
    let idle = Self.spec(
      "0..30 gone;", "here: gone++;", "invariant idle \"\": gone + 3 == 3 || (count x in p: at(x, here)) < 3;"
    )
    #expect(try prove(idle).strengths["idle"]?.hasPrefix("any") != true)
  }

  @Test("say why they are not found")
  func reasons() throws {
    let said = try prove(Self.spec("bool a;", "a = N > 2; a = false;", "invariant some \"\": a || !a;"))
    #expect(said.strengths["some"] == "inductive")
    #expect(said.refusals["some"] == "N is more than the number of p: see a.mmck:4")
    let fixed = try prove(
      "spec a \"a\"; bool a; process p[3] symmetric { loop { a = true; a = false; } } invariant t \"\": a || !a;"
    )
    #expect(fixed.refusals["t"] == "the number of p is no param")
    let pointers = try prove(
      Self.spec("bool a;", "task next = current; a = true; a = next == current;", "invariant t \"\": true;"))
    #expect(pointers.refusals["t"]?.contains("names another") == true)
  }
}
