import TransitionIR

/// A transition system in the form that all languages print: typed variables and, for each control point, what a step does.
struct Model: Sendable {
  let system: TransitionSystem
  let layout: StorageLayout
  /// One for each process of a kind; it may be parametrised by its number.
  let steps: [ModelStep]
  let initialStates: [[Int]]
  /// Invariants, as terms.
  let invariants: [(name: String, documentation: String, term: Term)]

  /// A step of any process of a kind at one control point.
  struct ModelStep: Sendable {
    let location: LocationID
    let kind: KindID
    /// `user_3`.
    let name: String
    /// The process by number; nil for a kind of one process.
    let process: Local?
    /// The process is there.
    let atLocation: Term
    let body: [Action]
  }

  init(_ system: TransitionSystem, reserved: Set<String>, _ options: ExportOptions) throws(ExportRefusal) {
    self.system = system
    layout = try StorageLayout(system, reserved: reserved)
    var steps: [ModelStep] = []
    var names = NameTable(reserved: reserved.union(layout.storages.map(\.name)))
    for (index, kind) in system.kinds.enumerated() where kind.count > 0 {
      for number in kind.firstLocation..<kind.firstLocation + kind.locationCount {
        let name = names.unique("\(kind.name)_\(number - kind.firstLocation)")
        steps.append(try Self.step(LocationID(number), KindID(index), name, system, layout))
      }
    }
    self.steps = steps
    initialStates = Self.initialStates(system)
    if initialStates.isEmpty { throw ExportRefusal("a system without a state to begin in") }
    var invariants: [(name: String, documentation: String, term: Term)] = []
    if options.withProperties {
      for property in system.properties where property.group == .invariant {
        var translator = Translator(system, layout, process: nil)
        invariants.append(
          (names.unique(property.name), property.documentation, try translator.property(property.body)))
      }
    }
    self.invariants = invariants
  }

  private static func step(
    _ location: LocationID, _ kind: KindID, _ name: String, _ system: TransitionSystem,
    _ layout: StorageLayout
  ) throws(ExportRefusal) -> ModelStep {
    let description = system.kinds[kind.index]
    let process =
      description.count == 1
      ? nil
      : Local(
        name: "self", kind: .number, lower: description.firstProcess,
        upper: description.firstProcess + description.count - 1)
    let number = process.map(Term.local) ?? .number(description.firstProcess)
    var translator = Translator(system, layout, process: number)
    let control = try translator.controlSlot(of: number, kind)
    return ModelStep(
      location: location, kind: kind, name: name, process: process,
      atLocation: .comparison(.equal, control, .number(location.index - description.firstLocation)),
      body: try translator.actions(system.steps[location.index].body).withoutEarlyEnds())
  }

  /// The states after the start of all processes that no fatal violation ended, each once.
  private static func initialStates(_ system: TransitionSystem) -> [[Int]] {
    var seen = Set<[Int]>()
    return Interpreter(system).initialStates().filter { !$0.isFatal }.map(\.state)
      .filter { seen.insert($0).inserted }
  }

  func site(_ location: LocationID) -> Site? {
    let index = system.locations[location.index].site.index
    return system.sites.indices.contains(index) ? system.sites[index] : nil
  }
}
