/// A violation found while a step or a property was evaluated.
public struct Violation: Hashable, Sendable {
  public let property: BuiltinProperty
  public let site: SiteID
  /// For people, with the object's name in it.
  public let message: String
  public let subject: String?
  /// The path ends here.
  public let isFatal: Bool
  public init(property: BuiltinProperty, site: SiteID, message: String, subject: String?, isFatal: Bool) {
    self.property = property
    self.site = site
    self.message = message
    self.subject = subject
    self.isFatal = isFatal
  }
}

/// What one way through a step's body did.
public struct Successor: Sendable {
  /// A value that the step chose.
  public struct Choice: Hashable, Sendable {
    /// The local that received the value.
    public let place: Place
    public let value: Int
    public static func == (a: Choice, b: Choice) -> Bool {
      a.value == b.value && a.place.variable == b.place.variable && a.place.site == b.place.site
    }
    public func hash(into hasher: inout Hasher) {
      hasher.combine(value)
      hasher.combine(place.variable)
    }
  }
  public var state: [Int]
  /// Which alternative was taken at each fork and pick, in order; with the process and the state it names the step.
  ///
  /// For a wide choice (`Iteration.isWide`) it is the value itself.
  public var choices: [Int]
  /// Values chosen by `pick`, in order.
  public var picked: [Choice] = []
  public var violations: [Violation] = []
  public var covered: [CoverID] = []
  /// Locks that were about to be taken, in order, with the classes of the locks held then.
  public var acquisitions: [Acquisition] = []
  /// A fatal violation ended the path: `state` is where it stopped, not a state of the system.
  public var isFatal: Bool { violations.last?.isFatal ?? false }

  public struct Acquisition: Hashable, Sendable {
    public let lock: LockClassID
    public let subclass: Int
    public let site: SiteID
    public let held: [LockClassID]
  }

  public init(state: [Int], choices: [Int]) {
    self.state = state
    self.choices = choices
  }
}
