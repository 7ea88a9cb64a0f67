/// A state as named, typed values, in the order of the spec: globals, then pools, then processes.
///
/// A pool is a map from the names of its live objects to their fields; a process is a record of where it stands
/// (`at`), its locals in scope, and its own objects' fields; a lock is a record of its holders.
public struct StateView: Hashable, Sendable {
  /// Every variable with its value, in the order of the spec.
  public let variables: [StateValue.Field]

  public init(variables: [StateValue.Field]) {
    self.variables = variables
  }

  /// The value of a top-level variable.
  public subscript(name: String) -> StateValue? {
    variables.first { $0.name == name }?.value
  }

  /// The name of the field that tells where a process stands.
  ///
  /// Not a name that a spec can use for a local.
  public static let positionName = "at"
  /// What that field holds when the process has ended.
  public static let endedPosition = "(ended)"
}
