/// Which values variables and expressions can have, as far as their domains tell.
///
/// Sound for every state that the interpreter reaches, and no more than that: a range is a hull, and nothing is known about
/// relations between variables. Whatever may fail has the range of the values that it has when it does not.
public struct ValueRanges: Sendable {
  /// By variable; 0 is in the range of each local, which is 0 while it is out of scope.
  private let variables: [ClosedRange<Int>]
  /// Those that are narrower than their domain.
  private let isNarrowed: [Bool]
  let kinds: [ProcessKind]

  /// Processes never cease to exist, so a pointer to one is never stale; but only if no body stores that number itself, which
  /// is found out here by one look at all of them.
  public init(_ system: TransitionSystem) {
    let trusting = ValueRanges(system, processesAreValid: true)
    let bodies = system.steps.map(\.body) + system.startBodies + [system.initialBody]
    if bodies.allSatisfy({ trusting.isKept($0) }) {
      self = trusting
    } else {
      self.init(system, processesAreValid: false)
    }
  }

  private init(_ system: TransitionSystem, processesAreValid: Bool) {
    let capacity = system.pools[system.processPool.index].capacity
    kinds = system.kinds
    let ranges = system.variables.map { variable in
      var range = variable.domain.bounds
      switch variable.domain {
      case .pointer(system.processPool, _) where processesAreValid: range = 0...capacity
      case .set(.pointer(system.processPool, _)) where processesAreValid: range = 0...(1 << capacity) - 1
      default: break
      }
      range = hull(range, variable.initial...variable.initial)
      return variable.role.isLocal ? hull(range, 0...0) : range
    }
    variables = ranges
    isNarrowed = zip(system.variables, ranges).map { $1.upperBound < $0.domain.bounds.upperBound }
  }

  /// The values that each slot of a variable may hold.
  public func range(of variable: VariableID) -> ClosedRange<Int> { variables[variable.index] }

  /// No store of this body leaves the range of its variable; one outside of the domain fails before it is made.
  private func isKept(_ body: [Statement]) -> Bool {
    body.allSatisfy { statement in
      switch statement {
      case .assign(let place, let value): isKept(place, range(of: value, [:]))
      case .pick(let place, _, let iteration, _): isKept(place, range(of: iteration, [:]))
      case .branch(_, let then, let otherwise): isKept(then) && isKept(otherwise)
      case .fork(let branches): branches.allSatisfy { isKept($0) }
      default: true
      }
    }
  }

  private func isKept(_ place: Place, _ value: ClosedRange<Int>) -> Bool {
    guard isNarrowed[place.variable.index] else { return true }
    let known = variables[place.variable.index]
    return known.lowerBound <= value.lowerBound && value.upperBound <= known.upperBound
  }
}
