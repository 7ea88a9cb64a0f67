import TransitionIR

/// A property and a place: what makes two violations one.
struct FindingKey: Hashable {
  let property: String
  let site: SiteID
}

/// How many steps each violation needs at least, and whether its last step or the state after it violates.
struct Findings {
  private(set) var levels: [FindingKey: Int] = [:]

  var isEmpty: Bool { levels.isEmpty }

  /// `level` is the number of steps to the violation.
  mutating func add(_ key: FindingKey, level: Int) {
    if let known = levels[key], known <= level { return }
    levels[key] = level
  }

  mutating func merge(_ other: Findings) {
    for (key, level) in other.levels { add(key, level: level) }
  }

  /// In an order that depends on nothing but the system: shortest first, then by place.
  var sorted: [(key: FindingKey, level: Int)] {
    levels.map { (key: $0.key, level: $0.value) }.sorted {
      ($0.level, $0.key.site.index, $0.key.property) < ($1.level, $1.key.site.index, $1.key.property)
    }
  }
}

/// One way a process can go on from a state: the process, and the position among its successors.
struct StepName: Hashable, Comparable {
  let process: Int
  let alternative: Int
  static func < (a: StepName, b: StepName) -> Bool { (a.process, a.alternative) < (b.process, b.alternative) }

  init(process: Int, alternative: Int) {
    self.process = process
    self.alternative = alternative
  }

  /// From `mmck_batch.names`.
  init(packed: UInt32) {
    self.init(process: Int(packed >> 16), alternative: Int(packed & 0xffff))
  }
}
