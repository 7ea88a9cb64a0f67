/// The values that one scalar slot of the state may hold.
///
/// Every value is an `Int`.
///
/// Encodings: a bool is 0 or 1; an enum value is its position; flags are a bit mask; a wrapping word of 64 bits is its
/// two's complement bit pattern; a pointer is `null` = 0, object k = k + 1, and *stale* = capacity + 1; a set is a
/// bit mask over the elements of its element domain, counted from the smallest, where a set of pointers has
/// one more bit, the highest, for "a stale pointer is in it".
public indirect enum Domain: Hashable, Sendable {
  case bool
  /// Both ends included.
  case range(Int, Int)
  /// A machine word of 8, 16, 32 or 64 bits.
  case wrapping(Int)
  case enumeration(NamesID, count: Int)
  case flags(NamesID, count: Int)
  case pointer(PoolID, capacity: Int)
  case set(Domain)
  /// A control point of a kind, or "ended". Stored relative to the kind's first location; the last value is "ended".
  case location(KindID, count: Int)

  /// Smallest and largest value; for 64-bit words the whole range of `Int`.
  public var bounds: ClosedRange<Int> {
    switch self {
    case .bool: 0...1
    case .range(let low, let high): low...high
    case .wrapping(let bits): bits == 64 ? Int.min...Int.max : 0...(1 << bits) - 1
    case .enumeration(_, let count): 0...max(0, count - 1)
    case .flags(_, let count): 0...(1 << count) - 1
    case .pointer(_, let capacity): 0...capacity + 1
    case .set(let element): 0...(1 << element.elementCount) - 1
    case .location(_, let count): 0...count
    }
  }

  /// How many bits a set over this domain has; for pointers: one for each object and one for "stale".
  public var elementCount: Int {
    switch self {
    case .pointer(_, let capacity): capacity + 1
    default: bounds.upperBound - bounds.lowerBound + 1
    }
  }

  /// The bit of a set over this domain that stands for `value`; nil if the value cannot be in a set (null).
  public func bit(of value: Int) -> Int? {
    switch self {
    case .pointer: value == 0 ? nil : value - 1
    default: value - bounds.lowerBound
    }
  }

  /// The value that bit `bit` of a set over this domain stands for.
  public func element(ofBit bit: Int) -> Int {
    switch self {
    case .pointer: bit + 1
    default: bit + bounds.lowerBound
    }
  }

  /// What an uninitialised variable holds: the value nearest to zero.
  public var defaultValue: Int {
    min(max(0, bounds.lowerBound), bounds.upperBound)
  }
}
