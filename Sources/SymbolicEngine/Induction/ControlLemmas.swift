import TransitionIR

/// What is so wherever a process stands, by construction: the first lemmas of every proof.
struct ControlLemmas {
  private let system: TransitionSystem
  private let bound: BoundID

  init(_ system: TransitionSystem) {
    self.system = system
    bound = BoundID(system.boundCount)
  }

  /// For each kind that its processes are at the places that control may reach, if there are others, and that locals out of scope
  /// are zero.
  ///
  /// `reached`: those places, by kind.
  func lemmas(reached: [KindID: Set<Int>]) -> [CandidateLemma] {
    reached.sorted { $0.key.index < $1.key.index }.flatMap { kind, places in
      [control(kind, places)].compactMap { $0 } + scopes(kind, places)
    }
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
