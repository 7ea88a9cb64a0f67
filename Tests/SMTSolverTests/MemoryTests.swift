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

  @Test("overflows no stack with terms of great depth", arguments: SolverOptions.Logic.allCases)
  func depth(_ logic: SolverOptions.Logic) throws {
    let store = TermStore()
    let x = store.variable("x", .bits(8))
    var (term, expected) = (x, UInt64(7))
    for number in 0..<200_000 as Range<UInt64> {
      let constant = store.word(number, width: 8)
      term = number % 2 == 0 ? store.add(term, constant) : store.bitXor(term, constant)
      expected = number % 2 == 0 ? (expected + number) & 0xff : expected ^ number & 0xff
    }
    #expect(store.evaluate([term]) { _ in 7 } == [expected])
    let solver = Solver(store: store, options: SolverOptions(logic))
    solver.assert(store.equal(x, store.word(7, width: 8)))
    solver.assert(store.equal(term, store.word(expected, width: 8)))
    #expect(solver.check().isSat)
    #expect(try check(smtlib: solver.smtlib(), options: SolverOptions(logic)) == .sat)
  }
}
