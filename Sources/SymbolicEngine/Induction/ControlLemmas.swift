import TransitionIR

/// What the language itself promises of every state: the first lemmas of every proof.
struct ControlLemmas {
  private let system: TransitionSystem
  private let bound: BoundID

  init(_ system: TransitionSystem) {
    self.system = system
    bound = BoundID(system.boundCount)
  }

  /// For each kind that its processes are at the places that control may reach, if there are others, and that locals out of scope
  /// are zero; and of all pointers that they do not lead to what does not exist.
  ///
  /// `reached`: those places, by kind.
  func lemmas(reached: [KindID: Set<Int>]) -> [CandidateLemma] {
    reached.sorted { $0.key.index < $1.key.index }.flatMap { kind, places in
      [control(kind, places)].compactMap { $0 } + scopes(kind, places)
    } + pointers()
  }

  private func isAt(_ kind: KindID, _ places: [Int]) -> Expression {
    .isAt(.bound(bound), places.map { LocationID($0) })
  }

  private func or(_ a: Expression, _ b: Expression, _ kind: KindID) -> Expression {
    .binary(.or, a, b, .integer, site(kind))
  }

  private func site(_ kind: KindID) -> SiteID {
    system.locations[system.kinds[kind.index].firstLocation].site
  }

  private func control(_ kind: KindID, _ reached: Set<Int>) -> CandidateLemma? {
    let description = system.kinds[kind.index]
    if reached.count == description.locationCount { return nil }
    let isThere = or(isAt(kind, reached.sorted()), .hasEnded(.bound(bound)), kind)
    return CandidateLemma(
      expression: .quantified(.forall, bound, .processes(kind), isThere),
      text:
        "forall x in \(description.name): x at one of \(reached.count) of \(description.locationCount) places, or has ended"
    )
  }

  // MARK: Scopes

  /// One lemma for all slots that are in scope at the same places.
  private func scopes(_ kind: KindID, _ reached: Set<Int>) -> [CandidateLemma] {
    var places: [Int: Set<Int>] = [:]
    var reads: [Int: (read: Expression, name: String)] = [:]
    for (index, variable) in system.variables.enumerated() where Self.kind(of: variable) == kind {
      let inScope = reached.filter { system.locations[$0].locals.contains(VariableID(index)) }
      for (slot, read) in slots(VariableID(index), variable, kind) {
        places[slot, default: []].formUnion(inScope)
        if reads[slot] == nil || !inScope.isEmpty { reads[slot] = (read, variable.name) }
      }
    }
    var groups: [Set<Int>: [Int]] = [:]
    for (slot, inScope) in places where inScope.count < reached.count {
      groups[inScope, default: []].append(slot)
    }
    return groups.map { inScope, slots in (inScope, slots.sorted()) }
      .sorted { $0.1[0] < $1.1[0] }.map { inScope, slots in
        let known = slots.compactMap { reads[$0] }
        let zeros = known.map { Expression.binary(.equal, $0.read, .constant(0), .integer, site(kind)) }
        let all = zeros.dropFirst().reduce(zeros[0]) { .binary(.and, $0, $1, .integer, site(kind)) }
        let body = inScope.isEmpty ? all : or(isAt(kind, inScope.sorted()), all, kind)
        var names: [String] = []
        for one in known where !names.contains(one.name) { names.append(one.name) }
        return CandidateLemma(
          expression: .quantified(.forall, bound, .processes(kind), body),
          text:
            "forall x in \(system.kinds[kind.index].name): \(names.joined(separator: ", ")) zero where out of scope"
        )
      }
  }

  // MARK: Pointers

  /// Nobody fails here; a system without any step has no place at all.
  private var site: SiteID { system.locations.first?.site ?? SiteID(-1) }

  /// One lemma for each variable: `free` makes all pointers to the object stale, so every pointer is null, stale, or leads to one
  /// that exists.
  private func pointers() -> [CandidateLemma] {
    system.variables.enumerated().flatMap { index, variable -> [CandidateLemma] in
      let (pool, isSet): (PoolID, Bool)
      switch variable.domain {
      case .pointer(let target, _): (pool, isSet) = (target, false)
      case .set(.pointer(let target, _)): (pool, isSet) = (target, true)
      default: return []
      }
      guard system.pools[pool.index].live != nil else { return [] }
      return owners(variable).compactMap { owner, paths in
        let all = paths.map { path in
          isSound(.read(Place(VariableID(index), path, site)), pool, isSet)
        }
        guard let first = all.first else { return nil }
        let body = all.dropFirst().reduce(first) { .binary(.and, $0, $1, .integer, site) }
        return CandidateLemma(
          expression: owner.map { .quantified(.forall, bound, $0, body) } ?? body,
          text: "\(ownerText(owner))\(variable.name) leads to what exists")
      }
    }
  }

  private func isSound(_ value: Expression, _ pool: PoolID, _ isSet: Bool) -> Expression {
    let capacity = system.pools[pool.index].capacity
    func either(_ a: Expression, _ b: Expression) -> Expression { .binary(.or, a, b, .integer, site) }
    func equals(_ number: Int) -> Expression { .binary(.equal, value, .constant(number), .integer, site) }
    if !isSet { return either(either(equals(0), equals(capacity + 1)), .live(value, pool)) }
    let each = (1...capacity).map { object in
      Expression.binary(
        .implies, .member(.constant(object), set: value, of: .pointer(pool, capacity: capacity)),
        .live(.constant(object), pool), .integer, site)
    }
    return each.dropFirst().reduce(each[0]) { .binary(.and, $0, $1, .integer, site) }
  }

  /// What the first dimension of a variable ranges over, nil for globals, and the ways to all slots of one owner.
  private func owners(_ variable: Variable) -> [(Iteration?, [[Index]])] {
    var arrays = variable.dimensions[...]
    var owners: [(Iteration?, Index?)] = [(nil, nil)]
    switch arrays.first {
    case .process(let kind, _)?: owners = [(.processes(kind), .process(.bound(bound)))]
    case .pool(let pool, let capacity)?:
      if system.pools[pool.index].isProcessPool {
        owners = system.kinds.indices.map { (.processes(KindID($0)), .object(.bound(bound))) }
      } else {
        owners = [(.values(.pointer(pool, capacity: capacity)), .object(.bound(bound)))]
      }
    default: break
    }
    if owners[0].1 != nil { arrays = arrays.dropFirst() }
    var rests: [[Index]] = [[]]
    for dimension in arrays {
      guard case .array(let count, let lower) = dimension else { return [] }
      rests = rests.flatMap { rest in (lower..<lower + count).map { rest + [.element(.constant($0))] } }
    }
    return owners.map { iteration, index in (iteration, rests.map { (index.map { [$0] } ?? []) + $0 }) }
  }

  private func ownerText(_ owner: Iteration?) -> String {
    switch owner {
    case .processes(let kind)?: "forall x in \(system.kinds[kind.index].name): "
    case .values(.pointer(let pool, _))?: "forall o in \(system.pools[pool.index].name): "
    default: ""
    }
  }

  private static func kind(of variable: Variable) -> KindID? {
    switch variable.role {
    case .local(let kind), .hidden(let kind): kind
    default: nil
    }
  }

  /// The slots of a local of the first process of its kind, each with an expression that reads it of any.
  private func slots(
    _ id: VariableID, _ variable: Variable, _ kind: KindID
  ) -> [(slot: Int, read: Expression)] {
    guard case .process(kind, _)? = variable.dimensions.first else { return [] }
    var paths: [[Index]] = [[.process(.bound(bound))]]
    for dimension in variable.dimensions.dropFirst() {
      guard case .array(let count, let lower) = dimension else { return [] }
      paths = paths.flatMap { path in (lower..<lower + count).map { path + [.element(.constant($0))] } }
    }
    return paths.enumerated().map { (variable.slot + $0, .read(Place(id, $1, site(kind)))) }
  }
}
