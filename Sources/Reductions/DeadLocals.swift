import TransitionIR

/// The same system, but a local that will not be read again before it is overwritten is zero.
///
/// Steps have the same alternatives in the same order, with the same violations, coverage and acquisitions, so a path of
/// the result is a path of the original. Kept as they are: what a property or another process reads, and pointers to
/// objects (and sets of them), because whether an object is lost depends on them.
/// Time: proportional to the size of the system, times the length of its loops.
public func clearingDeadLocals(_ system: TransitionSystem) -> TransitionSystem {
  let liveness = Liveness(system)
  var result = system
  result.steps = system.steps.enumerated().map { index, step in
    let writes = Liveness.written(step.body)
    return Step(
      location: step.location, body: liveness.clearing(step.body, from: liveness.live[index], writes))
  }
  result.startBodies = system.startBodies.map { body in
    liveness.clearing(body, from: [], Liveness.written(body))
  }
  return result
}

/// Which locals may still be read, for each control point.
struct Liveness {
  let system: TransitionSystem
  /// The locals that may be cleared at all.
  let clearable: Set<VariableID>
  /// By location: what may be read from there on, before it is overwritten.
  private(set) var live: [Set<VariableID>]

  init(_ system: TransitionSystem) {
    self.system = system
    clearable = Self.clearable(system)
    live = [Set<VariableID>](repeating: [], count: system.locations.count)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in system.steps.indices.reversed() {
        let found = before(system.steps[index].body, [])
        if found != live[index] {
          live[index] = found
          hasChanged = true
        }
      }
    }
  }

  private static func clearable(_ system: TransitionSystem) -> Set<VariableID> {
    var seenByOthers: Set<VariableID> = []
    for property in system.properties {
      var reads = LocalReads(system)
      reads.visit(property.body)
      for antecedent in property.antecedents { reads.visit(antecedent.expression) }
      seenByOthers.formUnion(reads.variables)
    }
    for body in system.steps.map(\.body) + system.startBodies + [system.initialBody] {
      var reads = LocalReads(system)
      reads.visit(body)
      seenByOthers.formUnion(reads.ofOthers)
    }
    return Set(
      system.variables.indices.map { VariableID($0) }.filter { id in
        switch system.variables[id.index].role {
        case .local, .hidden: break
        case .global, .field, .control, .live: return false
        }
        switch system.variables[id.index].domain {
        case .pointer(let pool, _), .set(.pointer(let pool, _)):
          if !system.pools[pool.index].isProcessPool { return false }
        default: break
        }
        guard case .process = system.variables[id.index].dimensions.first else { return false }
        return !seenByOthers.contains(id)
      })
  }

  // MARK: Backwards through a body

  /// What may be read when `body` begins, if `after` may be read behind it.
  private func before(_ body: [Statement], _ after: Set<VariableID>) -> Set<VariableID> {
    body.reversed().reduce(after) { before($1, $0) }
  }

  private func before(_ statement: Statement, _ after: Set<VariableID>) -> Set<VariableID> {
    var result: Set<VariableID>
    switch statement {
    case .assign(let place, _), .pick(let place, _, _, _): result = after.subtracting(overwritten(place))
    case .branch(_, let then, let otherwise): result = before(then, after).union(before(otherwise, after))
    case .fork(let branches): result = branches.reduce(into: []) { $0.formUnion(before($1, after)) }
    case .clear(let variables): result = after.subtracting(variables)
    case .jump(let location): result = live[location.index]
    case .end: result = []
    case .wait, .check, .allocate, .free, .acquiring, .cover: result = after
    }
    var reads = LocalReads(system)
    reads.visitOwn(statement)
    result.formUnion(reads.variables)
    return result
  }

  /// The variable, if all of the running process's is overwritten.
  private func overwritten(_ place: Place) -> [VariableID] {
    guard place.indices.count == 1, case .current = place.indices[0] else { return [] }
    return [place.variable]
  }

  // MARK: Clearing

  /// Variables that a body assigns to.
  static func written(_ body: [Statement]) -> Set<VariableID> {
    body.reduce(into: []) { result, statement in
      switch statement {
      case .assign(let place, _), .pick(let place, _, _, _), .allocate(let place, _):
        result.insert(place.variable)
      case .branch(_, let then, let otherwise): result.formUnion(written(then).union(written(otherwise)))
      case .fork(let branches): for branch in branches { result.formUnion(written(branch)) }
      case .clear, .jump, .end, .wait, .check, .free, .acquiring, .cover: break
      }
    }
  }

  /// A body in which each jump clears what is dead where it leads to, unless it is zero already.
  func clearing(_ body: [Statement], from live: Set<VariableID>, _ written: Set<VariableID>) -> [Statement] {
    body.flatMap { statement -> [Statement] in
      switch statement {
      case .branch(let condition, let then, let otherwise):
        return [
          .branch(
            condition, then: clearing(then, from: live, written),
            otherwise: clearing(otherwise, from: live, written))
        ]
      case .fork(let branches): return [.fork(branches.map { clearing($0, from: live, written) })]
      case .jump(let location):
        let dead = dead(at: location).filter { live.contains($0) || written.contains($0) }
        return dead.isEmpty ? [statement] : [.clear(dead), statement]
      case .assign, .pick, .wait, .check, .allocate, .free, .acquiring, .cover, .clear, .end:
        return [statement]
      }
    }
  }

  /// Locals in scope that are not read any more and have their slots for themselves.
  private func dead(at location: LocationID) -> [VariableID] {
    let inScope = system.locations[location.index].locals
    return inScope.filter { id in
      guard clearable.contains(id), !live[location.index].contains(id) else { return false }
      let slots = slots(of: id)
      return inScope.allSatisfy { $0 == id || !slots.overlaps(self.slots(of: $0)) }
    }
  }

  private func slots(of id: VariableID) -> Range<Int> {
    let variable = system.variables[id.index]
    return variable.slot..<variable.slot + variable.slotCount
  }
}
