import SMTSolver
import Terms
import Testing

@Suite("A solver", .serialized)
struct SolverTests {
  let store = TermStore()

  @Test("finds values, or says that there are none", arguments: SolverOptions.Logic.allCases)
  func answers(_ logic: SolverOptions.Logic) throws {
    let solver = Solver(store: store, options: SolverOptions(logic))
    let (x, y) = (store.variable("x", .bits(16)), store.variable("y", .bits(16)))
    solver.assert(store.equal(store.multiply(x, y), store.word(391, width: 16)))
    for bound in [store.less(x, y), store.less(store.word(1, width: 16), x)] { solver.assert(bound) }
    for factor in [x, y] { solver.assert(store.less(factor, store.word(256, width: 16))) }
    let model = try #require(solver.check().model)
    #expect(model.satisfies(solver.assertions))
    #expect(model.value(of: store.multiply(x, y)) == 391)
    #expect(model.values(of: [x, y]) == [model.value(of: x), model.value(of: y)])
    solver.assert(store.equal(x, store.word(19, width: 16)))
    #expect(solver.check().isUnsat)
  }

  @Test("forgets what was asserted in a scope that is left", arguments: SolverOptions.Logic.allCases)
  func scopes(_ logic: SolverOptions.Logic) {
    let solver = Solver(store: store, options: SolverOptions(logic))
    let (x, y) = (store.variable("x", .bool), store.variable("y", .bool))
    solver.assert(store.or(x, y))
    #expect(solver.check().isSat)
    solver.push()
    solver.assert(store.not(x))
    solver.push()
    solver.assert(store.not(y))
    #expect(solver.check().isUnsat)
    #expect(solver.depth == 2)
    solver.pop()
    #expect(solver.check().model?.values(of: [x, y]) == [0, 1])
    solver.pop()
    solver.assert(store.not(y))
    #expect(solver.check().model?.values(of: [x, y]) == [1, 0])
    #expect(solver.assertions == [store.or(x, y), store.not(y)])
  }

  @Test("takes compound assumptions, also after the scope in which they came up first is left")
  func compoundAssumptions() {
    let solver = Solver(store: store)
    let x = store.variable("x", .bits(8))
    let small = store.less(x, store.word(10, width: 8))
    let large = store.less(store.word(20, width: 8), x)
    solver.push()
    #expect(solver.check(assuming: [small]).isSat)
    #expect(solver.check(assuming: [small, large]).core == [small, large])
    solver.pop()
    #expect(solver.check(assuming: [small, large]).core == [small, large])
    solver.push()
    #expect(solver.check(assuming: [large, store.not(large)]).core?.count == 2)
    solver.assert(large)
    #expect(solver.check(assuming: [small]).core == [small])
    #expect(solver.check().isSat)
    solver.pop()
    #expect(solver.check(assuming: [small]).isSat)
  }

  @Test("takes constants, variables, negations and repetitions as assumptions")
  func plainAssumptions() {
    let solver = Solver(store: store)
    let x = store.variable("x", .bool)
    #expect(solver.check(assuming: [store.yes, x, x]).model?.value(of: x) == 1)
    #expect(solver.check(assuming: [store.not(x)]).model?.value(of: x) == 0)
    #expect(solver.check(assuming: [store.yes, store.no, x]).core == [store.no])
    #expect(Set(solver.check(assuming: [x, store.not(x), x]).core ?? []) == [x, store.not(x)])
    solver.assert(store.no)
    #expect(solver.check(assuming: [x]).core == [])
  }

  @Test("tells variables of one name apart, and gives 0 to those that do not matter")
  func variables() throws {
    let solver = Solver(store: store)
    let twins = [store.variable("x", .bits(4)), store.variable("x", .bits(4)), store.variable("x", .bits(4))]
    solver.assert(store.less(twins[0], twins[1]))
    let model = try #require(solver.check().model)
    let values = model.values(of: twins)
    #expect(values[0] < values[1])
    #expect(values[2] == 0)
    #expect(model.variableValues[2] == nil)
  }

  @Test("keeps a model as it was, whatever is asked later")
  func modelsLast() throws {
    let x = store.variable("x", .bits(32))
    let model = try {
      let solver = Solver(store: store)
      solver.assert(store.equal(x, store.word(0xdead_beef, width: 32)))
      let model = try #require(solver.check().model)
      solver.assert(store.no)
      #expect(solver.check().isUnsat)
      return model
    }()
    #expect(model.value(of: store.extract(x, low: 16, width: 16)) == 0xdead)
  }

  @Test("hands out each query as text before it is asked")
  func queries() throws {
    let solver = Solver(store: store)
    let (x, y) = (store.variable("x", .bits(8)), store.variable("y", .bool))
    var texts: [String] = []
    solver.onQuery = { texts.append($0) }
    solver.assert(store.less(x, store.word(3, width: 8)))
    #expect(solver.check(assuming: [y]).isSat)
    #expect(
      texts == [
        """
        (set-logic QF_BV)
        (declare-const x (_ BitVec 8))
        (assert (bvult x (_ bv3 8)))
        ; assumed:
        (declare-const y Bool)
        (assert y)
        (check-sat)

        """
      ])
    #expect(texts == [solver.smtlib(assuming: [y])])
  }

  @Test("names the version of Z3")
  func version() {
    let parts = Z3Version.current.split(separator: ".").compactMap { Int($0) }
    #expect(parts.count == 3)
    #expect(parts.first.map { $0 >= 4 } == true)
  }
}
