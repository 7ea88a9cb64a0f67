import RandomTerms
import SMTSolver
import Terms
import Testing

@Suite("Z3 and the evaluation of terms agree", .serialized)
struct AgreementTests {
  /// A random term with an assignment and the value that it has there.
  private struct Sample {
    let store: TermStore
    let assignment: [Term]
    /// That the term has its value.
    let claim: Term

    init(_ generator: inout TreeGenerator, _ term: Term) {
      store = generator.store
      let (store, values) = (store, generator.assignment())
      assignment = store.variables(in: [term]).sorted().map { number in
        let variable = store.variables[number]
        return store.equal(variable, store.constant(values[number], store.sort(of: variable)))
      }
      let value = store.constant(store.evaluate([term]) { values[$0] }[0], store.sort(of: term))
      claim = store.equal(term, value)
    }

    /// Asserted, not assumed: so Z3 may put the values in before it looks at dividers of 64 bits.
    func solver(_ options: SolverOptions, _ claim: Term) -> Solver {
      let solver = Solver(store: store, options: options)
      for term in assignment + [claim] { solver.assert(term) }
      return solver
    }
  }

  private func samples(_ seed: Int, widths: [Int], depth: Int, _ body: (Sample) throws -> Void) rethrows {
    var generator = TreeGenerator(seed: UInt64(1000 + seed), widths: widths)
    for _ in 0..<10 {
      let sort: Sort = generator.chance(30) ? .bool : .bits(generator.width())
      let term = generator.tree(sort, depth: depth).term(in: generator.store)
      for _ in 0..<2 { try body(Sample(&generator, term)) }
    }
  }

  private static let widths: [[Int]] = [[1], [1, 2, 3], [8, 16], [31, 32, 33], [63, 64], Array(1...64)]

  @Test("on the values of random terms", arguments: 0..<24)
  func values(_ seed: Int) {
    var options = SolverOptions(seed % 2 == 0 ? .bitVectors : .general)
    options.verifiesModels = true
    samples(seed, widths: Self.widths[seed / 2 % Self.widths.count], depth: 4) { sample in
      #expect(sample.solver(options, sample.claim).check().isSat)
      #expect(sample.solver(options, sample.store.not(sample.claim)).check().isUnsat)
    }
  }

  @Test("on the values of random terms that are turned into bits", arguments: 0..<16)
  func bits(_ seed: Int) {
    var options = SolverOptions(.finiteDomain)
    options.verifiesModels = true
    let widths = [[1], [1, 2, 3], [4, 5, 8], Array(1...64)][seed % 4]
    samples(seed, widths: widths, depth: widths.count > 3 ? 1 : 4) { sample in
      #expect(sample.solver(options, sample.claim).check().isSat)
      #expect(sample.solver(options, sample.store.not(sample.claim)).check().isUnsat)
    }
  }

  @Test("on the text of random terms", arguments: 0..<6)
  func text(_ seed: Int) throws {
    let options = SolverOptions(.bitVectors)
    try samples(seed, widths: Self.widths[seed], depth: 4) { sample in
      let answers = try [sample.claim, sample.store.not(sample.claim)].map {
        try check(smtlib: sample.solver(options, $0).smtlib(), options: options)
      }
      #expect(answers == [.sat, .unsat])
    }
  }

  @Test("on values that Z3 finds itself", arguments: 0..<18)
  func models(_ seed: Int) {
    var generator = TreeGenerator(seed: UInt64(2000 + seed), widths: [1, 2, 3, 6])
    var options = SolverOptions(SolverOptions.Logic.allCases[seed % 3])
    options.verifiesModels = true
    for _ in 0..<10 {
      let term = generator.tree(.bool, depth: 5).term(in: generator.store)
      let solver = Solver(store: generator.store, options: options)
      for claim in [term, generator.store.not(term)] {
        switch solver.check(assuming: [claim]) {
        case .sat(let model): #expect(model.value(of: claim) == 1)
        case .unsat(let core): #expect(core == [claim])
        case .unknown(let reason): Issue.record("\(reason)")
        }
      }
    }
  }
}
