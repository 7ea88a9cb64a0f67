import TransitionIR

/// Numbers for what a view can see of a state: states that look alike to it need not be looked at twice.
///
/// Most states differ only in where some process stands and in its locals, which views without that process do not see.
struct StateParts: Sendable {
  /// By state: equal numbers for equal values of all globals and fields.
  private let shared: [Int32]
  /// By process (0-based), by state: equal numbers for equal control point and locals.
  private let own: [[Int32]]
  /// The first state of each shared part.
  let firstOfShared: [Int]

  /// What subjects of a view see.
  struct Sight: Hashable {
    let shared: Int32
    var first: Int32 = 0
    var second: Int32 = 0
    let tuple: Tuple
  }

  init(_ system: TransitionSystem, _ source: PackedState, _ count: Int) {
    let common = system.variables.filter { $0.localKind == nil && !$0.isControl }
    let slots = common.flatMap { Array($0.slot..<$0.slot + $0.slotCount) }
    shared = Self.numbers(slots, source, count)
    own = (0..<system.processCount).map { process in
      Self.numbers(Self.slots(of: process, system), source, count)
    }
    var known = -1
    var first: [Int] = []
    for (index, number) in shared.enumerated() where number > known {
      first.append(index)
      known = Int(number)
    }
    firstOfShared = first
  }

  private static func slots(of process: Int, _ system: TransitionSystem) -> [Int] {
    let kind = system.kind(ofProcess: process)
    let number = process - system.kinds[kind.index].firstProcess
    let slots = system.variables.enumerated().flatMap { index, variable -> Range<Int> in
      guard variable.localKind == kind || VariableID(index) == system.kinds[kind.index].control else {
        return 0..<0
      }
      let size = variable.slotCount / max(1, system.kinds[kind.index].count)
      return variable.slot + number * size..<variable.slot + (number + 1) * size
    }
    return Array(Set(slots)).sorted()
  }

  /// Numbers in the order in which values are first met.
  private static func numbers(_ slots: [Int], _ source: PackedState, _ count: Int) -> [Int32] {
    let varying = slots.filter { source.isVarying($0) }
    var known: [[Int]: Int32] = [:]
    var source = source
    return (0..<count).map { index in
      source.move(to: index)
      let values = varying.map { source.value($0) }
      if let number = known[values] { return number }
      let number = Int32(known.count)
      known[values] = number
      return number
    }
  }

  /// What the subjects of a view see in a state; of those that are no process only the value.
  func sight(_ state: Int, _ view: View, _ tuple: Tuple) -> Sight {
    var sight = Sight(shared: shared[state], tuple: tuple)
    if view.kind(0) != nil { sight.first = own[tuple.first - 1][state] }
    if view.kind(1) != nil { sight.second = own[tuple.second - 1][state] }
    return sight
  }
}
