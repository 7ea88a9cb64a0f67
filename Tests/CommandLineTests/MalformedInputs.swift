import Foundation

/// Wrong input, made from right input by seed.
struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { count <= 1 ? 0 : Int(next() % UInt64(count)) }

  private static let tokens = [
    "{", "}", "(", ")", ";", "..", "->", "==>", "&&", "forall x in 0..3: ", "any y in ", "choose { case: ",
    "process p { ", "18446744073709551615", "-9223372036854775808", "9223372036854775807", "4096", "null",
    "maybe",
    "atomic { ", "loop ", "goto ", "import \"../../etc/passwd\"; ", "\u{0}", "\u{FEFF}", "é", "\"", "/*",
    "*/", "//",
    "struct s pool 60 { ", "set of ", "u64 ", "0x", "[", "]", "\\u0000", ":", ",", "1e999",
    "{\"#bigint\": \"-99\"}",
  ]

  /// One to four small changes.
  mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(8) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(40)))
      case 2: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 3: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)].utf8, at: place)
      case 4:
        let end = min(bytes.count, place + 1 + below(200))
        bytes.insert(contentsOf: Array(bytes[place..<end]), at: below(bytes.count))
      case 5: swapLines(&bytes)
      case 6: changeNumber(&bytes, from: place)
      default: changeWord(&bytes, from: place)
      }
    }
    return bytes
  }

  private mutating func swapLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    lines.swapAt(below(lines.count), below(lines.count))
    bytes = Array(lines.joined(separator: [10]))
  }

  private mutating func changeNumber(_ bytes: inout [UInt8], from place: Int) {
    guard let first = bytes[place...].firstIndex(where: { (48...57).contains($0) }) else { return }
    let end = bytes[first...].firstIndex { !(48...57).contains($0) } ?? bytes.count
    let numbers = [
      "0", "-1", "3", "17", "61", "4097", "99999999999", "9223372036854775807", "18446744073709551616",
    ]
    bytes.replaceSubrange(first..<end, with: Array(numbers[below(numbers.count)].utf8))
  }

  /// Puts another word of the same file there.
  private mutating func changeWord(_ bytes: inout [UInt8], from place: Int) {
    func isWord(_ byte: UInt8) -> Bool {
      (97...122).contains(byte) || (65...90).contains(byte) || byte == 95
    }
    let words = bytes.split { !isWord($0) }
    guard let first = bytes[place...].firstIndex(where: isWord), !words.isEmpty else { return }
    let end = bytes[first...].firstIndex { !isWord($0) } ?? bytes.count
    bytes.replaceSubrange(first..<end, with: Array(words[below(words.count)]))
  }
}

/// Inputs that are wrong, or too large, each in its own way.
///
/// Every one must be refused.
enum Malformed {
  static let specs: [(name: String, bytes: [UInt8])] = texts.map { ($0.0, Array($0.1.utf8)) } + binaries

  private static let head = "spec s \"s\";\n"

  private static let texts: [(String, String)] = [
    ("empty", ""),
    ("blank", " \n\t\n"),
    ("parentheses", String(repeating: "(", count: 10 << 20)),
    ("parentheses in a constant", head + "const A = " + String(repeating: "(", count: 1 << 20)),
    ("braces", head + "process p " + String(repeating: "{", count: 1 << 20)),
    ("brackets", head + "bool a" + String(repeating: "[2]", count: 1 << 16) + "; process p { a = 1; }"),
    ("sums", head + "const A = 1" + String(repeating: " + 1", count: 1 << 18) + ";"),
    ("negations", head + "const A = " + String(repeating: "!", count: 1 << 20) + "true;"),
    ("arrows", head + "process p { x" + String(repeating: "->n", count: 1 << 18) + " = 1; }"),
    ("conditionals", head + "const A = " + String(repeating: "1 ? 1 : ", count: 1 << 17) + "1;"),
    ("nested ifs", head + "0..1 x; process p { " + String(repeating: "if (x) ", count: 1 << 17) + "x = 1; }"),
    (
      "else ifs",
      head + "0..1 x; process p { " + String(repeating: "if (y) x = 1; else ", count: 1 << 16) + "x = 1; }"
    ),
    (
      "quantifiers",
      head + "process p { } invariant i \"\": " + String(repeating: "forall x in 0..1: ", count: 1 << 16)
        + "y;"
    ),
    ("a long name", head + "bool " + String(repeating: "a", count: 2 << 20) + "; process p { b = true; }"),
    ("a long string", head + "origin \"" + String(repeating: "a", count: 2 << 20)),
    ("a long comment", head + "/*" + String(repeating: "*", count: 2 << 20)),
    ("many errors", head + String(repeating: "x = 1;\n", count: 1 << 18)),
    ("many declarations", head + (0..<50_000).map { "bool b\($0 % 40_000);\n" }.joined() + "process p { }"),
    ("a name twice", head + "process p { } process p { }"),
    ("imports itself", head + "import \"imports itself.mmck\"; process p { }"),
    ("imports a file above", head + "import \"../../etc/passwd\"; process p { }"),
    ("imports an absolute path", head + "import \"/etc/passwd\"; process p { }"),
    ("imports a mmck above", head + "import \"../a.mmck\"; process p { }"),
    ("imports a folder", head + "import \".\"; process p { }"),
    ("imports nothing", head + "import \"\"; process p { }"),
    ("imports what is not there", head + "import \"none.mmck\"; process p { }"),
    ("imports a NUL", head + "import \"a\u{0}.mmck\"; process p { }"),
    ("a number", head + "param N = 99999999999999999999999; process p { }"),
    ("an overflow", head + "param N = 9223372036854775807 * 2; process p { }"),
    ("an overflow in a range", head + "param N = 9223372036854775807; 0..N + 1 x; process p { }"),
    ("a wide range", head + "-9223372036854775807..9223372036854775807 x; process p { }"),
    ("a huge pool", head + "struct s pool 1000000000 { bool b; }; process p { }"),
    ("a huge array", head + "bool a[1000000000]; process p { }"),
    ("an array of arrays", head + "bool a[4096][4096][4096]; process p { a[0][0][0] = true; }"),
    ("arrays without end", head + "bool a" + String(repeating: "[4096]", count: 8) + "; process p { }"),
    ("structs of arrays", head + nestedStructs + "process p { a.f.f[0].f[0].f[0].b = true; }"),
    ("many processes", head + "process p[1000000000] { }"),
    ("many kinds", head + (0..<100).map { "process p\($0)[16] { }\n" }.joined()),
    ("a wide set", head + "set of 0..1000000000 s; process p { }"),
    ("a long for", head + "0..1 x; process p { for (i in 0..1000000000) x = 1; }"),
    (
      "a for of all",
      head + "0..1 x; process p { for (i in -9223372036854775807..9223372036854775807) x = 1; }"
    ),
    (
      "nested fors",
      head + "0..1 x; process p { " + String(repeating: "for (i in 0..63) ", count: 8) + "x = 1; }"
    ),
    (
      "a wide quantifier",
      head + "0..1 x; process p { x = 1; } invariant i \"\": forall v in 0..1000000000000: v >= x;"
    ),
    ("a wide choice", head + "0..1000000000000 x; process p { x = any v in 0..1000000000000; }"),
    (
      "doubling calls",
      head + "0..1 x; void f0() { x = 1; }\n"
        + (1..<40).map { "void f\($0)() { f\($0 - 1)(); f\($0 - 1)(); }\n" }.joined() + "process p { f39(); }"
    ),
    (
      "doubling functions",
      head + "0..1 x; bool f0(bool b) { return b == (x == 1); }\n"
        + (1..<40).map { "bool f\($0)(bool b) { return f\($0 - 1)(b) == f\($0 - 1)(!b); }\n" }.joined()
        + "process p { x = 1; } invariant i \"\": f39(true);"
    ),
    ("recursion", head + "void f() { g(); } void g() { f(); } process p { f(); }"),
    ("recursive types", head + "typedef t u; typedef u t; t x; process p { }"),
    (
      "recursive structs",
      head + "struct s { struct t a; }; struct t { struct s b; }; struct s x; process p { }"
    ),
    ("a NUL", head + "process p { \u{0} }"),
    ("an escape sequence", head + "process p { \u{1B}[2J }"),
  ]

  private static let nestedStructs =
    "struct s0 { bool b; };\n"
    + (1..<12).map { "struct s\($0) { struct s\($0 - 1) f[4096]; };\n" }.joined()
    + "struct t { struct s11 f; }; struct t a;\n"

  private static let binaries: [(String, [UInt8])] = [
    ("binary", (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }),
    ("an ELF file", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 4096)),
    ("zeros", [UInt8](repeating: 0, count: 1 << 20)),
    ("half a character", Array(head.utf8) + [0xE2, 0x82]),
    ("UTF-16", [0xFF, 0xFE] + head.utf8.flatMap { [$0, 0] }),
  ]

  static let traces: [(name: String, bytes: [UInt8])] =
    [
      ("empty", ""), ("null", "null"), ("number", "1"), ("object", "{}"), ("array", "[]"),
      ("brackets", String(repeating: "[", count: 10 << 20)),
      ("objects", String(repeating: "{\"a\":", count: 1 << 20)),
      ("string", "\"" + String(repeating: "a", count: 2 << 20)),
      ("states", "{\"#meta\": {\"format\": \"ITF\"}, \"vars\": [\"x\"], \"states\": [{\"x\": 1}]}"),
      ("no states", "{\"#meta\": {}, \"vars\": [], \"states\": []}"),
      ("exponent", "{\"#meta\": 1e999999999}"), ("surrogate", "\"\\ud800\""), ("NUL", "{\"\u{0}\": 1}"),
      ("a spec", head + "process p { }"),
    ].map { ($0.0, Array($0.1.utf8)) } + binaries
}
