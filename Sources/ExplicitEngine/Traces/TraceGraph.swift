import TransitionIR

/// The last step of a violation, or the state in which it is seen.
struct Target: Hashable {
  let state: StateID
  /// A step from `state` that violates a property itself; nil if the state does.
  let step: StepName?
}

/// All states and steps on shortest ways to some violations, level by level.
struct TraceGraph {
  let packing: StatePacking
  var states: StateMap
  /// Steps that lead from one level to the next, in the order of the states they come from.
  var edges: [LevelEdge] = []
  /// `levelStarts[k]` is the first state of level k.
  var levelStarts: [Int] = []
  /// Where each goal is reached.
  var targets: [TraceGoal: [Target]] = [:]

  init(_ packing: StatePacking) {
    self.packing = packing
    states = StateMap(wordCount: packing.wordCount)
  }

  func state(_ id: StateID, slotCount: Int) -> [Int] {
    var state = [Int](repeating: 0, count: slotCount)
    packing.unpack(states.state(id), into: &state)
    return state
  }

  /// The level of a state: the length of a shortest path to it.
  func level(of id: StateID) -> Int {
    var low = 0
    var high = levelStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if levelStarts[middle] <= id.index { low = middle } else { high = middle }
    }
    return low
  }
}

/// A violation to which a way is wanted, and the number of steps it takes.
struct TraceGoal: Hashable {
  enum Event: Hashable {
    case finding(FindingKey)
    /// `number` of the place in `StepSource.takings`.
    case lockOrder(taking: LockTaking, held: LockClassID)
  }
  let event: Event
  let level: Int
}

/// A step from a state of one level to a state of the next.
struct LevelEdge {
  private let fromIndex: UInt32
  private let toIndex: UInt32
  private let process: UInt16
  private let alternative: UInt16

  init(from: StateID, to: StateID, _ step: StepName) {
    fromIndex = UInt32(from.index)
    toIndex = UInt32(to.index)
    process = UInt16(truncatingIfNeeded: step.process)
    alternative = UInt16(truncatingIfNeeded: step.alternative)
  }

  var from: StateID { StateID(index: Int(fromIndex)) }
  var to: StateID { StateID(index: Int(toIndex)) }
  var step: StepName { StepName(process: Int(process), alternative: Int(alternative)) }
}
