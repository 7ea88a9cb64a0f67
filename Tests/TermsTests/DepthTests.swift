import Terms
import Testing

@Suite("Terms of great depth")
struct DepthTests {
  private let store = TermStore()

  @Test("are evaluated and spelled without recursion, in lines of moderate length")
  func chain() {
    let count = 200_000
    let bits = (0..<8).map { store.variable("b\($0)", .bool) }
    var term = bits[0]
    for number in 0..<count {
      term = number % 2 == 0 ? store.or(term, bits[number % 8]) : store.not(store.and(term, bits[number % 7]))
    }
    let ones = store.evaluate([term]) { _ in 1 }
    #expect(ones == [0] || ones == [1])
    var text = SMTLIBText(store)
    text.assert(term)
    #expect(text.text.utf8.split(separator: UInt8(ascii: "\n")).allSatisfy { $0.count < 2000 })
    #expect(text.text.utf8.count < 60 * count)
  }

  @Test("are compared with a constant without recursion")
  func tableOfChoices() {
    let index = store.variable("i", .bits(32))
    var table = store.variable("default", .bits(32))
    for number in 0..<60_000 {
      let value = store.word(UInt64(number % 5), width: 32)
      table = store.select(store.equal(index, store.word(UInt64(number), width: 32)), value, table)
    }
    let isThree = store.equal(table, store.word(3, width: 32))
    let answers = [8, 9, 59_998, 60_000].map { index in store.evaluate([isThree]) { $0 == 0 ? index : 3 }[0] }
    #expect(answers == [1, 0, 1, 1])
  }
}
