import TransitionIR

/// How to find the representative of a packed state: what compiled code and the Swift form both work from.
///
/// Groups whose members are related to no other member (processes with plain locals that hold locks and are in sets) are
/// *sorted*: one key of at most 64 bits says all there is about a member, so that equal keys mean equal members. All other groups
/// are refined together.
public struct SymmetryTables: Sendable {
  /// A bit field of the packed state.
  public struct Bits: Hashable, Sendable {
    public let word: Int
    public let shift: Int
    /// Shifted down.
    public let mask: UInt64
  }

  /// Members that are told apart by a key alone.
  public struct SortedGroup: Sendable {
    /// One part of the keys.
    public struct Column: Sendable {
      public enum Content: Sendable {
        /// The bits of each member.
        case rows([Bits])
        /// Whether a pointer is to the member.
        case pointer(Bits)
        /// Whether the member is in a set.
        case set(Bits)
      }
      public let content: Content
      /// Where the part lies in the key.
      public let shift: Int
    }
    public let group: Symmetry.Group
    public let columns: [Column]
  }

  /// A slot that says something about refined members.
  public struct Field: Sendable {
    public enum Content: Int, Sendable { case plain, pointer, set }
    public let bits: Bits
    public let slot: Int
    /// Equal for slots that permutations exchange, and only for these.
    public let family: Int
    /// The members that it belongs to, and how far apart the slots of neighbours lie.
    public let coordinates: [(element: Int, stride: Int)]
    public let content: Content
    /// Index into `targets`, for pointers and sets of them.
    public let pool: Int
    /// Times a value that points to no element, the hash of what the field says about its own.
    public var factor: UInt64 { SymmetryTables.scramble(UInt64(2 * family + 1)) | 1 }
    /// The hash of pointing to an element.
    public var targetTag: UInt64 { SymmetryTables.scramble(UInt64(2 * family + 2)) }
  }

  public let wordCount: Int
  public let sorted: [SortedGroup]
  /// Refined groups; their members are numbered in this order and called elements.
  public let refined: [Symmetry.Group]
  public let elementCount: Int
  public let fields: [Field]
  /// For each pool and pointer value, the element it names; -1 if none.
  public let targets: [[Int]]
  /// Where the slots of `fields` lie, by slot.
  let bitsOfSlot: [Bits?]
  private let packing: StatePacking
  private let slotCount: Int

  init(_ system: TransitionSystem, _ layout: SymmetryLayout) {
    packing = StatePacking(system)
    slotCount = system.slotCount
    wordCount = packing.wordCount
    var bits = [Bits?](repeating: nil, count: system.slotCount)
    for field in packing.fields {
      bits[field.slot] = Bits(word: field.word, shift: Int(field.shift), mask: field.mask)
    }
    bitsOfSlot = bits
    var sorted: [SortedGroup] = []
    var isSorted = [Bool](repeating: false, count: layout.groups.count)
    for index in layout.groups.indices {
      guard let group = Self.sortedGroup(index, layout, bits) else { continue }
      sorted.append(group)
      isSorted[index] = true
    }
    self.sorted = sorted
    refined = layout.groups.indices.filter { !isSorted[$0] }.map { layout.groups[$0] }
    elementCount = refined.reduce(0) { $0 + $1.count }

    var firstElement: [Int: Int] = [:]
    var next = 0
    for index in layout.groups.indices where !isSorted[index] {
      firstElement[index] = next
      next += layout.groups[index].count
    }
    var targets = system.pools.map { [Int](repeating: -1, count: $0.capacity + 2) }
    for (index, first) in firstElement {
      let group = layout.groups[index]
      for member in 0..<group.count {
        targets[group.pool.index][group.firstPointer + member] = first + member
      }
    }
    self.targets = targets
    let pools = Set(refined.map(\.pool))
    fields = layout.slots.enumerated().compactMap { slot, description in
      guard let place = bits[slot] else { return nil }
      let coordinates = description.coordinates.compactMap { coordinate in
        firstElement[coordinate.group].map { (element: $0 + coordinate.member, stride: coordinate.stride) }
      }
      var content = Field.Content.plain
      var target = 0
      switch description.content {
      case .pointer(let pool) where pools.contains(pool): (content, target) = (.pointer, pool.index)
      case .set(let pool) where pools.contains(pool): (content, target) = (.set, pool.index)
      case .plain, .pointer, .set: break
      }
      if coordinates.isEmpty, content == .plain { return nil }
      return Field(
        bits: place, slot: slot, family: description.family, coordinates: coordinates, content: content,
        pool: target)
    }
  }

  /// Nil if the members are related to others, or have too much to say for a key.
  private static func sortedGroup(_ index: Int, _ layout: SymmetryLayout, _ bits: [Bits?]) -> SortedGroup? {
    let group = layout.groups[index]
    let pools = Set(layout.groups.map(\.pool))
    var parts: [(content: SortedGroup.Column.Content, width: Int)] = []
    for (slot, description) in layout.slots.enumerated() {
      guard let place = bits[slot] else { continue }
      if description.coordinates.contains(where: { $0.group == index }) {
        switch description.content {
        case .pointer(let pool), .set(let pool): if pools.contains(pool) { return nil }
        case .plain: break
        }
        guard description.coordinates.count == 1 else { return nil }
        guard description.coordinates[0].member == 0 else { continue }
        let stride = description.coordinates[0].stride
        let rows = (0..<group.count).compactMap { bits[slot + $0 * stride] }
        guard rows.count == group.count, rows.allSatisfy({ $0.mask == place.mask }) else { return nil }
        parts.append((.rows(rows), 64 - place.mask.leadingZeroBitCount))
        continue
      }
      switch description.content {
      case .pointer(group.pool), .set(group.pool):
        guard description.coordinates.isEmpty else { return nil }
        if case .pointer = description.content {
          parts.append((.pointer(place), 1))
        } else {
          parts.append((.set(place), 1))
        }
      case .plain, .pointer, .set: break
      }
    }
    let width = parts.reduce(0) { $0 + $1.width }
    guard width <= 64 else { return nil }
    // The first part is the most significant.
    var shift = width
    let columns = parts.map { part in
      shift -= part.width
      return SortedGroup.Column(content: part.content, shift: shift)
    }
    return SortedGroup(group: group, columns: columns)
  }

  // MARK: Hashing

  /// What an element of a colour contributes to the signatures of the others in a fact.
  public static func factor(ofColour colour: Int, place: Int, elementCount: Int) -> UInt64 {
    scramble(UInt64(place * elementCount + colour + 1) << 32) | 1
  }

  /// Mixes all bits (the finalizer of SplitMix64).
  static func scramble(_ value: UInt64) -> UInt64 {
    var x = value &* 0x9e37_79b9_7f4a_7c15
    x ^= x >> 32
    x = x &* 0xbf58_476d_1ce4_e5b9
    x ^= x >> 29
    x = x &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 32)
  }

  // MARK: Representatives

  /// Replaces a packed state by its representative.
  public func canonicalize(_ words: inout [UInt64]) {
    for group in sorted { group.sort(&words) }
    if elementCount > 0 {
      var refinement = SymmetryRefinement(self, words)
      words = refinement.representative()
    }
  }

  func canonical(_ state: [Int]) -> [Int] {
    var words = [UInt64](repeating: 0, count: wordCount)
    packing.pack(state, into: &words)
    canonicalize(&words)
    var result = [Int](repeating: 0, count: slotCount)
    packing.unpack(words[...], into: &result)
    return result
  }
}

extension SymmetryTables.Bits {
  func read(_ words: [UInt64]) -> UInt64 { (words[word] >> UInt64(shift)) & mask }

  func write(_ value: UInt64, _ words: inout [UInt64]) {
    words[word] = words[word] & ~(mask << UInt64(shift)) | value << UInt64(shift)
  }
}

extension SymmetryTables.SortedGroup {
  /// Puts the members in the order of their keys.
  func sort(_ words: inout [UInt64]) {
    let first = UInt64(group.firstPointer)
    var keys = [UInt64](repeating: 0, count: group.count)
    for member in 0..<group.count {
      let pointer = first + UInt64(member)
      for column in columns {
        let part: UInt64 =
          switch column.content {
          case .rows(let rows): rows[member].read(words)
          case .pointer(let bits): bits.read(words) == pointer ? 1 : 0
          case .set(let bits): (bits.read(words) >> (pointer - 1)) & 1
          }
        keys[member] |= part << UInt64(column.shift)
      }
    }
    let ordered = keys.sorted()
    if ordered == keys { return }
    for column in columns {
      for (member, key) in ordered.enumerated() {
        let part = key >> UInt64(column.shift)
        let pointer = first + UInt64(member)
        switch column.content {
        case .rows(let rows): rows[member].write(part & rows[member].mask, &words)
        case .pointer(let bits): if part & 1 == 1 { bits.write(pointer, &words) }
        case .set(let bits):
          let others = bits.read(words) & ~(1 << (pointer - 1))
          bits.write(others | (part & 1) << (pointer - 1), &words)
        }
      }
    }
  }
}
