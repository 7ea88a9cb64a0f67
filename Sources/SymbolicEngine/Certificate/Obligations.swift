import Terms
import TransitionIR

/// What has to be shown of any invariant of a system, whatever it is for: that the start has it and that every step keeps it.
///
/// Made once for all certificates of a proof. It knows nothing of how the proof was found, and assumes nothing of it.
public final class Obligations {
  /// One step of one process, and when it breaks something.
  struct Step {
    let step: SymbolicStep
    let broken: [(goal: Goal, term: Term)]
  }

  /// A process whose steps are looked at, and how many others it stands for, itself included.
  struct Mover {
    let process: Int
    let kind: ProcessKind
    let isRepresentative: Bool
    /// From all places to which control may lead.
    let steps: [Step]
    var isEverywhere: Bool { steps.count == kind.locationCount }
  }

  let goals: Goals
  let start: SymbolicStart
  let startBroken: [(goal: Goal, term: Term)]
  let movers: [Mover]
  /// What few stand for: processes of kinds that have one mover, and objects.
  let interchangeable: Interchangeable
  /// Every slot holds one of its values: a part of every invariant.
  let typeBounds: Term
  /// Every process stands where control may lead, or has ended: a part of every invariant, too, by process.
  ///
  /// Elsewhere there is nobody, so the steps from there need not be looked at, and some have no formula.
  let places: [Term]
  /// Both.
  var bounds: Term { encoded.store.and([typeBounds] + places) }
  /// That a step leads out of the bounds is asked like what breaks a property.
  static let boundsGoal = Goal("the bounds", SiteID(-1))
  var encoded: SymbolicSystem { goals.encoded }

  /// Steps of one process of each kind whose processes are interchangeable, and of all others; of all if `allProcesses`.
  ///
  /// One is enough: a permutation of such processes maps steps to steps, and lemmas and properties, which speak of all of them,
  /// to themselves. So a step of another process that left the invariant would be, seen through the permutation that exchanges
  /// the two, a step of the representative that leaves it.
  public init(_ goals: Goals, allProcesses: Bool = false) throws(EncodingRefusal) {
    self.goals = goals
    let encoded = goals.encoded
    start = try encoded.initialState()
    startBroken = goals.onStart(start)
    typeBounds = encoded.typeInvariant(encoded.slots)
    let all = Interchangeable(encoded)
    interchangeable = allProcesses ? Interchangeable(kinds: [], pools: all.pools) : all
    var movers: [Mover] = []
    for (index, kind) in encoded.system.kinds.enumerated() {
      let all = kind.firstProcess..<kind.firstProcess + kind.count
      let isRepresentative = interchangeable.kinds.contains(KindID(index))
      for process in isRepresentative ? all.prefix(1) : all[...] {
        let steps = try encoded.reachableSteps(of: [process]).map { Step(step: $0, broken: goals.onStep($0)) }
        movers.append(
          Mover(process: process, kind: kind, isRepresentative: isRepresentative, steps: steps))
      }
    }
    self.movers = movers
    places = movers.filter { !$0.isEverywhere }.flatMap { mover in
      let all = mover.kind.firstProcess..<mover.kind.firstProcess + mover.kind.count
      return (mover.isRepresentative ? all : mover.process..<mover.process + 1).map {
        Self.isPlaced($0, as: mover, encoded)
      }
    }
  }

  /// The process stands where control may lead one like the mover, or has ended.
  static func isPlaced(_ process: Int, as mover: Mover, _ encoded: SymbolicSystem) -> Term {
    let slot = encoded.layout.controlSlot[process]
    let reached = mover.steps.map { $0.step.location.index - mover.kind.firstLocation }
    return encoded.store.or(
      (reached + [mover.kind.locationCount]).map {
        encoded.store.equal(encoded.slots[slot], encoded.table.constant($0, slot, in: encoded.store))
      })
  }

  /// When a step leads from a state with the bounds to one without.
  func leavesBounds(_ step: SymbolicStep) -> Term {
    var after: [Term: Term] = [:]
    for slot in step.written { after[step.before[slot]] = step.after[slot] }
    encoded.store.substitute([bounds], &after)
    let next = after[bounds] ?? bounds
    return next == bounds ? encoded.store.no : encoded.store.and(step.happens, encoded.store.not(next))
  }
}
