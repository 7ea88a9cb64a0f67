import TransitionIR

/// Gives the variables of a small system the numbers that they have in a large one.
///
/// Where a loop over objects is unrolled inside of one step, a larger system has more variables that live only within that
/// step. No state is ever seen in which they mean something, so they need no counterpart; but they shift the numbers of others.
struct Alignment {
  /// By number in the small system: the number in the large one; nil where there is no counterpart.
  private let numbers: [Int?]
  private let small: TransitionSystem
  private let large: TransitionSystem

  init(_ small: TransitionSystem, _ large: TransitionSystem) {
    self.small = small
    self.large = large
    var numbers = [Int?](repeating: nil, count: small.variables.count)
    // What is in scope at a control point corresponds by its position there.
    for (a, b) in zip(small.locations, large.locations) where a.locals.count == b.locals.count {
      for (x, y) in zip(a.locals, b.locals) where numbers[x.index] == nil { numbers[x.index] = y.index }
    }
    let taken = Set(numbers.compactMap { $0 })
    let ours = Self.byName(small) { numbers[$0] == nil }
    let theirs = Self.byName(large) { !taken.contains($0) }
    for (key, list) in ours {
      guard let others = theirs[key], others.count == list.count else { continue }
      for (x, y) in zip(list, others) { numbers[x] = y }
    }
    self.numbers = numbers
  }

  /// All variables have the same numbers in both.
  var isIdentity: Bool {
    small.variables.count == large.variables.count && numbers.enumerated().allSatisfy { $1 == $0 }
  }

  private struct Key: Hashable {
    let name: String
    let role: Variable.Role
  }

  private static func byName(_ system: TransitionSystem, _ isFree: (Int) -> Bool) -> [Key: [Int]] {
    var result: [Key: [Int]] = [:]
    for (index, variable) in system.variables.enumerated() where isFree(index) {
      result[Key(name: variable.name, role: variable.role), default: []].append(index)
    }
    return result
  }

  /// The small system's declarations with the numbers of the large one.
  ///
  /// Its steps and properties are left out: they would still have the old numbers. Slots, and so states, stay as they are.
  var aligned: TransitionSystem {
    var result = small
    result.variables = large.variables.map { variable in
      // Nothing is known of it in the small system.
      Variable(
        name: variable.name, domain: variable.domain, dimensions: [.array(count: 0, lower: 0)],
        role: variable.role, initial: variable.initial, lockPart: nil, slot: 0)
    }
    for (index, variable) in small.variables.enumerated() {
      if let number = numbers[index] { result.variables[number] = variable }
    }
    for index in result.pools.indices {
      result.pools[index].fields = small.pools[index].fields.compactMap(renumbered)
      result.pools[index].live = small.pools[index].live.flatMap(renumbered)
    }
    for index in result.kinds.indices {
      if let control = renumbered(small.kinds[index].control) { result.kinds[index].control = control }
    }
    result.lockClasses = small.lockClasses.map { lock in
      LockClass(
        name: lock.name, kind: lock.kind, owner: renumbered(lock.owner) ?? lock.owner,
        readers: lock.readers.flatMap(renumbered))
    }
    result.locations = small.locations.map { location in
      Location(
        kind: location.kind, site: location.site, locals: location.locals.compactMap(renumbered),
        labels: location.labels)
    }
    result.steps = []
    result.initialBody = []
    result.startBodies = []
    result.properties = []
    return result
  }

  private func renumbered(_ variable: VariableID) -> VariableID? {
    numbers[variable.index].map { VariableID($0) }
  }
}
