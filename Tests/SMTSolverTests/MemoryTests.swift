import SMTSolver
import Terms
import Testing

@Suite("A solver and memory", .serialized)
struct MemoryTests {
  @Test("gives back all of it")
  func givesBack() async {
    await #expect(processExitsWith: .success) {
      // A process of its own: Z3 counts the memory of all solvers together.
      MemoryTests.useSolvers(20)
      let before = Z3Memory.byteCount
      MemoryTests.useSolvers(2000)
      let growth = Int64(Z3Memory.byteCount) - Int64(before)
      #expect(growth < 100_000, "\(growth) bytes in 2000 solvers")
    }
  }

  static func useSolvers(_ count: Int) {
    for number in 0..<count {
      let store = TermStore()
      let solver = Solver(store: store, options: SolverOptions(SolverOptions.Logic.allCases[number % 3]))
      let (x, y) = (store.variable("x", .bits(16)), store.variable("y", .bits(16)))
      solver.assert(store.less(x, store.add(y, store.word(UInt64(number), width: 16))))
      solver.push()
      let claim = store.equal(x, store.bitXor(y, store.word(1, width: 16)))
      #expect(solver.check(assuming: [claim]).isSat)
      #expect(solver.check(assuming: [claim, store.not(claim)]).isUnsat)
      if number % 2 == 0 { solver.pop() }
    }
  }

  /// A chain of connectives, one below the other, that is true if all bits are.
  private static func chain(_ depth: Int, in store: TermStore, _ bits: [Term]) -> Term {
    var term = bits[0]
    for number in 0..<depth {
      let other = bits[number % 7]
      let isTurn = number % 2 == 0
      term = isTurn ? store.or(term, store.not(other)) : store.and(store.or(store.not(term), other), other)
    }
    return store.evaluate([term]) { _ in 1 } == [1] ? term : store.not(term)
  }

  @Test("answers about terms of great depth", arguments: SolverOptions.Logic.allCases)
  func depth(_ logic: SolverOptions.Logic) throws {
    let store = TermStore()
    let bits = (0..<8).map { store.variable("b\($0)", .bool) }
    let solver = Solver(store: store, options: SolverOptions(logic))
    for term in bits + [Self.chain(2000, in: store, bits)] { solver.assert(term) }
    #expect(solver.check().isSat)
    #expect(try check(smtlib: solver.smtlib(), options: solver.options) == .sat)
  }

  /// Z3's own time grows with the square of the depth, so the search is only begun.
  @Test("overflows no stack")
  func greatDepth() throws {
    let store = TermStore()
    let bits = (0..<8).map { store.variable("b\($0)", .bool) }
    var options = SolverOptions()
    options.resourceLimit = 1000
    let solver = Solver(store: store, options: options)
    for term in bits + [Self.chain(100_000, in: store, bits)] { solver.assert(term) }
    #expect(store.count > 200_000)
    #expect(!solver.check().isUnsat)
  }
}
