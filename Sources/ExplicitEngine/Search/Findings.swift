import TransitionIR

/// The last step of a violation, or the state in which it is seen.
struct Target: Hashable {
  let state: StateID
  /// A step from `state` that violates a property itself; nil if the state does.
  let step: StepName?
}

/// One way a process can go on from a state: the process, and the position among its successors.
struct StepName: Hashable, Comparable {
  let process: Int
  let alternative: Int
  static func < (a: StepName, b: StepName) -> Bool { (a.process, a.alternative) < (b.process, b.alternative) }
}

/// A property and a place: what makes two violations one.
struct FindingKey: Hashable {
  let property: String
  let site: SiteID
}

/// All shortest ways found to violate a property at a place.
struct Finding {
  let key: FindingKey
  let level: Int
  /// Equally short; the trace takes the one with the fewest context switches.
  var targets: [Target]

  /// More than this many equally short ways are not compared.
  static var targetLimit: Int { 4096 }
}

/// The findings of a search, in the order in which they were first met.
struct Findings {
  private(set) var all: [Finding] = []
  private var index: [FindingKey: Int] = [:]

  /// `level` is the number of steps to the violation.
  mutating func add(_ key: FindingKey, level: Int, _ target: Target) {
    guard let known = index[key] else {
      index[key] = all.count
      all.append(Finding(key: key, level: level, targets: [target]))
      return
    }
    guard all[known].level == level, all[known].targets.count < Finding.targetLimit else { return }
    all[known].targets.append(target)
  }

  func contains(_ key: FindingKey) -> Bool { index[key] != nil }
}
