import SMTSolver
import Terms
import Testing

@Suite("A solver")
struct SolverTests {
  let store = TermStore()

  @Test("finds values, or says that there are none", arguments: SolverOptions.Logic.allCases)
  func answers(_ logic: SolverOptions.Logic) throws {
    let solver = Solver(store: store, options: SolverOptions(logic))
    let (x, y) = (store.variable("x", .bits(16)), store.variable("y", .bits(16)))
    solver.assert(store.equal(store.multiply(x, y), store.word(391, width: 16)))
    solver.assert(store.less(x, y))
    solver.assert(store.less(store.word(1, width: 16), x))
    solver.assert(store.less(y, store.word(256, width: 16)))
    solver.assert(store.less(x, store.word(256, width: 16)))
    let model = try #require(solver.check().model)
    #expect(model.satisfies(solver.assertions))
    #expect(model.value(of: store.multiply(x, y)) == 391)
    #expect(model.values(of: [x, y]) == [model.value(of: x), model.value(of: y)])
    solver.assert(store.equal(x, store.word(19, width: 16)))
    #expect(solver.check().isUnsat)
  }
}

extension Answer {
  var model: Model? {
    switch self {
    case .sat(let model): model
    case .unsat, .unknown: nil
    }
  }
  var core: [Term]? {
    switch self {
    case .unsat(let core): core
    case .sat, .unknown: nil
    }
  }
  var reason: String? {
    switch self {
    case .unknown(let reason): reason
    case .sat, .unsat: nil
    }
  }
  var isSat: Bool { model != nil }
  var isUnsat: Bool { core != nil }
}
