/// What is wrong with a transition system: one sentence for each broken rule, in a fixed order.
///
/// Empty if it is well-formed.
///
/// The rules are those that the interpreter and every engine rely on without checking: identifiers in range,
/// indices that fit the variable, values within domains, slots that overlap only where scopes cannot, bodies in
/// which every path ends exactly once, `old`, `current`, `labelled` and bound variables only where they
/// mean something. Never traps, whatever it is given. It does not check that the system means what the spec says.
///
/// Time: linear in the size of the system, and quadratic in the number of locals of one kind that share slots.
public func validate(_ system: TransitionSystem) -> [String] {
  let validator = Validator(system)
  validator.checkPools()
  validator.checkKinds()
  validator.checkVariables()
  validator.checkLocks()
  validator.checkLocations()
  validator.checkSites()
  // Bodies are judged by the declarations; if those are broken the rest would only repeat it.
  if validator.problems.isEmpty { validator.checkSlots() }
  if validator.problems.isEmpty { validator.checkBodies() }
  return validator.problems
}

/// Collects what is wrong, by topic: declarations, slots, bodies, expressions each have a file.
final class Validator {
  let system: TransitionSystem
  let names: SystemNames
  private(set) var problems: [String] = []

  init(_ system: TransitionSystem) {
    self.system = system
    names = SystemNames(system)
  }

  func report(_ place: String, _ problem: String) { problems.append("\(place): \(problem)") }

  /// Reports `problem` unless `condition` holds; returns the condition.
  @discardableResult
  func require(_ condition: Bool, _ place: String, _ problem: @autoclosure () -> String) -> Bool {
    if !condition { report(place, problem()) }
    return condition
  }

  // MARK: Identifiers

  func pool(_ id: PoolID) -> Pool? { system.pools.indices.contains(id.index) ? system.pools[id.index] : nil }
  func kind(_ id: KindID) -> ProcessKind? {
    system.kinds.indices.contains(id.index) ? system.kinds[id.index] : nil
  }
  func variable(_ id: VariableID) -> Variable? {
    system.variables.indices.contains(id.index) ? system.variables[id.index] : nil
  }
  func location(_ id: LocationID) -> Location? {
    system.locations.indices.contains(id.index) ? system.locations[id.index] : nil
  }
  func lockClass(_ id: LockClassID) -> LockClass? {
    system.lockClasses.indices.contains(id.index) ? system.lockClasses[id.index] : nil
  }

  /// Whether `id` is an identifier of the sort called `what`; reports it if not.
  func check(site id: SiteID, _ place: String) {
    require(system.sites.indices.contains(id.index), place, "there is no site \(id.index)")
  }
}
