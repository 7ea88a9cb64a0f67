import SpecSemantics

/// What a prover is asked: one spec in one scope, some of its properties, and how hard to try.
///
/// It goes to another process as JSON, so it holds only what can be written down.
public struct ProofRequest: Codable, Sendable {
  /// How properties are proven that no bounded check has refuted.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// First `pdr`, then `induction` for what that leaves open.
    case auto
    /// Over `k` steps, without any idea.
    case induction
    /// Over one step, with lemmas that answer counterexamples.
    case pdr
  }

  public var path: String
  /// Values of params and options; each is one of the spec's.
  public var overrides: [String: String]
  /// Nil for a spec that declares no scope.
  public var scope: String?
  public var granularity: String
  /// Names of the properties to answer, in the order in which they are answered.
  public var properties: [String]
  public var method = Method.auto
  /// The largest number of steps that `induction` begins with.
  public var k = 4
  /// The scope to learn lemmas from; nil: chosen among the spec's.
  public var explore: String?
  /// For everything, from reading the spec to the last answer.
  public var seconds = 60.0
  /// Of memory; nil: no limit.
  public var bytes: Int?
  /// Where certificates go; nil: none are written.
  public var certificateFolder: String?

  public init(
    path: String, overrides: [String: String], scope: String?, granularity: Settings.Granularity,
    properties: [String]
  ) {
    self.path = path
    self.overrides = overrides
    self.scope = scope
    self.granularity = granularity.rawValue
    self.properties = properties
  }
}
