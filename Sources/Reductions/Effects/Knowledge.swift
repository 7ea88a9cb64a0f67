import TransitionIR

/// A value that a step can name; equal terms are equal values.
indirect enum Term: Hashable {
  case constant(Int)
  case current
  /// What a cell held when the step began.
  case cell(VariableID)
  /// What a slot holds that others may write, too, between two writes to its variable in one step.
  case load(VariableID, [Term], version: Int)
  case fresh(Int)
}

/// A lock that the running process holds, unless one of its indices is stale by now (then nothing can be touched through it).
struct HeldLock: Hashable {
  enum Mode: Hashable { case exclusive, shared, either }
  var lock: LockClassID
  var indices: [Term]
  var mode: Mode
  /// It was taken while all other certified ones of its class were held, and is therefore none of them.
  var isCertified: Bool
}

/// What is surely true at a place in a step, for the process that runs it.
///
/// A *cell* is a scalar that only its process writes: a local, or a field of the process that everybody reaches as
/// `current->field`. Other processes can do no more to it than turn a pointer stale, and that keeps equal cells equal.
struct Knowledge: Hashable {
  /// A cell that is missing holds what it held when the step began.
  var terms: [VariableID: Term] = [:]
  var held: Set<HeldLock> = []
  /// Owners and readers that are zero now; only within a step, others may change them between.
  var idle: Set<Slots> = []
  /// Locks, by their owner, that the running process does not hold in any mode.
  var notMine: Set<Slots> = []
  /// Changes when the step writes to the variable; see `Term.load`.
  var versions: [VariableID: Int] = [:]

  struct Slots: Hashable {
    var variable: VariableID
    var indices: [Term]
  }

  subscript(cell: VariableID) -> Term {
    get { terms[cell] ?? .cell(cell) }
    set { terms[cell] = newValue }
  }

  func lock(_ lock: LockClassID, _ indices: [Term]) -> HeldLock? {
    held.first { $0.lock == lock && $0.indices == indices }
  }

  // MARK: Locks

  /// `isNew`: it was just taken; otherwise a test has told that it is held.
  ///
  /// `isOther`: it is surely none of those that are held already.
  mutating func hold(
    _ lock: LockClassID, _ indices: [Term], _ mode: HeldLock.Mode, isNew: Bool, isOther: Bool = false
  ) {
    let known = self.lock(lock, indices)
    if let known { held.remove(known) }
    var isCertified = isNew || known?.isCertified == true
    if isNew, !isOther {
      // Nobody who reads a lock keeps a second reader out, not even himself: the two may be the same lock.
      for other in held where other.lock == lock && other.mode != .exclusive && mode != .exclusive {
        held.remove(other)
      }
    } else if known == nil, !held.contains(where: { $0.lock == lock }) {
      isCertified = true
    }
    var kept = mode
    if mode == .either, let known { kept = known.mode }
    held.insert(HeldLock(lock: lock, indices: indices, mode: kept, isCertified: isCertified))
  }

  /// Forgets a lock that was released, and all that might be the same one under another name.
  mutating func release(_ lock: HeldLock) {
    held = held.filter { other in
      guard other.lock == lock.lock, other.indices != lock.indices else { return other.lock != lock.lock }
      return other.isCertified && lock.isCertified || Self.areDistinct(other.indices, lock.indices)
    }
  }

  private static func areDistinct(_ a: [Term], _ b: [Term]) -> Bool {
    zip(a, b).contains { left, right in
      guard case .constant(let x) = left, case .constant(let y) = right else { return false }
      return x != y
    }
  }

  // MARK: Joining

  /// What is true on both ways.
  static func join(_ a: Knowledge, _ b: Knowledge, freshCount: inout Int) -> Knowledge {
    if a == b { return a }
    var result = Knowledge()
    var pairs: [Pair: Term] = [:]
    for cell in Set(a.terms.keys).union(b.terms.keys).sorted(by: { $0.index < $1.index }) {
      result[cell] = term(Pair(a[cell], b[cell]), &pairs, &freshCount)
    }
    for left in a.held {
      for right in b.held where right.lock == left.lock {
        let indices = zip(left.indices, right.indices).compactMap { known(Pair($0, $1), pairs) }
        guard indices.count == left.indices.count else { continue }
        result.held.insert(
          HeldLock(
            lock: left.lock, indices: indices, mode: left.mode == right.mode ? left.mode : .either,
            isCertified: left.isCertified && right.isCertified))
      }
    }
    result.idle = a.idle.intersection(b.idle)
    result.notMine = a.notMine.intersection(b.notMine)
    for variable in Set(a.versions.keys).union(b.versions.keys) {
      freshCount += 1
      let isSame = a.versions[variable] == b.versions[variable]
      result.versions[variable] = isSame ? a.versions[variable] : freshCount
    }
    return result
  }

  private struct Pair: Hashable {
    let left: Term
    let right: Term
    init(_ left: Term, _ right: Term) { (self.left, self.right) = (left, right) }
  }

  private static func known(_ pair: Pair, _ pairs: [Pair: Term]) -> Term? {
    pair.left == pair.right ? pair.left : pairs[pair]
  }

  private static func term(_ pair: Pair, _ pairs: inout [Pair: Term], _ freshCount: inout Int) -> Term {
    if let known = known(pair, pairs) { return known }
    freshCount += 1
    pairs[pair] = .fresh(freshCount)
    return .fresh(freshCount)
  }

  /// As the next step may use it: terms are named by the first of the cells in scope that hold them.
  ///
  /// A lock that no such cell leads to is forgotten.
  func canonical(inScope cells: [VariableID]) -> Knowledge {
    var names: [Term: Term] = [:]
    var result = Knowledge()
    for cell in cells {
      switch self[cell] {
      case .constant(let value): result[cell] = .constant(value)
      case .current: result[cell] = .current
      case let term:
        names[term] = names[term] ?? .cell(cell)
        result[cell] = names[term] ?? .cell(cell)
      }
    }
    for lock in held {
      var renamed = lock
      renamed.indices = lock.indices.compactMap { term in
        switch term {
        case .constant, .current: term
        default: names[term]
        }
      }
      if renamed.indices.count == lock.indices.count { result.held.insert(renamed) }
    }
    return result
  }
}
