import Diagnostics
import SpecSyntax
import Testing

/// A small generator (SplitMix64), so that every run mutates alike.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite("Nothing that a file may hold stops the parser")
struct RecoveryTests {
  /// Parses, checks what holds for every input, and yields the diagnostics.
  @discardableResult
  private func check(_ bytes: [UInt8], _ label: String) -> [Diagnostic] {
    let source = SourceText(path: "test.mmck", bytes: bytes)
    let diagnostics = parse(source, file: FileID(index: 0)).diagnostics
    for diagnostic in diagnostics {
      for range in [diagnostic.range] + diagnostic.notes.map(\.range) {
        #expect(0 <= range.start && range.start <= range.end && range.end <= bytes.count, "\(label)")
      }
      #expect(diagnostic.code.hasPrefix("E01") || diagnostic.code.hasPrefix("E02"), "\(label)")
    }
    #expect(diagnostics.count <= 50, "\(label)")
    #expect(diagnostics.map(\.range.start) == diagnostics.map(\.range.start).sorted(), "\(label)")
    return diagnostics
  }

  @Test("mutations of the samples", arguments: 0..<10)
  func mutations(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for number in 0..<50 {
      guard let sample = Samples.all.randomElement(using: &generator) else { continue }
      var bytes = Array(sample.text.utf8)
      for _ in 0...Int.random(in: 0..<3, using: &generator) { mutate(&bytes, &generator) }
      let diagnostics = check(bytes, "seed \(seed) number \(number) of \(sample.name)")
      if diagnostics.isEmpty {
        checkFormatting(SourceText(path: "", bytes: bytes), "seed \(seed) number \(number) of \(sample.name)")
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let tokens = lex(SourceText(path: "", bytes: bytes), file: FileID(index: 0)).tokens.dropLast()
    guard let first = tokens.randomElement(using: &generator),
      let second = tokens.randomElement(using: &generator)
    else { return }
    let (low, high) = first.start <= second.start ? (first, second) : (second, first)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.removeSubrange(first.start...)
    case 1: bytes.removeSubrange(first.start..<first.end)
    case 2: bytes.insert(contentsOf: Array(bytes[first.start..<first.end]) + [0x20], at: first.start)
    case 3 where low.end <= high.start:
      let (left, right) = (Array(bytes[low.start..<low.end]), Array(bytes[high.start..<high.end]))
      bytes.replaceSubrange(high.start..<high.end, with: left)
      bytes.replaceSubrange(low.start..<low.end, with: right)
    case 4: bytes[first.start] = UInt8.random(in: 0...255, using: &generator)
    default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: second.start)
    }
  }

  @Test("every prefix of a sample")
  func prefixes() {
    let bytes = Array(Samples.everything.utf8)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      check(Array(bytes[..<length]), "prefix \(length)")
    }
  }

  @Test(
    "input that would make a deep tree is refused",
    arguments: [
      ("process p { x = ", "("), ("const A = ", "-"), ("const A = 1", "+1"), ("const A = a", "==>a"),
      ("const A = ", "a?b:"), ("process p { ", "{"), ("process p { ", "if (x) "), ("", "set of "),
      ("process p { if (x) y; ", "else if (x) y; "), ("process p { ", "choose { case: "),
      ("process p { x", "->y"), ("process p { x", "[1]"), ("process p { x[1]", "[1].y"), ("-1", "-1"),
      ("invariant i: ", "forall x in S: "), ("invariant i: forall x in S", ", y in S"),
      ("process p { x = {", "{"), ("process p { x = f(", "f("), ("process p { ", "switch (x) { case 1: "),
      ("process p { x = a in b", "[a in 1..b]"), ("bool x guarded_by a", "[1]"), ("typedef 1", "+1"),
    ])
  func depth(head: String, unit: String) {
    let diagnostics = check(Array((head + String(repeating: unit, count: 20_000)).utf8), "\(head) \(unit)")
    #expect(diagnostics.last?.code == "E0203", "\(head) \(unit)")
  }

  @Test(
    "long input",
    arguments: [
      ("", "}"), ("", "\""), ("", "struct a { "), ("", "/*"), ("", "\0"), ("process p { f(", "(a b "),
      ("process p { ", "label: "), ("process p { ", "x "), ("struct s { ", "0..N-1 x; "), ("", "expect "),
    ])
  func repetition(head: String, unit: String) {
    check(Array((head + String(repeating: unit, count: 20_000)).utf8), "\(head) \(unit)")
  }

  @Test("many short expressions are no long one")
  func shortExpressions() {
    let fields = String(repeating: "0..N-1 x; N-1..N y[1]; bool z guarded_by a->b; ", count: 1000)
    #expect(parsed("struct s { \(fields) };").diagnostics.isEmpty)
  }

  @Test("ten megabytes of parentheses", .timeLimit(.minutes(1)))
  func parentheses() {
    let source = SourceText(path: "", bytes: Array(repeating: UInt8(ascii: "("), count: 10 << 20))
    let elapsed = ContinuousClock().measure {
      let diagnostics = parse(source, file: FileID(index: 0)).diagnostics
      #expect(diagnostics.map(\.code) == ["E0203"])
    }
    #expect(elapsed < .seconds(10))
  }

  @Test("each mistake in a file is told, and none twice")
  func manyMistakes() {
    let text = """
      spec a
      int x;
      void f()
      {
          if (x = 1) y = NULL;
          f(a b);
          for (i = 0; i < 3; i++) g();
          z = ;
      }
      invariant i: (a;
      process p { x = 1;
      scope s { N = 1; }
      """
    let codes = parsed(text).diagnostics.map(\.code)
    #expect(
      codes == [
        "E0201", "E0218", "E0211", "E0219", "E0204", "E0221", "E0206", "E0204", "E0204",
      ])
  }
}
