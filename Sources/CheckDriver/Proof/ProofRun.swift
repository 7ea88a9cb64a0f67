import Evidence
import SMTSolver
import SpecSemantics
import SymbolicEngine
import TransitionIR

/// Answers a `ProofRequest`: a short bounded check first, for violations and witnesses; then proofs for what that leaves open, and a
/// longer bounded check for what these leave open.
///
/// Everything is said as soon as it is known, by `emit`. Time is divided: a fifteenth for the bounded checks, or more where there
/// is nothing to learn from, a third at most for the small scope, what is left for induction.
public final class ProofRun {
  let request: ProofRequest
  let host: Host
  private let emit: (ProofMessage) -> Void
  public var isCancelled: () -> Bool = { false }
  let loaded: LoadedSpec
  let spec: CompiledSpec
  var system: TransitionSystem { spec.system }
  /// Properties without a verdict, in the order of the request.
  private(set) var open: [String]
  /// All runs of so many steps break nothing but what was found.
  private(set) var depth = -1
  private let start: Double
  private var foundGoals: Set<Goal> = []

  /// Reads and compiles the spec.
  public init(_ request: ProofRequest, host: Host, emit: @escaping (ProofMessage) -> Void) throws {
    self.request = request
    self.host = host
    self.emit = emit
    start = host.now()
    loaded = try loadSpec(request.path, host: host)
    let granularity = Settings.Granularity(rawValue: request.granularity) ?? .statement
    let settings = Settings(overrides: request.overrides, scope: request.scope, granularity: granularity)
    spec = try compile(loaded, path: request.path, settings: settings)
    open = request.properties
  }

  public func run() throws {
    say(.working(on: open))
    // Where there is no small scope to learn from, proofs get little out of their time; elsewhere shallow runs are enough here.
    let isLong = request.method == .induction || spec.isSymbolic
    let share = request.seconds * (isLong ? 0.6 : 0.07)
    let first = isLong ? share : min(share, Self.firstLook)
    reserved = share - first
    do {
      try check(seconds: first)
      if open.isEmpty { return }
      switch request.method {
      case .pdr:
        let result = try LemmaStage(self).prove()
        try result.map { try AnyNumberStage(self).prove($0) }
        try checkAgain()
        try result?.certify()
      case .induction: try StepStage(self).prove(nil)
      case .auto:
        let result = try LemmaStage(self).prove()
        try result.map { try AnyNumberStage(self).prove($0) }
        try checkAgain()
        try StepStage(self).prove(result)
        try result?.certify()
      }
    } catch let refusal as EncodingRefusal {
      giveUp(open, "it has no formula: \(refusal.description)")
    }
  }

  // MARK: Time

  /// Less than was given, so that there is time to say how far it got.
  private var budget: Double { request.seconds * 0.92 }
  /// Kept for the second bounded check.
  private var reserved = 0.0
  var remaining: Double { max(0, start + budget - reserved - host.now()) }
  var isOver: Bool { remaining <= 0 || isCancelled() }
  /// Certificates get as much time again.
  var secondsForCertificates: Double {
    isCancelled() ? 0 : max(0, start + request.seconds + budget - host.now())
  }

  /// Of one solver: no query may take longer than these seconds.
  func options(seconds: Double) -> SolverOptions {
    var options = SolverOptions()
    options.timeout = .milliseconds(Int64(max(0.05, seconds) * 1000))
    return options
  }

  // MARK: Answers

  func say(_ message: ProofMessage) { emit(message) }

  func answer(_ property: String, _ verdict: ProofMessage.Answer.Verdict, obstacle: String? = nil) {
    let answer = ProofMessage.Answer(property: property, verdict: verdict, obstacle: obstacle)
    if answer.isFinal { open.removeAll { $0 == property } }
    ProofFault.strike(at: property)
    say(.answered(answer))
  }

  func giveUp(_ properties: [String], _ reason: String) {
    for property in properties { answer(property, .unknown(reason)) }
  }

  func isReachability(_ property: String) -> Bool {
    system.properties.contains { $0.name == property && $0.group == .reachable }
  }

  // MARK: The bounded check

  /// Seconds after which proofs begin: most of what is wrong shows at once, and what holds has not long to wait.
  private static let firstLook = 0.3

  /// Looks deeper than the first time, for what is still open.
  private func checkAgain() throws(EncodingRefusal) {
    let seconds = reserved
    reserved = 0
    if seconds > 0, !open.isEmpty { try check(seconds: seconds) }
  }

  private func check(seconds wanted: Double) throws(EncodingRefusal) {
    // What was found at one place may be found at another.
    let names = Set(open.filter(isChecked)).union(foundGoals.map(\.property))
    let goals = Goals(
      SymbolicSystem(system), allowedOrders: LockOrders.butNestedInItself(system), wanted: names.contains)
    refuse(goals)
    let isOnly = request.method == .induction
    let seconds = min(remaining, wanted)
    let end = host.now() + seconds
    let check = try BoundedCheck(goals, options: options(seconds: seconds))
    var told = 0
    func tell() {
      if check.depth > depth {
        depth = check.depth
        say(.bounded(depth: depth))
      }
      for finding in check.findings[told...] where foundGoals.insert(finding.goal).inserted {
        found(check.counterexample(finding))
      }
      told = check.findings.count
    }
    do throws(PathMismatch) {
      let ending = try check.run(limit: isOnly ? request.k : Self.depthLimit) {
        tell()
        return host.now() > end || isOver
      }
      tell()
      if case .noLongerRun = ending { finish() }
    } catch { say(.broken(error.description)) }
  }

  /// Whether the formula of a property says exactly when it is violated.
  ///
  /// That nobody can move has a formula that says too much
  /// if there are choices among too many values: enough to prove it, not to find it.
  private func isChecked(_ property: String) -> Bool {
    property != BuiltinProperty.deadlock.rawValue || !system.hasWideChoices
  }

  /// Nobody waits for more steps than this.
  private static let depthLimit = 10_000

  private func found(_ counterexample: Counterexample) {
    say(.working(on: [counterexample.property]))
    defer { say(.working(on: open)) }
    ProofFault.strike(at: counterexample.property)
    open.removeAll { $0 == counterexample.property }
    say(.found(.init(counterexample)))
  }

  /// No run is longer than those that were looked at: what was not found is not there.
  private func finish() {
    for property in open {
      // Only what single runs do was looked at.
      if property == BuiltinProperty.lockOrder.rawValue || !isChecked(property) { continue }
      answer(property, isReachability(property) ? .unreachable : .exhaustive)
    }
  }

  /// What has no formula is said at once, and is no part of what follows.
  func refuse(_ goals: Goals) {
    for (property, reason) in goals.refused.sorted(by: { $0.key < $1.key }) where open.contains(property) {
      answer(property, .unknown("it has no formula: \(reason)"))
      open.removeAll { $0 == property }
    }
  }
}
