/// How a state is packed into 64-bit words: each slot in as many bits as its values need, none across two words.
public struct StatePacking: Sendable {
  /// Words of a packed state; at least 1.
  public let wordCount: Int
  /// Where each slot is; slots that can hold only 0 take no bits.
  public let fields: [Field]

  public var globalBits: Int { 32 }

  public struct Field: Sendable {
    public let slot: Int
    public let word: Int
    public let shift: UInt64
    /// The field's bits, shifted down.
    public let mask: UInt64
    /// Subtracted before packing, so that ranges begin at 0.
    public let lower: Int
  }

  /// Slots shared by several locals have one domain; a local out of scope is 0, which its slot must be able to hold.
  public init(_ system: TransitionSystem) {
    let widths = Self.widths(system)
    var fields: [Field] = []
    var used = [Int]()
    for item in widths.sorted(by: { ($1.width, $0.slot) < ($0.width, $1.slot) }) where item.width > 0 {
      let word = used.firstIndex { $0 + item.width <= 64 } ?? used.count
      if word == used.count { used.append(0) }
      let mask: UInt64 = item.width == 64 ? .max : (1 << UInt64(item.width)) - 1
      let lower = item.width == 64 ? 0 : item.lower
      fields.append(Field(slot: item.slot, word: word, shift: UInt64(used[word]), mask: mask, lower: lower))
      used[word] += item.width
    }
    self.fields = fields.sorted { $0.slot < $1.slot }
    wordCount = max(1, used.count)
  }

  private static func widths(_ system: TransitionSystem) -> [(slot: Int, width: Int, lower: Int)] {
    var bounds = [ClosedRange<Int>?](repeating: nil, count: system.slotCount)
    for variable in system.variables {
      let own = variable.domain.bounds
      let range = min(own.lowerBound, 0)...max(own.upperBound, 0)
      for slot in variable.slot..<variable.slot + variable.slotCount {
        bounds[slot] =
          bounds[slot].map { min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound) }
          ?? range
      }
    }
    return bounds.enumerated().compactMap { slot, range in
      guard let range else { return nil }
      let span = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
      return (slot, 64 - span.leadingZeroBitCount, range.lowerBound)
    }
  }

  public func pack(_ state: [Int], into words: inout [UInt64]) {
    for index in words.indices { words[index] = 0 }
    for field in fields {
      words[field.word] |= UInt64(bitPattern: Int64(state[field.slot] &- field.lower)) << field.shift
    }
  }

  /// Slots without a field are left as they are: 0 in a state that began as zeros.
  public func unpack(_ words: ArraySlice<UInt64>, into state: inout [Int]) {
    let base = words.startIndex
    for field in fields {
      let value = (words[base + field.word] >> field.shift) & field.mask
      state[field.slot] = Int(truncatingIfNeeded: value) &+ field.lower
    }
  }
}
