import Diagnostics
import SpecSyntax
import Testing

@Suite("Statements and declarations")
struct StatementTests {
  /// The outline of statements in a process.
  private func outline(_ text: String) throws -> String {
    let (tree, diagnostics) = parsed("process p { \(text) }")
    #expect(diagnostics.isEmpty, "\(text): \(diagnostics.map(\.message))")
    guard case .process(let process)? = tree.declarations.first?.kind else { return "no process" }
    return Outline.of(process.body)
  }

  @Test(
    "declarations are told from expressions",
    arguments: [
      ("struct vma *a, *b = c;", "struct vma *a; struct vma *b = c"),
      ("vma_t x;", "vma_t x"),
      ("vma_t *x[2];", "vma_t *x[2]"),
      ("vma_t **x;", "vma_t **x"),
      ("a * b;", "a *b"),
      ("0..4 x = 1, y;", "0..4 x = 1; 0..4 y"),
      ("0..2*N x;", "0..(* 2 N) x"),
      ("-1..1 x;", "(- 1)..1 x"),
      ("N..M+1 x;", "N..(+ M 1) x"),
      ("N - 1..M x;", "(- N 1)..M x"),
      ("(N + 1)*2..9 x;", "(* (+ N 1) 2)..9 x"),
      ("set of struct page * x;", "set of struct page* x"),
      ("flags F x; enum E y; flags z;", "tagged F x; tagged E y; flags z"),
      ("flags = 3; pool *x; step(1);", "flags = 3; pool *x; step(1)"),
      ("u64 x = u64(y);", "u64 x = u64(y)"),
    ])
  func declarations(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "simple statements and jumps",
    arguments: [
      ("x = 1; x += 2; *p = q; a->b[1] ^= c;", "x = 1; x += 2; (deref p) = q; a->b[1] ^= c"),
      ("x++; --y; (*p)++; a->b--;", "x++; y--; (deref p)++; a->b--"),
      ("return; return x; exit; goto out; out: x = 1;", "return; return x; exit; goto out; out:; x = 1"),
      ("step: x = 1; goto step;", "step:; x = 1; goto step"),
      ("x = a ? b : c;", "x = (? a b c)"),
      ("atomic { x = 1; } { y = 1; }", "atomic {x = 1}; {y = 1}"),
    ])
  func simple(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "conditions and loops",
    arguments: [
      ("if (a) if (b) x = 1; else x = 2;", "if a {if b {x = 1} else {x = 2}}"),
      ("if (a) ; else if (b) x = 1;", "if a {} else {if b {x = 1}}"),
      ("while (a) x++;", "while a {x++}"),
      ("do x++; while (a);", "do {x++} while a"),
      ("for (x in S where x > 1) y = x;", "for x in S where (> x 1) {y = x}"),
      ("for (x in 0..n-1) break;", "for x in 0..(- n 1) {break}"),
      ("loop x = 1;", "loop {x = 1}"),
    ])
  func loops(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "choose and switch",
    arguments: [
      ("choose { case: x = 1; y = 2; case a: ; }", "choose {: x = 1; y = 2 | a: }"),
      ("choose { case a: x = 1; else: wait; }", "choose {a: x = 1 | else: wait}"),
      ("choose { case a: if (b) x = 1; else: wait = 2; }", "choose {a: if b {x = 1} | else: wait = 2}"),
      (
        "switch (x) { case A: case B: y = 1; break; default: return; }",
        "switch x {A, B: y = 1 | default: return}"
      ),
      (
        "switch (x) { case A: { y = 1; break; } case 2: if (a) { y = 1; break; } else return; }",
        "switch x {A: {y = 1} | 2: if a {{y = 1}} else {return}}"
      ),
      (
        "loop switch (x) { case A: loop { break; } continue; default: break; }",
        "loop {switch x {A: loop {{break}}; continue | default: }}"
      ),
    ])
  func cases(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test("samples have no syntax errors", arguments: Samples.all)
  func samples(name: String, text: String) {
    let (tree, diagnostics) = parsed(text)
    #expect(diagnostics.isEmpty, "\(name): \(diagnostics.map(\.message))")
    #expect(!tree.declarations.isEmpty)
  }

  @Test("the parts of declarations are kept")
  func declarationParts() throws {
    let (tree, _) = parsed(Samples.everything)
    var seen: Set<String> = []
    for declaration in tree.declarations {
      switch declaration.kind {
      case .process(let process) where process.name.text == "user":
        #expect(process.isSymmetric && process.isDaemon && process.isEnvironment)
        #expect(process.origin?.text == "x" && process.count.map(Outline.of) == "N")
        seen.insert("process")
      case .function(let function) where function.name.text == "find":
        #expect(function.returnPointerDepth == 1 && !function.isEntry && function.parameters.count == 2)
        seen.insert("function")
      case .function(let function) where function.name.text == "sys":
        #expect(function.isEntry)
        seen.insert("entry")
      case .expect(let expect) where expect.outcome == .violated:
        #expect(expect.property.text == "lock.*" && expect.scopes.map(\.text) == ["small", "large"])
        #expect(expect.condition.map(Outline.of) == "(&& (! FIX_A) (== N 2))")
        seen.insert("expect")
      case .structure(let structure) where structure.name.text == "vma":
        #expect(structure.fields.map(Outline.of)[3] == "0..3 refs guarded_by lock")
        seen.insert("struct")
      case .scope(let scope) where scope.name.text == "large":
        #expect(scope.isOnRequest && !scope.isSymbolic && scope.settings.count == 1)
        seen.insert("scope")
      case .scope(let scope) where scope.isSymbolic:
        #expect(scope.isOnRequest == (scope.name.text == "huge"))
        seen.insert("symbolic \(scope.name.text)")
      default: break
      }
    }
    #expect(seen.count == 8, "\(seen)")
  }
}
