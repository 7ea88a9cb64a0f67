/// Invariants, step properties and witnesses.
extension SpecGenerator {
  mutating func writeProperties() {
    for _ in 0..<random.between(0, 2) {
      line("invariant \(freshName("inv")) \"\": \(condition(.property(.property), 3));")
    }
    if random.chance(35) { writeStepProperty() }
    for _ in 0..<random.below(3) {
      line("reachable \(freshName("sees")) \"\": \(condition(.property(.property), 2));")
    }
    // What the author of a spec would write, and what therefore holds more often than not.
    if random.chance(40) {
      let kind = random.pick(kinds)
      line(
        "invariant \(freshName("inv")) \"\": (forall p in \(kind.name): ended(p)) ==> \(condition(.property(.property), 1));"
      )
    }
    if let kind = random.pickIfAny(kinds.filter { !$0.labels.isEmpty }),
      let label = random.pickIfAny(kind.labels)
    {
      line("invariant \(freshName("inv")) \"\": (count p in \(kind.name): at(p, \(label))) <= 1;")
    }
  }

  private mutating func writeStepProperty() {
    let scope = SpecScope.property(.stepProperty)
    let text: String
    let types = globals.filter { $0.type != .bool }.map(\.type)
    switch random.below(4) {
    case 0: text = "old(\(condition(scope, 1))) ==> \(condition(scope, 1))"
    case 1: text = condition(scope, 2)
    default:
      guard let type = random.pickIfAny(types), let place = read(type, scope) else {
        line("step \(freshName("stp")) \"\": \(ticker) == old(\(ticker)) || \(condition(scope, 1));")
        return
      }
      if case .pointer = type {
        text = "(\(place) == null) == old(\(place) == null) || \(condition(scope, 1))"
      } else if type.isRange {
        text = "\(place) \(random.pick([">=", "==", "<="])) old(\(place)) || \(condition(scope, 1))"
      } else {
        text = "\(place) == old(\(place)) || \(condition(scope, 1))"
      }
    }
    line("step \(freshName("stp")) \"\": \(text);")
  }
}
