import SMTSolver
import Testing

@Suite("A script", .serialized)
struct ScriptTests {
  private static let order = """
    (set-logic UF)
    (declare-sort Task 0)
    (declare-fun before (Task Task) Bool)
    (declare-const |first (one)| Task) ; a comment with ( in it
    (assert (forall ((a Task) (b Task) (c Task)) (=> (and (before a b) (before b c)) (before a c))))
    (assert (forall ((a Task)) (not (before a a))))
    (assert (forall ((a Task)) (=> (not (= a |first (one)|)) (before |first (one)| a))))

    """

  @Test("may speak of any number of tasks")
  func quantifiers() throws {
    #expect(try check(smtlib: Self.order + "(check-sat)") == .sat)
    let cycle = "(declare-const b Task)(assert (before b |first (one)|))(check-sat)(exit)"
    #expect(try check(smtlib: Self.order + cycle) == .unsat)
  }

  @Test("may be too hard, which is said")
  func unknown() throws {
    var options = SolverOptions(.general)
    options.resourceLimit = 50_000
    let script = """
      (declare-const x Int) (declare-const y Int) (declare-const z Int)
      (assert (= (+ (* x x x) (* y y y) (* z z z)) 42))
      (check-sat)
      """
    switch try check(smtlib: script, options: options) {
    case .unknown(let reason): #expect(!reason.isEmpty)
    case .sat, .unsat: Issue.record("answered")
    }
  }

  @Test("is interrupted as a solver is")
  func interrupted() throws {
    let interrupter = Interrupter()
    interrupter.interrupt()
    #expect(try check(smtlib: "(check-sat)", interrupter: interrupter) == .unknown("interrupted"))
  }

  @Test(
    "is refused if it would get the answer to another question",
    arguments: [
      "(declare-const a Bool)(assert a)(check-sat-assuming ((not a)))",
      "(check-sat)(check-sat)",
      "(check-sat)(assert false)",
      "(declare-const a Bool)(push 1)(assert false)(pop 1)(check-sat)",
      "(assert true)",
      "(set-option :smt.random_seed 3)(check-sat)",
      "(include \"other.smt2\")(check-sat)",
      "",
    ])
  func refused(_ script: String) {
    #expect(throws: ScriptError.self) { try check(smtlib: script) }
  }

  @Test(
    "is refused if it cannot be read",
    arguments: [
      "(assert x)(check-sat)", "(assert true)(check-sat", "(check-sat))", "check-sat", "(assert \"",
      "(assert |x)",
      "((assert true))(check-sat)", "()(check-sat)", "(|push| assert)(check-sat)",
      "(assert (= #x00 #b0))(check-sat)",
    ])
  func unreadable(_ script: String) {
    #expect(throws: ScriptError.self) { try check(smtlib: script) }
  }
}
