import CheckDriver
import Evidence
import Reports
import Testing

/// Proofs for any number of processes: what is claimed, and above all what is not.
@Suite("Proofs for any number of processes")
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
    let world = World(["a.mmck": text])
    let report = try world.check(["a.mmck"]) { request in
      request.engine = .z3
      request.prover = LocalProver(host: world.host)
      request.overrides = overrides
    }
    return said(report)
  }

  private func prove(
    classic name: String, _ overrides: [(name: String, value: String)], scope: String = "small"
  ) throws -> Said {
    var request = CheckRequest(paths: ["\(Self.root)/specs/classic/\(name).mmck"])
    request.engine = .z3
    request.prover = LocalProver(host: .system)
    request.overrides = overrides
    request.scope = scope
    request.seconds = 300
    return said(try CheckPipeline(request, host: .system).run())
  }

  @Test("are found for the mutexes, whatever the scope")
  func mutexes() throws {
    for number in ["2", "3", "7"] {
      let said = try prove(classic: "mutex", [("TASKS", number)]).strengths
      for property in [
        "mutual_exclusion", "mutual_exclusion_builtin", "lock_pairing", "lock.unlock_not_held",
        "lock.held_at_return", "lock.self_deadlock", "lock.order", "assert",
      ] { #expect(said[property] == "any user", "\(property), \(number)") }
      #expect(said["both_used"] == "holds")
    }
  }

  @Test("are not found where there is a bug", arguments: ["BUG_SPLIT_TEST", "BUG_EARLY_UNLOCK"])
  func bugs(option: String) throws {
    let said = try prove(classic: "mutex", [("TASKS", "3"), (option, "true")]).strengths
    #expect(said["lock_pairing"] == "violated")
    let other = option == "BUG_SPLIT_TEST" ? "mutual_exclusion_builtin" : "mutual_exclusion"
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

  @Test("are found for the lock of a reference count")
  func counted() throws {
    let said = try prove(classic: "refcount", [("TASKS", "3")], scope: "small").strengths
    for property in ["lock_pairing", "lock.unlock_not_held", "lock.self_deadlock", "lock.unguarded"] {
      #expect(said[property] == "any user", "\(property)")
    }
  }

  // MARK: What must not be claimed

  /// `%` is the number.
  private static func spec(_ globals: String, _ body: String, _ property: String, number: Int = 3) -> String {
    """
    spec a "a";
    param N = \(number);
    \(globals)
    process p[N] symmetric { \(body) }
    \(property)
    scope here { N = \(number); }
    scope less { N = 2; }
    """
  }

  @Test(
    "are not claimed of what is false for larger numbers",
    arguments: [
      // Waiters overflow at eight.
      ("0..7 waiting;", "waiting++; waiting--;", "", "range.overflow"),
      ("0..30 waiting;", "waiting++; waiting--;", "invariant few \"\": waiting < 6;", "few"),
      ("0..30 waiting;", "atomic { waiting++; assert(waiting < 5); } waiting--;", "", "assert"),
      // Sizes of sets.
      (
        "set of task in_it;", "in_it |= {current}; in_it -= {current};",
        "invariant few \"\": size(in_it) < 5;", "few"
      ),
      // Somebody among all of them.
      (
        "", "first: ; here: ;",
        "invariant some \"\": (forall x in p: !at(x, here)) || (exists x in p: !at(x, here));",
        "nothing"
      ),
      // What is compared with the number.
      ("0..30 waiting;", "if (N > 6) waiting = 9; ", "invariant low \"\": waiting < 9;", "low"),
      (
        "const LIMIT = N; 0..30 waiting;", "if (LIMIT > 4) waiting = 9;", "invariant low \"\": waiting < 9;",
        "low"
      ),
      ("0..30 waiting;", "waiting = 1;", "invariant low \"\": waiting < 9 - N;", "low"),
      // Five tell four others from each other.
      ("bool a;", "a = true;", "invariant few \"\": (count x in p: true) < 5;", "few"),
      (
        "", "here: ; there: ;",
        "invariant apart \"\": exists x in p: forall y in p: exists z in p: y == z || at(x, here) || !at(x, here);",
        "apart"
      ),
    ])
  func larger(globals: String, body: String, property: String, name: String) throws {
    let said = try prove(Self.spec(globals, body, property))
    let strength = said.strengths[name]
    #expect(strength?.hasPrefix("any") != true, "\(strength ?? "")")
  }

  @Test("end where a number begins that is too large")
  func numbers() throws {
    let text = Self.spec(
      "0..20 inside; bool open;", "atomic { if (!open) { open = true; inside++; } } atomic { open = false; }",
      "invariant one \"\": inside <= 20;")
    #expect(try prove(text).strengths["one"] == "any p")
  }

  @Test("say why they are not found")
  func reasons() throws {
    let said = try prove(Self.spec("bool a;", "a = N > 2;", "invariant some \"\": a || !a;"))
    #expect(said.strengths["some"] == "inductive")
    #expect(said.refusals["some"] == "N is more than the number of p: see a.mmck:4")
    let fixed = try prove(
      "spec a \"a\"; bool a; process p[3] symmetric { a = true; } invariant t \"\": a || !a;")
    #expect(fixed.refusals["t"] == "the number of p is no param")
    let pointers = try prove(Self.spec("", "task next = current; next = null;", "invariant t \"\": true;"))
    #expect(pointers.refusals["t"]?.contains("names another") == true)
  }
}
