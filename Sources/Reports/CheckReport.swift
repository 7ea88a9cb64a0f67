import Evidence
import TransitionIR

/// Everything that a check of one or more specs found out: what all report formats are made from.
public struct CheckReport: Sendable {
  /// `mmck`.
  public var tool: String
  /// The version of the tool.
  public var toolVersion: String
  /// One for each spec and scope, in the order in which they are shown.
  public var runs: [Run]
  /// Scopes that were not checked, although nobody asked to leave them out.
  public var leftOut: [LeftOut] = []

  /// A `symbolic` scope, for which an engine was needed that was not asked.
  public struct LeftOut: Hashable, Sendable {
    /// The root file of the spec.
    public let path: String
    public let scope: String
    public init(path: String, scope: String) {
      self.path = path
      self.scope = scope
    }
  }

  public init(tool: String, toolVersion: String, runs: [Run]) {
    self.tool = tool
    self.toolVersion = toolVersion
    self.runs = runs
  }

  /// One spec in one scope.
  public struct Run: Sendable {
    /// The name after `spec`.
    public var spec: String
    /// The text after the name.
    public var title: String
    /// The root file, as the user named it.
    public var path: String
    /// The name of the scope; empty if the spec declares none.
    public var scope: String
    /// All parameters with their values in this scope.
    public var parameters: [Trace.Setting]
    /// All options, each `true` or `false`.
    public var options: [Trace.Setting]
    /// explicit, interpreter, z3.
    public var engine: String
    /// How much was looked at; of a solver only the depth means something: all runs of so many steps.
    public var statistics: RunStatistics
    /// In the order in which they are shown; several of a property if it is violated in several places.
    public var results: [Result]
    /// Parts of the spec that no run reached; leave empty if the search was not exhaustive.
    public var coverageGaps: [CoverageGap] = []
    /// The whole graph; its cycles are printed if `lock.order` is violated.
    public var lockOrder: [LockOrderEntry] = []

    /// The name of the engine that stores no states.
    public static let solver = "z3"

    public init(
      spec: String, title: String, path: String, scope: String, parameters: [Trace.Setting],
      options: [Trace.Setting], engine: String, statistics: RunStatistics, results: [Result]
    ) {
      self.spec = spec
      self.title = title
      self.path = path
      self.scope = scope
      self.parameters = parameters
      self.options = options
      self.engine = engine
      self.statistics = statistics
      self.results = results
    }
  }

  /// What users are told about a property.
  ///
  /// For a `reachable` property `holds` means that there is a witness.
  public enum Answer: Hashable, Sendable {
    case holds(Strength)
    case violated
    /// With the reason, for people.
    case unknown(String)

    /// The answer without its details.
    public var kind: Kind {
      switch self {
      case .holds: .holds
      case .violated: .violated
      case .unknown: .unknown
      }
    }
  }

  /// An answer without its details: what `expect` states.
  public enum Kind: String, Hashable, Sendable { case holds, violated, unknown }

  /// The answer to one property, or one of several places where it is violated.
  public struct Result: Sendable {
    /// The name that users see.
    public var property: String
    /// lock, lifetime, range, deadlock, assert, invariant, step, reachable, liveness, measure.
    public var group: String
    /// What was found out.
    public var answer: Answer
    /// What the spec says should be found out.
    public var expected: Kind
    /// Where it is violated, or where it is declared; nil for a built-in that holds.
    public var place: SourcePlace?
    /// What went wrong.
    public var message: String?
    /// The object that it went wrong with, if there is one.
    public var subject: String?
    /// Of a violation, or the witness of a `reachable` property.
    public var trace: Trace?
    /// Where the trace was written.
    public var tracePath: String?
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

    public init(
      property: String, group: String, answer: Answer, expected: Kind, place: SourcePlace? = nil,
      message: String? = nil, subject: String? = nil, trace: Trace? = nil, tracePath: String? = nil
    ) {
      self.property = property
      self.group = group
      self.answer = answer
      self.expected = expected
      self.place = place
      self.message = message
      self.subject = subject
      self.trace = trace
      self.tracePath = tracePath
    }

    /// Whether the spec's `expect` states this answer.
    public var isAsExpected: Bool { answer.kind == expected }
  }

  /// All results with their runs, in order.
  public var results: [(run: Run, result: Result)] {
    runs.flatMap { run in run.results.map { (run, $0) } }
  }
}

/// A part of the spec that was never executed, or an implication that was never tried.
public struct CoverageGap: Hashable, Sendable {
  /// Such as `statement never reached`, `condition never true`, `left side of ==> never true in vm_mm_matches`.
  public let what: String
  /// Where in the spec.
  public let place: SourcePlace

  public init(what: String, place: SourcePlace) {
    self.what = what
    self.place = place
  }

  /// A cover point that no run reached.
  public init(_ point: CoverPoint, in system: TransitionSystem) {
    switch point.kind {
    case .statement: what = "statement never reached"
    case .branchTaken: what = "condition never true"
    case .branchNotTaken: what = "condition never false"
    }
    place = SourcePlace(point.site, in: system)
  }

  /// An implication of a property whose left side was never true.
  public init(untried site: SiteID, of property: String, in system: TransitionSystem) {
    what = "left side of ==> never true in \(property)"
    place = SourcePlace(site, in: system)
  }
}

/// An edge of the lock-order graph: while `held` was held, `taken` was taken here.
public struct LockOrderEntry: Hashable, Sendable {
  /// The class of the lock that was held.
  public let held: String
  /// With `/N` for the subclass N of a `_nested` lock.
  public let taken: String
  /// Where in the spec.
  public let place: SourcePlace

  public init(held: String, taken: String, place: SourcePlace) {
    self.held = held
    self.taken = taken
    self.place = place
  }

  /// An edge that a search recorded.
  public init(_ edge: LockOrderEdge, in system: TransitionSystem) {
    held = system.lockClasses[edge.held.index].name
    let name = system.lockClasses[edge.taken.index].name
    taken = edge.subclass == 0 ? name : "\(name)/\(edge.subclass)"
    place = SourcePlace(edge.site, in: system)
  }
}
