/// A value of a spec as people read it: independent of the transition system that it came from.
///
/// The cases are those of the Informal Trace Format, so that writing and reading a value loses nothing. Names of
/// enum values, objects (`mm_struct#1`), processes (`user[0]`), `null` and `stale` are all `text`.
public indirect enum StateValue: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  /// A machine word above `Int.max`; smaller ones are `integer`.
  case unsigned(UInt64)
  case text(String)
  case set([StateValue])
  case list([StateValue])
  case map([Entry])
  case record([Field])

  /// A pair of a map.
  public struct Entry: Hashable, Sendable {
    /// An index or the name of an object.
    public let key: StateValue
    /// What is stored under it.
    public let value: StateValue
    public init(_ key: StateValue, _ value: StateValue) {
      self.key = key
      self.value = value
    }
  }

  /// A named part of a record.
  public struct Field: Hashable, Sendable {
    /// As the spec spells it.
    public let name: String
    /// What is stored under it.
    public let value: StateValue
    public init(_ name: String, _ value: StateValue) {
      self.name = name
      self.value = value
    }
  }

  /// A machine word from its bit pattern.
  public static func word(_ bits: Int) -> StateValue {
    bits >= 0 ? .integer(bits) : .unsigned(UInt64(bitPattern: Int64(bits)))
  }

  /// What a pointer that leads nowhere looks like.
  public static let null = StateValue.text("null")
}

extension StateValue: CustomStringConvertible {
  /// One line of text: `7`, `READ`, `{user[0], user[1]}`, `[0, 1]`, `{owner: null, readers: {}}`.
  ///
  /// Integers from 65536 on are hexadecimal, as the kernel prints addresses.
  public var description: String {
    switch self {
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): value >= 65536 ? "0x" + String(value, radix: 16) : String(value)
    case .unsigned(let value): "0x" + String(value, radix: 16)
    case .text(let value): value
    case .set(let elements): "{" + elements.map(\.description).joined(separator: ", ") + "}"
    case .list(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .record(let fields):
      "{" + fields.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "}"
    }
  }

  /// The value of an uninitialised variable: shown only when somebody asks for everything.
  var isBlank: Bool {
    switch self {
    case .bool(let value): !value
    case .integer(let value): value == 0
    case .unsigned: false
    case .text(let value): value == "null"
    case .set(let elements): elements.isEmpty
    case .list(let elements): elements.allSatisfy(\.isBlank)
    case .map(let entries): entries.allSatisfy(\.value.isBlank)
    case .record(let fields): fields.allSatisfy(\.value.isBlank)
    }
  }
}
