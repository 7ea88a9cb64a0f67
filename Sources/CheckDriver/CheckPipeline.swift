import Diagnostics
import Evidence
import ExplicitEngine
import NativeCode
import Reductions
import Reports
import SpecSemantics
import TransitionIR

/// What `mmck check` was asked for.
public struct CheckRequest: Sendable {
  /// Files and folders.
  public var paths: [String]
  /// `-D` overrides, as typed; a name may end in `*`.
  public var overrides: [(name: String, value: String)]
  /// Only this scope.
  public var scope: String?
  /// Only these properties (names, groups as `lock.*`); empty: all.
  public var properties: [String]
  public var granularity: Settings.Granularity
  /// Seconds and bytes for each run; nil: no limit.
  public var seconds: Double?
  public var bytes: Int?
  public var stopsAtFirst = false
  /// Which reductions may be used; the verdicts are the same, and the states that are counted fewer.
  public var reductions: Set<Reduction> = []
  /// Threads; the results are the same for any number.
  public var jobs = 1
  public var engine = Engine.auto

  /// Who computes successors.
  ///
  /// The results are the same.
  public enum Engine: String, Sendable, CaseIterable {
    /// The interpreter, until compiled steps are ready; for small systems it is done before. A solver where no search can
    /// answer, and beside searches that may be too long.
    case auto
    /// Compiled steps from the beginning, if there is a clang.
    case explicit
    case interpreter
    /// No states at all: bounded checks and proofs.
    case z3
  }
  /// Who does the proofs; nil: nobody, and what only a solver answers is left out.
  public var prover: (any Prover)?
  public var proof = ProofSettings()

  /// How proofs are done; see `ProofRequest`.
  public struct ProofSettings: Sendable {
    public var method = ProofRequest.Method.auto
    public var k = 4
    public var explore: String?
    public var certificateFolder: String?
    public init() {}
  }
  /// The file in which a long search writes down how far it is, and how often; only for one scope of one spec.
  public var checkpoint: String?
  public var checkpointSeconds = 60.0
  /// The checkpoint to go on from.
  public var resumesFrom: String?
  /// Where states of the frontier go for which there is no room in memory.
  public var spillFolder: String?
  public var isCancelled: @Sendable () -> Bool
  public var progress: (@Sendable (_ run: String, SearchProgress) -> Void)?

  public init(paths: [String], isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.paths = paths
    overrides = []
    properties = []
    granularity = .statement
    self.isCancelled = isCancelled
  }
}

/// The command line asks for something that is not there.
public struct UsageError: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// From files to a report: every spec, every scope, every property.
public struct CheckPipeline {
  let host: Host
  let request: CheckRequest

  public init(_ request: CheckRequest, host: Host) {
    self.request = request
    self.host = host
  }

  /// Runs all checks.
  ///
  /// Throws `HostError`, `SpecErrors`, `UsageError`, or `TraceError` if a violation cannot be replayed.
  public func run() throws -> CheckReport {
    var report = CheckReport(tool: Tool.name, toolVersion: Tool.version, runs: [])
    let specs = try findSpecs(request.paths, host: host)
    let loaded = try specs.map { (path: $0, spec: try loadSpec($0, host: host)) }
    let outlines = try loaded.map { try outline(of: $0.spec) }
    let overrides = try expandOverrides(request.overrides, outlines)
    try checkScope(outlines)
    try checkProperties(outlines)
    try checkCheckpoint(outlines)
    for ((path, spec), outline) in zip(loaded, outlines) {
      var coverage = CoverageLedger()
      let first = report.runs.count
      for scope in leftOut(of: outline) {
        // Nobody answers for it, but its mistakes are told.
        let settings = Settings(overrides: overrides, scope: scope, granularity: request.granularity)
        _ = try compile(spec, path: path, settings: settings)
        report.leftOut.append(.init(path: path, scope: scope))
      }
      for scope in scopes(of: outline) where !request.isCancelled() {
        let settings = Settings(overrides: overrides, scope: scope, granularity: request.granularity)
        report.runs.append(try check(try compile(spec, path: path, settings: settings), settings, &coverage))
      }
      // Told once, after the last scope: what none of them reached. A search that was cut short may have.
      let searched = report.runs.indices.filter {
        $0 >= first && report.runs[$0].engine != CheckReport.Run.solver
      }
      if let last = searched.last, searched.allSatisfy({ report.runs[$0].statistics.isComplete }) {
        report.runs[last].coverageGaps = coverage.gaps
      }
    }
    return report
  }

  /// Scopes to run: the one asked for, or all that are not `on_request` and have an engine here; nil stands for a spec
  /// without scopes.
  private func scopes(of outline: SpecOutline) -> [String?] {
    if let scope = request.scope { return outline.scopes.contains { $0.name == scope } ? [scope] : [] }
    if outline.scopes.isEmpty { return [nil] }
    return outline.scopes.filter { !$0.isOnRequest && (hasSolver || !$0.isSymbolic) }.map(\.name)
  }

  /// Scopes that would be checked if there was an engine for them here.
  private func leftOut(of outline: SpecOutline) -> [String] {
    if request.scope != nil || hasSolver { return [] }
    return outline.scopes.filter { $0.isSymbolic && !$0.isOnRequest }.map(\.name)
  }

  private func checkScope(_ outlines: [SpecOutline]) throws(UsageError) {
    let names = Set(outlines.flatMap { $0.scopes.map(\.name) })
    for scope in [request.scope, request.proof.explore].compactMap(\.self) where !names.contains(scope) {
      let known = names.sorted().joined(separator: ", ")
      throw UsageError("there is no scope '\(scope)'" + (known.isEmpty ? "" : "; there are: \(known)"))
    }
  }

  /// A checkpoint is of one search.
  private func checkCheckpoint(_ outlines: [SpecOutline]) throws(UsageError) {
    guard request.checkpoint != nil || request.resumesFrom != nil else { return }
    if outlines.reduce(0, { $0 + scopes(of: $1).count }) != 1 {
      throw UsageError("--checkpoint and --resume are for one scope of one spec; name it with --scope")
    }
  }

  /// A name that nothing has would check nothing, and look like success.
  private func checkProperties(_ outlines: [SpecOutline]) throws(UsageError) {
    let known = builtinPropertyNames + outlines.flatMap(\.propertyNames)
    for wanted in request.properties where !known.contains(where: { matches($0, wanted) }) {
      let hint = nearest(wanted, in: known).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("--property \(wanted): no spec has such a property\(hint)")
    }
  }

  /// What the masks of the search have no bits for would never be looked at, and would look like success.
  private func checkSize(_ spec: CompiledSpec) throws(UsageError) {
    let system = spec.system
    for (count, limit, name) in [
      (system.properties.count, 64, "declared properties"), (system.pools.count, 64, "structs with pools"),
      (system.lockClasses.count, 64, "declarations of locks"), (system.processCount, 62, "processes"),
    ] where count > limit {
      throw UsageError("\(spec.path): \(count) \(name) in one spec; at most \(limit) can be checked")
    }
  }

  private func check(
    _ spec: CompiledSpec, _ settings: Settings, _ coverage: inout CoverageLedger
  ) throws -> CheckReport.Run {
    try checkSize(spec)
    if isProven(spec), let run = try prove(spec, settings) { return run }
    let interpreter = Interpreter(spec.system)
    let reporter = RunReporter(spec: spec, interpreter: interpreter, request: request)
    if let reason = spec.symbolicReason { return try reporter.report(.unanswered(reason, of: spec.system)) }
    var limits = SearchLimits(clock: host.now)
    limits.seconds = request.seconds
    limits.bytes = request.bytes
    limits.stopsAtFirst = request.stopsAtFirst
    let race = race(spec, settings)
    let isCancelled = request.isCancelled
    let mayWin = isLarge(spec)
    limits.isCancelled = { isCancelled() || (mayWin && race?.isWon ?? false) }
    if let progress = request.progress {
      let name = "\(spec.path) \(spec.scope)"
      limits.progress = { progress(name, $0) }
    }
    let reductions = Self.reductions(of: spec.system, request.reductions)
    let build = NativeBuild(reductions.cleared ?? spec.system, options: Self.emission(of: reductions))
    defer { build.cancel() }
    limits.jobs = request.jobs
    limits.checkpointing = checkpointing(of: spec)
    if let folder = request.spillFolder {
      guard let file = SpillFile(folder: folder, memoryLimit: Self.frontierBytes) else {
        throw UsageError("--spill \(folder): no file can be made there")
      }
      limits.spill = file
    }
    limits.baseBytes = host.residentBytes()
    let steps = StepFactory(
      interpreter, reductions: reductions, patience: patience(for: spec.system),
      compiledSteps: compiledSteps(build))
    race?.start()
    let outcome: Outcome
    do {
      outcome = try checkExplicitly(interpreter, limits: limits, steps: steps, reductions: reductions)
    } catch {
      _ = try? race?.end(waiting: false)
      throw error
    }
    reporter.record(outcome, in: &coverage)
    return try reporter.report(try settle(outcome, race))
  }
}

extension CheckPipeline {
  /// Bytes of each level that stay in memory if there is a folder for the rest.
  private static let frontierBytes = 64 << 20

  private func checkpointing(of spec: CompiledSpec) -> Checkpointing? {
    guard request.checkpoint != nil || request.resumesFrom != nil else { return nil }
    let reductions = request.reductions.map(\.rawValue).sorted().joined(separator: " ")
    // The text of the system says all about spec, scope, options and granularity.
    var result = Checkpointing(
      key: "\(Tool.version) \(reductions) \(fingerprint(renderIR(spec.system)))")
    result.path = request.checkpoint
    result.interval = request.checkpointSeconds
    result.resumesFrom = request.resumesFrom
    return result
  }

  /// The reductions of these kinds that a system admits.
  static func reductions(of system: TransitionSystem, _ kinds: Set<Reduction>) -> SearchReductions {
    var result = SearchReductions()
    if kinds.contains(.deadLocals) {
      result.cleared = clearingDeadLocals(system)
      result.names.append(Reduction.deadLocals.rawValue)
    }
    let searched = result.cleared ?? system
    if kinds.contains(.symmetry) {
      let symmetry = Symmetry(searched)
      if !symmetry.isTrivial {
        result.symmetry = symmetry
        result.names.append(Reduction.symmetry.rawValue)
      }
    }
    if kinds.contains(.partialOrder) {
      let safeSteps = SafeSteps(searched, kinds: kinds)
      if !safeSteps.isEmpty {
        result.safeSteps = safeSteps
        let some = kinds.intersection([.partialOrder, .atomicity])
        result.names += some.map(\.rawValue)
      }
    }
    result.names.sort()
    return result
  }

  /// What compiled steps must be able to do for these reductions.
  static func emission(of reductions: SearchReductions) -> CEmitter.Options {
    var options = CEmitter.Options()
    options.symmetry = reductions.symmetry
    options.safeSteps = reductions.safeSteps
    return options
  }

  /// States to expand before a compiler is worth its time: small systems are searched before it has started.
  private func patience(for system: TransitionSystem) -> Int {
    switch request.engine {
    case .interpreter: .max
    case .explicit: 0
    case .auto, .z3: max(1 << 14, system.steps.count << 6)
    }
  }

  private func compiledSteps(_ build: NativeBuild) -> @Sendable () -> CompiledSteps? {
    switch request.engine {
    case .interpreter: return { nil }
    case .auto, .z3: return { build.poll() }
    case .explicit:
      let steps = build.wait()
      return { steps }
    }
  }
}

/// Spec files among files and folders.
///
/// In folders, files below `lib` are libraries, not specs.
public func findSpecs(_ paths: [String], host: Host) throws(UsageError) -> [String] {
  var result: [String] = []
  for path in paths {
    switch host.kind(path) {
    case .missing: throw UsageError("\(path): no such file or folder")
    case .file: result.append(path)
    case .folder:
      let found = host.files(path, [".mmck"]).filter { !$0.split(separator: "/").contains("lib") }
      if found.isEmpty { throw UsageError("\(path): no specs (.mmck) in this folder") }
      result += found
    }
  }
  var seen = Set<String>()
  return result.filter { seen.insert($0).inserted }
}

/// Resolves `-D` names against the params and options of all specs; `FIX_*` names all that begin so.
func expandOverrides(
  _ overrides: [(name: String, value: String)], _ outlines: [SpecOutline]
) throws(UsageError) -> [String: String] {
  let known = Set(outlines.flatMap { $0.paramNames + $0.optionNames }).sorted()
  var result: [String: String] = [:]
  for (name, value) in overrides {
    guard value == "true" || value == "false" || Int(value) != nil else {
      throw UsageError("-D \(name)=\(value): the value is a number, true or false")
    }
    let matches =
      name.hasSuffix("*") ? known.filter { $0.hasPrefix(name.dropLast()) } : known.filter { $0 == name }
    if matches.isEmpty { throw UsageError("-D \(name): no spec has such a param or option") }
    for match in matches { result[match] = value }
  }
  return result
}
