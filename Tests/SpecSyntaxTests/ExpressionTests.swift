import Diagnostics
import SpecSyntax
import Testing

@Suite("Expressions are read with the precedences of the reference")
struct ExpressionTests {
  /// The outline of `text` as the body of an invariant.
  private func outline(_ text: String) throws -> String {
    let (tree, diagnostics) = parsed("invariant x: \(text);")
    #expect(diagnostics.isEmpty, "\(text): \(diagnostics.map(\.message))")
    let property = try #require(tree.declarations.first)
    guard case .property(let declaration) = property.kind else { return "no property" }
    return Outline.of(declaration.body)
  }

  @Test(
    "levels and associativity",
    arguments: [
      ("a ==> b ==> c", "(==> a (==> b c))"),
      ("a || b ==> c && d", "(==> (|| a b) (&& c d))"),
      ("a || b && c || d", "(|| (|| a (&& b c)) d)"),
      ("a && b == c", "(&& a (== b c))"),
      ("a | b ^ c & d", "(| a (^ b (& c d)))"),
      ("a == b + 1", "(== a (+ b 1))"),
      ("a << 1 + b", "(<< a (+ 1 b))"),
      ("a - b - c", "(- (- a b) c)"),
      ("a + b * c % d / e", "(+ a (/ (% (* b c) d) e))"),
      ("!a && -b < ~c", "(&& (! a) (< (- b) (~ c)))"),
      ("!*p->q", "(! (deref p->q))"),
      ("a ? b : c ? d : e", "(? a b (? c d e))"),
      ("a ==> b ? c : d", "(? (==> a b) c d)"),
      ("x in S - T && y", "(&& (in x (- S T)) y)"),
      ("x == (y in S)", "(== x (in y S))"),
    ])
  func levels(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "atoms and postfix operators",
    arguments: [
      ("42", "42"), ("0x2a", "42"), ("0600", "384"), ("0", "0"),
      ("18446744073709551615", "18446744073709551615"),
      ("a->b.c[d][1]->e", "a->b.c[d][1]->e"),
      ("f(&a->b, c + 1)", "f((addr a->b), (+ c 1))"),
      ("f(&*a)", "f((addr (deref a)))"),
      ("{} == {a, b}", "(== {} {a, b})"),
      ("alloc(struct vma)", "alloc(type struct vma)"),
      ("u64(x) + u8(1)", "(+ u64(x) u8(1))"),
      ("old(x)->y", "(old x)->y"),
      ("current->x == null", "(== current->x null)"),
      ("assert(a, \"b\\n\\\"c\")", "assert(a, \"b\n\"c\")"),
      ("size(S) + pool + where + count", "(+ (+ (+ size(S) pool) where) count)"),
    ])
  func atoms(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "binders",
    arguments: [
      ("forall x in D: a ==> b", "(forall x in D : (==> a b))"),
      ("a && exists x in D where x > 1: b && c", "(&& a (exists x in D where (> x 1) : (&& b c)))"),
      ("forall a in A, b in a->s: e", "(forall a in A : (forall b in a->s : e))"),
      ("(count x in 0..N-1: x > 2) == 1", "(== (count x in 0..(- N 1) : (> x 2)) 1)"),
      ("count == 1", "(== count 1)"),
      ("forall b in bool: b", "(forall b in bool : b)"),
      ("f(any x in S - {y}, maybe)", "f((any x in (- S {y})), maybe)"),
      ("any x in lo..hi where x != y && z", "(any x in lo..hi where (&& (!= x y) z))"),
      ("forall x in (S | T): x", "(forall x in (| S T) : x)"),
      ("x in 1..3", "(&& (<= 1 x) (<= x 3))"),
      ("p->x[i] in lo+1..hi && y", "(&& (&& (<= (+ lo 1) p->x[i]) (<= p->x[i] hi)) y)"),
    ])
  func binders(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }
}
