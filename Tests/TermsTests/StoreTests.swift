import Terms
import Testing

@Suite("A store of terms")
struct StoreTests {
  private let store = TermStore()

  @Test("makes equal terms once, whatever the order of operands that may be exchanged")
  func sharing() {
    let (x, y) = (store.variable("x", .bits(8)), store.variable("y", .bits(8)))
    let (p, q) = (store.variable("p", .bool), store.variable("q", .bool))
    #expect(store.add(x, y) == store.add(y, x))
    #expect(store.subtract(x, y) != store.subtract(y, x))
    #expect(store.and(p, q) == store.and(q, p))
    #expect(store.equal(x, y) == store.equal(y, x))
    #expect(store.not(store.not(p)) == p)
    let count = store.count
    _ = store.or(p, q)
    _ = store.or(q, p)
    #expect(store.count == count + 1)
  }

  @Test("joins many truth values in a tree of small depth")
  func balanced() {
    let all = (0..<1024).map { store.variable("x\($0)", .bool) }
    let both = store.and(all)
    var depth: [Term: Int] = [:]
    for term in store.cone(of: [both]) {
      depth[term] = 1 + (store.operands(of: term).map { depth[$0, default: 0] }.max() ?? 0)
    }
    #expect(depth[both] == 11)
    #expect(store.and([]) == store.yes)
    #expect(store.or([]) == store.no)
    #expect(store.or(all[..<1]) == all[0])
  }

  @Test("decides what decides itself")
  func decides() {
    let (p, x) = (store.variable("p", .bool), store.variable("x", .bits(4)))
    #expect(store.and(p, store.not(p)) == store.no)
    #expect(store.or(p, store.not(p)) == store.yes)
    #expect(store.equal(store.zeroExtend(x, to: 8), store.word(16, width: 8)) == store.no)
    #expect(store.equal(store.word(of: p, width: 8), store.word(1, width: 8)) == p)
    #expect(store.equal(store.word(of: p, width: 8), store.word(2, width: 8)) == store.no)
    #expect(store.extract(store.zeroExtend(x, to: 8), low: 0, width: 4) == x)
    #expect(store.less(x, x) == store.no)
  }

  @Test("knows what a term is made of")
  func cone() {
    let (x, y) = (store.variable("x", .bits(4)), store.variable("y", .bits(4)))
    let term = store.less(store.add(x, store.word(3, width: 4)), y)
    #expect(store.cone(of: [term]).count == 5)
    #expect(store.variables(in: [term]) == [0, 1])
    #expect(store.cone(of: [term]).sorted() == store.cone(of: [term]))
  }

  @Test("refuses words of different widths, and widths that are none")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      let store = TermStore()
      _ = store.add(store.variable("x", .bits(4)), store.variable("y", .bits(5)))
    }
    await #expect(processExitsWith: .failure) { _ = TermStore().variable("x", .bits(65)) }
    await #expect(processExitsWith: .failure) { _ = TermStore().variable("x", .bits(0)) }
  }
}
