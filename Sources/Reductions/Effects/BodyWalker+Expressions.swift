import TransitionIR

/// What expressions read, and what terms they are.
extension BodyWalker {
  mutating func visit(_ expression: Expression, _ knowledge: Knowledge) {
    if let place = ownTest(expression) {
      visit(place.indices, knowledge)
      follow(place)
      return record(place, .ownTest, knowledge)
    }
    switch expression {
    case .constant, .bound, .current: break
    case .heldLockCount: effects.readsOwnLocks = true
    case .read(let place):
      readPlace(place, knowledge)
      // Whoever looks at the value of a pointer can see it turn stale.
      if let pool = facts.heapPool(of: system.variables[place.variable.index].domain) {
        effects.follows.insert(pool)
      }
    case .unary(_, let operand, _), .singleton(let operand, _), .cardinality(let operand), .old(let operand),
      .labelled(_, let operand):
      visit(operand, knowledge)
    case .binary(let op, let left, let right, _, _): visitBinary(op, left, right, knowledge)
    case .samePointer(let left, .constant(0), let pool, _, _),
      .samePointer(.constant(0), let left, let pool, _, _):
      move(left, pool, knowledge)
    case .samePointer(let left, let right, _, _, _), .member(let left, let right, _):
      visit(left, knowledge)
      visit(right, knowledge)
    case .select(let condition, let then, let otherwise):
      visit(condition, knowledge)
      let known = truth(condition, knowledge)
      if known != false { visit(then, assume(condition, true, knowledge)) }
      if known != true { visit(otherwise, assume(condition, false, knowledge)) }
    case .quantified(_, let bound, let iteration, let body):
      bind(bound, iteration)
      visit(iteration, knowledge)
      visit(body, knowledge)
    case .live(let pointer, let pool):
      visit(pointer, knowledge)
      follow(pointer, pool)
    case .exclusive(let pointer, let pool):
      visit(pointer, knowledge)
      follow(pointer, pool)
      effects.exclusives.insert(pool)
    case .isAt(let process, let locations):
      visit(process, knowledge)
      effects.observes.insert(Set(locations))
    case .hasEnded(let process):
      visit(process, knowledge)
      effects.observesEnd = true
    }
  }

  private mutating func visitBinary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ knowledge: Knowledge
  ) {
    if op == .equal || op == .notEqual, case .constant(0) = right, case .read(let place) = left,
      let pool = facts.heapPool(of: system.variables[place.variable.index].domain)
    {
      return move(left, pool, knowledge)
    }
    visit(left, knowledge)
    let known = truth(left, knowledge)
    switch op {
    case .and, .implies: if known != false { visit(right, assume(left, true, knowledge)) }
    case .or: if known != true { visit(right, assume(left, false, knowledge)) }
    default: visit(right, knowledge)
    }
  }

  /// The condition of a `wait`: parts of it that ask whether a lock is free cannot be false when the step goes on.
  mutating func visitWait(_ condition: Expression, _ knowledge: Knowledge) {
    if case .labelled(_, let operand) = condition { return visitWait(operand, knowledge) }
    if case .binary(.and, let left, let right, _, _) = condition {
      visitWait(left, knowledge)
      if truth(left, knowledge) != false { visitWait(right, assume(left, true, knowledge)) }
      return
    }
    guard let place = freeTest(condition), let lock = facts.lock(of: place.variable) else {
      effects.mayWait = true
      return visit(condition, knowledge)
    }
    effects.awaits.insert(lock.lock)
    visit(place.indices, knowledge)
    follow(place)
    record(place, .freeTest, knowledge)
  }

  /// A pointer, or a set of pointers, that is only put elsewhere or compared with nothing.
  mutating func move(_ value: Expression, _ pool: PoolID, _ knowledge: Knowledge) {
    switch value {
    case .read(let place): readPlace(place, knowledge)
    case .labelled(_, let operand), .singleton(let operand, _): move(operand, pool, knowledge)
    case .binary(.bitOr, let left, let right, _, _):
      move(left, pool, knowledge)
      move(right, pool, knowledge)
    case .select(let condition, let then, let otherwise):
      visit(condition, knowledge)
      move(then, pool, knowledge)
      move(otherwise, pool, knowledge)
    case .constant(0): break
    case .constant: effects.conjures = true
    default:
      if !isRemainder(value) { effects.conjures = true }
      visit(value, knowledge)
    }
  }

  /// Part of a set that is there already.
  private func isRemainder(_ value: Expression) -> Bool {
    switch value {
    case .read: true
    case .labelled(_, let operand): isRemainder(operand)
    case .binary(.without, let left, _, _, _): isRemainder(left)
    case .binary(.bitAnd, let left, let right, _, _): isRemainder(left) || isRemainder(right)
    case .binary(.bitOr, let left, let right, _, _), .binary(.bitXor, let left, let right, _, _):
      isRemainder(left) && isRemainder(right)
    default: false
    }
  }

  private mutating func readPlace(_ place: Place, _ knowledge: Knowledge) {
    visit(place.indices, knowledge)
    follow(place)
    record(place, .read, knowledge)
  }

  mutating func visit(_ indices: [Index], _ knowledge: Knowledge) {
    for index in indices {
      switch index {
      case .element(let expression), .object(let expression), .process(let expression):
        visit(expression, knowledge)
      case .current: break
      }
    }
  }

  /// Elements of a set of pointers, and live objects, are as good as pointers read from a variable.
  mutating func bind(_ bound: BoundID, _ iteration: Iteration) {
    switch iteration {
    case .values(.pointer), .members(_, of: .pointer): pointerBounds.insert(bound)
    default: pointerBounds.remove(bound)
    }
  }

  mutating func visit(_ iteration: Iteration, _ knowledge: Knowledge) {
    switch iteration {
    case .values(.pointer(let pool, _)):
      guard let live = system.pools[pool.index].live else { return }
      record(live, [], .read)
    case .values, .processes: break
    case .span(let low, let high):
      visit(low, knowledge)
      visit(high, knowledge)
    case .members(let set, _): visit(set, knowledge)
    }
  }

  // MARK: Terms

  /// Nil if one is not known, or leads to an object by its number: `free` does not turn that stale.
  func indices(_ place: Place, _ knowledge: Knowledge) -> [Term]? {
    let dimensions = system.variables[place.variable.index].dimensions
    let terms = zip(place.indices, dimensions).compactMap { index, dimension -> Term? in
      let term = term(index, knowledge)
      if case .pool(let pool, _) = dimension, !system.pools[pool.index].isProcessPool,
        case .constant(let pointer) = term,
        pointer != 0
      {
        return nil
      }
      return term
    }
    return terms.count == place.indices.count ? terms : nil
  }

  func term(_ index: Index, _ knowledge: Knowledge) -> Term? {
    switch index {
    case .element(let expression), .object(let expression), .process(let expression):
      term(expression, knowledge)
    case .current: .current
    }
  }

  func term(_ expression: Expression, _ knowledge: Knowledge) -> Term? {
    switch expression {
    case .constant(let value): .constant(value)
    case .current: .current
    case .labelled(_, let operand): term(operand, knowledge)
    case .read(let place) where facts.cells.contains(place.variable) && isOwn(place):
      knowledge[place.variable]
    case .read(let place):
      indices(place, knowledge).map {
        .load(place.variable, $0, version: knowledge.versions[place.variable] ?? 0)
      }
    default: nil
    }
  }
}
