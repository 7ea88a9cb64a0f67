import TransitionIR

/// Looks at every step and property for what can tell processes of a kind, or objects of a pool, apart.
///
/// A permutation of members is an automorphism if steps and properties use pointers only in ways that commute with it: store
/// them, compare them with each other and with null, follow them, put them into sets, and range over *all* members. The initial
/// states need no check: the reduced search finds the orbits that a reachable state is in, and a property has one value on an
/// orbit, so it does not matter whether the initial states are closed under permutation.
///
/// What follows is a type check with pointers into each pool, sets of them, and everything else as types. Constants belong to
/// any type, but as pointers they must not name a member, and as sets they must contain all members of a group or none.
struct SymmetryCheck {
  /// A dimension of a variable.
  struct DimensionID: Hashable {
    let variable: VariableID
    let dimension: Int
  }

  enum Sort: Equatable {
    case plain
    /// One of these.
    case constants(Set<Int>)
    case pointer(PoolID)
    case set(PoolID)
    /// A set of sets of pointers and the like: nothing is known about it.
    case strange
  }

  let system: TransitionSystem
  private(set) var refusals: [Symmetry.Refusal] = []
  private var candidates: [Symmetry.Group] = []
  private var refused: Set<Symmetry.Group.Origin> = []
  var boundSorts: [Int: Sort] = [:]
  /// Array dimensions by how they are indexed.
  var pointerIndexed: [DimensionID: SiteID] = [:]
  var numberIndexed: [DimensionID: SiteID] = [:]
  /// The array dimensions along which processes are lined up.
  private(set) var processDimensions: Set<DimensionID> = []

  init(_ system: TransitionSystem) {
    self.system = system
    for (index, kind) in system.kinds.enumerated() where kind.count > 1 {
      let id = KindID(index)
      if !kind.isSymmetric { refuse(.kind(id), "it is not declared symmetric", nil) }
      candidates.append(
        .init(
          origin: .kind(id), name: kind.name, count: kind.count, pool: system.processPool,
          firstPointer: kind.firstProcess + 1))
    }
    for (index, pool) in system.pools.enumerated() where pool.capacity > 1 && pool.live != nil {
      let id = PoolID(index)
      candidates.append(
        .init(origin: .pool(id), name: pool.name, count: pool.capacity, pool: id, firstPointer: 1))
    }
  }

  /// What may be permuted, after `run`.
  var groups: [Symmetry.Group] { candidates.filter { !refused.contains($0.origin) } }

  mutating func run() {
    checkSizes()
    checkFields()
    for step in system.steps { visit(step.body) }
    for property in system.properties {
      test(property.body)
      for antecedent in property.antecedents { test(antecedent.expression) }
    }
    checkDimensions()
    for failure in FailureOrder(system).findings() {
      for group in candidates where failure.concerns(group) {
        refuse(group.origin, failure.reason, failure.site)
      }
    }
  }

  /// Sets are 64-bit masks, and elements are numbered in a byte.
  private mutating func checkSizes() {
    var total = 0
    for group in candidates {
      total += group.count
      if system.pools[group.pool.index].capacity > Self.memberLimit || total > Self.totalLimit {
        refuse(group.origin, "it has too many members", nil)
      }
    }
  }

  private static let memberLimit = 60
  private static let totalLimit = 250

  // MARK: Refusing

  mutating func refuse(_ origin: Symmetry.Group.Origin, _ reason: String, _ site: SiteID?) {
    refused.insert(origin)
    let name =
      switch origin {
      case .kind(let id): system.kinds[id.index].name
      case .pool(let id): system.pools[id.index].name
      }
    let refusal = Symmetry.Refusal(origin: origin, name: name, reason: reason, site: site)
    if !refusals.contains(where: { $0.origin == origin && $0.reason == reason }) { refusals.append(refusal) }
  }

  /// Refuses all groups whose members are pointers into `pool`.
  mutating func refuse(_ pool: PoolID, _ reason: String, _ site: SiteID?) {
    for group in candidates where group.pool == pool { refuse(group.origin, reason, site) }
  }

  /// A constant as a pointer: null and stale are the same for everybody.
  mutating func requireNeutral(pointer value: Int, _ pool: PoolID, _ site: SiteID?) {
    for group in candidates where group.pool == pool && group.member(ofPointer: value) != nil {
      refuse(group.origin, "one of its members is named by number", site)
    }
  }

  /// A constant as a set of pointers: all members or none.
  mutating func requireNeutral(set value: Int, _ pool: PoolID, _ site: SiteID?) {
    for group in candidates where group.pool == pool && group.count <= Self.memberLimit {
      let members = (1 << group.count - 1) << (group.firstPointer - 1)
      if value & members != 0, value & members != members {
        refuse(group.origin, "a set of some of its members is written as a number", site)
      }
    }
  }

  /// Whether a pointer is at least `threshold`: a question about kinds, not about members.
  mutating func requireNeutral(threshold: Int, _ pool: PoolID, _ site: SiteID?) {
    for group in candidates where group.pool == pool {
      if threshold > group.firstPointer, threshold < group.firstPointer + group.count {
        refuse(group.origin, "its members are compared by number", site)
      }
    }
  }

  // MARK: Variables

  /// Freeing an object sets its fields to their initial values, in which no member may be named.
  private mutating func checkFields() {
    for variable in system.variables {
      switch sort(of: variable.domain) {
      case .pointer(let pool):
        if case .field = variable.role { requireNeutral(pointer: variable.initial, pool, nil) }
      case .set(let pool):
        if case .field = variable.role { requireNeutral(set: variable.initial, pool, nil) }
      case .strange:
        for pool in pools(in: variable.domain) { refuse(pool, "there are sets of sets of its members", nil) }
      case .plain, .constants: break
      }
    }
  }

  /// An array belongs to processes if it is indexed by nothing else.
  private mutating func checkDimensions() {
    for (id, site) in pointerIndexed {
      guard case .array(let count, let lower) = system.variables[id.variable.index].dimensions[id.dimension]
      else { continue }
      processDimensions.insert(id)
      for group in candidates where group.pool == system.processPool {
        let inside = (group.firstPointer..<group.firstPointer + group.count).count {
          $0 >= lower && $0 < lower + count
        }
        if inside > 0, numberIndexed[id] != nil {
          refuse(group.origin, "an array is indexed by its processes and by numbers", site)
        } else if inside > 0, inside < group.count {
          refuse(group.origin, "an array has room for some of its processes only", site)
        }
      }
    }
  }

  func sort(of domain: Domain) -> Sort {
    switch domain {
    case .pointer(let pool, _): .pointer(pool)
    case .set(.pointer(let pool, _)): .set(pool)
    case .set(.set): pools(in: domain).isEmpty ? .plain : .strange
    default: .plain
    }
  }

  func pools(in domain: Domain) -> [PoolID] {
    switch domain {
    case .pointer(let pool, _): [pool]
    case .set(let element): pools(in: element)
    default: []
    }
  }
}
