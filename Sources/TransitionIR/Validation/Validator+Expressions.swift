/// Expressions, places and iterations.
extension Validator {
  func check(_ expression: Expression, _ context: Context) {
    let place = context.place
    switch expression {
    case .constant: break
    case .read(let target): check(target, context)
    case .bound(let id):
      require(context.bound.contains(id), place, "bound variable $\(id.index) has no value here")
    case .current: requireRunner("current", context)
    case .heldLockCount: requireRunner("held-locks", context)
    case .unary(_, let operand, _), .cardinality(let operand): check(operand, context)
    case .binary(_, let left, let right, let arithmetic, let site):
      check(site: site, place)
      check(arithmetic, place)
      check(left, context)
      check(right, context)
    case .samePointer(let left, let right, let pool, _, let site):
      check(site: site, place)
      check(pool: pool, place)
      check(left, context)
      check(right, context)
    case .member(let element, let set, let domain):
      check(.set(domain), place)
      check(element, context)
      check(set, context)
    case .singleton(let element, let domain):
      check(.set(domain), place)
      check(element, context)
    case .select(let condition, let then, let otherwise):
      check(condition, context)
      check(then, context)
      check(otherwise, context)
    case .quantified(_, let id, let iteration, let body):
      check(iteration, context)
      require(!iteration.isWide, place, "a quantifier over more than \(Iteration.visitLimit) values")
      var inner = context
      bind(id, &inner)
      check(body, inner)
    case .old, .live, .exclusive, .isAt, .hasEnded, .labelled: checkSpecial(expression, context)
    }
  }

  private func checkSpecial(_ expression: Expression, _ context: Context) {
    let place = context.place
    switch expression {
    case .old(let operand):
      require(context.allowsOld, place, "old means something only in step properties")
      check(operand, context)
    case .labelled(let site, let operand):
      require(context.isProperty, place, "only properties have labels")
      check(site: site, place)
      check(operand, context)
    case .live(let pointer, let pool):
      check(pool: pool, place)
      check(pointer, context)
    case .exclusive(let pointer, let pool):
      requireRunner("exclusive", context)
      check(pool: pool, place)
      check(pointer, context)
    case .isAt(let process, let locations):
      check(process, context)
      for id in locations { require(location(id) != nil, place, "there is no control point #\(id.index)") }
    case .hasEnded(let process): check(process, context)
    default: break
    }
  }

  private func requireRunner(_ what: String, _ context: Context) {
    require(context.runner != .nobody, context.place, "\(what) means nothing where no process runs")
  }

  private func check(pool id: PoolID, _ place: String) {
    require(pool(id) != nil, place, "there is no pool \(id.index)")
  }

  private func check(_ arithmetic: Arithmetic, _ place: String) {
    if case .wrapping(let bits) = arithmetic { check(Domain.wrapping(bits), place) }
  }

  /// Gives a bound variable its value: exactly once on the way to any place.
  func bind(_ id: BoundID, _ context: inout Context) {
    require(
      (0..<system.boundCount).contains(id.index), context.place, "there is no bound variable $\(id.index)")
    require(!context.used.contains(id), context.place, "bound variable $\(id.index) is bound twice")
    context.bound.insert(id)
    context.used.insert(id)
  }

  func check(_ iteration: Iteration, _ context: Context) {
    switch iteration {
    case .values(let domain): check(domain, context.place)
    case .span(let low, let high):
      check(low, context)
      check(high, context)
    case .members(let set, let domain):
      check(.set(domain), context.place)
      check(set, context)
    case .processes(let id): require(kind(id) != nil, context.place, "there is no kind \(id.index)")
    }
  }

  func check(_ target: Place, _ context: Context) {
    check(site: target.site, context.place)
    guard let variable = variable(target.variable) else {
      return report(context.place, "there is no variable \(target.variable.index)")
    }
    let name = names.variable(target.variable)
    require(
      target.indices.count == variable.dimensions.count, context.place,
      "\(name) has \(variable.dimensions.count) dimensions, not \(target.indices.count)")
    for (index, dimension) in zip(target.indices, variable.dimensions) {
      check(index, dimension, of: variable, name, context)
    }
  }

  private func check(
    _ index: Index, _ dimension: Dimension, of variable: Variable, _ name: String, _ context: Context
  ) {
    switch (index, dimension) {
    case (.element(let expression), .array), (.object(let expression), .pool): check(expression, context)
    case (.current, .process(let kind, _)):
      require(context.runner == .kind(kind), context.place, "the running process has no \(name)")
    case (.process(let expression), .process):
      var mayLook = context.isProperty
      if case .hidden = variable.role { mayLook = true }
      require(mayLook, context.place, "\(name) of another process is used outside of a property")
      check(expression, context)
    default: report(context.place, "an index of \(name) does not fit its dimension")
    }
  }
}
