/// Why a system, or a part of one, cannot be given to a solver: it contains something that has no exact formula here.
///
/// The verdict is then `unknown` with this reason, never a guess.
public struct EncodingRefusal: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
