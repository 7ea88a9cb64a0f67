import Terms
import TransitionIR

/// A question as a synchronous circuit: registers with first values, inputs, the registers' next values, and what must not
/// become true.
///
/// This is what BTOR2 and AIGER describe. In each frame the inputs choose the process and its alternatives. A frame whose inputs
/// choose no step that can happen changes nothing, so every state has a successor, and a dead end is no end of the circuit.
/// What a step breaks is bad in the frame from which the step is made, since it depends on the inputs.
struct Circuit {
  struct Register {
    let name: String
    let term: Term
    let initial: UInt64
    let next: Term
  }

  let store: TermStore
  /// The slots of the state by number; after them, if runs have a choice of first states, whether one was chosen.
  let registers: [Register]
  let inputs: [Term]
  /// One for each property, in their order.
  let bad: [(property: String, term: Term)]
  /// The first frame only chooses an initial state: all registers are zero in it, and runs are a frame longer.
  let choosesStart: Bool

  init(_ question: SafetyQuestion) throws(EncodingRefusal) {
    let (goals, encoded, store) = (question.goals, question.encoded, question.store)
    let transition = try Transition(goals)
    let start = try encoded.initialState()
    let onStart = goals.onStart(start)
    try question.requireFormulas()
    let constants = start.slots.compactMap(store.constantValue)
    let hasChoice =
      !(start.inputs.isEmpty && start.condition == store.yes && constants.count == start.slots.count)
    choosesStart = hasChoice
    let started = hasChoice ? store.variable("started", .bool) : store.yes
    var registers: [Register] = []
    for (slot, term) in encoded.slots.enumerated() {
      let next = store.select(transition.happens, transition.next[slot], term)
      let first = store.select(start.condition, start.slots[slot], term)
      registers.append(
        Register(
          name: encoded.table.slots[slot].name, term: term, initial: choosesStart ? 0 : constants[slot],
          next: store.select(started, next, first)))
    }
    if choosesStart {
      let next = store.or(started, start.condition)
      registers.append(Register(name: "started", term: started, initial: 0, next: next))
    }
    self.store = store
    self.registers = registers
    inputs = [transition.mover] + transition.inputs + start.inputs
    let isBad =
      (goals.onStates + transition.broken).map { ($0.goal, store.and(started, $0.term)) }
      + onStart.map { ($0.goal, hasChoice ? store.and(store.not(started), $0.term) : $0.term) }
    bad = question.properties.map { property in
      (property, store.or(isBad.filter { $0.0.property == property }.map(\.1)))
    }
  }

  /// What readers have to know about the frames.
  var remarks: [String] {
    ["a frame whose inputs choose no possible step changes nothing"]
      + (choosesStart
        ? ["the first frame chooses the initial state; each run is a frame longer than in the spec"] : [])
  }
}
