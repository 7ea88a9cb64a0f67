import TransitionIR

/// Follows which locks each process surely holds at each of its control points, and collects what each step touches then.
struct LockFlow {
  private(set) var facts: SystemFacts
  private(set) var effects: [Effects]
  /// Control points that some step or property asks for.
  let observedPlaces: Set<LocationID>

  init(_ system: TransitionSystem) {
    facts = SystemFacts(system)
    effects = []
    // A class that turns out to be wild may have been relied upon: begin again without it.
    while true {
      let (found, wild) = Self.run(facts)
      effects = found
      if wild.isSubset(of: facts.wild) { break }
      facts.wild.formUnion(wild)
    }
    var places: Set<LocationID> = []
    for step in effects { for set in step.observes { places.formUnion(set) } }
    var walker = BodyWalker(facts, kind: nil)
    for property in system.properties {
      walker.visit(property.body, Knowledge())
      for antecedent in property.antecedents { walker.visit(antecedent.expression, Knowledge()) }
    }
    for set in walker.effects.observes { places.formUnion(set) }
    observedPlaces = places
  }

  private static func run(_ facts: SystemFacts) -> (effects: [Effects], wild: Set<LockClassID>) {
    let system = facts.system
    var entries = [Knowledge?](repeating: nil, count: system.locations.count)
    var effects = [Effects](repeating: Effects(), count: system.locations.count)
    var wild: Set<LockClassID> = []
    let fields = facts.cells.filter {
      if case .field = system.variables[$0.index].role { true } else { false }
    }
    let scopes = system.locations.map { location in
      (location.locals.filter(facts.cells.contains) + fields).sorted { $0.index < $1.index }
    }
    var work: [Int] = []
    func arrive(_ exits: [(location: LocationID, knowledge: Knowledge)]) {
      for (location, knowledge) in exits {
        let index = location.index
        var next = knowledge.canonical(inScope: scopes[index])
        if let known = entries[index] {
          var count = 0
          next = Knowledge.join(known, next, freshCount: &count).canonical(inScope: scopes[index])
          if next == known { continue }
        }
        entries[index] = next
        if !work.contains(index) { work.append(index) }
      }
    }
    for (index, body) in system.startBodies.enumerated() where system.kinds[index].count > 0 {
      var walker = BodyWalker(facts, kind: KindID(index))
      _ = walker.walk(body, Knowledge())
      wild.formUnion(walker.wild)
      arrive(walker.exits)
    }
    while let index = work.popLast() {
      guard let entry = entries[index] else { continue }
      var walker = BodyWalker(facts, kind: system.locations[index].kind)
      _ = walker.walk(system.steps[index].body, entry)
      wild.formUnion(walker.wild)
      effects[index] = walker.effects
      effects[index].trailing = walker.trailing()
      arrive(walker.exits)
    }
    return (effects, wild)
  }
}
