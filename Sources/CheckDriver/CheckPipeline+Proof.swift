import Evidence
import Foundation
import Reports
import SpecSemantics
import TransitionIR

/// How a check asks for proofs, beside or in the place of a search.
extension CheckPipeline {
  /// Whether symbolic scopes have somebody who answers for them.
  var hasSolver: Bool { request.prover != nil && [.z3, .auto].contains(request.engine) }

  /// Who answers for a scope: a solver if that was asked for, or if nobody else can.
  func isProven(_ spec: CompiledSpec) -> Bool {
    request.prover != nil && (request.engine == .z3 || request.engine == .auto && spec.isSymbolic)
  }

  /// Seconds for a proof if nobody says how many.
  private static let defaultSeconds = 60.0

  /// One run by the solver alone.
  func prove(_ spec: CompiledSpec, _ settings: Settings) throws -> CheckReport.Run? {
    guard let prover = request.prover else { return nil }
    let start = host.now()
    let dialogue = ProofDialogue(prover: prover, host: host, isCancelled: request.isCancelled)
    let asked = proofRequest(spec, settings, seconds: request.seconds ?? Self.defaultSeconds)
    let ledger = try dialogue.run(asked, on: spec.system)
    var reporter = RunReporter(spec: spec, interpreter: Interpreter(spec.system), request: request)
    reporter.engine = CheckReport.Run.solver
    return try reporter.report(ledger.outcome(seconds: host.now() - start))
  }

  private func proofRequest(_ spec: CompiledSpec, _ settings: Settings, seconds: Double) -> ProofRequest {
    let all = spec.system.builtins.map(\.rawValue) + spec.system.properties.map(\.name)
    let wanted = all.filter { name in
      request.properties.isEmpty || request.properties.contains { matches(name, $0) }
    }
    var result = ProofRequest(
      path: spec.path, overrides: settings.overrides, scope: settings.scope,
      granularity: settings.granularity, properties: wanted)
    result.method = request.proof.method
    result.k = request.proof.k
    result.explore = request.proof.explore
    result.certificateFolder = request.proof.certificateFolder
    result.seconds = seconds
    result.bytes = request.bytes
    return result
  }

  // MARK: Races

  /// How long a search is alone, at most.
  private static let patience = 20.0
  /// A race of less is not worth it.
  private static let shortestRace = 2.0
  /// For a proof beside a search that has no limit.
  private static let longestRace = 3600.0

  /// A proof to run beside the search of a scope that may be too large for it; nil if there is none to run.
  ///
  /// Searches that are expected to end have no rival, so that it is no matter of chance who answers.
  func race(_ spec: CompiledSpec, _ settings: Settings) -> ProofRace? {
    guard request.engine == .auto, let prover = request.prover,
      ProcessInfo.processInfo.activeProcessorCount > 1
    else { return nil }
    if !isLarge(spec), request.seconds == nil, request.bytes == nil { return nil }
    let patience = min(Self.patience, (request.seconds ?? .infinity) / 3)
    let seconds = (request.seconds ?? Self.longestRace) - patience
    if seconds < Self.shortestRace { return nil }
    return ProofRace(
      proofRequest(spec, settings, seconds: seconds), on: spec.system, patience: patience, prover: prover,
      host: host, isCancelled: request.isCancelled)
  }

  /// Nobody expects the search to end.
  func isLarge(_ spec: CompiledSpec) -> Bool {
    spec.analysis.outline.scopes.contains { $0.name == spec.scope && $0.isOnRequest }
  }

  /// The outcome of a search and of its rival, if it has one, together.
  func settle(_ outcome: Outcome, _ race: ProofRace?) throws -> Outcome {
    guard let race else { return outcome }
    let isWaiting = !outcome.statistics.isComplete && !request.isCancelled()
    guard let ledger = try race.end(waiting: isWaiting) else { return outcome }
    return outcome.completed(by: ledger)
  }
}
