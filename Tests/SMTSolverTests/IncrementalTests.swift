import RandomTerms
import SMTSolver
import Terms
import Testing

/// Random scopes, assertions and assumptions over so few bits that all assignments can be tried.
@Suite("A solver that is used again and again", .serialized)
struct IncrementalTests {
  private struct Walk {
    let store: TermStore
    let solver: Solver
    var generator: TreeGenerator

    init(seed: Int, _ options: SolverOptions) {
      generator = TreeGenerator(seed: UInt64(seed), widths: [1, 2], reuse: 5, variableLimit: 2)
      store = generator.store
      solver = Solver(store: store, options: options)
    }

    mutating func term() -> Term { generator.tree(.bool, depth: 3).term(in: store) }

    /// Tries all values of all variables.
    func canHold(_ terms: [Term]) -> Bool {
      var rows: [[UInt64]] = [[]]
      for variable in store.variables {
        let values = 0..<UInt64(1) << UInt64(store.sort(of: variable).width)
        rows = rows.flatMap { row in values.map { row + [$0] } }
      }
      return rows.contains { row in store.evaluate(terms) { row[$0] }.allSatisfy { $0 == 1 } }
    }

    mutating func step() {
      switch Int.random(in: 0..<10, using: &generator.numbers) {
      case 0: solver.push()
      case 1: if solver.depth > 0 { solver.pop() }
      case 2, 3: solver.assert(term())
      default: ask()
      }
      // What holds no more makes dull questions.
      if solver.depth > 0, !canHold(solver.assertions) { solver.pop() }
    }

    mutating func ask() {
      let assumptions = (0..<Int.random(in: 0..<4, using: &generator.numbers)).map { _ in term() }
      switch solver.check(assuming: assumptions) {
      case .sat(let model): #expect(model.satisfies(solver.assertions + assumptions))
      case .unsat(let core):
        #expect(Set(core).isSubset(of: assumptions))
        #expect(Set(core).count == core.count)
        #expect(!canHold(solver.assertions + core))
      case .unknown(let reason):
        #expect(solver.options.resourceLimit != nil, "\(reason)")
      }
    }
  }

  @Test("agrees with trying all assignments, and its cores suffice", arguments: 0..<9)
  func agrees(_ seed: Int) {
    var walk = Walk(seed: seed, SolverOptions(SolverOptions.Logic.allCases[seed % 3]))
    for _ in 0..<45 { walk.step() }
  }

  @Test("agrees after having been stopped by a limit", arguments: 0..<6)
  func agreesAfterLimits(_ seed: Int) {
    var options = SolverOptions(SolverOptions.Logic.allCases[seed % 3])
    options.resourceLimit = 2000
    var walk = Walk(seed: 100 + seed, options)
    for _ in 0..<45 { walk.step() }
  }
}
