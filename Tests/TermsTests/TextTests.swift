import Terms
import Testing

@Suite("Terms as SMT-LIB text")
struct TextTests {
  private let store = TermStore()

  private func text(_ terms: [Term]) -> [Substring] {
    var text = SMTLIBText(store)
    text.assert(terms)
    return text.text.split(separator: "\n")
  }

  @Test("name what is used more than once, also by several assertions")
  func sharing() {
    let (x, y) = (store.variable("x", .bits(8)), store.variable("y", .bits(8)))
    let sum = store.add(x, y)
    let lines = text([store.less(sum, x), store.less(sum, y)])
    #expect(
      lines == [
        "(declare-const x (_ BitVec 8))", "(declare-const y (_ BitVec 8))",
        "(define-fun t\(sum.index) () (_ BitVec 8) (bvadd x y))",
        "(assert (bvult t\(sum.index) x))", "(assert (bvult t\(sum.index) y))",
      ])
  }

  @Test("define a term once, although it is asserted later too")
  func later() {
    let (x, y) = (store.variable("x", .bool), store.variable("y", .bool))
    let both = store.and(x, y)
    var text = SMTLIBText(store)
    #expect(text.expression(store.or(store.not(both), store.equal(both, x))).contains("t\(both.index)"))
    #expect(text.expression(both) == "t\(both.index)")
    #expect(text.expression(store.yes) == "true")
    #expect(text.text.split(separator: "\n").count == 3)
  }

  @Test(
    "spell every name in a way that any reader takes",
    arguments: [
      ("x", "x"), ("mm.users", "mm.users"), ("a b", "|a b|"), ("0x", "|0x|"), ("p[1]->next", "|p[1]->next|"),
      ("", "~1"), ("and", "and~1"), ("bvadd", "bvadd~1"), (".x", ".x~1"), ("a|b\\", "ab"), ("a\nb", "ab"),
      ("é", "|é|"),
    ])
  func names(_ name: String, _ spelled: String) {
    let lines = text([store.variable(name, .bool)])
    #expect(lines == ["(declare-const \(spelled) Bool)", "(assert \(spelled))"])
  }

  @Test("tell variables of one name apart, also of names that differ only in what cannot be spelled")
  func equalNames() {
    let variables = ["x", "x", "|x|", "x~2"].map { store.variable($0, .bool) }
    let declared = text(variables).filter { $0.hasPrefix("(declare") }
    #expect(
      declared == [
        "(declare-const x Bool)", "(declare-const x~2 Bool)", "(declare-const x~3 Bool)",
        "(declare-const x~2~2 Bool)",
      ])
  }

  @Test("say bits, widths and values as SMT-LIB does")
  func words() {
    let x = store.variable("x", .bits(8))
    let wide = store.signExtend(store.extract(x, low: 2, width: 4), to: 12)
    let lines = text([store.equal(wide, store.word(.max, width: 12))])
    #expect(lines.last == "(assert (= ((_ sign_extend 8) ((_ extract 5 2) x)) (_ bv4095 12)))")
  }

  @Test("put what was made last first, where operands may be exchanged, but leave leaves as they are")
  func order() {
    let (x, y) = (store.variable("x", .bits(8)), store.variable("y", .bits(8)))
    let difference = store.subtract(x, y)
    #expect(text([store.equal(store.bitOr(x, y), x)]).last == "(assert (= (bvor x y) x))")
    #expect(
      text([store.equal(x, store.multiply(y, difference))]).last == "(assert (= (bvmul (bvsub x y) y) x))")
  }
}
