import TransitionIR

/// Numbers the variables of one system as another one numbers them.
///
/// What only the `init` block uses is unrolled with the parameters, so there may be more of it in a larger system; nobody sees it
/// afterwards. Everything else must come in the same order.
struct Alignment {
  private let system: TransitionSystem
  private let model: TransitionSystem
  /// By variable of `system`; nil for one that only its `init` block uses.
  private let newIDs: [VariableID?]

  /// Nil if there are not equally many variables that matter.
  init?(_ system: TransitionSystem, to model: TransitionSystem) {
    let own = system.variables.indices.filter { !system.variables[$0].isInitialOnly }
    let others = model.variables.indices.filter { !model.variables[$0].isInitialOnly }
    guard own.count == others.count else { return nil }
    var newIDs = [VariableID?](repeating: nil, count: system.variables.count)
    for (from, to) in zip(own, others) { newIDs[from] = VariableID(to) }
    self.system = system
    self.model = model
    self.newIDs = newIDs
  }

  /// The declarations of the system, renumbered; it has no steps and no properties, but its states are the same.
  ///
  /// The system itself if nothing changes.
  var aligned: TransitionSystem {
    if newIDs == model.variables.indices.map({ model.variables[$0].isInitialOnly ? nil : VariableID($0) }) {
      return system
    }
    var result = system
    result.variables = model.variables.map(Self.placeholder)
    for (index, id) in newIDs.enumerated() {
      if let id { result.variables[id.index] = system.variables[index] }
    }
    for index in result.kinds.indices { result.kinds[index].control = new(system.kinds[index].control) }
    for index in result.pools.indices {
      result.pools[index].fields = system.pools[index].fields.map(new)
      result.pools[index].live = system.pools[index].live.map(new)
    }
    result.locations = system.locations.map { location in
      Location(
        kind: location.kind, site: location.site, locals: location.locals.map(new),
        labels: location.labels)
    }
    result.lockClasses = system.lockClasses.map { lock in
      LockClass(
        name: lock.name, kind: lock.kind, owner: new(lock.owner), readers: lock.readers.map(new))
    }
    (result.steps, result.initialBody, result.startBodies, result.properties) = ([], [], [], [])
    return result
  }

  private func new(_ id: VariableID) -> VariableID {
    guard let new = newIDs[id.index] else { preconditionFailure("only the init block uses this") }
    return new
  }

  /// Stands for a variable that the system does not have: it takes no slots.
  private static func placeholder(_ variable: Variable) -> Variable {
    Variable(
      name: variable.name, domain: variable.domain, dimensions: [.array(count: 0, lower: 0)],
      role: variable.role, initial: variable.initial, slot: 0)
  }
}

extension Variable {
  /// A local of the `init` block.
  var isInitialOnly: Bool {
    if case .hidden = role { return localKind == nil }
    return false
  }
}
