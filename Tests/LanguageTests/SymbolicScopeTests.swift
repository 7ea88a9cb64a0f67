import CheckDriver
import Reports
import SpecSemantics
import Testing
import TransitionIR

/// Scopes whose choices are among too many values to try them all.
@Suite("Symbolic scopes")
struct SymbolicScopeTests {
  private func compiled(_ text: String, scope: String? = "wide") throws -> CompiledSpec {
    let host = Host.memory([SpecRun.path: "spec case_ \"a case\"; " + text])
    return try compile(
      SpecRun.path, overrides: [], scope: scope, granularity: .statement, host: host)
  }

  private func codes(_ text: String, scope: String? = "wide") throws -> [String] {
    do {
      _ = try compiled(text, scope: scope)
      return []
    } catch let errors as SpecErrors {
      return errors.diagnostics.map(\.code)
    }
  }

  private let picks = """
    param N = 1;
    typedef 0..1000000 large;
    u64 word; u8 byte; large number; 0..5 small;
    process p[N] {
      word = any a in u64;
      byte = any b in u8;
      number = any n in large;
      word = any s in 0..(1 << 47) where s != 5;
      word = any t in 0..number;
      small = any f in 0..number where f < 6;
    }
    process q { word = word + 1; }
    scope wide symbolic { }
    scope plain { }
    scope none { N = 0; }
    """

  @Test("have wide choices, which an ordinary scope has only in processes that it does not have")
  func wideChoices() throws {
    let wide = try compiled(picks)
    #expect(wide.isSymbolic && wide.system.hasWideChoices && validate(wide.system).isEmpty)
    #expect(try codes(picks, scope: "plain") == ["E0443", "E0443", "E0444", "E0444", "E0444", "E0444"])
    let none = try compiled(picks, scope: "none")
    #expect(!none.isSymbolic && !none.system.hasWideChoices)
  }

  @Test("are what the message about a wide choice suggests; quantifiers have no such way out")
  func suggestion() throws {
    let text = "u64 w; process p { w = any a in u64; }\ninvariant i \"\": forall a in u64: a == a;"
    do {
      _ = try compiled(text, scope: nil)
      Issue.record("not refused")
    } catch let errors as SpecErrors {
      let hints = errors.diagnostics.map { $0.suggestion?.contains("`symbolic`") ?? false }
      #expect(errors.diagnostics.map(\.code) == ["E0443", "E0443"] && hints == [true, false])
    }
  }

  @Test(
    "still refuse to visit many values one by one",
    arguments: [
      ("invariant i \"\": forall a in u64: a == a;", "E0443"),
      ("invariant i \"\": exists a in 0..5000: a == 1;", "E0444"),
      ("process q { for (a in 0..5000) x = 1; }", "E0444"), ("process q { if (x in u8) x = 1; }", "E0443"),
    ])
  func visits(text: String, code: String) throws {
    #expect(try codes("0..1 x; process p { } scope wide symbolic { } " + text) == [code])
  }

  @Test("a span that is wide only at run time keeps its ends")
  func span() throws {
    let text = """
      0..1000000 low = 10; 0..1000000 high = 20; 0..1000000 x;
      process p { x = any v in low..high where v != 15; low = 11; }
      scope wide symbolic { }
      """
    let interpreter = Interpreter(try compiled(text).system)
    let start = interpreter.initialStates()[0].state
    let found = interpreter.successors(of: start, process: 0, candidates: [9, 10, 15, 20, 21])
    #expect(found.map(\.choices) == [[10], [20]])
    #expect(found.map { $0.picked.map(\.value) } == [[10], [20]])
  }

  @Test("a process at a wide choice that nothing satisfies is not said to wait; one that waits before it is")
  func stuck() throws {
    let text = """
      u64 w; bool go;
      process p { w = any a in u64; w = 1; }
      process q { atomic { wait_event(go); w = any a in u64; } }
      process r { go = false; }
      scope wide symbolic { }
      """
    let interpreter = Interpreter(try compiled(text).system)
    let start = interpreter.initialStates()[0].state
    #expect([0, 1, 2].map { interpreter.isStuck($0, in: start) } == [false, true, false])
    #expect(
      interpreter.successors(of: start, process: 0, candidates: [-1, -1, 7]).map(\.choices) == [[-1], [7]])
  }

  @Test("what is chosen before the first step is followed, too")
  func beforeTheFirstStep() throws {
    let text =
      "u64 w; process p { u64 mine = any a in u64 where a > 9; w = mine; w = 0; } scope wide symbolic { }"
    let interpreter = Interpreter(try compiled(text).system)
    #expect(interpreter.initialStates().isEmpty)
    #expect(interpreter.initialStates(candidates: [3, -2]).map(\.choices) == [[-2]])
  }

  @Test("are left out of a check, which says so, unless they are asked for by name")
  func leftOut() throws {
    let host = Host.memory([SpecRun.path: "spec case_ \"a case\"; " + picks.replacing("N = 1", with: "N = 0")]
    )
    var request = CheckRequest(paths: [SpecRun.path])
    request.engine = .interpreter
    let all = try CheckPipeline(request, host: host).run()
    #expect(all.runs.map(\.scope) == ["plain", "none"])
    #expect(all.leftOut == [.init(path: SpecRun.path, scope: "wide")])
    let line = "left out, for Z3 only: case.mmck, scope wide"
    #expect(TextReport.render(all).split(separator: "\n").map(String.init).contains(line))
    #expect(MatrixReport.render(all).hasSuffix(line + "\n"))
    #expect(JSONReport.render(all).contains("\"leftOut\""))
    request.scope = "wide"
    let asked = try CheckPipeline(request, host: host).run()
    #expect(asked.leftOut.isEmpty && asked.runs.map(\.scope) == ["wide"])
    #expect(!asked.results.isEmpty && exitCode(for: asked) == 3)
    for (_, result) in asked.results {
      guard case .unknown(let reason) = result.answer else {
        Issue.record("\(result.property): \(result.answer)")
        continue
      }
      #expect(reason.hasPrefix("scope wide is for Z3 only: "))
    }
  }

  @Test("are read for mistakes even if they are left out, and cannot be visited in other ways")
  func refused() throws {
    #expect(throws: SpecErrors.self) {
      try SpecRun.runs(
        "param N = 0; 0..3 x; process p { x = N; } scope small { } scope w symbolic { N = 9; }")
    }
    #expect(throws: UsageError.self) { try compiled(picks).requireEnumerable("no") }
    try compiled(picks, scope: "none").requireEnumerable("no")
  }

  @Test("their word is a name elsewhere")
  func name() throws {
    try check("bool symbolic; process p { symbolic = true; } scope s { }", violations: [])
  }
}

/// Addresses as the kernel computes with them, at the edges of a u64.
@Suite("Arithmetic of addresses")
struct AddressArithmeticTests {
  @Test(
    "is that of unsigned long",
    arguments: [
      ("0xffffffffffffffff + 1 == 0", true), ("top + top == 0", true), ("top - 1 < top", true),
      ("0 - one == 0xffffffffffffffff", true), ("last + 2 == 1", true), ("last > top", true),
      ("top > top - 1", true), ("last >> 63 == 1", true), ("top << 1 == 0", true),
      ("((last >> 39) & 511) == 511", true), ("((top >> 39) & 511) == 0", true),
      ("((half >> 39) & 511) == 256", true), ("(last & ~4095) == 0xfffffffffffff000", true),
      ("((half | last) & 4095) == 0", false), ("((half | top) & 4095) == 0", true),
      ("half - 4096 - last == 0x7ffffffff001", true), ("top / 2 == 0x4000000000000000", true),
      ("last % 4096 == 4095", true), ("last <= 0x7fffffffffffffff", false), ("top * 2 == 0", true),
      ("(top ^ last) == 0x7fffffffffffffff", true), ("u32(last) == 0xffffffff", true),
    ])
  func edges(condition: String, expected: Bool) throws {
    let text = """
      u64 top; u64 last; u64 half; u64 one; bool result;
      process p {
        atomic {
          top = 0x8000000000000000; last = 0xffffffffffffffff; half = 1 << 47; one = 1;
          result = \(condition);
          assert(result == \(expected));
        }
      }
      scope s { }
      """
    try check(text, violations: [])
  }
}
