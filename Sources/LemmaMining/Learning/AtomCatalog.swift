import TransitionIR

/// The few smallest values that a number was seen to have.
struct SeenValues: Sendable {
  private(set) var values: [Int] = []
  private(set) var largest = Int.min
  /// There were more than these.
  private(set) var isCut = false
  static let limit = 4

  mutating func add(_ value: Int) {
    if value == TermProgram.undefined || values.contains(value) { return }
    largest = max(largest, value)
    values.append(value)
    values.sort()
    if values.count > Self.limit {
      values.removeLast()
      isCut = true
    }
  }
}

/// The atoms over the terms of a sighting.
///
/// Numbers are compared with values that they were seen to have, so that nothing is said of values which only a larger system has,
/// unless there is no other way.
struct AtomCatalog {
  private(set) var atoms: [Atom] = []
  private let terms: TermCatalog
  private let pair: SystemPair
  private let limits: TermCatalog.Limits

  init(
    _ terms: TermCatalog, _ pair: SystemPair, _ seen: [Term: SeenValues], _ limits: TermCatalog.Limits
  ) {
    self.terms = terms
    self.pair = pair
    self.limits = limits
    for term in terms.terms where !term.isSubject { add(term, seen[term] ?? SeenValues()) }
    addComparisons()
  }

  /// Whether the atoms of a term depend on what was seen.
  static func needsValues(_ term: Term, _ types: TypeTable) -> Bool {
    if case .number = types.type(of: term) { return true }
    return false
  }

  // MARK: One term

  private mutating func add(_ term: Term, _ seen: SeenValues) {
    switch terms.types.type(of: term) {
    case .pointer(let pool):
      atoms += [.isNull(term), .isLive(term)]
      if !pair.small.pools[pool.index].isProcessPool { atoms.append(.isStale(term)) }
    case .truth:
      atoms.append(.equals(term, 1))
      if !term.isTotal { atoms.append(.equals(term, 0)) }
    case .size: atoms += [.equals(term, 0), .atMost(term, 1)]
    case .number(let variable): addNumber(term, pair.small.variables[variable.index].domain, seen)
    case .set(let variable):
      guard case .set(.pointer(let pool, _)) = pair.small.variables[variable.index].domain else { return }
      if !pair.small.pools[pool.index].isProcessPool { atoms.append(.holdsStale(term)) }
    case .index: break
    }
  }

  private mutating func addNumber(_ term: Term, _ domain: Domain, _ seen: SeenValues) {
    switch domain {
    case .flags(_, let count):
      atoms.append(.equals(term, 0))
      atoms += (0..<min(count, 16)).map { .hasBit(term, $0) }
    case .enumeration(_, let count):
      atoms += (0..<min(count, 8)).map { .equals(term, $0) }
    case .range(let low, let high) where high - low > Self.namedValues:
      // It counts something: only none and one mean the same however many processes there are.
      atoms += seen.values.filter { $0 <= 1 }.map { .equals(term, $0) }
    default:
      atoms += seen.values.map { .equals(term, $0) }
      guard seen.isCut || seen.values.count > 2 else { return }
      // No more than the least possible value is that value.
      let bounds = seen.values.dropLast().filter { $0 != domain.bounds.lowerBound }
      atoms += bounds.map { .atMost(term, $0) }
      if seen.isCut { atoms.append(.atMost(term, seen.largest)) }
    }
  }

  /// Numbers of a wider range are no names of something.
  private static let namedValues = 3

  // MARK: Two terms

  private mutating func addComparisons() {
    var classes: [[Term]] = []
    var types: [TermType] = []
    for term in terms.terms {
      let type = terms.types.type(of: term)
      if let number = types.firstIndex(where: { isComparable($0, type) }) {
        classes[number].append(term)
      } else {
        types.append(type)
        classes.append([term])
      }
    }
    for (type, members) in zip(types, classes) { addComparisons(members, type) }
  }

  private func isComparable(_ a: TermType, _ b: TermType) -> Bool {
    switch (a, b) {
    case (.pointer(let a), .pointer(let b)): return a == b
    case (.index(let axis), .number(let variable)), (.number(let variable), .index(let axis)):
      return pair.isIndex(variable, of: axis)
    case (.number(let a), .number(let b)):
      return [pair.small, pair.large].allSatisfy { system in
        system.variables[a.index].domain == system.variables[b.index].domain
      } && isOrdered(a)
    default: return false
    }
  }

  /// Flags and names are not compared with each other: constants say more.
  private func isOrdered(_ variable: VariableID) -> Bool {
    switch pair.small.variables[variable.index].domain {
    case .range(let low, let high): high - low > 1
    case .wrapping: true
    default: false
    }
  }

  private mutating func addComparisons(_ members: [Term], _ type: TermType) {
    var found: [(depth: Int, atoms: [Atom])] = []
    for (number, a) in members.enumerated() {
      for b in members[(number + 1)...] where !(a.isSubject && b.isSubject) {
        let depth = a.depth + b.depth
        if depth > limits.depth { continue }
        if case .pointer = type {
          found.append((depth, [.same(a, b)]))
        } else {
          found.append((depth, [.same(a, b), .noMoreThan(a, b), .noMoreThan(b, a)]))
        }
      }
    }
    let sorted = found.enumerated().sorted { ($0.1.depth, $0.0) < ($1.1.depth, $1.0) }
    atoms += sorted.prefix(limits.pairs).flatMap(\.1.atoms)
  }
}
