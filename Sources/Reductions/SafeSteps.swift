import TransitionIR

/// Which steps may be taken at once, without looking at what else could happen.
///
/// A process is *safe* in a state if its next step commutes with everything that any other process can do from there
/// on, and touches nothing that a property looks at. Then it is enough to explore its alternatives, provided that at
/// least one of them goes on. Why, and what each condition is for: Docs/internals/partial-order.md.
public struct SafeSteps: Sendable {
  public let system: TransitionSystem
  /// For each location, whether a process there can be safe at all.
  public let isCandidate: [Bool]
  /// For each location, the conditions that it fails by itself.
  public let refusals: [Set<Refusal>]
  /// For each location, its class: steps of one class conflict with the same steps.
  public let classes: [Int]
  /// `blocked[m]` has the classes with which a process at location m may conflict in its future, m included.
  public let blocked: [BitSet]

  /// Why a step is never taken alone.
  public enum Refusal: String, CaseIterable, Hashable, Sendable {
    /// It writes what a property reads.
    case visible
    /// It is where every loop through it is cut.
    case sticky
    /// It belongs to the environment, whose steps a deadlock does not wait for.
    case environment
    /// It may get hold of an object that nothing leads to.
    case conjures
    /// Somebody else may read or write what it touches; decided in each state.
    case conflict
    /// It waits for a lock that others may hold while they wait; only looked at where a process goes on behind an opening step.
    case circular
  }

  /// Whether a process goes on before anybody else.
  public enum Continuation: Int, Sendable {
    case never, always
    /// Only if its next step does not conflict with anything that others can do.
    case ifUnblocked
  }

  /// For each location, whether its step, made in a state in which everything is explored, can be followed at once by the
  /// next one of the same process.
  public let isOpening: [Bool]
  /// For each location, whether a process that has come to it by such a step may go on at once.
  public let continuations: [Continuation]
  /// `blockedAfter[m]` has the classes of steps that cannot be put off till after what a process at m may do.
  public let blockedAfter: [BitSet]

  /// Whether there is any step that may be taken at once.
  public var isEmpty: Bool { !isCandidate.contains(true) && !isOpening.contains(true) }

  /// `ignoring`: conditions to leave out, so that tests can show what each of them is for.
  public init(_ system: TransitionSystem, kinds: Set<Reduction>, ignoring: Set<Refusal> = []) {
    self.init(
      SafetyAnalysis(system, knowsLocks: kinds.contains(.atomicity)), isOn: kinds.contains(.partialOrder),
      ignoring: ignoring)
  }

  init(_ analysis: SafetyAnalysis, isOn: Bool, ignoring: Set<Refusal>) {
    system = analysis.system
    var refusals = analysis.refusals(ignoring: ignoring)
    let canOpen = refusals.indices.map { isOn && analysis.canOpen($0, refusals[$0]) }
    if !ignoring.contains(.sticky) {
      var isAlone = refusals.map(\.isEmpty)
      for index in canOpen.indices where canOpen[index] {
        for next in analysis.effects[index].arrivals { isAlone[next.index] = true }
      }
      for location in analysis.stickyLocations(isAlone) { refusals[location].insert(.sticky) }
    }
    let circular =
      ignoring.contains(.circular)
      ? canOpen.map { _ in false } : analysis.circularWaits(canOpen)
    isOpening = canOpen
    continuations = refusals.indices.map { isOn ? analysis.continuation($0, refusals[$0], circular) : .never }
    isCandidate = refusals.map { isOn && $0.isEmpty }
    self.refusals = refusals
    classes = analysis.classes
    let none = analysis.classes.map { _ in BitSet(count: 0) }
    blocked = ignoring.contains(.conflict) ? none : analysis.blocked(afterwards: false)
    blockedAfter = ignoring.contains(.conflict) ? none : analysis.blocked(afterwards: true)
  }

  /// Whether the step of a process at `location` may conflict with something that another process at `other` may do, now or later.
  public func conflicts(_ location: LocationID, withFutureOf other: LocationID) -> Bool {
    blocked[other.index].contains(classes[location.index])
  }

  /// The first process, from `start` on, that is safe in `state` if its step can happen at all.
  public func safeProcess(in state: [Int], _ interpreter: Interpreter, from start: Int = 0) -> Int? {
    let locations = (0..<system.processCount).map { interpreter.location(of: $0, in: state) }
    return (start..<max(start, locations.count)).first { process in
      guard let location = locations[process], isCandidate[location.index] else { return false }
      return isUnblocked(location, of: process, blocked, locations)
    }
  }

  /// Whether `process`, which has just come from `location` to where it is in `state`, may go on before anybody else.
  public func goesOn(_ process: Int, from location: LocationID, in state: [Int], _ interpreter: Interpreter)
    -> Bool
  {
    let locations = (0..<system.processCount).map { interpreter.location(of: $0, in: state) }
    guard isOpening[location.index], let here = locations[process] else { return false }
    switch continuations[here.index] {
    case .never: return false
    case .always: break
    case .ifUnblocked: if !isUnblocked(here, of: process, blocked, locations) { return false }
    }
    return isUnblocked(location, of: process, blockedAfter, locations)
  }

  private func isUnblocked(
    _ location: LocationID, of process: Int, _ sets: [BitSet], _ locations: [LocationID?]
  ) -> Bool {
    locations.enumerated().allSatisfy { other, place in
      guard other != process, let place else { return true }
      return !sets[place.index].contains(classes[location.index])
    }
  }
}

/// A set of small numbers.
public struct BitSet: Hashable, Sendable {
  public private(set) var words: [UInt64]

  public init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  public func contains(_ element: Int) -> Bool {
    element >> 6 < words.count && (words[element >> 6] >> UInt64(element & 63)) & 1 == 1
  }

  public mutating func insert(_ element: Int) { words[element >> 6] |= 1 << UInt64(element & 63) }

  /// Whether something was added.
  @discardableResult
  public mutating func formUnion(_ other: BitSet) -> Bool {
    var isLarger = false
    for index in words.indices where other.words[index] & ~words[index] != 0 {
      words[index] |= other.words[index]
      isLarger = true
    }
    return isLarger
  }
}
