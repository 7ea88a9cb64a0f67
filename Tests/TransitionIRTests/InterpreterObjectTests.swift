import Testing
import TransitionIR

@Suite("Objects")
struct InterpreterObjectTests {
  private let bench = Bench()
  private var b: SystemBuilder { bench.b }
  private var live: VariableID { b.system.pools[bench.node.index].live! }
  private var mine: Place { b.place(bench.mine, .current) }

  private func lives(_ state: [Int]) -> [Int] { (0..<3).map { bench.get(live, $0, in: state) } }

  @Test("are allocated lowest first, with initial fields, until there is none")
  func allocate() throws {
    bench.set(live, 1, 1)
    bench.set(bench.value, 0, -3)
    let first = try bench.runOnce([.allocate(mine, bench.node)])
    #expect(bench.get(bench.mine, in: first.state) == 1)
    #expect(lives(first.state) == [1, 1, 0])
    #expect(bench.get(bench.value, 0, in: first.state) == 2)
    let two = try bench.runOnce([.allocate(mine, bench.node), .allocate(b.place(bench.head), bench.node)])
    #expect(bench.get(bench.head, in: two.state) == 3)
    bench.makeLive(3)
    bench.set(bench.mine, 0, 2)
    let full = try bench.runOnce([.allocate(mine, bench.node)])
    #expect(bench.get(bench.mine, in: full.state) == 0 && full.violations.isEmpty)
  }

  @Test("become stale everywhere when they are freed")
  func free() throws {
    bench.makeLive(2)
    bench.set(bench.head, 1)
    bench.set(bench.tail, 2)
    bench.set(bench.next, 1, 1)
    bench.set(bench.next, 0, 1)
    bench.set(bench.mine, 0, 1)
    bench.set(bench.mine, 1, 1)
    bench.set(bench.set, 0b011)
    bench.set(bench.value, 0, 5)
    let after = try bench.runOnce([.free(.constant(1), bench.node, b.site)])
    let state = after.state
    #expect(after.violations.isEmpty && lives(state) == [0, 1, 0])
    #expect(bench.get(bench.head, in: state) == 4 && bench.get(bench.tail, in: state) == 2)
    #expect((0..<2).map { bench.get(bench.mine, $0, in: state) } == [4, 4])
    #expect(bench.get(bench.next, 1, in: state) == 4)
    #expect(
      bench.get(bench.next, 0, in: state) == 0, "the fields of a free object are at their initial values")
    #expect(bench.get(bench.value, 0, in: state) == 2)
    #expect(bench.get(bench.set, in: state) == 0b1010, "the set holds a stale pointer now")
  }

  @Test("stay stale when the entry is allocated again")
  func reuse() throws {
    bench.makeLive(1)
    bench.set(bench.head, 1)
    bench.set(bench.set, 0b1)
    let after = try bench.runOnce([
      .free(b.read(bench.head), bench.node, b.site), .allocate(b.place(bench.tail), bench.node),
    ])
    bench.replaceState(after.state)
    #expect(bench.get(bench.tail) == 1 && bench.get(bench.head) == 4)
    #expect(bench.value(b.read(bench.value, .object(b.read(bench.head)))) == .fails(.useAfterFree))
    #expect(bench.value(b.read(bench.value, .object(b.read(bench.tail)))) == 2)
    #expect(bench.value(.member(b.read(bench.tail), set: b.read(bench.set), of: bench.pointer)) == 0)
    #expect(bench.value(.member(b.read(bench.head), set: b.read(bench.set), of: bench.pointer)) == 1)
  }

  @Test("cannot be freed twice; freeing null does nothing")
  func freeFailures() throws {
    let null = try bench.runOnce([.free(.constant(0), bench.node, b.site)])
    #expect(null.violations.isEmpty)
    for pointer in [4, 1] {
      let again = try bench.runOnce([.free(.constant(pointer), bench.node, b.site)])
      #expect(again.isFatal && again.violations.map(\.property) == [.doubleFree])
    }
  }

  @Test("freed with a held lock in them are reported")
  func freedWhileHeld() throws {
    bench.makeLive(2)
    let owner = b.system.lockClasses[bench.lock.index].owner
    bench.set(owner, 1, 2)
    let other = try bench.runOnce([.free(.constant(1), bench.node, b.site)])
    #expect(other.violations.isEmpty)
    let held = try bench.runOnce([.free(.constant(2), bench.node, b.site)])
    #expect(held.violations.map(\.property) == [.freedWhileHeld])
    #expect(bench.get(owner, 1, in: held.state) == 0)
  }

  @Test("are lost when nothing leads to them, or when all is over")
  func leaks() throws {
    let interpreter = Interpreter(Sample.list)
    let system = interpreter.system
    var state = interpreter.initialStates()[0].state
    func slot(_ name: String) -> Int { system.variables.first { $0.name == name }!.slot }
    #expect(interpreter.leaks(in: state).isEmpty)
    state[slot("node.live")] = 1
    #expect(interpreter.leaks(in: state).map(\.property) == [.neverFreed])
    state[slot("head")] = 1
    #expect(interpreter.leaks(in: state).isEmpty)
    state[slot("node.live") + 1] = 1
    state[slot("node.next")] = 2
    #expect(interpreter.leaks(in: state).isEmpty)
    state[slot("pusher.pc")] = 2
    state[slot("pusher.pc") + 1] = 2
    state[slot("popper.pc")] = 3
    #expect(interpreter.leaks(in: state).map(\.property) == [.neverFreed])
  }
}

@Suite("Initial states")
struct InterpreterInitialTests {
  @Test("follow the init block and the start of each process")
  func initialStates() {
    let b = SystemBuilder("start", kinds: [("p", 2)])
    let x = b.global("x", .range(0, 5), initial: 3)
    let i = b.local(KindID(0), "i", .range(1, 5))
    let v = b.bound()
    b.steps(locals: [i]) { at in [[at(1)], [.end]] }
    b.set(initialBody: [.assign(b.place(x), b.op(.add, b.read(x), .constant(1))), .end])
    b.set(
      start: [
        .pick(b.place(i, .current), v, .span(.constant(1), .constant(2)), filter: .constant(1)),
        .jump(LocationID(1)),
      ],
      of: KindID(0))
    #expect(validate(b.system) == [])
    let states = Interpreter(b.system).initialStates()
    let slot = b.system.variables[i.index].slot
    #expect(states.map { Array($0.state[slot..<slot + 2]) } == [[1, 1], [1, 2], [2, 1], [2, 2]])
    #expect(states.allSatisfy { $0.state[b.system.variables[x.index].slot] == 4 })
    #expect(states.allSatisfy { Interpreter(b.system).location(of: 1, in: $0.state) == LocationID(1) })
    #expect(states.map(\.choices) == [[0, 0], [0, 1], [1, 0], [1, 1]])
  }

  @Test("keep what the init block violated")
  func violations() {
    let b = SystemBuilder("start")
    let x = b.global("x", .range(0, 5))
    b.steps { _ in [[.end]] }
    b.set(initialBody: [.check(.constant(0), b.fails(.assertion, isFatal: false)), .end])
    #expect(Interpreter(b.system).initialStates().map { $0.violations.map(\.property) } == [[.assertion]])
    b.set(initialBody: [.assign(b.place(x), .constant(9)), .end])
    let fatal = Interpreter(b.system).initialStates()
    #expect(fatal.map(\.isFatal) == [true])
    #expect(fatal.map { $0.violations.map(\.property) } == [[.overflow]])
  }
}
