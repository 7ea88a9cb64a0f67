/// Finds places for the slots of a system: groups of slots that belong together first, the largest first.
///
/// What belongs together lies side by side: the slots of one variable, and what the processes of one kind have, process after process.
/// Groups that fit in no word are taken apart.
struct PackingLayout {
  private(set) var fields: [StatePacking.Field?]
  private(set) var globalWords = 0
  private(set) var globalBits = 0
  private let widths: [Width]
  /// Bits used in each word.
  private var used: [Int] = []

  var wordCount: Int { max(1, used.count) }

  private struct Width {
    let bits: Int
    let lower: Int
  }

  /// Slots and how far each is from the beginning of the group.
  private struct Group {
    var slots: [(slot: Int, offset: Int)] = []
    var bits = 0
  }

  init(_ system: TransitionSystem) {
    widths = Self.widths(system)
    fields = [StatePacking.Field?](repeating: nil, count: system.slotCount)
    let shared = system.variables.filter { Self.kind(of: $0) == nil }
    // Who holds a lock follows nearly always from where the processes stand: side by side, they have fewer different values.
    let data = shared.filter { $0.lockPart == nil }
    let locks = shared.filter { $0.lockPart != nil }
    place(data.flatMap { groups(of: $0) }, from: 0)
    // The emptiest word is the one that processes may share.
    if let least = used.indices.min(by: { used[$0] < used[$1] }) { moveToEnd(least) }
    globalWords = max(0, used.count - 1)
    globalBits = used.last ?? 0
    let processes = system.kinds.indices.flatMap { processGroups(KindID($0), system) }
    place(locks.flatMap { groups(of: $0) } + processes, from: globalWords)
    if globalBits == 64 { (globalWords, globalBits) = (globalWords + 1, 0) }
  }

  // MARK: Widths

  private static func widths(_ system: TransitionSystem) -> [Width] {
    let ranges = ValueRanges(system)
    var bounds = [ClosedRange<Int>?](repeating: nil, count: system.slotCount)
    for (index, variable) in system.variables.enumerated() {
      // 0 is what an unused slot of a state holds.
      let own = hull(ranges.range(of: VariableID(index)), 0...0)
      for slot in variable.slot..<variable.slot + variable.slotCount {
        bounds[slot] = bounds[slot].map { hull($0, own) } ?? own
      }
    }
    return bounds.map { range in
      let range = range ?? 0...0
      let span = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
      let bits = 64 - span.leadingZeroBitCount
      return Width(bits: bits, lower: bits == 64 ? 0 : range.lowerBound)
    }
  }

  // MARK: Groups

  /// The kind whose processes have this variable; nil for what all share.
  private static func kind(of variable: Variable) -> KindID? {
    guard case .process? = variable.dimensions.first else { return nil }
    switch variable.role {
    case .local(let kind), .hidden(let kind), .control(let kind): return kind
    case .global, .field, .live: return nil
    }
  }

  private func group(_ slots: some Sequence<Int>) -> Group {
    var group = Group()
    for slot in slots {
      group.slots.append((slot, group.bits))
      group.bits += widths[slot].bits
    }
    return group
  }

  /// A variable in one group, or row by row, or slot by slot.
  private func groups(of variable: Variable) -> [Group] {
    groups(variable.slot..<variable.slot + variable.slotCount, variable.dimensions[...], limit: 64)
  }

  private func groups(_ slots: Range<Int>, _ dimensions: ArraySlice<Dimension>, limit: Int) -> [Group] {
    let whole = group(slots)
    if whole.bits <= limit || slots.count <= 1 { return [whole] }
    let rows = dimensions.first?.count ?? slots.count
    let size = max(1, slots.count / max(1, rows))
    return stride(from: slots.lowerBound, to: slots.upperBound, by: size).flatMap {
      groups($0..<min($0 + size, slots.upperBound), dimensions.dropFirst(), limit: limit)
    }
  }

  /// What the processes of a kind have, in groups that hold equal parts of each of them.
  private func processGroups(_ kind: KindID, _ system: TransitionSystem) -> [Group] {
    let count = system.kinds[kind.index].count
    guard count > 0 else { return [] }
    let variables = system.variables.filter { Self.kind(of: $0) == kind }
    let parts = (0..<count).map { self.parts(of: $0, among: count, variables) }
    // Sharing that differs from process to process has no equal parts.
    guard let first = parts.first, parts.allSatisfy({ $0.map(\.bits) == first.map(\.bits) }) else {
      return parts.flatMap { $0.flatMap { $0.slots.map { group([$0.slot]) } } }
    }
    var bins: [(parts: [Int], bits: Int)] = []
    for part in first.indices.sorted(by: { (first[$1].bits, $0) < (first[$0].bits, $1) }) {
      let bits = first[part].bits
      if let bin = bins.firstIndex(where: { ($0.bits + bits) * count <= 64 }) {
        bins[bin].parts.append(part)
        bins[bin].bits += bits
      } else {
        bins.append(([part], bits))
      }
    }
    return bins.flatMap { bin -> [Group] in
      let pieces = parts.map { process in group(bin.parts.flatMap { process[$0].slots.map(\.slot) }) }
      return bin.bits * count <= 64 ? [group(pieces.flatMap { $0.slots.map(\.slot) })] : pieces
    }
  }

  /// The slots of one process, those of an array together.
  private func parts(of process: Int, among count: Int, _ variables: [Variable]) -> [Group] {
    var seen = Set<Int>()
    return variables.flatMap { variable -> [Group] in
      let size = variable.slotCount / count
      let first = variable.slot + process * size
      let slots = (first..<first + size).filter { seen.insert($0).inserted }
      return slots.count == size
        ? groups(first..<first + size, variable.dimensions.dropFirst(), limit: 64 / count)
        : slots.map { group([$0]) }
    }
  }

  // MARK: Words

  /// First fit, the largest group first.
  private mutating func place(_ groups: [Group], from start: Int) {
    for group in groups.enumerated().sorted(by: {
      ($1.element.bits, $0.offset) < ($0.element.bits, $1.offset)
    })
    .map(\.element) where group.bits > 0 {
      let word = used.indices.first { $0 >= start && used[$0] + group.bits <= 64 } ?? used.count
      if word == used.count { used.append(0) }
      for (slot, offset) in group.slots where widths[slot].bits > 0 {
        let bits = widths[slot].bits
        fields[slot] = StatePacking.Field(
          slot: slot, word: word, shift: UInt64(used[word] + offset),
          mask: bits == 64 ? .max : (1 << UInt64(bits)) - 1, lower: widths[slot].lower)
      }
      used[word] += group.bits
    }
  }

  private mutating func moveToEnd(_ word: Int) {
    let last = used.count - 1
    used.swapAt(word, last)
    for (slot, field) in fields.enumerated() {
      guard let field, field.word == word || field.word == last else { continue }
      fields[slot] = StatePacking.Field(
        slot: slot, word: field.word == word ? last : word, shift: field.shift, mask: field.mask,
        lower: field.lower)
    }
  }
}
