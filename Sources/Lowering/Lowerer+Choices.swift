import SpecSemantics
import TransitionIR

/// Choices and allocation, and what touches shared state.
extension Lowerer {
  /// A choice inside of an expression: made before it, into a temporary.
  func chosen(_ expression: TypedExpression) -> Expression {
    let temporary = declareLocal("choice", expression.type)
    choose(expression, into: temporary)
    return .read(scalar(temporary))
  }

  /// Makes a choice as part of the pending statement.
  func choose(_ expression: TypedExpression, into target: PlaceRef) {
    switch expression.kind {
    case .maybe:
      pending.append(
        .fork([[.assign(scalar(target), .constant(1))], [.assign(scalar(target), .constant(0))]]))
    case .any(let binder): pick(binder, into: target)
    case .allocate(let structure, let mayFail): allocate(structure, mayFail: mayFail, into: target)
    default: pending.append(.assign(scalar(target), value(expression)))
    }
  }

  private func pick(_ binder: TypedBinder, into target: PlaceRef) {
    let (range, limits) = pickRange(binder)
    // A pick stores any of its values: one that may not fit goes through a place that holds them all.
    let place =
      fits(binder.elementType, into: target.type) ? target : declareLocal("choice", binder.elementType)
    withBound(binder) { id in
      var filter = lowerFilter(of: binder, id, range)
      if let limits { filter = fold(.and, limits(.bound(id)), filter, .integer) }
      pending.append(.pick(scalar(place), id, range, filter: filter))
    }
    if place.path != target.path { pending.append(.assign(scalar(target), .read(scalar(place)))) }
  }

  /// What a pick visits, and a further filter.
  ///
  /// Ends that are known only at run time, and may lie far apart, become a filter on all values that could be between
  /// them, so that `Iteration.isWide` tells from the form alone.
  private func pickRange(_ binder: TypedBinder) -> (Iteration, limits: ((Expression) -> Expression)?) {
    let range = iteration(binder.domain)
    let all = Iteration.values(domain(of: binder.elementType))
    guard case .span(let low, let high) = range, !range.isWide, all.isWide else { return (range, nil) }
    return (
      all,
      { value in
        self.fold(
          .and, self.fold(.lessEqual, low, value, .integer), self.fold(.lessEqual, value, high, .integer),
          .integer)
      }
    )
  }

  private func fits(_ type: Type, into target: Type) -> Bool {
    guard case .range(let low, let high) = type, case .range(let first, let last) = target else {
      return true
    }
    return first <= low && high <= last
  }

  /// The condition of a binder's `where`; lock checks in it are made for every value.
  func lowerFilter(of binder: TypedBinder, _ id: BoundID, _ range: Iteration) -> Expression {
    guard let condition = binder.filter else { return .constant(1) }
    let saved = pending
    pending = []
    let filter = value(condition)
    if range.isWide, !pending.isEmpty {
      error(
        "E0508", "whether its lock is held cannot be checked for so many values", condition.range,
        suggestion: "read what the lock guards into a local first")
    }
    pending = saved + pending.map { quantifiedCheck($0, id, range) }
    return filter
  }

  private func allocate(_ structure: Int, mayFail: Bool, into target: PlaceRef) {
    let pool = PoolID(structure)
    let take = Statement.allocate(scalar(target), pool)
    if mayFail {
      pending.append(.fork([[take], [.assign(scalar(target), .constant(0))]]))
      return
    }
    pending.append(take)
    let exists = Expression.binary(.notEqual, .read(scalar(target)), .constant(0), .integer, failureSite)
    let name = program.structs[structure].name
    pending.append(
      .check(
        exists,
        Failure(
          .pool, failureSite, "all \(capacity(of: structure)) objects of the pool \(name) are in use",
          subject: nil, isFatal: true)))
  }

  // MARK: What makes a step

  func touchesShared(_ operation: FlowGraph.Operation) -> Bool {
    switch operation {
    case .plain(let statements), .end(let statements): statements.contains(where: touchesShared)
    case .branch(let statements, let condition):
      statements.contains(where: touchesShared) || touchesShared(condition)
    case .fork: false
    }
  }

  private func touchesShared(_ statement: Statement) -> Bool {
    switch statement {
    case .assign(let place, let value): touchesShared(place) || touchesShared(value)
    case .branch(let condition, let then, let otherwise):
      touchesShared(condition) || then.contains(where: touchesShared)
        || otherwise.contains(where: touchesShared)
    case .fork(let branches): branches.contains { $0.contains(where: touchesShared) }
    case .pick(let place, _, let iteration, let filter):
      touchesShared(place) || touchesShared(iteration) || touchesShared(filter)
    case .wait: true
    case .check(let condition, let failure): failure.property != .heldAtReturn && touchesShared(condition)
    case .allocate, .free, .acquiring: true
    case .cover, .clear, .jump, .end: false
    }
  }

  private func touchesShared(_ place: Place) -> Bool {
    if sharedVariables.contains(place.variable) { return true }
    return place.indices.contains { index in
      switch index {
      case .element(let expression), .object(let expression), .process(let expression):
        touchesShared(expression)
      case .current: false
      }
    }
  }

  private func touchesShared(_ iteration: Iteration) -> Bool {
    switch iteration {
    case .values(.pointer(let pool, _)): pool != system.processPool
    case .values, .processes: false
    case .span(let low, let high): touchesShared(low) || touchesShared(high)
    case .members(let set, _): touchesShared(set)
    }
  }

  func touchesShared(_ expression: Expression) -> Bool {
    switch expression {
    case .constant, .bound, .current, .heldLockCount: false
    case .read(let place): touchesShared(place)
    case .unary(_, let a, _), .cardinality(let a), .singleton(let a, _), .old(let a), .labelled(_, let a):
      touchesShared(a)
    case .binary(_, let a, let b, _, _), .samePointer(let a, let b, _, _, _), .member(let a, let b, _):
      touchesShared(a) || touchesShared(b)
    case .select(let a, let b, let c): touchesShared(a) || touchesShared(b) || touchesShared(c)
    case .quantified(_, _, let iteration, let body): touchesShared(iteration) || touchesShared(body)
    case .live, .exclusive, .isAt, .hasEnded: true
    }
  }
}
