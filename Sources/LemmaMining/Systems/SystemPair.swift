import TransitionIR

/// Why what was learnt about one system says nothing about another: everything that does not correspond.
public struct Incompatibility: Error, Sendable, CustomStringConvertible {
  /// One sentence each, at most `limit` of them.
  public let differences: [String]
  static let limit = 8

  public var description: String {
    "the two systems do not correspond: " + differences.joined(separator: "; ")
  }
}

/// Two systems compiled from one spec with other parameters: one small enough to be explored, one to be proved.
///
/// Kinds, locations, pools and names correspond index by index, and variables are made to (`Alignment`), so an identifier means
/// the same in both; only counts of processes, capacities, array lengths and bounds of ranges differ, and with them slots,
/// process numbers and the value "stale".
public struct SystemPair: Sendable {
  /// If its variables had to be renumbered, only its declarations: what it does is known by its states.
  public let small: TransitionSystem
  public let large: TransitionSystem

  public init(small: TransitionSystem, large: TransitionSystem) throws(Incompatibility) {
    let alignment = Alignment(small, large)
    self.small = alignment.isIdentity ? small : alignment.aligned
    self.large = large
    var comparison = SystemComparison(self.small, large)
    comparison.compare()
    if !comparison.differences.isEmpty {
      throw Incompatibility(differences: Array(comparison.differences.prefix(Incompatibility.limit)))
    }
  }

  /// The array dimensions of globals and fields, those of equal bounds in both systems counted once.
  ///
  /// Arrays over processes are left out: a process itself is their index.
  var axes: [ArrayAxis] {
    var seen = Set<[Int]>()
    var result: [ArrayAxis] = []
    for (index, variable) in small.variables.enumerated() {
      guard variable.isShared else { continue }
      for (position, dimension) in variable.dimensions.enumerated() {
        guard case .array = dimension else { continue }
        let axis = ArrayAxis(variable: VariableID(index), position: position)
        if isOverProcesses(axis) { continue }
        let (a, b) = (axis.bounds(in: small), axis.bounds(in: large))
        if seen.insert([a.lowerBound, a.count, b.lowerBound, b.count]).inserted { result.append(axis) }
      }
    }
    return result
  }

  /// Whether every pointer to a process is an index of the axis.
  func isOverProcesses(_ axis: ArrayAxis) -> Bool {
    [small, large].allSatisfy { system in
      let capacity = system.pools[system.processPool.index].capacity
      return axis.bounds(in: system) == 1..<capacity + 1
    }
  }

  /// Whether the values of a numeric variable are just the indices of the axis.
  func isIndex(_ variable: VariableID, of axis: ArrayAxis) -> Bool {
    [small, large].allSatisfy { system in
      guard case .range(let low, let high) = system.variables[variable.index].domain else { return false }
      return low..<high + 1 == axis.bounds(in: system)
    }
  }

  /// Whether two axes have the same indices.
  func isSame(_ a: ArrayAxis, _ b: ArrayAxis) -> Bool {
    a.bounds(in: small) == b.bounds(in: small) && a.bounds(in: large) == b.bounds(in: large)
  }
}

/// One dimension of an array, by the variable that has it: what an index is an index of, whatever its length.
public struct ArrayAxis: Hashable, Sendable {
  public let variable: VariableID
  /// Among the dimensions of the variable.
  public let position: Int

  /// The indices; empty if the dimension is none of an array.
  public func bounds(in system: TransitionSystem) -> Range<Int> {
    guard case .array(let count, let lower) = system.variables[variable.index].dimensions[position] else {
      return 0..<0
    }
    return lower..<lower + count
  }
}

extension Variable {
  /// Not a local of anybody.
  var isShared: Bool {
    switch role {
    case .global, .field: true
    case .local, .hidden, .control, .live: false
    }
  }

  var isControl: Bool { if case .control = role { true } else { false } }

  /// The kind whose processes each have their own, with what it is worth while out of scope undefined.
  var localKind: KindID? {
    guard case .process(let kind, _)? = dimensions.first else { return nil }
    switch role {
    case .local, .hidden: return kind
    case .global, .field, .control, .live: return nil
    }
  }
}
