/// A JSON text as a tree.
///
/// Objects keep the order of their members, so that equal trees are written as equal bytes.
///
/// There are no fractions but in `number`: traces hold integers only.
public indirect enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A named value of an object.
  public struct Member: Hashable, Sendable {
    /// Unique in its object.
    public let name: String
    /// Any JSON.
    public let value: JSON
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object; members whose value is nil are left out.
  public static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { pair in pair.value.map { Member(pair.key, $0) } })
  }

  /// The text, or `null`.
  public static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// The member of an object; nil if there is none, or this is no object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}
