import Terms
import TransitionIR

/// A transition system as terms: the state before a step as variables, and what each step of each process makes of it.
///
/// Steps are encoded when they are asked for, once. Only what a step writes differs from the variables.
public final class SymbolicSystem {
  public let system: TransitionSystem
  public let interpreter: Interpreter
  public let store: TermStore
  public let table: SlotTable
  /// The state before a step, by slot.
  public let slots: [Term]
  let layout: SlotLayout
  public let allocation: Allocation
  private var steps: [StepKey: SymbolicStep] = [:]
  private var start: SymbolicStart?

  /// Which of the free objects of a pool an allocation takes.
  public enum Allocation: Sendable {
    /// The one with the lowest number, as the interpreter does.
    case lowest
    /// Any: the same up to the names of objects, and no object differs from another any more.
    case any
  }

  struct StepKey: Hashable {
    let process: Int
    let location: LocationID
  }

  public init(
    _ system: TransitionSystem, store: TermStore = TermStore(), allocation: Allocation = .lowest
  ) {
    self.system = system
    self.allocation = allocation
    self.store = store
    interpreter = Interpreter(system)
    layout = SlotLayout(system)
    table = SlotTable(system)
    slots = table.slots.map { store.variable($0.name, $0.sort) }
  }

  func machine(process: Int?, _ slots: [Term], _ allocation: Allocation? = nil) -> SymbolicMachine {
    SymbolicMachine(
      system, layout, table, store, process: process, slots: slots,
      allocation: allocation ?? self.allocation)
  }

  /// What `process` does at a control point of its kind.
  public func step(of process: Int, at location: LocationID) throws(EncodingRefusal) -> SymbolicStep {
    let key = StepKey(process: process, location: location)
    if let known = steps[key] { return known }
    var machine = machine(process: process, slots)
    let control = layout.controlSlot[process]
    let number = location.index - system.kinds[layout.kindOfProcess[process]].firstLocation
    // While the step runs, its process is nowhere else.
    machine.slots[control] = table.constant(number, control, in: store)
    let isThere = store.equal(slots[control], machine.slots[control])
    try machine.run(system.steps[location.index].body)
    let (condition, after) = machine.merged()
    let (failures, acquisitions) = machine.noticed()
    let targets = Set(machine.exits.flatMap { constants(in: $0.slots[control]) })
    let step = SymbolicStep(
      process: process, location: location, isThere: isThere, happens: condition, before: slots,
      after: after, failures: failures, acquisitions: acquisitions, inputs: machine.inputs,
      targets: targets.map { Int($0) }.sorted())
    steps[key] = step
    return step
  }

  /// All constants that a term of choices may be.
  private func constants(in term: Term) -> [UInt64] {
    store.cone(of: [term]).compactMap {
      store.sort(of: $0) == store.sort(of: term) ? store.constantValue($0) : nil
    }
  }

  /// The steps of some processes, as far as control may get: a step that no other step leads to never happens.
  ///
  /// Much of a spec is switched off in most scopes by conditions that are constant there.
  func reachableSteps(of processes: some Sequence<Int>) throws(EncodingRefusal) -> [SymbolicStep] {
    let start = try initialState()
    var result: [SymbolicStep] = []
    for process in processes {
      let kind = system.kinds[layout.kindOfProcess[process]]
      var open = constants(in: start.slots[layout.controlSlot[process]]).map { Int($0) }
      var seen = Set(open)
      while let number = open.popLast() {
        guard number < kind.locationCount else { continue }
        let step = try step(of: process, at: LocationID(kind.firstLocation + number))
        result.append(step)
        for target in step.targets where seen.insert(target).inserted { open.append(target) }
      }
    }
    return result.sorted { ($0.process, $0.location.index) < ($1.process, $1.location.index) }
  }

  /// The states in which a run may begin, as a state of terms over inputs.
  public func initialState() throws(EncodingRefusal) -> SymbolicStart {
    if let start { return start }
    let made = try makeInitialState()
    start = made
    return made
  }

  private func makeInitialState() throws(EncodingRefusal) -> SymbolicStart {
    var start = table.slots.indices.map { table.constant(0, $0, in: store) }
    for variable in system.variables {
      if case .local = variable.role { continue }
      if case .hidden = variable.role { continue }
      for slot in variable.slot..<variable.slot + variable.slotCount {
        start[slot] = table.constant(variable.initial, slot, in: store)
      }
    }
    var result = SymbolicStart(condition: store.yes, slots: start, inputs: [], failures: [])
    try extend(&result, process: nil, system.initialBody)
    for (index, kind) in system.kinds.enumerated() {
      for process in kind.firstProcess..<kind.firstProcess + kind.count {
        try extend(&result, process: process, system.startBodies[index])
      }
    }
    return result
  }

  private func extend(
    _ start: inout SymbolicStart, process: Int?, _ body: [Statement]
  ) throws(EncodingRefusal) {
    // Names of objects mean nothing, so here they are chosen.
    var machine = machine(process: process, start.slots, .lowest)
    machine.alive = start.condition
    try machine.run(body)
    let (condition, after) = machine.merged()
    start = SymbolicStart(
      condition: condition, slots: after, inputs: start.inputs + machine.inputs,
      failures: start.failures + machine.noticed().failures)
  }

  /// Every slot holds one of its values: true in every state of a run, because stores are checked.
  public func typeInvariant(_ slots: [Term]) -> Term {
    store.and(slots.indices.map { table.isValid(slots[$0], $0, in: store) })
  }

  /// When a closed expression has a value, and that it is true then.
  public func truth(
    _ expression: Expression, in slots: [Term], old: [Term]? = nil, process: Int? = nil
  ) throws(EncodingRefusal) -> (value: Term, failures: [StepFailure]) {
    var machine = machine(process: process, slots)
    machine.oldSlots = old
    let value = try machine.truth(expression)
    return (store.and(machine.alive, value), machine.failures)
  }

  /// The truth of a closed expression that has a value in every state.
  ///
  /// What guards its parts is not repeated, so the term is smaller than that of `truth`.
  func total(_ expression: Expression) throws(EncodingRefusal) -> Term {
    var machine = machine(process: nil, slots)
    return try machine.truth(expression)
  }

  /// The values of the slots in a model.
  func state(_ slots: [Term], _ value: (Int) -> UInt64) -> [Int] {
    let words = store.evaluate(slots, value)
    return words.indices.map { table.decoded(words[$0], $0) }
  }
}

/// What one process does at one control point, as terms over the state before and inputs.
public struct SymbolicStep {
  public let process: Int
  public let location: LocationID
  /// The process stands there.
  public let isThere: Term
  /// The step has a successor for these inputs: nothing waits, nothing fatal happens.
  ///
  /// Assumes `isThere`.
  public let happens: Term
  /// The variables.
  public let before: [Term]
  /// The successor, by slot; means nothing where `happens` is false.
  public let after: [Term]
  public let failures: [StepFailure]
  public let acquisitions: [StepAcquisition]
  public let inputs: [Term]
  /// Where the process may stand afterwards, relative to its kind's first location.
  let targets: [Int]

  /// The slots that the step may change.
  public var written: [Int] { before.indices.filter { before[$0] != after[$0] } }
}

/// The states in which a run may begin.
public struct SymbolicStart {
  public let condition: Term
  public let slots: [Term]
  public let inputs: [Term]
  /// Violations before the first step.
  public let failures: [StepFailure]
}
