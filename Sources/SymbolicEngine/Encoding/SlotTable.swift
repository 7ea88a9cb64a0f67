import Terms
import TransitionIR

/// How each slot of a state is a term: its sort, its bounds, its name.
///
/// A slot has just as many bits as its values need. Locals whose scopes never overlap share slots, and a local out of scope
/// is zero, so zero is among the values of each local's slot.
public struct SlotTable: Sendable {
  public struct Slot: Sendable {
    public let name: String
    public let sort: Sort
    public let lower: Int
    public let upper: Int
    /// The first variable that has this slot.
    public let variable: VariableID

    /// Whether every bit pattern is a value.
    var isFull: Bool {
      let count = UInt64(bitPattern: Int64(upper &- lower))
      return sort.width == 64 ? count == .max : count == (1 << UInt64(sort.width)) - 1
    }
  }

  /// By slot; a slot of no variable is a single zero bit.
  public let slots: [Slot]
  /// The variables that share a slot.
  private let owners: [[VariableID]]

  public init(_ system: TransitionSystem) {
    let ranges = ValueRanges(system)
    var bounds = [ClosedRange<Int>?](repeating: nil, count: system.slotCount)
    var owners = [[VariableID]](repeating: [], count: system.slotCount)
    for (index, variable) in system.variables.enumerated() {
      let range = ranges.range(of: VariableID(index))
      for slot in variable.slot..<variable.slot + variable.slotCount {
        owners[slot].append(VariableID(index))
        if let known = bounds[slot] {
          bounds[slot] =
            min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
        } else {
          bounds[slot] = range
        }
      }
    }
    let places = Interpreter(system)
    slots = bounds.enumerated().map { slot, range in
      let range = range ?? 0...0
      let variable = owners[slot].first ?? VariableID(-1)
      return Slot(
        name: Self.name(slot, variable, places), sort: Self.sort(range), lower: range.lowerBound,
        upper: range.upperBound, variable: variable)
    }
    self.owners = owners
  }

  /// All variables that have this slot.
  func variables(ofSlot slot: Int) -> [VariableID] { owners[slot] }

  private static func sort(_ range: ClosedRange<Int>) -> Sort {
    if range.lowerBound >= 0 {
      if range.upperBound <= 1 { return .bool }
      return .bits(Int.bitWidth - range.upperBound.leadingZeroBitCount)
    }
    return .bits(Number.width(of: range))
  }

  /// The variable with its indices, as the state before anything is allocated names them: `mm_struct#1.mm_users`.
  private static func name(_ slot: Int, _ variable: VariableID, _ interpreter: Interpreter) -> String {
    guard interpreter.system.variables.indices.contains(variable.index) else { return "slot \(slot)" }
    let nothing = [Int](repeating: 0, count: interpreter.system.slotCount)
    return interpreter.describe(slot: slot, of: variable, in: nothing)
  }

  /// The value of a slot as a number.
  func number(_ slot: Int, _ term: Term, in store: TermStore) -> Number {
    let shape = slots[slot]
    if let value = store.constantValue(term) { return store.number(decoded(value, slot)) }
    switch shape.sort {
    case .bool: return Number(term: term, range: 0...1)
    case .bits(let width):
      let range = shape.lower...shape.upper
      if shape.lower < 0 { return Number(term: term, range: range) }
      return Number(term: store.zeroExtend(term, to: width + 1), range: range)
    }
  }

  /// A number as the value of a slot; it has to be within the bounds.
  func stored(_ number: Number, _ slot: Int, in store: TermStore) -> Term {
    switch slots[slot].sort {
    case .bool: store.truth(number)
    case .bits(let width): store.word(number, width: width)
    }
  }

  func constant(_ value: Int, _ slot: Int, in store: TermStore) -> Term {
    store.constant(UInt64(bitPattern: Int64(value)), slots[slot].sort)
  }

  /// The number that a word of a slot stands for.
  public func decoded(_ value: UInt64, _ slot: Int) -> Int {
    let shape = slots[slot]
    guard shape.lower < 0, case .bits(let width) = shape.sort, width < 64 else {
      return Int(truncatingIfNeeded: value)
    }
    let sign: UInt64 = 1 << UInt64(width - 1)
    return Int(truncatingIfNeeded: (value ^ sign) &- sign)
  }

  /// The word of a slot that stands for a number.
  public func encoded(_ value: Int, _ slot: Int) -> UInt64 {
    let width = slots[slot].sort.width
    return UInt64(bitPattern: Int64(value)) & (.max >> UInt64(64 - width))
  }

  /// The slot holds one of its values, not a bit pattern that stands for none.
  func isValid(_ term: Term, _ slot: Int, in store: TermStore) -> Term {
    let shape = slots[slot]
    if shape.isFull { return store.yes }
    if case .bool = shape.sort { return store.equal(term, store.bool(shape.lower == 1)) }
    // Here nothing is known of the term but its width.
    let word = shape.lower < 0 ? term : store.zeroExtend(term, to: shape.sort.width + 1)
    let width = store.sort(of: word).width
    func bound(_ value: Int) -> Term { store.word(UInt64(bitPattern: Int64(value)), width: width) }
    return store.and(
      store.signedLessEqual(bound(shape.lower), word), store.signedLessEqual(word, bound(shape.upper)))
  }
}
