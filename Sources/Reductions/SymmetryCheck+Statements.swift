import TransitionIR

/// Statements and places of steps.
extension SymmetryCheck {
  mutating func visit(_ body: [Statement]) {
    for statement in body { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement {
    case .assign(let place, let value):
      unify(sort(of: place), sort(of: value), place.site)
    case .branch(let condition, let then, let otherwise):
      test(condition)
      visit(then)
      visit(otherwise)
    case .fork(let branches): for branch in branches { visit(branch) }
    case .pick(let place, let id, let iteration, let filter):
      let element = sort(of: iteration, place.site)
      boundSorts[id.index] = element
      test(filter)
      unify(sort(of: place), element, place.site)
    case .wait(let condition), .check(let condition, _): test(condition)
    case .allocate(let place, let pool): unify(sort(of: place), .pointer(pool), place.site)
    case .free(let pointer, let pool, let site): unify(.pointer(pool), sort(of: pointer), site)
    // Only names in messages and lock classes come from these, no state.
    case .acquiring, .cover, .clear, .jump, .end: break
    }
  }

  /// What a place holds; looks at its indices.
  mutating func sort(of place: Place) -> Sort {
    let variable = system.variables[place.variable.index]
    for (number, index) in place.indices.enumerated() where number < variable.dimensions.count {
      let id = DimensionID(variable: place.variable, dimension: number)
      switch (index, variable.dimensions[number]) {
      case (.object(let pointer), .pool(let pool, _)):
        unify(.pointer(pool), sort(of: pointer), place.site)
      case (.process(let pointer), _): unify(.pointer(system.processPool), sort(of: pointer), place.site)
      case (.current, _): break
      case (.element(let expression), .array):
        switch sort(of: expression) {
        case .pointer(system.processPool): pointerIndexed[id] = place.site
        case .plain, .constants: numberIndexed[id] = place.site
        case let other: refuseAll(in: other, "an array is indexed by its objects", place.site)
        }
      case (.element(let expression), _), (.object(let expression), _):
        refuseAll(in: sort(of: expression), "it is used as an index in an unexpected place", place.site)
        refuseAll(along: variable.dimensions[number], place.site)
      }
    }
    return sort(of: variable.domain)
  }

  private mutating func refuseAll(along dimension: Dimension, _ site: SiteID) {
    switch dimension {
    case .array: break
    case .pool(let pool, _): refuse(pool, "its objects are reached by number", site)
    case .process: refuse(system.processPool, "its processes are reached by number", site)
    }
  }
}
