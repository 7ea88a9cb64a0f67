import Diagnostics
import SpecFormat
import SpecSyntax
import Testing

/// The tokens of a file, and its comments without the white space that the formatter may change.
private func contents(_ source: SourceText) -> (tokens: [String], comments: [String]) {
  let file = lex(source, file: FileID(index: 0))
  let tokens = file.tokens.map { source.text(from: $0.start, to: $0.end) }
  let comments = file.comments.map { comment in
    source.text(from: comment.start, to: comment.end)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        line.split { " \t\r".unicodeScalars.contains($0.unicodeScalars.first ?? "x") }.joined(separator: " ")
      }
      .joined(separator: "\n")
  }
  return (tokens, comments)
}

/// Formats a file and checks what holds for every file; nil if it was rejected.
@discardableResult
func checkFormatting(_ source: SourceText, _ label: String) -> String? {
  guard case .formatted(let text) = format(source) else { return nil }
  let result = SourceText(path: source.path, text: text)
  let (before, after) = (contents(source), contents(result))
  #expect(before.tokens == after.tokens, "tokens of \(label)")
  #expect(before.comments == after.comments, "comments of \(label)")
  guard case .formatted(let again) = format(result) else {
    Issue.record("\(label): the result has errors")
    return text
  }
  #expect(again == text, "formatting \(label) again")
  for line in text.split(separator: "\n") {
    #expect(line.last != " " && line.last != "\t", "\(label): \(line)")
  }
  return text
}

@Suite("The formatter changes the layout and nothing else")
struct FormatTests {
  @Test("samples", arguments: Samples.all)
  func samples(name: String, text: String) {
    #expect(checkFormatting(SourceText(path: name, text: text), name) != nil)
  }

  @Test("canonical text stays as it is")
  func canonical() {
    #expect(
      checkFormatting(SourceText(path: "", text: Samples.everything), "everything") == Samples.everything)
  }

  @Test("any white space between the tokens", arguments: 0..<20)
  func whiteSpace(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let source = SourceText(path: "", text: Samples.everything)
    let spaces = [
      " ", "  ", "\t", "\n", "\n\n\n", " \n\t", " /* c */ ", "// c\n", "\n/* a\n * b\n\t*/\n", "\r\n",
    ]
    var text = ""
    for token in lex(source, file: FileID(index: 0)).tokens {
      text += source.text(from: token.start, to: token.end)
      text += seed % 2 == 0 ? " " : ""
      if seed % 2 == 1 || Int.random(in: 0..<4, using: &generator) == 0 {
        text += spaces.randomElement(using: &generator) ?? " "
      }
    }
    #expect(checkFormatting(SourceText(path: "", text: text), "seed \(seed)") != nil)
  }

  @Test("a file with errors is rejected")
  func rejected() {
    guard case .rejected(let diagnostics) = format(SourceText(path: "", text: "spec a")) else {
      Issue.record("formatted")
      return
    }
    #expect(diagnostics.map(\.code) == ["E0201"])
  }

  @Test("layouts", arguments: layouts)
  func layout(before: String, after: String) {
    #expect(checkFormatting(SourceText(path: "", text: before), before) == after)
  }

  static let layouts: [(String, String)] = [
    ("", ""),
    ("\n\n// only\n\n\n", "// only\n"),
    (
      "spec  a \"b\" ;origin\"c\";\n\n\n\nconst A=1+2 ;", "spec a \"b\";\norigin \"c\";\n\nconst A = 1 + 2;\n"
    ),
    (
      "void f ( bool *a,struct s*b ){\nif(a)\n{\nb->x=- 1;\n}\nelse if ( !b )\n  g( & b->l , 1 );\nelse { x ++ ; }\n\n}",
      """
      void f(bool *a, struct s *b)
      {
          if (a) {
              b->x = -1;
          } else if (!b)
              g(&b->l, 1);
          else { x++; }
      }

      """
    ),
    (
      "process p[ 2 ]symmetric\n{\n  loop choose {\n      case a: x = 1; /* one */\n  y = 2;\n      else : wait;\n  }\nout: exit;\n}",
      """
      process p[2] symmetric {
          loop choose {
          case a: x = 1; /* one */
              y = 2;
          else: wait;
          }
      out: exit;
      }

      """
    ),
    (
      "0 .. N - 1 x ; set of struct page*y [ 0..3 ] ;".replacingBrackets,
      "0..N-1 x;\nset of struct page *y[N];\n"
    ),
    (
      "invariant i \"t\" :\n   forall m in mm :\n m->a\n ==> (b ||\n c);",
      """
      invariant i "t":
          forall m in mm:
              m->a
              ==> (b ||
                  c);

      """
    ),
    (
      "bool a;   /* one\n              two */\nbool bb; // x\nbool c;  // y\n",
      "bool a; /* one\n            two */\nbool bb; // x\nbool c;  // y\n"
    ),
    (
      "bool a;      // x\nbool long_name_of_it; // y\nbool b;               // z\n",
      "bool a; // x\nbool long_name_of_it; // y\nbool b; // z\n"
    ),
    (
      "process p { if (a) // why\n{ b(); } // end\nelse c(); }",
      """
      process p {
          if (a) // why
          { b(); } // end
          else c();
      }

      """
    ),
  ]
}

extension String {
  fileprivate var replacingBrackets: String { replacing("[ 0..3 ]", with: "[ N ]") }
}
