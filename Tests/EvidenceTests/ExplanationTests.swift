import Testing
import TransitionIR

@testable import Evidence

@Suite("Explanations")
struct ExplanationTests {
  private let example: LockExample
  private let state: [Int]

  init() throws {
    example = LockExample()
    state = try #require(example.interpreter.initialStates().first).state
  }

  private func read(_ name: LockExample.Names, _ indices: [Index] = []) -> Expression {
    .read(Place(VariableID(name.rawValue), indices, SiteID(0)))
  }

  private func compare(_ left: Expression, _ right: Int) -> Expression {
    .binary(.equal, left, .constant(right), .integer, SiteID(0))
  }

  private func binary(_ op: BinaryOperator, _ left: Expression, _ right: Expression) -> Expression {
    .binary(op, left, right, .integer, SiteID(0))
  }

  /// Facts and witnesses only; the text is that of site 0 in all cases.
  private func blame(_ expression: Expression, isTrue: Bool = false, old: [Int]? = nil) -> [String] {
    var finder = BlameFinder(interpreter: example.interpreter, state: state, old: old, process: 0)
    return finder.blame(expression, isTrue: isTrue, at: SiteID(0)).map {
      ($0.witnesses.map { "\($0.name)=\($0.value)" } + $0.facts).joined(separator: "; ") + " \($0.isTrue)"
    }
  }

  @Test("of `a && b` the false side is to blame, of `a || b` both are")
  func connectives() {
    let total = compare(read(.total), 1)
    let host = compare(read(.host), 1)
    #expect(blame(binary(.and, host, total)) == ["total = 0 false"])
    #expect(blame(binary(.or, total, compare(read(.mode), 1))) == ["total = 0 false", "mode = {} false"])
    #expect(blame(binary(.implies, host, total)) == ["total = 0 false", "host = mm_struct#0 true"])
    #expect(blame(.unary(.not, host, mask: 0)) == ["host = mm_struct#0 true"])
    #expect(blame(.unary(.not, binary(.or, total, host), mask: 0)) == ["host = mm_struct#0 true"])
    #expect(blame(.select(total, host, compare(read(.address), 0))) == ["address = 0xffffffffffffffff false"])
  }

  @Test("a false `forall` names the element, with the name that the spec gives it")
  func quantifiers() {
    let users = read(.users, [.object(.bound(BoundID(1)))])
    let all = Expression.quantified(
      .forall, BoundID(1), .values(.pointer(PoolID(1), capacity: 2)), compare(users, 3))
    #expect(blame(all) == ["one=mm_struct#0; mm_struct#0.users = 0 false"])
    let site = example.system.properties[0].site
    #expect(blame(.labelled(site, all)) == ["m=mm_struct#0; mm_struct#0.users = 0 false"])
    let some = Expression.quantified(
      .exists, BoundID(1), .processes(KindID(0)), compare(.bound(BoundID(1)), 2))
    #expect(blame(some, isTrue: true) == ["one=user[1] true"])
    #expect(blame(.unary(.not, some, mask: 0)) == ["one=user[1] true"])
    #expect(
      QuantifierNames.declared(in: "forall a in A, b in f(x): exists c in 0..2: c in s && count d in D: e")
        == ["a", "b", "c", "d"])
  }

  @Test("values before the step are marked, and what cannot be evaluated is said")
  func oldAndFailures() {
    var before = state
    before[example.system.variables[LockExample.Names.total.rawValue].slot] = 2
    #expect(
      blame(binary(.lessEqual, .old(read(.total)), read(.total)), old: before)
        == ["old total = 2; total = 0 false"])
    let broken = compare(read(.users, [.object(.constant(0))]), 0)
    #expect(
      blame(binary(.and, broken, broken)) == ["mm_struct.users is reached through a null pointer false"])
  }

  @Test("facts about the same part are joined, witnesses said once, long lines broken")
  func blameLines() {
    func part(_ text: String, _ facts: [String]) -> Blame {
      Blame(text: text, place: "line 4", isTrue: false, witnesses: [("m", "mm_struct#0")], facts: facts)
    }
    let long = String(repeating: "x ", count: 50)
    #expect(
      Blame.lines([
        part("a /* b */ == c {", ["a = 1"]), part("a == c", ["c = 2", "a = 1"]), part(long, ["x = 1"]),
      ])
        == [
          "`a == c` is false (line 4) for m = mm_struct#0: a = 1, c = 2",
          "`\(String(repeating: "x ", count: 31))x…` is false (line 4): x = 1",
        ])
    #expect(
      Blame.lines([part(long, [String(repeating: "y", count: 40)])])[1]
        == "  for m = mm_struct#0: " + String(repeating: "y", count: 40))
  }

  @Test("a lock that is held at the end was taken somewhere")
  func history() throws {
    var trace = try #require(try LockExample().trace("counted"))
    trace.property = "lock.held_at_return"
    trace.steps = Array(trace.steps.prefix(4))
    #expect(
      trace.history == [
        "mm_struct#0.mmap_lock is held since step 4, where `down_read(&mm->mmap_lock);` (mm:11) of user[0] took it"
      ])
    trace.steps = Array(trace.steps.prefix(1))
    #expect(
      trace.history == ["root is held since step 1, where `mutex_lock(&root);` (:12) of user[0] took it"])
  }

  @Test("what a process waits for")
  func blocking() throws {
    let state = try #require(example.interpreter.successors(of: state, process: 0).first).state
    let blocking = Blocking(interpreter: example.interpreter, state: state)
    #expect(blocking.reason(for: 1) == "wants root, held by user[0]")
    #expect(blocking.reason(for: 0) == nil)
  }
}
