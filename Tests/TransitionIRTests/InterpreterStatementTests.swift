import Testing
import TransitionIR

@Suite("Statements")
struct InterpreterStatementTests {
  private let bench = Bench()
  private var b: SystemBuilder { bench.b }
  private var number: Place { b.place(bench.number) }

  private func numbers(_ successors: [Successor]) -> [Int] {
    successors.map { bench.get(bench.number, in: $0.state) }
  }

  @Test("assignments store, and check domain and place")
  func assign() throws {
    #expect(numbers(bench.run([.assign(number, .constant(5))])) == [5])
    for value in [-1, 101, Int.max] {
      let after = try bench.runOnce([.assign(number, .constant(value)), .assign(number, .constant(1))])
      #expect(after.isFatal && after.violations.map(\.property) == [.overflow])
      #expect(after.violations[0].message.contains("number"))
    }
    let field = b.place(bench.value, .object(b.mine(bench.mine)))
    #expect(try bench.runOnce([.assign(field, .constant(1))]).violations.map(\.property) == [.null])
    let element = b.place(bench.table, .element(.constant(0)), .element(.constant(3)))
    #expect(try bench.runOnce([.assign(element, .constant(1))]).violations.map(\.property) == [.index])
  }

  @Test("the end of a step moves the process")
  func control() throws {
    let pc = b.system.kinds[0].control
    let after = try bench.runOnce([])
    #expect(bench.get(pc, in: after.state) == 2 && bench.get(pc, 1, in: after.state) == 0)
    let interpreter = Interpreter(b.system)
    #expect(interpreter.location(of: 0, in: after.state) == nil)
    #expect(interpreter.successors(of: after.state, process: 0).isEmpty)
    let jumped = try #require(interpreter.successors(of: bench.state, process: 1).first)
    #expect(bench.get(pc, 1, in: jumped.state) == 1 && bench.get(pc, 0, in: jumped.state) == 0)
  }

  @Test("branches take one side")
  func branch() {
    for (condition, expected) in [(0, 2), (1, 1), (7, 1)] {
      let body: [Statement] = [
        .branch(
          .constant(condition), then: [.assign(number, .constant(1))],
          otherwise: [.assign(number, .constant(2))]),
        .assign(number, b.op(.multiply, b.read(bench.number), .constant(10))),
      ]
      #expect(numbers(bench.run(body)) == [expected * 10])
    }
    #expect(
      numbers(bench.run([.branch(.constant(1), then: [.end], otherwise: []), .assign(number, .constant(9))]))
        == [0])
  }

  @Test("forks and picks are enumerated like the digits of an odometer")
  func enumeration() {
    let x = bench.bounds[0]
    let ten = b.op(.multiply, b.read(bench.number), .constant(10))
    let digit = { (value: Int) in Statement.assign(number, b.op(.add, ten, .constant(value))) }
    let pick = Statement.pick(
      b.place(bench.mask, .current), x, .span(.constant(1), .constant(4)),
      filter: b.op(.notEqual, .bound(x), .constant(3)))
    let append = Statement.assign(number, b.op(.add, ten, b.mine(bench.mask)))
    let successors = bench.run([.fork([[digit(1)], [digit(2)]]), pick, append])
    #expect(numbers(successors) == [11, 12, 14, 21, 22, 24])
    #expect(successors.map(\.choices) == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
    #expect(successors.map { $0.picked.map(\.value) } == [[1], [2], [4], [1], [2], [4]])
    // A branch with a choice of its own makes the tree uneven.
    let uneven = bench.run([
      .fork([[.fork([[digit(1)], [digit(2)]])], [digit(3)]]), .fork([[digit(1)], [digit(2)]]),
    ])
    #expect(numbers(uneven) == [11, 12, 21, 22, 31, 32])
  }

  @Test("what waits does not happen, and hides no other way")
  func blocking() {
    #expect(bench.run([.wait(.constant(0))]).isEmpty)
    #expect(bench.run([.assign(number, .constant(1)), .wait(.constant(0))]).isEmpty)
    #expect(numbers(bench.run([.wait(.constant(1)), .assign(number, .constant(3))])) == [3])
    let fork = Statement.fork([[.wait(.constant(0))], [.assign(number, .constant(5))], [.wait(.constant(0))]])
    let successors = bench.run([fork])
    #expect(numbers(successors) == [5])
    #expect(successors[0].choices == [1])
    let x = bench.bounds[0]
    let none = Statement.pick(number, x, .span(.constant(1), .constant(3)), filter: .constant(0))
    #expect(bench.run([none]).isEmpty)
    #expect(bench.run([.pick(number, x, .span(.constant(2), .constant(1)), filter: .constant(1))]).isEmpty)
    // The failure of a step that waits after all is no failure.
    let late: [Statement] = [.check(.constant(0), b.fails(.assertion, isFatal: false)), .wait(.constant(0))]
    #expect(bench.run(late).isEmpty)
  }

  @Test("a pick that cannot be stored or filtered fails")
  func pickFailures() throws {
    let x = bench.bounds[0]
    let tooLarge = bench.run([.pick(number, x, .span(.constant(100), .constant(101)), filter: .constant(1))])
    #expect(tooLarge.map(\.isFatal) == [false, true])
    let filter = b.op(.divide, .constant(1), .bound(x))
    let after = try bench.runOnce([.pick(number, x, .span(.constant(0), .constant(1)), filter: filter)])
    #expect(after.isFatal && after.violations.map(\.property) == [.division])
  }

  @Test("checks report, and end the path only if fatal")
  func check() throws {
    let set = Statement.assign(number, .constant(1))
    let fine = try bench.runOnce([.check(.constant(1), b.fails(.assertion)), set])
    #expect(fine.violations.isEmpty && numbers([fine]) == [1])
    let reported = try bench.runOnce([.check(.constant(0), b.fails(.assertion, isFatal: false)), set])
    #expect(
      reported.violations.map(\.property) == [.assertion] && !reported.isFatal && numbers([reported]) == [1])
    let fatal = try bench.runOnce([.check(.constant(0), b.fails(.pool, subject: number)), set])
    #expect(
      fatal.violations.map(\.message) == ["number is wrong"] && fatal.isFatal && numbers([fatal]) == [0])
    let two = try bench.runOnce([
      .check(.constant(0), b.fails(.assertion, isFatal: false)), .check(.constant(0), b.fails(.null)), set,
    ])
    #expect(two.violations.map(\.property) == [.assertion, .null] && two.isFatal)
  }

  @Test("covers and acquisitions are noted in order")
  func notes() throws {
    let covers = [b.cover(), b.cover()]
    let owner = b.system.lockClasses[bench.lock.index].owner
    bench.makeLive(2)
    let place = { (object: Int) in b.place(owner, .object(.constant(object))) }
    let after = try bench.runOnce([
      .cover(covers[1]), .acquiring(bench.lock, subclass: 0, place(1)), .assign(place(1), .current),
      .acquiring(bench.lock, subclass: 2, place(2)), .cover(covers[0]),
    ])
    #expect(after.covered == [covers[1], covers[0]])
    #expect(after.acquisitions.map(\.held) == [[], [bench.lock]])
    #expect(after.acquisitions.map(\.subclass) == [0, 2])
  }

  @Test("clear makes locals of the running process zero, and nobody else's")
  func clear() throws {
    for process in 0..<2 {
      bench.set(bench.mine, process, 2)
      bench.set(bench.mask, process, 7)
    }
    let after = try bench.runOnce([.clear([bench.mine])], process: 1)
    #expect((0..<2).map { bench.get(bench.mine, $0, in: after.state) } == [2, 0])
    #expect((0..<2).map { bench.get(bench.mask, $0, in: after.state) } == [7, 7])
  }
}
