import TransitionIR

/// Finds quantifiers whose result depends on the order of members because evaluating their body can fail.
///
/// `exists v: v->next->key == 1` is true if a `v` with that key comes first, and a violation if one with `next == null` does. Members
/// are looked at in the order of their numbers, so a permutation would change what happens. It does not if the body cannot fail for a
/// member; nor where only being true matters (the outer `forall` of an invariant is not true in either order); nor if all
/// elements are looked at anyway and there is only one way to fail.
struct FailureOrder {
  struct Finding {
    /// The pool whose members are ranged over, and their kind if it is only one kind.
    let pool: PoolID
    let kind: KindID?
    let reason: String
    let site: SiteID?

    func concerns(_ group: Symmetry.Group) -> Bool {
      if let kind { return group.origin == .kind(kind) }
      return group.pool == pool
    }
  }

  /// One way in which an evaluation fails.
  struct Failing: Hashable {
    let property: BuiltinProperty
    let site: SiteID
  }

  let system: TransitionSystem
  /// Pools whose objects are freed somewhere: pointers to them can be stale.
  let freedPools: Set<PoolID>
  var bounds: [Int: Bound] = [:]
  /// Which pointer values the running process may have.
  private(set) var current: ClosedRange<Int>
  private var found: [Finding] = []
  private var isProperty = false

  /// What is known about a bound variable.
  struct Bound {
    let interval: ClosedRange<Int>?
    /// As a pointer it is not null.
    let isMember: Bool
    /// As a pointer it may be stale.
    ///
    /// Of the variable of the quantifier that is looked at this is not said: the stale element of a set is its last one in any order.
    var canBeStale = false
  }

  init(_ system: TransitionSystem) {
    self.system = system
    freedPools = Self.freedPools(system)
    current = 0...max(1, system.processCount)
  }

  func findings() -> [Finding] {
    var walk = self
    for step in system.steps {
      walk.current = pointers(to: system.locations[step.location.index].kind)
      walk.visit(step.body)
    }
    walk.current = current
    walk.isProperty = true
    for property in system.properties { walk.visitTruth(property.body, whether: true) }
    return walk.found
  }

  private static func freedPools(_ system: TransitionSystem) -> Set<PoolID> {
    var result: Set<PoolID> = []
    func visit(_ body: [Statement]) {
      for statement in body {
        switch statement {
        case .free(_, let pool, _): result.insert(pool)
        case .branch(_, let then, let otherwise):
          visit(then)
          visit(otherwise)
        case .fork(let branches): branches.forEach(visit)
        default: break
        }
      }
    }
    for body in [system.initialBody] + system.startBodies + system.steps.map(\.body) { visit(body) }
    return result
  }

  // MARK: Walking

  private mutating func visit(_ body: [Statement]) {
    for statement in body {
      switch statement {
      case .assign(let place, let value):
        visit(place)
        visit(value)
      case .branch(let condition, let then, let otherwise):
        visit(condition)
        visit(then)
        visit(otherwise)
      case .fork(let branches): for branch in branches { visit(branch) }
      case .pick(let place, let id, let iteration, let filter):
        visit(place)
        visit(iteration)
        bind(id, iteration)
        visit(filter)
        if let (pool, kind) = members(of: iteration), failures(of: filter).count > 1 {
          note(pool, kind, "the filter of a choice among them can fail in several ways", place.site)
        }
      case .wait(let condition), .check(let condition, _): visit(condition)
      case .allocate(let place, _): visit(place)
      case .free(let pointer, _, _): visit(pointer)
      case .acquiring, .cover, .clear, .jump, .end: break
      }
    }
  }

  private mutating func visit(_ place: Place) {
    for index in place.indices {
      switch index {
      case .element(let expression), .object(let expression), .process(let expression): visit(expression)
      case .current: break
      }
    }
  }

  private mutating func visit(_ iteration: Iteration) {
    switch iteration {
    case .values, .processes: break
    case .span(let low, let high):
      visit(low)
      visit(high)
    case .members(let set, _): visit(set)
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .constant, .bound, .current, .heldLockCount: break
    case .read(let place): visit(place)
    case .unary(_, let operand, _), .singleton(let operand, _), .cardinality(let operand), .old(let operand),
      .live(let operand, _), .exclusive(let operand, _), .isAt(let operand, _), .hasEnded(let operand),
      .labelled(_, let operand):
      visit(operand)
    case .binary(_, let left, let right, _, _), .samePointer(let left, let right, _, _, _),
      .member(let left, let right, _):
      visit(left)
      visit(right)
    case .select(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .quantified(let quantifier, let id, let iteration, let body):
      visit(iteration)
      bind(id, iteration)
      visit(body)
      guard let (pool, kind) = members(of: iteration) else { return }
      let ways = failures(of: body)
      // A count looks at all; so does nobody else. In a property it does not matter which failure comes first.
      let harmless = quantifier == .count ? (isProperty ? Int.max : 1) : 0
      if ways.count > harmless {
        note(
          pool, kind, "a quantifier over them can fail before it is decided",
          ways.map(\.site).min { $0.index < $1.index })
      }
    }
  }

  /// A condition of which only matters whether it is exactly `wanted`; failing is as good as the opposite.
  private mutating func visitTruth(_ expression: Expression, whether wanted: Bool) {
    switch (expression, wanted) {
    case (.labelled(_, let operand), _): visitTruth(operand, whether: wanted)
    case (.unary(.not, let operand, _), _): visitTruth(operand, whether: !wanted)
    case (.binary(.and, let left, let right, _, _), true), (.binary(.or, let left, let right, _, _), false):
      visitTruth(left, whether: wanted)
      visitTruth(right, whether: wanted)
    case (.binary(.implies, let left, let right, _, _), false):
      visitTruth(left, whether: true)
      visitTruth(right, whether: false)
    case (.binary(.and, let left, let right, _, _), _), (.binary(.or, let left, let right, _, _), _),
      (.binary(.implies, let left, let right, _, _), _):
      visit(left)
      visitTruth(right, whether: wanted)
    case (.quantified(.forall, let id, let iteration, let body), true),
      (.quantified(.exists, let id, let iteration, let body), false):
      visit(iteration)
      bind(id, iteration)
      visitTruth(body, whether: wanted)
    default: visit(expression)
    }
  }

  private mutating func note(_ pool: PoolID, _ kind: KindID?, _ reason: String, _ site: SiteID?) {
    found.append(Finding(pool: pool, kind: kind, reason: reason, site: site))
  }

  /// Which members an iteration ranges over; nil if it ranges over numbers.
  private func members(of iteration: Iteration) -> (pool: PoolID, kind: KindID?)? {
    switch iteration {
    case .values(.pointer(let pool, _)), .members(_, .pointer(let pool, _)): (pool, nil)
    case .processes(let kind): (system.processPool, kind)
    case .values, .members, .span: nil
    }
  }

  /// The pointer values of the processes of a kind.
  func pointers(to kind: KindID) -> ClosedRange<Int> {
    let kind = system.kinds[kind.index]
    return kind.firstProcess + 1...kind.firstProcess + max(1, kind.count)
  }

  private mutating func bind(_ id: BoundID, _ iteration: Iteration) {
    switch iteration {
    case .values(let domain), .members(_, let domain):
      bounds[id.index] = Bound(interval: domain.bounds, isMember: members(of: iteration) != nil)
    case .processes(let kind): bounds[id.index] = Bound(interval: pointers(to: kind), isMember: true)
    case .span(let low, let high):
      let ends = interval(low).flatMap { first in interval(high).map { (first.lowerBound, $0.upperBound) } }
      bounds[id.index] = Bound(
        interval: ends.map { min($0.0, $0.1)...max($0.0, $0.1) }, isMember: false)
    }
  }
}
