/// How a state is packed into 64-bit words: each slot in as many bits as its values need, none across two words.
///
/// Globals and fields of objects come first, from the lowest bit on; locks, control points and locals of processes follow. Where slots of one
/// variable are equally far apart within one word, code can compute where they are, see `Run`.
public struct StatePacking: Sendable {
  /// Words of a packed state; at least 1.
  public let wordCount: Int
  /// How many words, from the first on, hold only globals and fields that are no locks.
  public let globalWords: Int
  /// How many low bits of the word after those hold such globals and fields; the rest of it is for locks and processes.
  public let globalBits: Int
  /// Where each slot is, by slot; slots that can hold only one value take no bits and have no field.
  public let fields: [Field]
  /// By variable.
  private let runs: [Run?]

  public struct Field: Sendable {
    public let slot: Int
    public let word: Int
    public let shift: UInt64
    /// The field's bits, shifted down.
    public let mask: UInt64
    /// Subtracted before packing, so that ranges begin at 0.
    public let lower: Int
  }

  /// Slots of a variable that lie in one word: the one with indices i, j, … at bit `shift` + i × `strides[0]` + j × `strides[1]` + ….
  public struct Run: Sendable {
    public let word: Int
    public let shift: Int
    /// In bits, for each dimension of the variable.
    public let strides: [Int]
    public let mask: UInt64
    public let lower: Int
  }

  /// Slots shared by several locals have one domain; a local out of scope is 0, which its slot must be able to hold.
  public init(_ system: TransitionSystem) {
    let layout = PackingLayout(system)
    fields = layout.fields.compactMap { $0 }
    wordCount = layout.wordCount
    globalWords = layout.globalWords
    globalBits = layout.globalBits
    runs = system.variables.map { Self.run(of: $0, layout.fields) }
  }

  /// Nil if the slots of the variable are not in one word, or not equally far apart, or take no bits.
  public func run(of variable: VariableID) -> Run? { runs[variable.index] }

  private static func run(of variable: Variable, _ fields: [Field?]) -> Run? {
    guard variable.slotCount > 0, let first = fields[variable.slot] else { return nil }
    var size = variable.slotCount
    var strides: [Int] = []
    var sizes: [Int] = []
    for dimension in variable.dimensions {
      size /= max(1, dimension.count)
      sizes.append(size)
      let next = dimension.count > 1 ? fields[variable.slot + size]?.shift : first.shift
      strides.append(Int(next ?? 0) - Int(first.shift))
    }
    for offset in 0..<variable.slotCount {
      var rest = offset
      var shift = Int(first.shift)
      for (size, stride) in zip(sizes, strides) {
        shift += rest / size * stride
        rest %= size
      }
      guard let field = fields[variable.slot + offset], field.word == first.word, Int(field.shift) == shift
      else { return nil }
    }
    return Run(
      word: first.word, shift: Int(first.shift), strides: strides, mask: first.mask, lower: first.lower)
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
