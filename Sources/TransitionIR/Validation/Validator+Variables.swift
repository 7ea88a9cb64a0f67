/// Variables: domains, dimensions, roles, initial values, and where they lie in a state.
extension Validator {
  /// Establishes: domains and dimensions can be computed with and agree with what they refer to.
  func checkVariables() {
    for (index, variable) in system.variables.enumerated() {
      let id = VariableID(index)
      let place = "variable \(names.variable(id))"
      if check(variable.domain, place) {
        let bounds = variable.domain.bounds
        // Locals are zero while they are out of scope, whatever their domain.
        require(
          bounds.contains(variable.initial) || (variable.role.isLocal && variable.initial == 0), place,
          "its initial value \(variable.initial) is outside of \(bounds.lowerBound)..\(bounds.upperBound)")
      }
      for dimension in variable.dimensions { check(dimension, place) }
      checkRole(of: variable, id, place)
      guard let size = Self.slotCount(of: variable) else {
        report(place, "it has too many slots")
        continue
      }
      require(
        variable.slot >= 0 && size <= system.slotCount && variable.slot <= system.slotCount - size, place,
        "slot \(variable.slot) and the \(size) from there on are outside of a state of \(system.slotCount)")
    }
  }

  /// The number of slots, if it can be computed and is not absurd.
  private static func slotCount(of variable: Variable) -> Int? {
    var size = 1
    for dimension in variable.dimensions {
      guard dimension.count >= 0 else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension.count)
      guard !overflow, product <= IRTextLimits.count else { return nil }
      size = product
    }
    return size
  }

  /// True if the bounds of the domain can be computed.
  @discardableResult
  func check(_ domain: Domain, _ place: String) -> Bool {
    if let problem = domain.sizeProblem {
      report(place, problem)
      return false
    }
    switch domain {
    case .bool, .range, .wrapping: break
    case .enumeration(let id, let count), .flags(let id, let count):
      let members = system.names.indices.contains(id.index) ? system.names[id.index].members.count : nil
      require(members == count, place, "a type of \(count) values with \(members ?? 0) names")
    case .pointer(let id, let capacity):
      require(
        pool(id)?.capacity == capacity, place,
        "a pointer into a pool of \(pool(id)?.capacity ?? 0), not \(capacity)")
    case .set(let element): check(element, place)
    case .location(let id, let count):
      require(kind(id)?.locationCount == count, place, "the kind does not have \(count) control points")
    }
    return true
  }

  private func check(_ dimension: Dimension, _ place: String) {
    switch dimension {
    case .array(let count, let lower):
      let isComputable = count >= 0 && !lower.addingReportingOverflow(count).overflow
      require(isComputable, place, "an array of \(count) elements from \(lower) on is out of range")
    case .pool(let id, let capacity):
      require(
        pool(id)?.capacity == capacity, place,
        "a slot for each of \(capacity) objects of another number of objects")
    case .process(let id, let count):
      require(
        kind(id)?.count == count, place,
        "a slot for each of \(count) processes of another number of processes")
    }
  }

  private func checkRole(of variable: Variable, _ id: VariableID, _ place: String) {
    var rest = variable.dimensions[...]
    switch variable.role {
    case .global: break
    case .field(let pool), .live(let pool):
      let owner = self.pool(pool)
      require(owner?.fields.contains(id) == true, place, "the pool does not list it as a field")
      if case .live = variable.role {
        require(owner?.live == id, place, "the pool has another live variable")
      }
      guard case .pool(pool, _)? = rest.popFirst() else {
        return report(place, "the first dimension of a field is its pool")
      }
    case .local(let kind), .hidden(let kind), .control(let kind):
      if case .control = variable.role {
        require(self.kind(kind)?.control == id, place, "the kind has another control variable")
      }
      // A temporary of the initial body: nobody's, and zero when it ends.
      if case .hidden = variable.role, variable.dimensions.isEmpty { return }
      guard case .process(kind, _)? = rest.popFirst() else {
        return report(place, "the first dimension of a local is its kind of process")
      }
    }
    for case .process in rest { report(place, "only the first dimension of a local is a kind of process") }
  }

  // MARK: Slots

  private struct Extent {
    let variable: VariableID
    let kind: KindID?
    let slots: Range<Int>
    let processCount: Int

    /// The slots of one process.
    func slots(ofProcess number: Int) -> Range<Int> {
      let size = slots.count / max(1, processCount)
      return slots.lowerBound + number * size..<slots.lowerBound + (number + 1) * size
    }
  }

  /// Slots are shared only by locals of one process, of equal domain, that are never in scope together.
  ///
  /// Requires: `checkVariables` found nothing.
  func checkSlots() {
    let extents = system.variables.enumerated().map { index, variable in
      var kind: KindID?
      switch variable.role {
      case .local(let owner), .hidden(let owner): kind = owner
      case .global, .field, .control, .live: break
      }
      return Extent(
        variable: VariableID(index), kind: kind, slots: variable.slot..<variable.slot + variable.slotCount,
        processCount: kind.flatMap { self.kind($0)?.count } ?? 1)
    }
    var open: [Extent] = []
    for extent in extents.sorted(by: { $0.slots.lowerBound < $1.slots.lowerBound })
    where !extent.slots.isEmpty {
      open.removeAll { $0.slots.upperBound <= extent.slots.lowerBound }
      for other in open { checkSharing(other, extent) }
      open.append(extent)
    }
    checkScopes(extents)
  }

  private func checkSharing(_ a: Extent, _ b: Extent) {
    let place = "variables \(names.variable(a.variable)) and \(names.variable(b.variable))"
    guard let kind = a.kind, b.kind == kind else {
      return report(place, "they share slots but are not locals of one kind")
    }
    let domains = [a, b].map { system.variables[$0.variable.index].domain }
    require(domains[0] == domains[1], place, "they share slots but have different domains")
    for first in 0..<a.processCount {
      for second in 0..<b.processCount where first != second {
        if a.slots(ofProcess: first).overlaps(b.slots(ofProcess: second)) {
          return report(place, "different processes share a slot")
        }
      }
    }
  }

  private func checkScopes(_ extents: [Extent]) {
    for (index, location) in system.locations.enumerated() {
      let visible = Set(location.locals.map(\.index)).map { extents[$0] }.filter { !$0.slots.isEmpty }
        .sorted { ($0.slots.lowerBound, $0.variable.index) < ($1.slots.lowerBound, $1.variable.index) }
      for (a, b) in zip(visible, visible.dropFirst()) where a.slots.overlaps(b.slots) {
        report(
          "control point \(names.location(LocationID(index)))",
          "\(names.variable(a.variable)) and \(names.variable(b.variable)) share slots and are both in scope")
      }
    }
  }
}
