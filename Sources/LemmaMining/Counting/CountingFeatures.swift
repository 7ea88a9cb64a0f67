import TransitionIR

/// Everything that may be counted for a view: one column each of the equations that are looked for.
///
/// What is likely to matter comes first; where idle processes are comes late, since all processes of a kind together are a
/// constant in one system and not in another. Truth values of the view itself come last: they are looked for as sums too.
struct CountingFeatures {
  /// Coefficient 1.
  private(set) var features: [CountingLemma.Summand] = []
  private let view: View
  private let observations: Observations
  private var groups: [Group] = []
  private var system: TransitionSystem { observations.pair.small }

  /// Features of one counted subject; of a process only where it stands at one control point.
  private struct Group {
    let counted: View.Subject?
    let location: Int
    let first: Int
    let count: Int
    var probe: Probe
  }

  init(_ view: View, _ observations: Observations) {
    self.view = view
    self.observations = observations
    for pool in system.pools.indices.filter({ system.pools[$0].live != nil }) {
      addGroup(.object(PoolID(pool)), -1)
    }
    for kind in system.kinds.indices where system.kinds[kind].count > 0 {
      let locations = observations.states.locations(of: KindID(kind))
      let end = system.kinds[kind].locationCount
      let isIdle = { (location: Int) in location == 0 || location == end }
      for location in locations.filter({ !isIdle($0) }) + locations.filter(isIdle) {
        addGroup(.process(KindID(kind)), location)
      }
    }
    addGroup(nil, -1)
  }

  private mutating func addGroup(_ counted: View.Subject?, _ location: Int) {
    let whole = View(view.subjects + (counted.map { [$0] } ?? []))
    var locations = whole.subjects.map { _ in -1 }
    if location >= 0 { locations[locations.count - 1] = location }
    var limits = TermCatalog.Limits()
    limits.depth = 0
    let (pair, scopes) = (observations.pair, observations.states.scopes)
    let terms = TermCatalog(Sighting(view: whole, locations: locations), pair, scopes, limits)
    let atoms = conditions(terms, counted)
    if atoms.isEmpty { return }
    let start = features.count
    for atom in atoms {
      var literals = atom.map { [Literal($0, true)] } ?? []
      if case .process(let kind)? = counted {
        literals.insert(Literal(.at(view.subjects.count, LocationSet(kind, [location])), true), at: 0)
      }
      features.append(.init(coefficient: 1, counted: counted, literals: literals))
    }
    // `true`, where there is nothing but the place: a pointer to the subject is never asked about.
    let probed = atoms.map { $0 ?? .at(view.subjects.count, Self.everywhere(counted, system)) }
    groups.append(
      Group(
        counted: counted, location: location, first: start, count: atoms.count,
        probe: Probe(probed, terms.types, system, scopes)))
  }

  private static func everywhere(_ counted: View.Subject?, _ system: TransitionSystem) -> LocationSet {
    guard case .process(let kind)? = counted else { preconditionFailure("only processes stand somewhere") }
    return LocationSet(kind, 0...system.kinds[kind.index].locationCount)
  }

  /// What is asked of a counted subject; nil asks nothing.
  private func conditions(_ terms: TermCatalog, _ counted: View.Subject?) -> [Atom?] {
    let own = counted == nil ? nil : view.subjects.count
    var result: [Atom?] = []
    if view.subjects.isEmpty, case .process? = counted { result.append(nil) }
    for term in terms.terms where !term.isSubject {
      if let own, !term.mentions(own) { continue }
      switch terms.types.type(of: term) {
      case .truth:
        if isOfInterest(term) { result.append(.equals(term, 1)) }
      case .pointer(let pool):
        if view.subjects == [.object(pool)] { result.append(.same(.subject(0), term)) }
        if own == nil { result.append(.isLive(term)) }
      case .number, .index, .set, .size: break
      }
    }
    return result
  }

  /// Of objects only what leads to them; of processes among themselves their truth values.
  private func isOfInterest(_ term: Term) -> Bool {
    if case .member(let element, _) = term { return element == .subject(0) && !view.subjects.isEmpty }
    return view.subjects.isEmpty || !term.mentions(view.subjects.count)
  }

  /// The values of all features in a state, for one instance of the view.
  mutating func look<S: StateSource>(_ state: S, _ tuple: Tuple, into values: inout [Int]) {
    for index in features.indices { values[index] = 0 }
    for group in groups.indices {
      guard let counted = groups[group].counted else {
        add(group, state, tuple, &values)
        continue
      }
      var tuple = tuple
      for value in system.values(of: counted, in: state) {
        if case .process(let kind) = counted,
          system.controlValue(of: value, kind, in: state) != groups[group].location
        {
          continue
        }
        tuple[view.subjects.count] = value
        add(group, state, tuple, &values)
      }
    }
  }

  private mutating func add<S: StateSource>(
    _ group: Int, _ state: S, _ tuple: Tuple, _ values: inout [Int]
  ) {
    groups[group].probe.look(state, tuple)
    for offset in 0..<groups[group].count {
      values[groups[group].first + offset] +=
        Int((groups[group].probe.words[offset / 64] >> UInt64(offset % 64)) & 1)
    }
  }
}
