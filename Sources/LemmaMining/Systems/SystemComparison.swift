import TransitionIR

/// Finds what does not correspond in two systems.
struct SystemComparison {
  private let small: TransitionSystem
  private let large: TransitionSystem
  private(set) var differences: [String] = []

  init(_ small: TransitionSystem, _ large: TransitionSystem) {
    self.small = small
    self.large = large
  }

  mutating func compare() {
    compareKinds()
    comparePools()
    compareVariables()
    compareLocations()
  }

  /// False, with a sentence, if there are not equally many.
  private mutating func haveEqualCounts(_ what: String, _ a: Int, _ b: Int) -> Bool {
    if a != b { differences.append("\(a) \(what) in the small one, \(b) in the large one") }
    return a == b
  }

  private mutating func comparePools() {
    guard haveEqualCounts("pools", small.pools.count, large.pools.count) else { return }
    for (a, b) in zip(small.pools, large.pools) {
      if a.name != b.name || a.isProcessPool != b.isProcessPool || a.fields != b.fields || a.live != b.live {
        differences.append("pool \(a.name) is \(b.name), or has other fields")
      }
    }
  }

  /// Names, counts of 0, and control points.
  mutating func compareKinds() {
    guard haveEqualCounts("kinds of processes", small.kinds.count, large.kinds.count) else { return }
    for (a, b) in zip(small.kinds, large.kinds) {
      if a.name != b.name || a.control != b.control {
        differences.append("kind \(a.name) is \(b.name)")
      } else if (a.count == 0) != (b.count == 0) {
        let place = a.count == 0 ? "large" : "small"
        differences.append("only the \(place) one has a \(a.name)")
      } else if a.firstLocation != b.firstLocation || a.locationCount != b.locationCount {
        differences.append(
          "\(a.name) has \(a.locationCount) locations from \(a.firstLocation) on in the small one, \(b.locationCount) from \(b.firstLocation) on in the large one"
        )
      }
    }
  }

  private mutating func compareLocations() {
    guard haveEqualCounts("locations", small.locations.count, large.locations.count) else { return }
    for (index, (a, b)) in zip(small.locations, large.locations).enumerated() {
      if a.kind != b.kind || small.sites[a.site.index] != large.sites[b.site.index] {
        differences.append("location \(index) stands elsewhere")
      } else if a.locals != b.locals {
        differences.append("location \(index) has other locals in scope")
      }
    }
  }

  private mutating func compareVariables() {
    guard haveEqualCounts("variables", small.variables.count, large.variables.count) else { return }
    for (a, b) in zip(small.variables, large.variables) where !b.isInitialOnly {
      if a.name != b.name || a.role != b.role || a.lockPart != b.lockPart {
        differences.append("variable \(a.name) is \(b.name), or has another role")
      } else if !Self.haveSameShape(a.domain, b.domain) {
        differences.append("\(a.name) has values of another type")
      } else if !Self.haveSameShape(a.dimensions, b.dimensions) {
        differences.append("\(a.name) has other dimensions")
      }
    }
  }

  /// Equal but for bounds and capacities.
  private static func haveSameShape(_ a: Domain, _ b: Domain) -> Bool {
    switch (a, b) {
    case (.bool, .bool), (.range, .range): true
    case (.wrapping(let a), .wrapping(let b)): a == b
    case (.enumeration, .enumeration), (.flags, .flags), (.location, .location): a == b
    case (.pointer(let a, _), .pointer(let b, _)): a == b
    case (.set(let a), .set(let b)): haveSameShape(a, b)
    default: false
    }
  }

  private static func haveSameShape(_ a: [Dimension], _ b: [Dimension]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { a, b in
        switch (a, b) {
        case (.array, .array): true
        case (.pool(let a, _), .pool(let b, _)): a == b
        case (.process(let a, _), .process(let b, _)): a == b
        default: false
        }
      }
  }
}
