import TransitionIR

/// What a value is made of.
///
/// The transition system has only integers. Murphi and TLA+ tell truth values and sets from numbers, so exports do, too.
enum ValueKind: Hashable, Sendable {
  case number
  case truth
  /// A set of bit numbers: sets and flags.
  case mask
}

/// One variable of an exported model: a run of slots of the state.
///
/// A variable of the system is a storage of its own, unless it shares slots with others.
final class Storage: Sendable {
  let name: String
  let firstSlot: Int
  let count: Int
  let kind: ValueKind
  /// All values that its slots may hold; zero is always among them, because locals out of scope are zero.
  let lower: Int
  let upper: Int
  /// The names in the spec, for a comment.
  let sources: [String]

  init(
    name: String, firstSlot: Int, count: Int, kind: ValueKind, lower: Int, upper: Int, sources: [String]
  ) {
    self.name = name
    self.firstSlot = firstSlot
    self.count = count
    self.kind = kind
    self.lower = lower
    self.upper = upper
    self.sources = sources
  }

  var isScalar: Bool { count == 1 }
  /// Bits of a mask.
  var width: Int { Int.bitWidth - upper.leadingZeroBitCount }

  /// A comment with the names in the spec, unless there is only one and it is the same.
  func note(open: String, close: String) -> String {
    sources == [name] ? "" : open + sources.joined(separator: ", ") + close
  }
}

extension Storage: Hashable {
  static func == (a: Storage, b: Storage) -> Bool { a === b }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Domain {
  var kind: ValueKind {
    switch self {
    case .bool: .truth
    case .set, .flags: .mask
    case .range, .wrapping, .enumeration, .pointer, .location: .number
    }
  }
}

/// Which storage holds which slot.
struct StorageLayout: Sendable {
  let storages: [Storage]
  /// By slot; nil for a slot of no variable.
  private let ofSlot: [Storage?]

  /// Groups variables that have slots in common and names the groups.
  init(_ system: TransitionSystem, reserved: Set<String>) throws(ExportRefusal) {
    var names = NameTable(reserved: reserved)
    var storages: [Storage] = []
    var ofSlot = [Storage?](repeating: nil, count: system.slotCount)
    for group in Self.groups(system) {
      let storage = try Self.storage(of: group.map { system.variables[$0] }, system, &names)
      storages.append(storage)
      for slot in storage.firstSlot..<storage.firstSlot + storage.count { ofSlot[slot] = storage }
    }
    self.storages = storages
    self.ofSlot = ofSlot
  }

  func storage(ofSlot slot: Int) -> Storage? { ofSlot[slot] }

  /// Variables whose slots overlap, directly or through others; in the order of their first slots.
  private static func groups(_ system: TransitionSystem) -> [[Int]] {
    let used = system.variables.indices.filter { system.variables[$0].slotCount > 0 }
    let ordered = used.sorted { (system.variables[$0].slot, $0) < (system.variables[$1].slot, $1) }
    var groups: [[Int]] = []
    var end = 0
    for index in ordered {
      let variable = system.variables[index]
      if variable.slot < end, !groups.isEmpty {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
      end = max(end, variable.slot + variable.slotCount)
    }
    return groups
  }

  private static func storage(
    of variables: [Variable], _ system: TransitionSystem, _ names: inout NameTable
  ) throws(ExportRefusal) -> Storage {
    let first = variables.map(\.slot).min() ?? 0
    let end = variables.map { $0.slot + $0.slotCount }.max() ?? 0
    let kinds = Set(variables.map(\.domain.kind))
    guard kinds.count == 1, let kind = kinds.first else {
      throw ExportRefusal("variables of different kinds in one slot (\(variables[0].name))")
    }
    var (lower, upper) = (0, 0)
    for variable in variables {
      let bounds = try bounds(of: variable, system)
      (lower, upper) = (min(lower, bounds.lowerBound), max(upper, bounds.upperBound))
    }
    return Storage(
      name: names.unique(variables[0].name), firstSlot: first, count: end - first, kind: kind, lower: lower,
      upper: upper, sources: variables.map(\.name))
  }

  private static func bounds(
    of variable: Variable, _ system: TransitionSystem
  ) throws(ExportRefusal) -> ClosedRange<Int> {
    // Processes live for ever: no pointer to one is stale.
    if case .pointer(let pool, let capacity) = variable.domain, system.pools[pool.index].isProcessPool {
      return 0...capacity
    }
    let bounds = variable.domain.bounds
    guard Term.portable.contains(bounds.lowerBound), Term.portable.contains(bounds.upperBound) else {
      throw ExportRefusal("values of more than 32 bits (variable \(variable.name))")
    }
    return bounds
  }
}
