import TransitionIR

/// For each slot of a state: which members of symmetric groups it belongs to, and which it can point to.
struct SymmetryLayout {
  /// A member of a group that a slot belongs to, and how far apart the slots of neighbouring members lie.
  struct Coordinate: Hashable {
    let group: Int
    let member: Int
    let stride: Int
  }

  /// What the value of a slot says about members.
  enum Content: Hashable {
    case plain
    case pointer(PoolID)
    case set(PoolID)

    init(_ domain: Domain) {
      switch domain {
      case .pointer(let pool, _): self = .pointer(pool)
      case .set(.pointer(let pool, _)): self = .set(pool)
      default: self = .plain
      }
    }
  }

  struct Slot: Hashable {
    var coordinates: [Coordinate] = []
    var content = Content.plain
    /// The slot of the first members of all groups involved: equal for slots that permutations exchange.
    var family = 0
  }

  let groups: [Symmetry.Group]
  private(set) var slots: [Slot]
  /// Two variables that share a slot would move it to different places.
  private(set) var conflict: (group: Int, slot: Int)?

  /// `processDimensions` are the array dimensions that are indexed by processes.
  init(
    _ system: TransitionSystem, _ groups: [Symmetry.Group],
    _ processDimensions: Set<SymmetryCheck.DimensionID>
  ) {
    self.groups = groups
    slots = [Slot](repeating: Slot(), count: system.slotCount)
    var isKnown = [Bool](repeating: false, count: system.slotCount)
    for (index, variable) in system.variables.enumerated() {
      let positions = variable.dimensions.enumerated().map { number, dimension in
        firstPointer(
          of: dimension, system,
          isProcess: processDimensions.contains(.init(variable: VariableID(index), dimension: number)))
      }
      for offset in 0..<variable.slotCount {
        let place = variable.slot + offset
        var slot = self.slot(offset, of: variable, positions)
        slot.family += variable.slot
        if isKnown[place], slots[place] != slot, conflict == nil,
          let involved = (slots[place].coordinates + slot.coordinates).first
        {
          conflict = (involved.group, place)
        }
        slots[place] = slot
        isKnown[place] = true
      }
    }
  }

  /// The pool that positions along a dimension point into, and the pointer value of the first; nil if they are only numbers.
  private func firstPointer(
    of dimension: Dimension, _ system: TransitionSystem, isProcess: Bool
  ) -> (pool: PoolID, pointer: Int)? {
    switch dimension {
    case .array(_, let lower): isProcess ? (system.processPool, lower) : nil
    case .pool(let pool, _): (pool, 1)
    case .process(let kind, _): (system.processPool, system.kinds[kind.index].firstProcess + 1)
    }
  }

  private func slot(
    _ offset: Int, of variable: Variable, _ positions: [(pool: PoolID, pointer: Int)?]
  ) -> Slot {
    var result = Slot(content: Content(variable.domain), family: offset)
    var stride = variable.slotCount
    var rest = offset
    for (dimension, first) in zip(variable.dimensions, positions) {
      stride /= max(1, dimension.count)
      let position = rest / max(1, stride)
      rest %= max(1, stride)
      guard let first else { continue }
      for (index, group) in groups.enumerated() where group.pool == first.pool {
        guard let member = group.member(ofPointer: first.pointer + position) else { continue }
        result.coordinates.append(Coordinate(group: index, member: member, stride: stride))
        result.family -= member * stride
      }
    }
    return result
  }
}
