import TransitionIR

/// Gives slots of the state to variables.
///
/// Locals of one process kind whose scopes do not overlap share slots if their domains are equal, which keeps states narrow
/// without ever making the meaning of a slot depend on the control point.
struct SlotAllocator {
  private(set) var count = 0
  private var free: [Key: [Int]] = [:]

  private struct Key: Hashable {
    let kind: KindID
    let domain: Domain
  }

  /// Slots for a variable that lives for ever.
  mutating func take(_ size: Int) -> Int {
    defer { count += size }
    return count
  }

  /// Slots for a local of `kind`, one for each of its processes.
  mutating func takeLocal(_ kind: KindID, _ domain: Domain, processCount: Int) -> Int {
    free[Key(kind: kind, domain: domain)]?.popLast() ?? take(processCount)
  }

  mutating func release(_ slot: Int, _ kind: KindID, _ domain: Domain) {
    free[Key(kind: kind, domain: domain), default: []].append(slot)
  }
}
