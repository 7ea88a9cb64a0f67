/// How the parts of one system are named in its text form; shared by writer and parser, so that they agree.
struct SystemNames {
  let pools: ReferenceTable
  let kinds: ReferenceTable
  let variables: ReferenceTable
  let classes: ReferenceTable
  let names: ReferenceTable
  /// First control point and number of control points, by kind.
  let locations: [(first: Int, count: Int)]

  init(_ system: TransitionSystem) {
    pools = ReferenceTable(system.pools.map(\.name))
    kinds = ReferenceTable(system.kinds.map(\.name))
    variables = ReferenceTable(system.variables.map(\.name))
    classes = ReferenceTable(system.lockClasses.map(\.name))
    names = ReferenceTable(system.names.map(\.name))
    locations = system.kinds.map { ($0.firstLocation, $0.locationCount) }
  }

  func pool(_ id: PoolID) -> String { pools.reference(to: id.index) }
  func kind(_ id: KindID) -> String { kinds.reference(to: id.index) }
  func variable(_ id: VariableID) -> String { variables.reference(to: id.index) }
  func lockClass(_ id: LockClassID) -> String { classes.reference(to: id.index) }
  func valueNames(_ id: NamesID) -> String { names.reference(to: id.index) }

  /// `user/3`, or `#7` for a control point that belongs to no kind.
  func location(_ id: LocationID) -> String {
    let owner = locations.firstIndex { id.index >= $0.first && id.index - $0.first < $0.count }
    guard let owner, locations[owner].first >= 0 else { return "#\(id.index)" }
    return "\(kinds.reference(to: owner))/\(id.index - locations[owner].first)"
  }
}
