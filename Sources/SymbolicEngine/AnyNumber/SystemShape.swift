import TransitionIR

/// A system as it is whatever the number of processes of some kinds: equal for two systems that differ in these numbers only.
///
/// Everything is compared, down to constants in steps; what must grow with the number, and nothing else, is written as if there
/// were one process of each of these kinds: counts, numbers of processes, slots, and the size of pointers to processes.
public struct SystemShape: Equatable {
  private let text: String

  /// Properties that are not wanted are left out.
  public init(_ system: TransitionSystem, growing kinds: Set<KindID>, properties wanted: (String) -> Bool) {
    let pool = system.processPool
    let resizing = ProcessResizing(pool, capacity: 1)
    var result = system
    result.slotCount = 0
    result.pools = system.pools.map { old in
      var new = Pool(
        name: old.name, capacity: old.isProcessPool ? 1 : old.capacity, isProcessPool: old.isProcessPool)
      new.fields = old.fields
      new.live = old.live
      return new
    }
    result.kinds = system.kinds.enumerated().map { number, kind in
      ProcessKind(
        name: kind.name, count: kinds.contains(KindID(number)) ? 1 : kind.count, firstProcess: 0,
        isSymmetric: kind.isSymmetric, isDaemon: kind.isDaemon, isEnvironment: kind.isEnvironment,
        control: kind.control, firstLocation: kind.firstLocation, locationCount: kind.locationCount)
    }
    result.variables = system.variables.map { variable in
      let dimensions = variable.dimensions.map { dimension -> Dimension in
        switch dimension {
        case .process(let kind, let count): .process(kind, count: kinds.contains(kind) ? 1 : count)
        case .pool(pool, _): .pool(pool, capacity: 1)
        default: dimension
        }
      }
      return Variable(
        name: variable.name, domain: resizing.resized(variable.domain), dimensions: dimensions,
        role: variable.role, initial: variable.initial, lockPart: variable.lockPart, slot: 0)
    }
    result.steps = system.steps.map { Step(location: $0.location, body: resizing.resized($0.body)) }
    result.initialBody = resizing.resized(system.initialBody)
    result.startBodies = system.startBodies.map { resizing.resized($0) }
    result.properties = system.properties.filter { wanted($0.name) }.map { property in
      Property(
        name: property.name, group: property.group, documentation: property.documentation,
        body: resizing.resized(property.body), site: property.site,
        antecedents: property.antecedents.map { ($0.site, resizing.resized($0.expression)) })
    }
    text = renderIR(result)
  }
}
