import TransitionIR

/// A view whose processes stand at given control points: what rows are collected for.
///
/// Only locals that are in scope there can matter, so there are few terms even if the spec has hundreds of locals.
struct Sighting: Hashable, Sendable {
  let view: View
  /// For each subject its control point, counted from the first of its kind; -1 for what is no process.
  let locations: [Int]
}

/// All terms of a sighting up to a depth, the simplest first.
struct TermCatalog {
  /// Terms and atoms beyond these are left out, the deepest first.
  struct Limits: Sendable {
    /// Pointers that are followed.
    var depth = 1
    var terms = 700
    /// Pairs of terms of one type that are compared.
    var pairs = 400
    /// Constant array indices.
    var constants = 3
  }

  private(set) var terms: [Term] = []
  let types: TypeTable
  private let pair: SystemPair
  private let sighting: Sighting
  private let scopes: ScopeTable
  private let limits: Limits
  /// Numbers and process pointers that may be array indices.
  private var indices: [Term] = []

  init(_ sighting: Sighting, _ pair: SystemPair, _ scopes: ScopeTable, _ limits: Limits) {
    self.sighting = sighting
    self.pair = pair
    self.scopes = scopes
    self.limits = limits
    types = TypeTable(sighting.view, pair.small)
    addSubjects()
    addRoots(arrays: false)
    addRoots(arrays: true)
    var start = 0
    for _ in 0..<limits.depth {
      let end = terms.count
      for term in terms[start..<end] { addFields(of: term) }
      start = end
    }
    addSetTerms()
    terms = Array(terms.prefix(limits.terms))
  }

  private var variables: [Variable] { pair.small.variables }

  private func isArray(_ variable: Variable) -> Bool {
    variable.dimensions.contains { if case .array = $0 { true } else { false } }
  }

  // MARK: Paths that follow no pointer

  private mutating func addSubjects() {
    terms = sighting.view.subjects.indices.map { .subject($0) }
    indices = terms
  }

  private mutating func addRoots(arrays: Bool) {
    for (index, variable) in variables.enumerated() where isArray(variable) == arrays {
      for start in starts(of: index) { add(VariableID(index), start, isIndex: !arrays) }
    }
  }

  /// The first steps by which the view reaches a variable; one empty list for a global.
  private func starts(of id: Int) -> [[Term.Step]] {
    let numbers = sighting.view.subjects.indices
    let variable = variables[id]
    switch variable.role {
    case .global: return [[]]
    case .field(let pool):
      return numbers.filter { types.type(of: .subject($0)) == .pointer(pool) }
        .map { [.object(.subject($0))] }
    case .local, .hidden:
      return numbers.filter { isInScope(id, variable, $0) }.map { [.own($0)] }
    case .control, .live: return []
    }
  }

  private func isInScope(_ id: Int, _ variable: Variable, _ subject: Int) -> Bool {
    guard let kind = variable.localKind, sighting.view.kind(subject) == kind else { return false }
    return scopes.isInScope[id][sighting.locations[subject]]
  }

  // MARK: Arrays and pointers

  /// A variable behind these steps, with every index that the view knows for its further dimensions.
  private mutating func add(_ id: VariableID, _ start: [Term.Step], isIndex: Bool = false) {
    var paths = [start]
    for position in start.count..<variables[id.index].dimensions.count {
      let choices = steps(for: ArrayAxis(variable: id, position: position))
      paths = paths.flatMap { path in choices.map { path + [$0] } }
    }
    let added = paths.map { Term.read(id, $0) }
    terms += added
    if isIndex { indices += added }
  }

  private func steps(for axis: ArrayAxis) -> [Term.Step] {
    let known = indices.filter { isIndex($0, of: axis) }.map { Term.Step.element($0) }
    if pair.isOverProcesses(axis) { return known }
    let (a, b) = (axis.bounds(in: pair.small), axis.bounds(in: pair.large))
    guard a.lowerBound == b.lowerBound else { return known }
    let count = min(a.count, b.count, limits.constants)
    return known + (a.lowerBound..<a.lowerBound + count).map { .constant($0) }
  }

  private func isIndex(_ term: Term, of axis: ArrayAxis) -> Bool {
    switch types.type(of: term) {
    case .pointer(let pool): pool == pair.small.processPool && pair.isOverProcesses(axis)
    case .number(let variable): pair.isIndex(variable, of: axis)
    case .index(let own): pair.isSame(own, axis)
    case .set, .truth, .size: false
    }
  }

  private mutating func addFields(of term: Term) {
    guard case .pointer(let pool) = types.type(of: term), !term.isSubject else { return }
    for field in pair.small.pools[pool.index].fields where pair.small.pools[pool.index].live != field {
      add(field, [.object(term)])
    }
  }

  // MARK: Sets

  private mutating func addSetTerms() {
    let known = terms
    for set in known {
      guard case .set(let id) = types.type(of: set), case .set(let domain) = variables[id.index].domain else {
        continue
      }
      terms.append(.size(set))
      for element in known
      where set.depth + element.depth <= limits.depth && isElement(element, of: domain, id) {
        terms.append(.member(element, of: set))
      }
    }
  }

  private func isElement(_ term: Term, of domain: Domain, _ set: VariableID) -> Bool {
    switch (types.type(of: term), domain) {
    case (.pointer(let pool), .pointer(let other, _)): return pool == other
    case (.number(let variable), _):
      guard case .set(let largeDomain) = pair.large.variables[set.index].domain else { return false }
      return variables[variable.index].domain == domain
        && pair.large.variables[variable.index].domain == largeDomain
    default: return false
    }
  }
}
