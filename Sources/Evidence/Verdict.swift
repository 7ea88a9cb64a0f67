import TransitionIR

/// How much a "holds" says.
///
/// A verdict never claims more than was done.
public enum Strength: Hashable, Sendable {
  /// Every reachable state of the scope was looked at.
  case exhaustive
  /// All executions of at most this many steps.
  case depth(Int)
  /// Shown of all executions of the scope by induction over `k` steps, with the help of so many other invariants.
  case inductive(k: Int, lemmas: Int)
  /// As `inductive`, and whatever the number of processes of these kinds is.
  case anyNumber(of: [String], lemmas: Int)
}

/// The answer to one property in one scope.
public enum Verdict: Sendable {
  case holds(Strength)
  case violated(Counterexample)
  /// A `reachable` property that no reachable state satisfies: violated, and no trace can show it.
  case unreachable
  /// With the reason, for people: "memory limit of 1 GiB reached at depth 31".
  case unknown(String)
}

/// One way in which a property fails, told apart by property and place, with a shortest trace to it.
public struct Counterexample: Sendable {
  /// The name that users see: a built-in's or a declared one's.
  public let property: String
  /// Where in the spec it fails.
  public let site: SiteID
  /// What went wrong there, with the objects' names: "host.mmap_lock released but not held by user[1]".
  public let message: String
  /// Named object, if there is one.
  public let subject: String?
  /// From an initial state to the violation.
  ///
  /// For a `reachable` property this is its witness.
  public let path: Path
  public init(property: String, site: SiteID, message: String, subject: String?, path: Path) {
    self.property = property
    self.site = site
    self.message = message
    self.subject = subject
    self.path = path
  }
}

/// A run of a transition system.
public struct Path: Sendable {
  public struct Step: Sendable {
    /// 0-based over all kinds; see `TransitionSystem.processName`.
    public let process: Int
    public let location: LocationID
    /// Which alternative was taken at each fork and pick of the step, in order of execution, as `Successor.choices`.
    public let choices: [Int]
    /// The state after the step; for a step that ends in a fatal failure, the state when it failed.
    public let state: [Int]
    public init(process: Int, location: LocationID, choices: [Int], state: [Int]) {
      self.process = process
      self.location = location
      self.choices = choices
      self.state = state
    }
  }
  /// Which alternatives the initial statements took.
  public let initialChoices: [Int]
  public let initialState: [Int]
  public let steps: [Step]
  public init(initialChoices: [Int], initialState: [Int], steps: [Step]) {
    self.initialChoices = initialChoices
    self.initialState = initialState
    self.steps = steps
  }

  /// How often the running process changes.
  public var contextSwitchCount: Int {
    zip(steps, steps.dropFirst()).count { $0.process != $1.process }
  }
}

/// What an engine found out about one system.
public struct Outcome: Sendable {
  public struct Answer: Sendable {
    public let property: String
    /// lock, lifetime, range, deadlock, assert, invariant, step, reachable.
    public let group: String
    /// One verdict, or several `violated` (one for each place).
    public let verdicts: [Verdict]
    /// For a `reachable` property that holds: a shortest way to a state that satisfies it.
    public let witness: Counterexample?
    /// Who answered, if it was not the engine of the run.
    public var engine: String?
    /// Of a proof that did not succeed: the step that it could not exclude, drawn for people.
    public var obstacle: String?
    /// The folder with a certificate of the proof.
    public var certificate: String?
    /// Why there is none, although it was tried.
    public var certificateRefusal: String?
    /// Of a proof for this scope alone: why it is none for any number of processes.
    public var numberRefusal: String?
    public init(property: String, group: String, verdicts: [Verdict], witness: Counterexample? = nil) {
      self.property = property
      self.group = group
      self.verdicts = verdicts
      self.witness = witness
    }
  }
  public var answers: [Answer]
  public var statistics: RunStatistics
  /// Parts of the spec that no run reached; meaningful if the search was exhaustive.
  public var uncovered: [CoverPoint]
  /// Implications whose left side was never true, by property name.
  public var untried: [(property: String, site: SiteID)]
  /// Which lock classes were taken while which were held.
  public var lockOrder: [LockOrderEdge]
  public init(
    answers: [Answer], statistics: RunStatistics, uncovered: [CoverPoint],
    untried: [(property: String, site: SiteID)], lockOrder: [LockOrderEdge]
  ) {
    self.answers = answers
    self.statistics = statistics
    self.uncovered = uncovered
    self.untried = untried
    self.lockOrder = lockOrder
  }
}

extension Outcome {
  /// The outcome of an engine that cannot even begin: everything is unknown, for this reason.
  public static func unanswered(_ reason: String, of system: TransitionSystem) -> Outcome {
    let builtins = system.builtins.map {
      Answer(property: $0.rawValue, group: $0.group, verdicts: [.unknown(reason)])
    }
    let declared = system.properties.map {
      Answer(property: $0.name, group: $0.group.rawValue, verdicts: [.unknown(reason)])
    }
    return Outcome(
      answers: builtins + declared, statistics: RunStatistics(), uncovered: [], untried: [], lockOrder: [])
  }
}

/// While holding a lock of class `held`, some process took one of class `taken`.
public struct LockOrderEdge: Hashable, Sendable {
  public let held: LockClassID
  public let taken: LockClassID
  /// The subclass of the taking (`_nested`); a held lock counts as subclass 0.
  public let subclass: Int
  public let site: SiteID
  public init(held: LockClassID, taken: LockClassID, subclass: Int, site: SiteID) {
    self.held = held
    self.taken = taken
    self.subclass = subclass
    self.site = site
  }
}

/// Counts of one search.
///
/// Equal for equal inputs, but for `seconds`.
public struct RunStatistics: Sendable {
  public var states = 0
  public var transitions = 0
  /// Length of the longest shortest path.
  public var depth = 0
  public var seconds = 0.0
  public var bytesPerState = 0.0
  public var isComplete = false
  /// Names of the reductions that the search used: with some, not all states of the system are counted.
  public var reductions: [String] = []
  public init() {}
}
