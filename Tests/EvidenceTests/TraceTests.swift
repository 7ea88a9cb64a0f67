import Testing
import TransitionIR

@testable import Evidence

@Suite("Traces")
struct TraceTests {
  @Test("a state is shown with the names and types of the spec")
  func stateView() throws {
    let example = LockExample()
    var state = try #require(example.interpreter.initialStates().first).state
    state[example.system.variables[LockExample.Names.mode.rawValue].slot] = 2
    state[example.system.variables[LockExample.Names.lockReaders.rawValue].slot] = 3
    let view = StateView(state, of: example.interpreter)
    #expect(
      view.variables.map(\.name)
        == ["root", "host", "total", "mode", "address", "table", "mm_struct", "user[0]", "user[1]"])
    #expect(view["root"]?.description == "{owner: null}")
    #expect(view["host"]?.description == "mm_struct#0")
    #expect(view["mode"]?.description == "{WRITE}")
    #expect(view["address"]?.description == "0xffffffffffffffff")
    #expect(view["table"]?.description == "{1: IDLE, 2: IDLE}")
    #expect(
      view["mm_struct"]?.description
        == "{mm_struct#0: {users: 0, mmap_lock: {owner: null, readers: {user[0], user[1]}}}}")
    #expect(view["user[0]"]?.description == "{at: mutex_lock(&root);}", "locals out of scope are not shown")
  }

  @Test("only what changed is shown, down to the field")
  func changes() throws {
    let trace = try #require(try LockExample().trace("lifetime.use_after_free"))
    #expect(trace.changes(ofStep: 0).map(\.description) == ["root.owner: null -> user[0]"])
    #expect(
      trace.changes(ofStep: 3).map(\.description) == ["mm_struct#0.mmap_lock.readers: {} -> {user[0]}"])
    #expect(
      trace.changes(ofStep: 7).map(\.description)
        == ["host: mm_struct#0 -> null", "mm_struct#0: gone", "user[1].sys_find.mm: mm_struct#0 -> stale"])
  }

  @Test("a trace names the statement, its functions, what was chosen and what ran")
  func steps() throws {
    let trace = try #require(try LockExample().trace("counted"))
    let lock = trace.steps[3]
    #expect(lock.place.fileAndLine == "specs/lib/mm.mmck:11")
    #expect(lock.callStack == ["user", "sys_find", "find_vma"])
    #expect(trace.steps[4].callStack == ["user", "sys_find"])
    let choice = trace.steps[5]
    #expect(choice.callStack == ["user"])
    #expect(choice.chosen == [.init(name: "amount", value: .integer(2))])
    #expect(choice.executed.map(\.text) == ["total = total + any n in 1..2;"])
    #expect(choice.choices == [1, 1])
    #expect(trace.group == "invariant")
    #expect(trace.kind == .violation)
    #expect(trace.why == ["`total < 2` is false (line 23) for m = mm_struct#0: total = 2"])
  }

  @Test("a deadlock says who waits for which lock and who holds it")
  func deadlock() throws {
    let trace = try #require(try LockExample(forgetsUnlock: true).trace("deadlock"))
    #expect(trace.why == ["user[1] wants root, held by user[0], at `mutex_lock(&root);` (line 12)"])
  }

  @Test("a witness is no violation")
  func witness() throws {
    let trace = try #require(try LockExample().trace("both_done"))
    #expect(trace.kind == .witness)
    #expect(trace.why.isEmpty)
  }

  @Test(
    "what the interpreter does not reproduce is no trace",
    arguments: ["state", "choices", "process", "location", "initial", "property", "early"])
  func unreproducible(what: String) throws {
    let example = LockExample()
    let found = try #require(example.counterexample("range.overflow"))
    var steps = found.path.steps
    let last = steps.removeLast()
    var state = steps[0].state
    state[state.count - 1] += 1
    var initial = found.path.initialState
    switch what {
    case "state": steps[0] = .init(process: 0, location: steps[0].location, choices: [], state: state)
    case "choices":
      steps[0] = .init(process: 0, location: steps[0].location, choices: [5], state: steps[0].state)
    case "process":
      steps[0] = .init(process: 9, location: steps[0].location, choices: [], state: steps[0].state)
    case "location": steps[0] = .init(process: 0, location: LocationID(3), choices: [], state: steps[0].state)
    case "initial": initial[0] = 1
    case "property": break
    default: steps.insert(last, at: 0)
    }
    let path = Path(
      initialChoices: found.path.initialChoices, initialState: initial,
      steps: what == "property" ? steps : steps + [last])
    let wrong = Counterexample(
      property: found.property, site: found.site, message: "", subject: nil, path: path)
    #expect(throws: TraceError.self) {
      try Trace(counterexample: wrong, interpreter: example.interpreter, meta: LockExample.meta)
    }
  }
}
