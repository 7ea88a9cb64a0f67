import TransitionIR

/// Expressions: what each is, a pointer, a set or neither, and whether pointers are used as pointers.
extension SymmetryCheck {
  /// An expression of which only matters whether it is zero: of a pointer, whether it is null.
  mutating func test(_ expression: Expression) { _ = sort(of: expression) }

  mutating func sort(of expression: Expression) -> Sort {
    switch expression {
    case .constant(let value): return .constants([value])
    case .read(let place): return sort(of: place)
    case .bound(let id): return boundSorts[id.index] ?? .plain
    case .current: return .pointer(system.processPool)
    case .unary(let op, let operand, let mask): return unary(op, operand, mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      return binary(op, left, right, arithmetic, site, whole: expression)
    case .samePointer(let left, let right, let pool, _, let site):
      unify(.pointer(pool), sort(of: left), site)
      unify(.pointer(pool), sort(of: right), site)
      return .plain
    case .member(let element, let set, let domain):
      unify(sort(of: domain), sort(of: element), nil)
      unify(sort(of: .set(domain)), sort(of: set), nil)
      return .plain
    case .singleton(let element, let domain):
      unify(sort(of: domain), sort(of: element), nil)
      return sort(of: .set(domain))
    case .cardinality(let set):
      test(set)
      return .plain
    case .select(let condition, let then, let otherwise):
      test(condition)
      let first = sort(of: then)
      return unify(first, sort(of: otherwise), nil)
    case .quantified(_, let id, let iteration, let body):
      boundSorts[id.index] = sort(of: iteration, nil)
      test(body)
      return .plain
    case .old(let operand), .labelled(_, let operand): return sort(of: operand)
    case .live(let pointer, let pool), .exclusive(let pointer, let pool):
      unify(.pointer(pool), sort(of: pointer), nil)
      return .plain
    case .isAt(let process, _), .hasEnded(let process):
      unify(.pointer(system.processPool), sort(of: process), nil)
      return .plain
    case .heldLockCount: return .plain
    }
  }

  mutating func sort(of iteration: Iteration, _ site: SiteID?) -> Sort {
    switch iteration {
    case .values(let domain): return sort(of: domain)
    case .span(let low, let high):
      refuseAll(in: sort(of: low), "its members are ranged over by number", site)
      refuseAll(in: sort(of: high), "its members are ranged over by number", site)
      return .plain
    case .members(let set, let domain):
      unify(sort(of: .set(domain)), sort(of: set), site)
      return sort(of: domain)
    case .processes: return .pointer(system.processPool)
    }
  }

  // MARK: Operators

  private mutating func unary(_ op: UnaryOperator, _ operand: Expression, _ mask: Int) -> Sort {
    let inner = sort(of: operand)
    switch (op, inner) {
    case (.not, _), (_, .plain), (_, .constants): return .plain
    case (.complement, .set(let pool)):
      requireNeutral(set: mask, pool, nil)
      return inner
    case (.negate, _), (.complement, _):
      refuseAll(in: inner, "it is computed with", nil)
      return .plain
    }
  }

  private mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID,
    whole: Expression
  ) -> Sort {
    if op == .bitOr, let pool = poolOfAllObjects(whole) { return .set(pool) }
    let a = sort(of: left)
    let b = sort(of: right)
    switch op {
    case .and, .or, .implies:
      // The left side is only tested, but the right side can be the result.
      refuseAll(in: b, "a pointer is used as a number", site)
      return .plain
    case .equal, .notEqual:
      unify(a, b, site)
      return .plain
    case .less: return order(a, b, ifLeft: 0, ifRight: 1, site)
    case .lessEqual: return order(a, b, ifLeft: 1, ifRight: 0, site)
    case .bitAnd, .bitOr, .bitXor, .without:
      guard isSet(a) || isSet(b), arithmetic == .integer else { break }
      return unify(a, b, site)
    case .shiftLeft, .shiftRight, .add, .subtract, .multiply, .divide, .remainder: break
    }
    refuseAll(in: a, "its pointers are computed with", site)
    refuseAll(in: b, "its pointers are computed with", site)
    return .plain
  }

  private func isSet(_ sort: Sort) -> Bool { if case .set = sort { true } else { false } }

  /// `pointer < constant` and its likes ask of which kind a process is.
  ///
  /// `ifLeft` and `ifRight` are added to the constant to get the first pointer value on the other side, with the pointer to the left or
  /// to the right.
  private mutating func order(_ a: Sort, _ b: Sort, ifLeft: Int, ifRight: Int, _ site: SiteID) -> Sort {
    switch (a, b) {
    case (.pointer(let pool), .constants(let values)):
      for value in values { requireNeutral(threshold: value + ifLeft, pool, site) }
    case (.constants(let values), .pointer(let pool)):
      for value in values { requireNeutral(threshold: value + ifRight, pool, site) }
    default:
      refuseAll(in: a, "its members are compared by number", site)
      refuseAll(in: b, "its members are compared by number", site)
    }
    return .plain
  }

  /// Requires that two values can be one: pointers into one pool, sets of them, or neither.
  @discardableResult
  mutating func unify(_ a: Sort, _ b: Sort, _ site: SiteID?) -> Sort {
    switch (a, b) {
    case (.plain, .plain), (.plain, .constants), (.constants, .plain): return .plain
    case (.constants(let x), .constants(let y)): return .constants(x.union(y))
    case (.pointer(let pool), .constants(let values)), (.constants(let values), .pointer(let pool)):
      for value in values { requireNeutral(pointer: value, pool, site) }
      return .pointer(pool)
    case (.set(let pool), .constants(let values)), (.constants(let values), .set(let pool)):
      for value in values { requireNeutral(set: value, pool, site) }
      return .set(pool)
    case (.pointer(let x), .pointer(let y)) where x == y: return a
    case (.set(let x), .set(let y)) where x == y: return a
    default:
      refuseAll(in: a, "its pointers are mixed with other values", site)
      refuseAll(in: b, "its pointers are mixed with other values", site)
      return a
    }
  }

  mutating func refuseAll(in sort: Sort, _ reason: String, _ site: SiteID?) {
    switch sort {
    case .pointer(let pool), .set(let pool): refuse(pool, reason, site)
    case .plain, .constants, .strange: break
    }
  }

  /// The set of all objects of a pool is written as a union over every object that exists; it names each, but prefers none.
  private func poolOfAllObjects(_ expression: Expression) -> PoolID? {
    var named: Set<Int> = []
    var pools: Set<PoolID> = []
    func collect(_ expression: Expression) -> Bool {
      switch expression {
      case .binary(.bitOr, let left, let right, _, _): return collect(left) && collect(right)
      case .constant(0): return true
      case .select(.live(.constant(let pointer), let pool), .constant(let bit), .constant(0)):
        named.insert(pointer)
        pools.insert(pool)
        return pointer > 0 && pointer < 63 && bit == 1 << (pointer - 1)
      default: return false
      }
    }
    guard collect(expression), let pool = pools.first, pools.count == 1 else { return nil }
    return named == Set(1...max(1, system.pools[pool.index].capacity)) ? pool : nil
  }
}
