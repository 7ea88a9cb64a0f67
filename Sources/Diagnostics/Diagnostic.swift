/// What is wrong (or doubtful) in a spec, and where.
///
/// A code is permanent: its meaning never changes and it is never used again for something else.
/// Groups: `E01xx` lexical, `E02xx` syntax, `E03xx` names, `E04xx` types, `E05xx` lowering,
/// `E06xx` files and imports, `W...` warnings.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable { case error, warning }

  public let code: String
  public let severity: Severity
  public let message: String
  public let range: SourceRange
  /// What to write instead, in the imperative ("write `null`"), if there is a good guess.
  public let suggestion: String?
  /// Other places that matter, each with a sentence ("declared here").
  public let notes: [Note]

  public struct Note: Hashable, Sendable {
    public let message: String
    public let range: SourceRange
    public init(message: String, range: SourceRange) {
      self.message = message
      self.range = range
    }
  }

  public init(
    code: String, severity: Severity = .error, message: String, range: SourceRange,
    suggestion: String? = nil, notes: [Note] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.range = range
    self.suggestion = suggestion
    self.notes = notes
  }
}
