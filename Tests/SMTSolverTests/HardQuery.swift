import SMTSolver
import Terms

/// A question that takes Z3 hours: the factors of a product of two primes of 31 bits.
struct HardQuery {
  let store = TermStore()
  let solver: Solver
  let x: Term

  init(_ options: SolverOptions) {
    solver = Solver(store: store, options: options)
    x = store.variable("x", .bits(32))
    let y = store.variable("y", .bits(32))
    let product = store.multiply(store.zeroExtend(x, to: 64), store.zeroExtend(y, to: 64))
    solver.assert(store.equal(product, store.word(2_147_483_647 &* 2_147_483_629, width: 64)))
    for factor in [x, y] { solver.assert(store.less(store.word(1, width: 32), factor)) }
  }

  /// The same with one factor given away.
  var hint: Term { store.equal(x, store.word(2_147_483_629, width: 32)) }
}
