import Testing
import TransitionIR

/// What the validator says about the ways through a body.
@Suite("The validator, following paths")
struct ValidatorPathTests {
  private let bench = Bench()
  private var b: SystemBuilder { bench.b }

  private func problems(_ body: [Statement]) -> [String] {
    var system = b.system
    system.steps[0] = Step(location: LocationID(0), body: body)
    return validate(system).map { String($0.drop { $0 != ":" }.dropFirst(2)) }
  }

  private let openEnd = "a path does not end in jump or end"
  private let deadCode = "a statement follows the end of its path"

  @Test("every path ends exactly once")
  func ends() {
    let yes = Expression.constant(1)
    let skip = Statement.wait(yes)
    #expect(problems([.branch(yes, then: [.end], otherwise: []), .end]) == [])
    #expect(problems([.branch(yes, then: [.end], otherwise: [])]) == [openEnd])
    #expect(problems([.branch(yes, then: [.end], otherwise: [.end]), skip]) == [deadCode])
    #expect(problems([.branch(yes, then: [.end, skip], otherwise: []), .end]) == [deadCode])
    #expect(problems([.fork([[.end], [.jump(LocationID(1))]])]) == [])
    #expect(problems([.fork([[.end], [skip]])]) == [openEnd])
    #expect(problems([.end, .end]) == [deadCode])
    #expect(problems([]) == [openEnd])
  }

  @Test("a wait or a failure that nothing gets past needs no end")
  func cuts() {
    let never = Statement.wait(.constant(0))
    let fatal = Statement.check(.constant(0), b.fails(.assertion))
    let reported = Statement.check(.constant(0), b.fails(.assertion, isFatal: false))
    #expect(problems([never]) == [])
    #expect(problems([fatal]) == [])
    #expect(problems([reported]) == [openEnd])
    #expect(problems([fatal, .cover(b.cover())]) == [])
    #expect(problems([never, .end]) == [])
    #expect(problems([never, .end, .end]) == [deadCode])
    #expect(problems([.fork([[fatal], [never]])]) == [])
    #expect(problems([.fork([[fatal], [never]]), .end]) == [])
    #expect(problems([.fork([[fatal], [.end]]), .cover(b.cover())]) == [deadCode])
    #expect(problems([.fork([[fatal], []])]) == [openEnd])
  }

  @Test("bound variables have one value, on every path to where they are used")
  func bound() {
    let x = bench.bounds[0]
    let pick = Statement.pick(b.place(bench.number), x, .values(.bool), filter: .bound(x))
    let use = Statement.assign(b.place(bench.number), .bound(x))
    let yes = Expression.constant(1)
    let unbound = "bound variable $0 has no value here"
    let twice = "bound variable $0 is bound twice"
    #expect(problems([pick, use, .end]) == [unbound])
    #expect(problems([use, pick, .end]) == [unbound])
    #expect(problems([pick, pick, .end]) == [])
    #expect(problems([.fork([[pick], []]), pick, .end]) == [])
    let some = Expression.quantified(.exists, x, .values(.bool), .bound(x))
    #expect(problems([.wait(some), .wait(some), .end]) == [])
    #expect(problems([.wait(some), .wait(.bound(x)), .end]) == [unbound])
    #expect(problems([pick, .wait(some), .end]) == [])
    let nested = Expression.quantified(.exists, x, .values(.bool), some)
    #expect(problems([.wait(nested), .end]) == [twice])
    #expect(problems([.wait(.quantified(.exists, x, .span(.bound(x), yes), yes)), .end]) == [unbound])
  }
}
