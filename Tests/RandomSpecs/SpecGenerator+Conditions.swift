/// Conditions and what ranges over something.
extension SpecGenerator {
  mutating func condition(_ scope: SpecScope, _ depth: Int) -> String {
    if depth <= 0 {
      return random.chance(60) ? read(.bool, scope) ?? comparison(scope) : comparison(scope)
    }
    switch random.below(18) {
    case 0, 1: return "(\(condition(scope, depth - 1)) && \(condition(scope, depth - 1)))"
    case 2: return "(\(condition(scope, depth - 1)) || \(condition(scope, depth - 1)))"
    case 3: return "!\(condition(scope, depth - 1))"
    case 4:
      return scope.isProperty || random.chance(20)
        ? "(\(condition(scope, depth - 1)) ==> \(condition(scope, depth - 1)))" : condition(scope, depth - 1)
    case 5: return quantified(random.pick(["forall", "exists"]), scope, depth)
    case 6:
      return
        "(\(number(scope, depth - 1)) \(random.pick(["<", "<=", ">", ">=", "==", "!="])) \(number(scope, depth - 1)))"
    case 7: return scope.allowsEffects ? "maybe" : comparison(scope)
    case 8: return call(scope, depth) { $0 == .bool } ?? comparison(scope)
    case 9, 10: return lockCondition(scope) ?? comparison(scope)
    case 11: return processCondition(scope)
    case 12:
      return
        "(\(condition(scope, depth - 1)) ? \(condition(scope, depth - 1)) : \(condition(scope, depth - 1)))"
    case 13: return membership(scope) ?? comparison(scope)
    case 14, 15: return objectCondition(scope, depth) ?? comparison(scope)
    case 16: return hasOption ? "EXTRA" : comparison(scope)
    default: return read(.bool, scope) ?? comparison(scope)
    }
  }

  /// Two values of one type, one of them a variable.
  func comparableTypes(_ scope: SpecScope) -> [SpecType] {
    (globals + scope.locals + processFields + pools.flatMap(\.fields)).map(\.type)
  }

  mutating func comparison(_ scope: SpecScope) -> String {
    for _ in 0..<3 {
      guard let type = random.pickIfAny(comparableTypes(scope)), let place = read(type, scope) else {
        continue
      }
      switch type {
      case .bool: return place
      case .range: return "(\(place) \(random.pick(["<", "<=", ">", "==", "!="])) \(constant(type)))"
      case .word: return "(\(place) \(random.pick(["<", ">=", "==", "!="])) \(constant(type)))"
      case .flags: return "((\(place) & \(random.pick(["READ", "WRITE"]))) \(random.pick(["==", "!="])) 0)"
      case .pointer:
        // Comparing a stale pointer with another is an error; with null it is none.
        let other = dares() ? read(type, scope) ?? "null" : "null"
        return "(\(place) \(random.pick(["==", "!="])) \(other))"
      case .enumeration, .task, .set:
        return "(\(place) \(random.pick(["==", "!="])) \(value(type, scope.pure, 0)))"
      }
    }
    return random.chance(50) ? ticker : "!\(ticker)"
  }

  // MARK: Quantifiers

  /// `forall x in D: e` in parentheses.
  mutating func quantified(_ word: String, _ scope: SpecScope, _ depth: Int) -> String {
    let scope = scope.pure
    let (name, type, domain) = binder(scope)
    var inner = scope.with(SpecVariable(name: name, type: type, isAssignable: false))
    var binders = "\(name) in \(domain)"
    if word != "count", random.chance(20) {
      let (second, secondType, secondDomain) = binder(inner)
      inner = inner.with(SpecVariable(name: second, type: secondType, isAssignable: false))
      binders += ", \(second) in \(secondDomain)"
    }
    if random.chance(20) { binders += " where \(condition(inner, 0))" }
    return "(\(word) \(binders): \(bodyAbout(name, type, inner, depth - 1)))"
  }

  /// A condition that looks at the bound variable, mostly.
  private mutating func bodyAbout(_ name: String, _ type: SpecType, _ scope: SpecScope, _ depth: Int)
    -> String
  {
    var about: String?
    switch type {
    case .pointer(let pool):
      if let field = random.pickIfAny(pools[pool].fields) {
        about = compared("\(name)->\(field.name)", field.type, scope)
      }
    case .task:
      if let field = random.pickIfAny(processFields), random.chance(50) {
        about = compared("\(name)->\(field.name)", field.type, scope)
      } else {
        about = random.pick(["ended(\(name))", "!ended(\(name))"])
        if let lock = random.pickIfAny(locks), random.chance(50) { about = "held_by(\(lock.name), \(name))" }
      }
    default: about = compared(name, type, scope)
    }
    guard let about, random.chance(80) else { return condition(scope, depth) }
    switch random.below(4) {
    case 0: return "(\(about) && \(condition(scope, depth)))"
    case 1: return "(\(about) || \(condition(scope, depth)))"
    case 2 where scope.isProperty: return "(\(about) ==> \(condition(scope, depth)))"
    default: return about
    }
  }

  private mutating func compared(_ place: String, _ type: SpecType, _ scope: SpecScope) -> String {
    switch type {
    case .bool: place
    case .flags: "((\(place) & READ) == 0)"
    case .pointer: "(\(place) != null)"
    default: "(\(place) \(random.pick(["==", "!="])) \(value(type, scope, 0)))"
    }
  }

  /// A name for a bound variable, its type, and what it ranges over.
  mutating func binder(_ scope: SpecScope) -> (name: String, type: SpecType, domain: String) {
    var types: [SpecType] = [.task, .task, ranges[0]]
    if hasEnums { types.append(.enumeration) }
    for pool in pools.indices { types += [.pointer(pool), .pointer(pool)] }
    let sets = (globals + scope.locals).filter { if case .set = $0.type { true } else { false } }
    if !sets.isEmpty, random.chance(25), case .set(let element) = random.pick(sets).type,
      let set = read(.set(element), scope)
    {
      return (freshName("e"), element, set)
    }
    let type = random.pick(types)
    if type == .task {
      let kind = random.pick(kinds)
      return random.chance(20)
        ? (freshName("e"), type, "task") : (freshName("\(kind.name)_"), type, kind.name)
    }
    return (freshName("e"), type, domainText(type) ?? "bool")
  }

  // MARK: Built-ins

  private mutating func lockCondition(_ scope: SpecScope) -> String? {
    guard let lock = lock(scope) else { return nil }
    switch random.below(4) {
    case 0: return "is_locked(\(lock.text))"
    case 1: return "held_by(\(lock.text), \(simpleTask(scope)))"
    case 2 where scope.hasCurrent: return "held(\(lock.text))"
    case 3 where scope.hasCurrent: return "held_for_write(\(lock.text))"
    default: return "is_locked(\(lock.text))"
    }
  }

  private mutating func simpleTask(_ scope: SpecScope) -> String {
    if let task = scope.locals.last(where: { $0.type == .task && !$0.isAssignable }) { return task.name }
    let single = kinds.filter { !$0.isSymmetric }
    if let kind = random.pickIfAny(single), random.chance(50) || !scope.hasCurrent {
      return kind.count == 1 ? kind.name : "\(kind.name)[0]"
    }
    return scope.hasCurrent ? "current" : "null"
  }

  private mutating func processCondition(_ scope: SpecScope) -> String {
    let kind = random.pick(kinds)
    if kind.count == 1, scope.kind != kind.number { return "ended(\(kind.name))" }
    let name = freshName("\(kind.name)_")
    let word = random.pick(["exists", "forall"])
    if scope.isProperty, let label = random.pickIfAny(kind.labels) {
      return "(\(word) \(name) in \(kind.name): at(\(name), \(label)))"
    }
    return "(\(word) \(name) in \(kind.name): ended(\(name)))"
  }

  private mutating func membership(_ scope: SpecScope) -> String? {
    let scope = scope.pure
    switch random.below(3) {
    case 0:
      // What is read twice may not be a call.
      guard let place = read(ranges[0], scope), !place.contains("live(") else {
        return nil
      }
      return "(\(place) in \(random.between(-1, 1))..\(random.between(1, 2)))"
    case 1 where hasEnums:
      return read(.enumeration, scope).map { "(\($0) in {RED, GREEN})" }
    default:
      let sets = (globals + scope.locals).compactMap { variable -> SpecType? in
        if case .set(let element) = variable.type { element } else { nil }
      }
      guard let element = random.pickIfAny(sets), let set = read(.set(element), scope) else { return nil }
      return "(\(element.isRange ? constant(element) : value(element, scope, 0)) in \(set))"
    }
  }

  private mutating func objectCondition(_ scope: SpecScope, _ depth: Int) -> String? {
    guard let pool = random.pickIfAny(pools), let pointer = pointer(pool.number, scope) else { return nil }
    switch random.below(4) {
    case 0: return "live(\(pointer))"
    case 1: return "(\(pointer) != null)"
    case 2:
      guard pool.hasCount else { return "(\(pointer) == null)" }
      return
        "(live(\(pointer)) && refcount_read(&\(pointer)->count) \(random.pick(["==", ">"])) \(random.below(2)))"
    default:
      guard let field = random.pickIfAny(pool.fields) else { return nil }
      return "(live(\(pointer)) && \(compared("\(pointer)->\(field.name)", field.type, scope.pure)))"
    }
  }
}
