import Evidence
import ExplicitEngine
import LemmaMining
import SpecSemantics
import TransitionIR

/// A small system that corresponds to a large one, all of whose states (or as many as there is time for) were visited: what lemmas
/// about the large one are learned from.
struct SmallScope {
  let name: String
  let pair: SystemPair
  let states: ReachableStates
  /// Which locks were taken while which were held.
  let lockOrder: [LockOrderEdge]

  static let stateLimit = 200_000

  /// Explores the best scope of the spec for a proof about `large`; nil if there is none.
  ///
  /// Best is the one that was asked for; otherwise one with many processes, but not more than `large` has, and rather another than
  /// `large` itself. Throws `UsageError` if the one asked for does not correspond.
  static func explored(
    for large: CompiledSpec, of spec: LoadedSpec, _ request: ProofRequest, host: Host, seconds: Double
  ) throws -> SmallScope? {
    var chosen: (spec: CompiledSpec, pair: SystemPair)?
    for candidate in try candidates(for: large, of: spec, request) {
      do throws(Incompatibility) {
        chosen = (candidate, try SystemPair(small: candidate.system, large: large.system))
        break
      } catch {
        if request.explore != nil {
          throw UsageError("--explore \(candidate.scope): \(error.description)")
        }
      }
    }
    guard let chosen else { return nil }
    return try explore(
      chosen.spec, chosen.pair, host, seconds,
      needsOrder: request.properties.contains(BuiltinProperty.lockOrder.rawValue))
  }

  private static func explore(
    _ spec: CompiledSpec, _ pair: SystemPair, _ host: Host, _ seconds: Double, needsOrder: Bool
  ) throws -> SmallScope {
    let interpreter = Interpreter(spec.system)
    let reductions = CheckPipeline.reductions(of: spec.system, [.symmetry])
    let build = NativeBuild(spec.system, options: CheckPipeline.emission(of: reductions))
    defer { build.cancel() }
    let steps = StepFactory(
      interpreter, reductions: reductions, patience: 10_000, compiledSteps: { build.poll() })
    var limits = SearchLimits(clock: host.now)
    limits.seconds = seconds / 2
    let states = try ReachableStates(
      of: interpreter, limits: limits, steps: steps, symmetry: reductions.symmetry, stateLimit: stateLimit)
    var lockOrder: [LockOrderEdge] = []
    if needsOrder {
      // Once more, and with the eyes of a check: which locks are nested is no part of a state.
      lockOrder = try checkExplicitly(interpreter, limits: limits, steps: steps, reductions: reductions)
        .lockOrder
    }
    return SmallScope(name: spec.scope, pair: pair, states: states, lockOrder: lockOrder)
  }

  // MARK: Candidates

  private static func candidates(
    for large: CompiledSpec, of spec: LoadedSpec, _ request: ProofRequest
  ) throws -> [CompiledSpec] {
    let outline = large.analysis.outline
    let options = request.overrides.filter { outline.optionNames.contains($0.key) }
    var names: [String?] = outline.scopes.filter { !$0.isSymbolic && !$0.isOnRequest }.map(\.name)
    if let asked = request.explore {
      guard outline.scopes.contains(where: { $0.name == asked }) else {
        throw UsageError("--explore \(asked): there is no such scope")
      }
      names = [asked]
    } else if outline.scopes.isEmpty {
      names = [nil]
    }
    var result: [CompiledSpec] = []
    for overrides in options == request.overrides ? [options] : [options, request.overrides] {
      for name in names {
        let settings = Settings(overrides: overrides, scope: name, granularity: large.granularity)
        // A scope that these settings break is no scope to learn from; whoever checks it is told.
        guard let compiled = try? compile(spec, path: large.path, settings: settings) else { continue }
        if compiled.isSymbolic || compiled.system.processCount > large.system.processCount { continue }
        result.append(compiled)
      }
    }
    if !large.isSymbolic, !result.contains(where: { isSame($0, large) }) { result.append(large) }
    let others = result.filter { !isSame($0, large) }.enumerated().sorted {
      (-$0.element.system.processCount, $0.offset) < (-$1.element.system.processCount, $1.offset)
    }
    return others.map(\.element) + result.filter { isSame($0, large) }
  }

  /// Scopes with different names may be the same system.
  private static func isSame(_ a: CompiledSpec, _ b: CompiledSpec) -> Bool {
    a.analysis.values == b.analysis.values
  }
}
