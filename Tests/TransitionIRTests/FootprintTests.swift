import Testing
import TransitionIR

@Suite("Footprints")
struct FootprintTests {
  /// A domain for each slot.
  private static func domains(_ system: TransitionSystem) -> [Domain] {
    var result = [Domain](repeating: .bool, count: system.slotCount)
    for variable in system.variables {
      for offset in 0..<variable.slotCount { result[variable.slot + offset] = variable.domain }
    }
    return result
  }

  /// Now and then changes a slot at random, so that steps are tried in states that no run reaches, too.
  private static func shake(_ state: inout [Int], _ domains: [Domain], _ random: inout SeededGenerator) {
    for _ in 0..<3 where Int.random(in: 0..<3, using: &random) == 0 {
      let slot = state.indices.randomElement(using: &random)!
      state[slot] = Int.random(in: domains[slot].bounds, using: &random)
    }
  }

  private static func lockSlots(_ system: TransitionSystem) -> Set<Int> {
    var result: Set<Int> = []
    for variable in system.variables where variable.lockPart != nil {
      result.formUnion(variable.slot..<variable.slot + variable.slotCount)
    }
    return result
  }

  private static func footprint(_ system: TransitionSystem, _ state: [Int], _ process: Int) -> Footprint? {
    Interpreter(system).location(of: process, in: state).map {
      TransitionIR.footprint(of: system.steps[$0.index], in: system)
    }
  }

  @Test("contain every slot that a step changes", arguments: Sample.withProcesses.indices)
  func writes(index: Int) throws {
    let system = Sample.withProcesses[index]
    let interpreter = Interpreter(system)
    let domains = Self.domains(system)
    for seed in 0..<20 {
      var random = SeededGenerator(seed: UInt64(seed))
      guard var state = interpreter.initialStates().randomElement(using: &random)?.state else { continue }
      for _ in 0..<40 {
        Self.shake(&state, domains, &random)
        let process = Int.random(in: 0..<system.processCount, using: &random)
        guard let footprint = Self.footprint(system, state, process) else { continue }
        let successors = interpreter.successors(of: state, process: process)
        let allowed = Footprint.slots(of: footprint.writes, process: process, in: system)
        for successor in successors {
          let changed = state.indices.filter { state[$0] != successor.state[$0] }
          #expect(allowed.isSuperset(of: changed), "seed \(seed)")
        }
        if let next = successors.filter({ !$0.isFatal }).randomElement(using: &random) { state = next.state }
      }
    }
  }

  /// What a step does, but for the contents of one slot.
  private static func effects(
    _ interpreter: Interpreter, _ state: [Int], _ process: Int, without slot: Int
  ) -> [String] {
    interpreter.successors(of: state, process: process).map { successor in
      var rest = successor.state
      rest[slot] = 0
      return "\(rest) \(successor.choices) \(successor.violations.map(\.property)) \(successor.covered)"
    }
  }

  @Test("contain every slot that a step depends on", arguments: Sample.withProcesses.indices)
  func reads(index: Int) throws {
    let system = Sample.withProcesses[index]
    let interpreter = Interpreter(system)
    let domains = Self.domains(system)
    var tried = 0
    for seed in 0..<30 {
      var random = SeededGenerator(seed: UInt64(seed))
      guard var state = interpreter.initialStates().randomElement(using: &random)?.state else { continue }
      for _ in 0..<40 {
        Self.shake(&state, domains, &random)
        let process = Int.random(in: 0..<system.processCount, using: &random)
        guard let footprint = Self.footprint(system, state, process) else { continue }
        var touched = Footprint.slots(
          of: footprint.reads.union(footprint.writes), process: process, in: system)
        if footprint.readsOwnLocks { touched.formUnion(Self.lockSlots(system)) }
        if let slot = state.indices.filter({ !touched.contains($0) }).randomElement(using: &random) {
          tried += 1
          var other = state
          other[slot] = Int.random(in: domains[slot].bounds, using: &random)
          let expected = Self.effects(interpreter, state, process, without: slot)
          #expect(
            Self.effects(interpreter, other, process, without: slot) == expected, "seed \(seed), slot \(slot)"
          )
        }
        let successors = interpreter.successors(of: state, process: process).filter { !$0.isFatal }
        if let next = successors.randomElement(using: &random) { state = next.state }
      }
    }
    #expect(tried > 100)
  }

  @Test("keep constants and the running process apart from the unknown")
  func abstraction() {
    let b = SystemBuilder("indices", kinds: [("p", 2), ("q", 2)])
    let table = b.global("table", .bool, [.array(count: 3, lower: -1), .array(count: 2, lower: 0)])
    let seen = b.field(b.processPool, "seen", .bool)
    let hidden = b.local(KindID(1), "hidden", .bool, isHidden: true)
    let x = b.global("x", .bool)
    func footprint(_ place: Place) -> Set<Footprint.Access> {
      b.system.footprintOfFirstStep(writing: place)
    }
    b.steps { _ in [[.end]] }
    b.steps { _ in [[.end]] }
    #expect(
      footprint(b.place(table, .element(.constant(-1)), .element(b.read(x))))
        == [.init(table, [.constant(0), .unknown])])
    #expect(
      footprint(b.place(table, .element(.constant(7)), .element(.constant(1))))
        == [.init(table, [.unknown, .constant(1)])])
    #expect(footprint(b.place(seen, .object(.current))) == [.init(seen, [.current])])
    #expect(footprint(b.place(seen, .object(.constant(2)))) == [.init(seen, [.constant(1)])])
    #expect(footprint(b.place(hidden, .process(.constant(4)))) == [.init(hidden, [.constant(1)])])
    #expect(footprint(b.place(hidden, .process(b.read(x)))) == [.init(hidden, [.unknown])])
    let slots = Footprint.slots(of: [.init(table, [.constant(1), .unknown])], process: 0, in: b.system)
    let first = b.system.variables[table.index].slot
    #expect(slots == [first + 2, first + 3])
    let own = Footprint.slots(of: [.init(hidden, [.current])], process: 3, in: b.system)
    #expect(own == [b.system.variables[hidden.index].slot + 1])
  }

  @Test("look into every expression")
  func expressions() {
    let bench = Bench()
    let b = bench.b
    let (x, head) = (b.read(bench.number), b.read(bench.head))
    func reads(_ expression: Expression) -> Set<String> {
      let footprint = TransitionIR.footprint(
        of: Step(location: LocationID(0), body: [.wait(expression)]), in: b.system)
      return Set(footprint.reads.map { b.system.variables[$0.variable.index].name }).subtracting(["p.pc"])
    }
    let id = bench.bounds[0]
    #expect(reads(.quantified(.count, id, .values(bench.pointer), .constant(1))) == ["node.live"])
    #expect(reads(.quantified(.count, id, .values(bench.task), .constant(1))) == [])
    #expect(reads(.quantified(.count, id, .span(x, .constant(1)), head)) == ["number", "head"])
    #expect(
      reads(.quantified(.count, id, .members(b.read(bench.set), of: bench.pointer), .bound(id))) == ["set"])
    #expect(reads(.isAt(x, [LocationID(2)])) == ["number", "q.pc"])
    #expect(reads(.isAt(.constant(3), [LocationID(0)])) == [])
    #expect(reads(.hasEnded(x)) == ["number", "q.pc"])
    #expect(reads(.hasEnded(.current)) == [])
    #expect(reads(.live(head, bench.node)) == ["head", "node.live"])
    #expect(reads(b.read(bench.next, .object(head))) == ["head", "node.live", "node.next"])
    #expect(reads(.select(x, head, .constant(1))) == ["number", "head"])
    #expect(
      reads(.samePointer(head, b.read(bench.tail), bench.node, strict: true, b.site)) == ["head", "tail"])
    #expect(reads(.member(head, set: b.read(bench.set), of: bench.pointer)) == ["head", "set"])
    #expect(reads(b.op(.add, x, .cardinality(b.read(bench.set)))) == ["number", "set"])
    #expect(reads(.exclusive(head, bench.node)) == ["node.live", "node.next", "head", "tail", "set", "mine"])
  }

  @Test("know what freeing, allocating and asking about locks involves")
  func wholeSystem() {
    let system = Sample.list
    let free = TransitionIR.footprint(of: system.steps[4], in: system)
    #expect(free.frees == [PoolID(1)] && free.allocates.isEmpty && free.readsOwnLocks)
    let written = Set(free.writes.map { system.variables[$0.variable.index].name })
    for name in [
      "node.live", "node.next", "node.value", "node.lock.owner", "fresh", "taken", "old", "head", "removed",
    ] {
      #expect(written.contains(name), "\(name)")
    }
    #expect(!written.contains("x") && !written.contains("task.seen"))
    let allocate = TransitionIR.footprint(of: system.steps[0], in: system)
    #expect(allocate.allocates == [PoolID(1)] && allocate.frees.isEmpty)
    let read = Set(allocate.reads.map { system.variables[$0.variable.index].name })
    #expect(
      read.isSuperset(of: ["node.live", "head", "removed", "taken", "old", "node.next"]),
      "exclusive looks at all pointers")
  }
}

extension TransitionSystem {
  /// The write set of a step of the first kind that stores into `place`, without control.
  fileprivate func footprintOfFirstStep(writing place: Place) -> Set<Footprint.Access> {
    let step = Step(location: LocationID(0), body: [.assign(place, .constant(0))])
    return footprint(of: step, in: self).writes
  }
}
