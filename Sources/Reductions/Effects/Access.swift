import TransitionIR

/// How a step touches some slots of a variable.
struct Access: Hashable {
  enum Kind: Hashable {
    case read, write
    /// Whether the running process holds the lock of which the slot is part: "is the owner current".
    case ownTest
    /// Whether the lock is free, in a `wait`: the step cannot happen while it is not.
    case freeTest
    /// From free to the running process; for readers, adding its bit.
    case acquire
    /// From the running process, which surely held it, to free; for readers, removing its bit.
    case release

    var isWrite: Bool { self == .write || self == .acquire || self == .release }
    /// What it is for somebody who knows nothing of locks.
    var plain: Kind { isWrite ? .write : .read }
  }

  let variable: VariableID
  let indices: [Footprint.IndexAbstraction]
  let kind: Kind
  /// The locks that the running process surely holds then and that belong to these slots.
  let guards: [Guard]
}

/// A lock that is surely held during an access, named by its relation to the slots of the access.
struct Guard: Hashable {
  enum Relation: Hashable {
    /// The lock's indices are the first so many of the access: same object, same position.
    case prefix(Int)
    /// One lock, whatever the access.
    case fixed([Int])
  }

  let lock: LockClassID
  let relation: Relation
  let isExclusive: Bool

  static func sorted(_ guards: Set<Guard>) -> [Guard] {
    guards.sorted {
      ($0.lock.index, "\($0.relation)", $0.isExclusive ? 1 : 0) < (
        $1.lock.index, "\($1.relation)", $1.isExclusive ? 1 : 0
      )
    }
  }
}

extension Access {
  /// Whether `self`, an access by one process, and a later `other` by another process may give different results in the other order.
  ///
  /// `self` is about to happen; `other` would come before it. `isReaders`: the variable is the set of readers of a lock.
  func conflicts(with other: Access, knowsLocks: Bool, isReaders: Bool) -> Bool {
    guard variable == other.variable, meets(other) else { return false }
    guard knowsLocks else { return kind.isWrite || other.kind.isWrite }
    return !kind.commutes(with: other.kind, isReaders: isReaders) && !isExcluded(from: other)
  }

  /// Whether `self`, an access that one process has made, and an `other` that another process makes before the first one goes
  /// on may give different results in the other order.
  ///
  /// The guards of `self` are those that are still held. `lock` is the class of which the variable is a part.
  func conflicts(withNext other: Access, lock: LockClassID?, isReaders: Bool) -> Bool {
    guard variable == other.variable, meets(other), kind.isWrite || other.kind.isWrite else { return false }
    let relation: Guard.Relation = indices.isEmpty ? .fixed([]) : .prefix(indices.count)
    // To write, or to have seen that there are no readers, is worth nothing once the lock is only held for reading.
    let needsExclusive = (kind == .acquire) != isReaders
    let isKept = guards.contains {
      $0.lock == lock && $0.relation == relation && ($0.isExclusive || !needsExclusive)
    }
    return !kind.commutes(withNext: other.kind, isKept: isKept, isReaders: isReaders)
      && !isExcluded(from: other)
  }

  /// Both may be the same slot, taken by different processes.
  private func meets(_ other: Access) -> Bool {
    zip(indices, other.indices).allSatisfy { a, b in
      switch (a, b) {
      case (.current, .current): false
      case (.constant(let left), .constant(let right)): left == right
      default: true
      }
    }
  }

  /// A lock that both need keeps them apart.
  private func isExcluded(from other: Access) -> Bool {
    guards.contains { mine in
      other.guards.contains {
        $0.lock == mine.lock && $0.relation == mine.relation && ($0.isExclusive || mine.isExclusive)
      }
    }
  }
}

extension Access.Kind {
  /// `self` is about to happen; `other`, on the same slot by another process, would come before it.
  fileprivate func commutes(with other: Access.Kind, isReaders: Bool) -> Bool {
    switch (self, other) {
    case (_, _) where !isWrite && !other.isWrite: true
    // Nobody but the holder himself changes whether he holds it.
    case (.ownTest, .acquire), (.ownTest, .release), (.acquire, .ownTest), (.release, .ownTest): true
    // While it is held, whoever waits for it cannot go on, and no one else can hold it.
    case (.release, .freeTest), (.release, .acquire), (.release, .release): true
    // Bits of different readers.
    case (.acquire, .acquire), (.acquire, .release): isReaders
    default: false
    }
  }

  /// Whether `other`, on the same slot by another process, may as well come before `self`, which was just made.
  ///
  /// `isKept`: the lock of which the slot is part is still held.
  fileprivate func commutes(withNext other: Access.Kind, isKept: Bool, isReaders: Bool) -> Bool {
    switch (self, other) {
    case (.ownTest, .acquire), (.ownTest, .release), (.acquire, .ownTest), (.release, .ownTest): true
    // Others wait for it, or are readers as well; nobody else who is in the way of it holds it.
    case (.acquire, .freeTest), (.acquire, .acquire), (.acquire, .release): isKept
    case (.freeTest, .acquire), (.freeTest, .release): isKept
    case (.release, .acquire), (.release, .release): isReaders
    default: false
    }
  }
}
