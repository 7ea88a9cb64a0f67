/// Why a trace cannot be made or read.
///
/// The message is complete and in the user's words.
public struct TraceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence.
  public let message: String
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}
