import RandomTerms
import SMTSolver
import Terms
import Testing

@testable import SymbolicEngine

/// Z3 says the same, question by question.
@Suite("Questions that are asked bit by bit")
struct GateSolverTests {
  @Test("have the answers of Z3", arguments: 0..<12)
  func agree(seed: UInt64) {
    var trees = TreeGenerator(seed: seed + 77, widths: [1, 2, 3, 4], reuse: 30, variableLimit: 3)
    let store = trees.store
    let network = GateNetwork(store)
    var kinds: Set<Bool> = []
    for _ in 0..<4 {
      let gates = GateSolver(network)
      let solver = Solver(store: store)
      for round in 0..<12 {
        let terms = (0..<3).map { _ in trees.tree(.bool, depth: 3).term(in: store) }
        if round % 3 == 2 {
          gates.assert(terms[2], if: terms[1])
          solver.assert(store.implies(terms[1], terms[2]))
        }
        let asked = Array(terms.prefix(1 + round % 2))
        let expected = solver.check(assuming: asked).isSat
        kinds.insert(expected)
        switch gates.check(assuming: asked, conflictLimit: .max) {
        case .sat(let values):
          #expect(expected)
          let model = solver.assertions + asked
          #expect(store.evaluate(model) { values[$0] ?? 0 }.allSatisfy { $0 != 0 })
        case .unsat(let core):
          #expect(!expected)
          #expect(core.allSatisfy(asked.contains))
          #expect(!solver.check(assuming: core).isSat)
        case .unknown: Issue.record("there was no limit")
        }
      }
    }
    #expect(kinds.count == 2, "both answers occur")
  }

  @Test("that are too hard end")
  func limit() {
    let store = TermStore()
    let (a, b) = (store.variable("a", .bits(24)), store.variable("b", .bits(24)))
    let gates = GateSolver(GateNetwork(store))
    gates.assert(store.equal(store.multiply(a, b), store.word(0x7f_ffd9, width: 24)))
    gates.assert(
      store.and(store.less(store.word(1, width: 24), a), store.less(a, store.word(4096, width: 24))))
    gates.assert(
      store.and(store.less(store.word(1, width: 24), b), store.less(b, store.word(4096, width: 24))))
    if case .unknown(let reason) = gates.check(assuming: [], conflictLimit: 5) {
      #expect(reason == "more than 5 conflicts")
    } else {
      Issue.record("five conflicts were enough")
    }
  }
}

extension Answer {
  fileprivate var isSat: Bool { if case .sat = self { true } else { false } }
}
