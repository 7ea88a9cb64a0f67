import Testing
import TransitionIR

/// The system that a text describes; fails the test if it describes none.
func parsed(_ text: String) throws -> TransitionSystem {
  switch parseIR(text) {
  case .success(let system): return system
  case .failure(let error):
    Issue.record("line \(error.line): \(error.message)")
    throw error
  }
}

@Suite("The text form")
struct IRTextTests {
  @Test("is read back as the system it was written from", arguments: Sample.all.indices)
  func roundTrip(index: Int) throws {
    let system = Sample.all[index]
    let text = renderIR(system)
    let copy = try parsed(text)
    #expect(renderIR(copy) == text)
    // Comments and layout aside, the systems are equal: Swift's own description shows every field.
    #expect("\(copy)" == "\(system)")
  }

  @Test("shows names, one variable a line, and what each step reads and writes")
  func readable() {
    let text = renderIR(Sample.counter)
    for line in [
      "(variable total (range 0 2) global (dimensions) (initial 0) (slot 2))",
      "(variable lock.owner (pointer task 2) global (dimensions) (initial 0) (lock owner lock) (slot 3))",
      "; writes total, user.pc[current]",
      "; reads  total, user.pc[current]",
      "(step user/1",
      "  (assign total@0 (add total@0 1 @0))",
      "  (jump user/2))",
      "  (holds (implies (forall $0 (processes user) (ended $0)) (label @0 (equal total@0 2 @0)) @0))",
    ] {
      #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
  }

  @Test("distinguishes what has one name, and quotes what cannot be bare")
  func awkwardNames() {
    let text = renderIR(Sample.everything)
    #expect(text.contains("(system \"every \\\"thing\\\"\\n\""))
    #expect(text.contains("(flags color#1 3)"))
    #expect(text.contains("(kind \"odd kind\" "))
    #expect(text.contains("(jump #1/0)"))
    #expect(text.contains("\"a\\tb\\u{1}é\""))
  }

  @Test("ignores comments and layout")
  func layout() throws {
    let text = renderIR(Sample.list)
    let oneLine = text.split(separator: "\n").filter { !$0.hasPrefix(";") }
      .map { $0.split(separator: " ; ")[0] }.joined(separator: " ")
    #expect(renderIR(try parsed(oneLine)) == text)
  }

  static let mistakes: [(text: String, line: Int, message: String)] = [
    ("", 1, "(system …) is missing"),
    ("(", 1, "never closed"),
    ("\n)", 2, "nothing to close"),
    ("(system a b]", 1, "does not close"),
    ("(system \"a", 1, "string is never closed"),
    ("(system \"\\q\")", 1, "unknown escape"),
    ("(system \"\\u{d800}\")", 1, "Unicode scalar"),
    ("word", 1, "form in parentheses"),
    ("[a]", 1, "form in parentheses"),
    ("()", 1, "form in parentheses"),
    ("(system a b (process-pool #0) (bounds 99999999999999999999) (slots 0))", 1, "64 bits"),
    ("(system a b (process-pool #0) (bounds -1) (slots 0))", 1, "must be in 0..1048576"),
    ("(system a b (process-pool #0) (bounds 0) (slots 0))\n(nonsense)", 2, "unknown form"),
    ("(system a b (process-pool #0) (bounds 0) (slots 0) extra)", 1, "too much"),
    ("(system a b (process-pool #1) (bounds 0) (slots 0))", 1, "not the name of a pool"),
    ("(variable v (set (range 0 62)) global (dimensions) (initial 0) (slot 0))", 1, "63 elements"),
    ("(variable v (range 3 1) global (dimensions) (initial 0) (slot 0))", 1, "is empty"),
    ("(variable v (word 9) global (dimensions) (initial 0) (slot 0))", 1, "9 bits"),
    (
      "(variable v bool global (dimensions (array 1000000 0) (array 2 0)) (initial 0) (slot 0))", 1,
      "too many slots"
    ),
    (
      "(variable v bool global (dimensions (array 2 9223372036854775806)) (initial 0) (slot 0))", 1, "64 bits"
    ),
    ("(initial (jump #0))", 1, "no control point"),
    ("(initial (assign #0@0 1))", 1, "not the name of a variable"),
    ("(initial (cover 0))", 1, "no cover point"),
    ("(initial (wait (add.u7 1 2 @0)))", 1, "unknown width"),
    ("(initial (check 1 lock.unknown @0 \"\"))", 1, "unknown property"),
    ("(property p liveness \"\" @0 (holds 1))", 1, "unknown group"),
    ("(property p invariant \"\" @7 (holds 1))\n(site 0 1 1 a b c)", 1, "not a site"),
  ]

  @Test("is refused with a line and a reason", arguments: mistakes.indices)
  func mistake(index: Int) {
    let mistake = Self.mistakes[index]
    guard case .failure(let error) = parseIR(mistake.text) else {
      Issue.record("accepted: \(mistake.text)")
      return
    }
    #expect(error.line == mistake.line)
    #expect(error.message.contains(mistake.message), "\(error.message)")
  }

  @Test("may nest to the limit, not beyond", arguments: [("(old ", ")"), ("(assign v[(element ", ")]@0)")])
  func depth(form: (open: String, close: String)) {
    for depth in [100, 400, IRTextLimits.depth, 100_000] {
      let nested = String(repeating: "(not ", count: depth) + "1" + String(repeating: ")", count: depth)
      let text = "(system a b (process-pool #0) (bounds 0) (slots 0))\n(initial (wait \(nested)))"
      switch parseIR(text) {
      case .success(let system): #expect(depth < IRTextLimits.depth && renderIR(system).contains("(not 1)"))
      case .failure(let error): #expect(depth >= IRTextLimits.depth && error.message == "nested too deeply")
      }
      _ = parseIR(String(repeating: form.open, count: depth) + String(repeating: form.close, count: depth))
      _ = parseIR(String(repeating: form.open, count: depth))
    }
  }

  @Test("of a broken system can still be looked at")
  func renderBroken() {
    var system = Sample.list
    system.variables.removeAll()
    system.pools.removeAll()
    system.sites.removeAll()
    #expect(renderIR(system).contains("(assign #"))
    system.kinds.removeAll()
    system.locations.removeAll()
    #expect(renderIR(system).contains("(jump #0)"))
  }
}
