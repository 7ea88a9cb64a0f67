import TransitionIR

extension Statement {
  /// A step with this in it may have several successors.
  var hasChoice: Bool {
    switch self {
    case .fork, .pick: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.hasChoice) || otherwise.contains(where: \.hasChoice)
    default: false
    }
  }

  /// No path goes on after this.
  var endsPath: Bool {
    switch self {
    case .jump, .end: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.endsPath) && otherwise.contains(where: \.endsPath)
    case .fork(let branches): branches.allSatisfy { $0.contains(where: \.endsPath) }
    default: false
    }
  }
}

extension [Statement] {
  /// How many failures one way through can note at most, without the one that ends it.
  func failureLimit(in system: TransitionSystem) -> Int {
    reduce(0) { sum, statement in
      switch statement {
      case .branch(_, let then, let otherwise):
        sum + Swift.max(then.failureLimit(in: system), otherwise.failureLimit(in: system))
      case .fork(let branches): sum + (branches.map { $0.failureLimit(in: system) }.max() ?? 0)
      case .check(_, let failure): sum + (failure.isFatal ? 0 : 1)
      // One for each lock of the object that is held.
      case .free(_, let pool, _):
        sum
          + system.pools[pool.index].fields.reduce(1) { count, field in
            let variable = system.variables[field.index]
            let size = variable.slotCount / Swift.max(1, system.pools[pool.index].capacity)
            return count + (variable.lockPart == nil ? 0 : size)
          }
      default: sum
      }
    }
  }
}
