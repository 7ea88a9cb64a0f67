/// A run that breaks a property (or is the witness of a `reachable` one), complete in itself: it can be written to a
/// file and shown without the spec.
///
/// Only `Trace.init(counterexample:…)` makes one from a search, and that replays it.
public struct Trace: Hashable, Sendable {
  /// Whether the run breaks a property or shows that something is possible.
  public enum Kind: String, Hashable, Sendable { case violation, witness }

  /// The run's source: tool, spec and settings.
  public var meta: Meta
  /// Whether this is a counterexample or a witness.
  public var kind: Kind
  /// The name that users see: a built-in's or a declared one's.
  public var property: String
  /// lock, lifetime, range, deadlock, assert, invariant, step, reachable.
  public var group: String
  /// What went wrong, with the objects' names.
  public var message: String
  /// Named object, if there is one.
  public var subject: String?
  /// Where in the spec the property fails.
  public var place: SourcePlace
  /// All processes, in order; steps name them by their position here.
  public var processes: [String]
  /// Which alternatives the initial statements took.
  public var initialChoices: [Int]
  /// Where the run begins.
  public var initialState: StateView
  /// What happened, in order; none if the initial state is to blame.
  public var steps: [Step]
  /// The smallest false part of the property with its witnesses, or why nobody can go on; lines of text.
  public var why: [String]

  /// The tool, the spec and the settings that a run belongs to.
  public struct Meta: Hashable, Sendable {
    /// Of the files that hold traces; readers refuse a later one.
    public static let currentFormatVersion = 1

    /// Of the file that the trace was read from, or will be written to.
    public var formatVersion: Int
    /// Who found the run: `mmck`.
    public var tool: String
    /// Its version, without which a trace cannot be judged later.
    public var toolVersion: String
    /// The name after `spec`.
    public var spec: String
    /// The text after the name.
    public var title: String
    /// As the user named the spec's root file.
    public var path: String
    /// Of the contents of the spec and everything it imports; any stable text.
    public var specHash: String
    /// The name of the scope; empty if the spec declares none.
    public var scope: String
    /// The params whose values are not the defaults, by name.
    public var parameters: [Setting]
    /// All options, each `true` or `false`, by name.
    public var options: [Setting]
    /// What was one step: `statement` or `access`.
    public var granularity: String

    public init(
      tool: String, toolVersion: String, spec: String, title: String, path: String, specHash: String,
      scope: String, parameters: [Setting], options: [Setting], granularity: String = "statement"
    ) {
      self.granularity = granularity
      formatVersion = Self.currentFormatVersion
      self.tool = tool
      self.toolVersion = toolVersion
      self.spec = spec
      self.title = title
      self.path = path
      self.specHash = specHash
      self.scope = scope
      self.parameters = parameters
      self.options = options
    }
  }

  /// A parameter or an option and its value: `TASKS` = `2`, `FIX_HOLE_UNLOCK` = `true`.
  public struct Setting: Hashable, Sendable {
    /// As the spec spells it.
    public let name: String
    /// As it was given on the command line or in the scope.
    public let value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A value that a step chose freely.
  public struct ChosenValue: Hashable, Sendable {
    /// As the spec spells it.
    public let name: String
    /// What was chosen.
    public let value: StateValue
    public init(name: String, value: StateValue) {
      self.name = name
      self.value = value
    }
  }

  /// What one process did at once.
  public struct Step: Hashable, Sendable {
    /// An index into `processes`.
    public var process: Int
    /// The statement at which the process stood.
    public var place: SourcePlace
    /// The functions around the statement, outermost (the process) first; `place.function` is the last.
    public var callStack: [String]
    /// The values that `any` and the like took, in order.
    public var chosen: [ChosenValue]
    /// Every statement that ran in this step, in order.
    public var executed: [SourcePlace]
    /// Which alternative was taken at each fork and pick, in order.
    public var choices: [Int]
    /// After the step; if `isFatal`, where it failed.
    public var state: StateView
    /// The step has no meaning: `state` is not a state of the system, and the run ends here.
    public var isFatal: Bool

    public init(
      process: Int, place: SourcePlace, callStack: [String], chosen: [ChosenValue], executed: [SourcePlace],
      choices: [Int], state: StateView, isFatal: Bool
    ) {
      self.process = process
      self.place = place
      self.callStack = callStack
      self.chosen = chosen
      self.executed = executed
      self.choices = choices
      self.state = state
      self.isFatal = isFatal
    }
  }

  public init(
    meta: Meta, kind: Kind, property: String, group: String, message: String, subject: String?,
    place: SourcePlace, processes: [String], initialChoices: [Int], initialState: StateView, steps: [Step],
    why: [String]
  ) {
    self.meta = meta
    self.kind = kind
    self.property = property
    self.group = group
    self.message = message
    self.subject = subject
    self.place = place
    self.processes = processes
    self.initialChoices = initialChoices
    self.initialState = initialState
    self.steps = steps
    self.why = why
  }
}

extension Trace {
  /// The state before step `index` (0-based).
  public func state(before index: Int) -> StateView {
    index == 0 ? initialState : steps[index - 1].state
  }

  /// What step `index` (0-based) changed.
  public func changes(ofStep index: Int) -> [StateChange] {
    state(before: index).changes(to: steps[index].state)
  }

  /// The processes that take steps, in order: one column each in a diagram.
  public var columns: [Int] {
    Set(steps.map(\.process)).sorted()
  }

  /// How often the running process changes.
  public var contextSwitchCount: Int {
    zip(steps, steps.dropFirst()).count { $0.process != $1.process }
  }
}
