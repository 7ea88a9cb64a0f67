import Testing

@testable import SATSolver

/// The solver against trying all assignments, while clauses are added and assumptions change.
@Suite struct ClauseSolverTests {
  private struct Problem {
    let variableCount: Int
    var clauses: [[Int]] = []

    /// Literals are 1, -1, 2, -2, ...
    func isSatisfiable(_ assumptions: [Int]) -> Bool {
      (0..<1 << variableCount).contains { values in
        func isTrue(_ literal: Int) -> Bool { (values >> (abs(literal) - 1) & 1 == 1) == (literal > 0) }
        return assumptions.allSatisfy(isTrue) && clauses.allSatisfy { $0.contains(where: isTrue) }
      }
    }
  }

  private static func literals(_ solver: ClauseSolver, _ variables: [Literal], _ numbers: [Int]) -> [Literal]
  {
    numbers.map { $0 > 0 ? variables[$0 - 1] : !variables[-$0 - 1] }
  }

  @Test(arguments: 0..<40) func agreesWithTryingAll(seed: Int) {
    var random = Random(state: UInt64(seed) &* 7919 &+ 1)
    let count = 4 + random.below(7)
    var problem = Problem(variableCount: count)
    let solver = ClauseSolver()
    let variables = (0..<count).map { _ in solver.newVariable() }
    func literal() -> Int { (1 + random.below(count)) * (random.below(2) == 0 ? 1 : -1) }
    for _ in 0..<60 {
      for _ in 0..<1 + random.below(3) {
        let clause = (0..<1 + random.below(4)).map { _ in literal() }
        // Short clauses would end everything soon.
        if clause.count == 1, random.below(8) != 0 { continue }
        problem.clauses.append(clause)
        solver.add(Self.literals(solver, variables, clause))
      }
      let assumptions = (0..<random.below(5)).map { _ in literal() }
      switch solver.solve(assuming: Self.literals(solver, variables, assumptions)) {
      case .sat:
        let all = problem.clauses + assumptions.map { [$0] }
        for clause in all {
          #expect(Self.literals(solver, variables, clause).contains(where: solver.isTrue))
        }
      case .unsat(let core):
        let numbers = assumptions.filter { core.contains(Self.literals(solver, variables, [$0])[0]) }
        #expect(Set(core).count == Set(numbers).count, "the core is of the assumptions")
        #expect(!problem.isSatisfiable(numbers))
      case .unknown: Issue.record("there was no limit")
      }
    }
  }

  /// More pigeons than holes, which takes thousands of conflicts: clauses are dropped and searches begun anew.
  private static func pigeons(_ count: Int, holes: Int) -> ClauseSolver {
    let solver = ClauseSolver()
    let isIn = (0..<count).map { _ in (0..<holes).map { _ in solver.newVariable() } }
    for pigeon in isIn { solver.add(pigeon) }
    for hole in 0..<holes {
      for a in 0..<count { for b in 0..<a { solver.add([!isIn[a][hole], !isIn[b][hole]]) } }
    }
    return solver
  }

  @Test func pigeonsDoNotFit() {
    #expect(Self.pigeons(8, holes: 7).solve() == .unsat(core: []))
    #expect(Self.pigeons(7, holes: 7).solve() == .sat)
  }

  @Test func limitIsKept() {
    let solver = Self.pigeons(10, holes: 9)
    #expect(solver.solve(conflictLimit: 50) == .unknown)
    #expect(solver.conflictCount < 60)
  }

  @Test func learntClausesAreDroppedSoundly() {
    // Beyond the limit of what is kept.
    let solver = Self.pigeons(9, holes: 8)
    #expect(solver.solve() == .unsat(core: []))
    #expect(solver.conflictCount > 4_000)
  }

  @Test func emptyClauseEndsEverything() {
    let solver = ClauseSolver()
    let a = solver.newVariable()
    #expect(solver.solve(assuming: [a]) == .sat)
    solver.add([])
    #expect(solver.solve(assuming: [a]) == .unsat(core: []))
  }

  @Test func oppositeAssumptionsAreTheCore() {
    let solver = ClauseSolver()
    let (a, b) = (solver.newVariable(), solver.newVariable())
    guard case .unsat(let core) = solver.solve(assuming: [b, a, !a]) else {
      Issue.record("both hold")
      return
    }
    #expect(Set(core) == [a, !a])
  }
}

private struct Random {
  var state: UInt64
  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
