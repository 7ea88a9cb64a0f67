import TransitionIR

/// An atom over the values of a `TermProgram`.
struct Predicate: Sendable {
  private enum Operation: Sendable {
    case at, isNull, isStale, isLive, holdsStale, equals, atMost, hasBit, same, noMoreThan
  }

  private let operation: Operation
  /// Position of the first term; for `at`: the subject.
  private let first: Int
  private let second: Int
  private let constant: Int
  /// For `isLive` the first `live` slot of the pool, or -1; for `at` the first control slot of the kind.
  private let slot: Int
  /// For `isLive`, `isStale` and `holdsStale` the capacity of the pool; for `at` the first process of the kind, as a pointer.
  private let bound: Int
  /// `at` only.
  private let members: [Bool]

  /// Adds the terms of the atom to `program`, of which values are then expected.
  init(_ atom: Atom, _ program: inout TermProgram, _ catalog: TypeTable, _ system: TransitionSystem) {
    var second = 0
    var constant = 0
    var (slot, bound) = (-1, 0)
    var members: [Bool] = []
    switch atom {
    case .at(let subject, let set):
      let kind = system.kinds[set.kind.index]
      operation = .at
      first = subject
      slot = system.variables[kind.control.index].slot
      bound = kind.firstProcess + 1
      members = (0...kind.locationCount).map { set.contains($0) }
    case .isNull(let term):
      operation = .isNull
      first = program.add(term)
    case .isStale(let term), .isLive(let term):
      if case .isStale = atom { operation = .isStale } else { operation = .isLive }
      first = program.add(term)
      guard case .pointer(let id) = catalog.type(of: term) else { preconditionFailure("not a pointer") }
      let pool = system.pools[id.index]
      bound = pool.capacity
      if let live = pool.live { slot = system.variables[live.index].slot }
    case .holdsStale(let term):
      operation = .holdsStale
      first = program.add(term)
      guard case .set(let id) = catalog.type(of: term),
        case .set(.pointer(_, let capacity)) = system.variables[id.index].domain
      else { preconditionFailure("no set of pointers") }
      bound = capacity
    case .equals(let term, let value):
      operation = .equals
      (first, constant) = (program.add(term), value)
    case .atMost(let term, let value):
      operation = .atMost
      (first, constant) = (program.add(term), value)
    case .hasBit(let term, let bit):
      operation = .hasBit
      (first, constant) = (program.add(term), bit)
    case .same(let a, let b):
      operation = .same
      first = program.add(a)
      second = program.add(b)
    case .noMoreThan(let a, let b):
      operation = .noMoreThan
      first = program.add(a)
      second = program.add(b)
    }
    (self.second, self.constant, self.slot, self.bound, self.members) = (
      second, constant, slot, bound, members
    )
  }

  @inline(__always)
  func isTrue<S: StateSource>(_ values: [Int], _ state: S, _ tuple: Tuple) -> Bool {
    if operation == .at { return members[state.value(slot + tuple[first] - bound)] }
    let value = values[first]
    if value == TermProgram.undefined { return false }
    switch operation {
    case .at: return false
    case .isNull: return value == 0
    case .isStale: return value == bound + 1
    case .isLive: return value > 0 && value <= bound && (slot < 0 || state.value(slot + value - 1) != 0)
    case .holdsStale: return (value >> bound) & 1 == 1
    case .equals: return value == constant
    case .atMost: return value <= constant
    case .hasBit: return (value >> constant) & 1 == 1
    case .same: return value == values[second]
    case .noMoreThan: return values[second] != TermProgram.undefined && value <= values[second]
    }
  }
}
