import Terms
import TransitionIR

/// One step of any process as one formula: who moves is an input.
///
/// Only one step happens at a time, so steps share their inputs: a frame has as many as the step with the most.
struct Transition {
  let encoded: SymbolicSystem
  /// Which process moves.
  let mover: Term
  let inputs: [Term]
  /// Some step happens.
  let happens: Term
  /// The state after it, by slot.
  let next: [Term]
  /// Which goals a step breaks.
  let broken: [(goal: Goal, term: Term)]

  init(_ goals: Goals) throws(EncodingRefusal) {
    let encoded = goals.encoded
    let store = encoded.store
    self.encoded = encoded
    var shared: [Sort: [Term]] = [:]
    let moverWidth = max(1, Number.width(of: 0...max(1, encoded.system.processCount - 1)) - 1)
    let mover = store.variable("mover", .bits(moverWidth))
    var next = encoded.slots
    var happens: [Term] = []
    var broken: [Goal: [Term]] = [:]
    for step in try encoded.reachableSteps(of: 0..<encoded.system.processCount) {
      let isMover = store.equal(mover, store.word(UInt64(step.process), width: moverWidth))
      let fires = store.and(isMover, step.isThere)
      var replaced = Self.share(step.inputs, &shared, store)
      let found = goals.onStep(step)
      let written = step.written
      store.substitute([step.happens] + found.map(\.term) + written.map { step.after[$0] }, &replaced)
      happens.append(store.and(fires, replaced[step.happens] ?? step.happens))
      for (goal, term) in found {
        broken[goal, default: []].append(store.and(fires, replaced[term] ?? term))
      }
      for slot in written {
        let after = replaced[step.after[slot]] ?? step.after[slot]
        next[slot] = store.select(fires, after, next[slot])
      }
    }
    self.mover = mover
    inputs = shared.values.joined().sorted()
    self.happens = store.or(happens)
    self.next = next
    self.broken = broken.sorted { $0.key < $1.key }.map { ($0.key, store.or($0.value)) }
  }

  /// The step's own inputs, each replaced by one that all steps use.
  private static func share(
    _ inputs: [Term], _ shared: inout [Sort: [Term]], _ store: TermStore
  ) -> [Term: Term] {
    var result: [Term: Term] = [:]
    var used: [Sort: Int] = [:]
    for input in inputs {
      let sort = store.sort(of: input)
      let number = used[sort, default: 0]
      used[sort] = number + 1
      if shared[sort, default: []].count == number {
        shared[sort, default: []].append(store.variable("choice\(sort.width).\(number)", sort))
      }
      result[input] = shared[sort]?[number]
    }
    return result
  }

  /// The formulas of one frame: state variables are replaced by the terms of that state, inputs by new variables.
  func frame(_ number: Int, _ state: [Term]) -> Frame {
    let store = encoded.store
    var replaced = Dictionary(uniqueKeysWithValues: zip(encoded.slots, state))
    let mover = store.variable("mover@\(number)", store.sort(of: mover))
    replaced[self.mover] = mover
    let inputs = inputs.map {
      store.variable("\(store.name(ofVariable: $0))@\(number)", store.sort(of: $0))
    }
    for (input, named) in zip(self.inputs, inputs) { replaced[input] = named }
    return Frame(replaced: replaced, mover: mover, inputs: inputs)
  }

  /// One step of a run: what stands for the variables of the step in general.
  struct Frame {
    var replaced: [Term: Term]
    let mover: Term
    /// What the step chose.
    let inputs: [Term]
  }
}
