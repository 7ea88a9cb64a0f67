import Diagnostics
import Foundation
import SpecSyntax
import Testing

/// A text with mistakes and the codes it must give, in source order, each with the text that it marks.
struct Mistake: Sendable, CustomTestStringConvertible {
  let text: String
  let expected: [String]
  var testDescription: String { text.count > 60 ? "\(text.prefix(60))..." : text }

  /// Declarations of a file.
  static func file(_ text: String, _ expected: String...) -> Mistake {
    Mistake(text: text, expected: expected)
  }

  /// Statements of a process.
  static func statements(_ text: String, _ expected: String...) -> Mistake {
    Mistake(text: "process p {\n\(text)\n}\n", expected: expected)
  }
}

@Suite("Mistakes are told with their code, place and suggestion")
struct DiagnosticTests {
  @Test("lexical and syntax errors", arguments: lexical + structure + habits)
  func codes(mistake: Mistake) {
    let source = SourceText(path: "test.mmck", text: mistake.text)
    let found = parsed(mistake.text).diagnostics.map {
      "\($0.code) \(source.text(from: $0.range.start, to: min($0.range.end, $0.range.start + 20)))"
    }
    #expect(found == mistake.expected)
  }

  @Test("every code of the catalogues has a case here")
  func completeness() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/SpecSyntax")
    let catalogues = [
      "Lexing/LexicalMessages.swift", "Parsing/SyntaxMessages.swift", "Parsing/HabitMessages.swift",
    ]
    var codes: Set<String> = []
    for path in catalogues {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      codes.formUnion(text.matches(of: #/code: "(E\d+)"/#).map { String($0.output.1) })
    }
    let tested = Set(
      (Self.lexical + Self.structure + Self.habits).flatMap(\.expected).map { String($0.prefix(5)) })
    // E0111 needs a file of 64 MiB; E0102 bytes that no String holds: both are tested below or by the fuzzer.
    #expect(codes.subtracting(tested) == ["E0102", "E0111"])
  }

  @Test("bytes that are no UTF-8 are told once for each line")
  func invalidEncoding() {
    let bytes =
      Array("spec a; // ".utf8) + [0xFF, 0xFE, 0x0A] + Array("origin \"".utf8) + [0xC3, 0x22, 0x3B]
    let diagnostics = parse(SourceText(path: "a", bytes: bytes), file: FileID(index: 0)).diagnostics
    #expect(diagnostics.map(\.code) == ["E0102", "E0102"])
    #expect(diagnostics.map(\.range.start) == [11, 22])
  }

  @Test("every suggestion is an imperative without a full stop")
  func suggestions() {
    for mistake in Self.lexical + Self.structure + Self.habits {
      for diagnostic in parsed(mistake.text).diagnostics {
        #expect(!diagnostic.message.hasSuffix("."), "\(diagnostic.code)")
        #expect(diagnostic.suggestion?.hasSuffix(".") != true, "\(diagnostic.code)")
      }
    }
  }

  static let lexical: [Mistake] = [
    .statements("x = a $ b;", "E0101 $"),
    .statements("x = “a”;", "E0101 “", "E0101 ”"),
    .file("\u{0}\u{1}spec a;", "E0101 \u{0}\u{1}"),
    .file("origin \"abc;\nspec a;", "E0103 \"abc;"),
    .file("spec a; /* no end", "E0104 /*"),
    .file("const A = 18446744073709551616;", "E0105 18446744073709551616"),
    .file("const A = 09;", "E0106 09"),
    .file("const A = 0x;", "E0106 0x"),
    .file("const A = 1.5;", "E0106 1.5"),
    .file("const A = 1UL + 0x10u;", "E0107 1UL", "E0107 0x10u"),
    .statements("x = 'a';", "E0108 'a'"),
    .statements("x = '\\n", "E0108 '\\n"),
    .file("#include <a.h>\n#define A \\\n 3\nspec a;", "E0109 #include <a.h>", "E0109 #define A \\"),
    .file("origin \"a\\qb\";", "E0110 \\q"),
  ]

  static let structure: [Mistake] = [
    Mistake(
      text: String(repeating: "}\n", count: 60),
      expected: Array(repeating: "E0208 }", count: 49) + ["E0200 }"]),
    .file("spec a\norigin \"b\";", "E0201 a"),
    .file("struct a { bool x; }\nstruct b { bool x; };", "E0201 }"),
    .file("struct a { bool x; bool y }; const C = 1", "E0201 y", "E0201 1"),
    .statements("f()\ng();\nx = 1 2;", "E0201 )", "E0201 1"),
    .statements("return\nif (a) b();", "E0201 n"),
    .file("process p[2 { }", "E0204 {"),
    .file("invariant a \"b\" c;", "E0202 c"),
    .file("expect hold a;", "E0202 hold"),
    .file("forall x;", "E0207 forall"),
    .file("const A = forall x in S | T: x;", "E0202 |"),
    .file("const A = \(String(repeating: "(", count: 300));", "E0203 ("),
    .file("const A = 1\(String(repeating: " + 1", count: 600));", "E0203 +"),
    .statements("f(a, b;\ng(a b);\nx[1 = 2;", "E0204 ;", "E0204 b", "E0211 =", "E0204 ;"),
    .file("void f()\n{\n  if (a) {\n    b();\n}\nprocess q { c(); }", "E0204 process"),
    .file("bool loop; enum e { case, B };", "E0205 loop", "E0205 case"),
    .statements("x = p->set;", "E0205 set"),
    .statements("x = ;\nf(a, );\nx = 1 + * 2;\nx = /;", "E0206 ;", "E0206 /"),
    .file("x = 3;\nf();\nspec a;", "E0207 x", "E0207 f"),
    .file("process p { } }\nspec a;", "E0208 }"),
    .statements("x = 1;\nelse x = 2;", "E0209 else"),
    .statements("case 3: x = 1;", "E0210 case"),
    .statements("if (a & b == c) x = 1;", "E0213 a & b == c"),
    .statements("x = a == 1 | b;", "E0213 a == 1 | b"),
    .statements("x = any y in S == 3;", "E0214 =="),
    .statements("x = any y in S ? 1 : 2;", "E0214 ?"),
    .statements("x = 0 < y < 3;", "E0215 0 < y < 3"),
    .statements("choose { case a: x = 1; case b: ; }", "E0223 choose"),
    .statements("choose { }", "E0224 choose"),
    .statements("choose { x = 1; y = 2; case: ; }", "E0225 x"),
    .statements("switch (a) { x = 1; default: break; }", "E0225 x"),
    .statements("choose { case a: ; default: ; }", "E0226 default"),
    .statements("choose { else: ; case a: ; }", "E0227 case"),
    .statements("choose { case a: ; else: ; else: ; }", "E0228 else"),
    .statements("choose { case: ; else: ; }", "E0229 choose"),
    .statements("switch (a) { case 1: x = 1; case 2: return; default: }", "E0230 case 1:", "E0230 default:"),
    .statements("switch (a) { case 1: if (b) break; x = 1; break; }", "E0231 break;"),
  ]

  static let habits: [Mistake] = [
    .statements("if (x = 1) y = 2;\nf(x += 1);", "E0211 =", "E0211 +="),
    .statements("x = y = 0;", "E0212 ="),
    .statements("x = y++ + 1;\nf(--z);", "E0216 y++", "E0216 --z"),
    .statements(
      "x = (struct vma *)p;\nx = (u64)p;\nx = (vm_t)p + (a) + 1;", "E0217 (struct vma *)", "E0217 (u64)",
      "E0217 (vm_t)"),
    .file(
      "int a; unsigned long b; char c; float d;", "E0218 int", "E0218 unsigned long", "E0218 char",
      "E0218 float"),
    .statements("p = NULL;", "E0219 NULL"),
    .statements("if (a and b or not c) x = 1;", "E0220 and", "E0220 or", "E0220 not"),
    .statements("for (i = 0; i < n; i++) { x = NULL; }", "E0221 (i = 0; i < n; i++)", "E0219 NULL"),
    .statements("for (;;) x = 1;", "E0222 (;;)"),
    .statements("x *= 2; x <<= 1;", "E0232 *=", "E0232 <<="),
    .statements("a + b = 1;", "E0233 a + b"),
    .statements("x == 2;", "E0234 x == 2"),
    .file("static bool a; void f(const struct s *p) { }", "E0235 static", "E0235 const"),
    .file("void f(bool x);", "E0236 void f(bool x)"),
    .file("enum e { A = 1, B };", "E0237 ="),
    .statements("p = &x;", "E0238 &x"),
    .statements("x = f(y) in 0..3;", "E0239 f(y)"),
    .file("invariant i: forall m in struct mm: m;", "E0240 struct mm"),
    .statements("p->f(1);", "E0241 p->f"),
    .file("invariant i: (count a in A, b in B: a) > 1;", "E0242 ,"),
    .file("struct s { bool b; } x;\nspec a;", "E0243 x"),
    .file("entry bool x;", "E0244 entry bool"),
    .statements("if x == 1 { y = 2; }\nwhile y z();", "E0245 x", "E0245 y"),
    .statements("  void g() { x = 1; }", "E0246 g"),
    .statements("bool x guarded_by l;", "E0247 guarded_by"),
  ]
}
