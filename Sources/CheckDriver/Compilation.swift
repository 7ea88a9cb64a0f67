import Diagnostics
import Evidence
import Lowering
import SpecSemantics
import SpecSyntax
import TransitionIR

/// A spec compiled for one scope.
public struct CompiledSpec: Sendable {
  public let path: String
  public let hash: String
  public let analysis: Analysis
  public let system: TransitionSystem
  /// `default` if the spec declares no scope.
  public let scope: String
  /// Params whose value is not the default: what the scope and the command line changed.
  public let changedParams: Set<String>
  public let granularity: Settings.Granularity
  /// The scope is `symbolic`: engines that visit states one by one must not be asked.
  public var isSymbolic: Bool { analysis.isSymbolic }

  /// What every trace and report says about where it comes from.
  public var meta: Trace.Meta {
    let settings = analysis.values.sorted { $0.key < $1.key }
    let outline = analysis.outline
    return Trace.Meta(
      tool: Tool.name, toolVersion: Tool.version, spec: outline.name, title: outline.title, path: path,
      specHash: hash,
      scope: scope,
      parameters: settings.filter { changedParams.contains($0.key) }
        .map { Trace.Setting($0.key, $0.value.description) },
      options: settings.filter { outline.optionNames.contains($0.key) }
        .map { Trace.Setting($0.key, $0.value.description) },
      granularity: granularity.rawValue)
  }
}

extension CompiledSpec {
  /// Why no engine that visits states one by one answers for this scope; nil if one can.
  public var symbolicReason: String? {
    isSymbolic ? "scope \(scope) is for Z3 only: its choices are among too many values to try them all" : nil
  }

  /// For whatever has to go through all that can happen.
  ///
  /// Throws `UsageError` if the scope is symbolic.
  public func requireEnumerable(_ what: String) throws(UsageError) {
    if let symbolicReason { throw UsageError("\(path): \(symbolicReason), so \(what)") }
  }
}

/// Who made a report.
public enum Tool {
  public static let name = "mmck"
  public static let version = "0.1.0"
}

/// The spec is wrong: everything that was found, with the sources to show it.
public struct SpecErrors: Error, Sendable {
  public let diagnostics: [Diagnostic]
  public let sources: SourceMap
  public init(diagnostics: [Diagnostic], sources: SourceMap) {
    self.diagnostics = diagnostics
    self.sources = sources
  }
}

/// The passes, in order: parse (done by loading), analyze, lower, validate.
///
/// Throws all errors of the first pass that finds any. `scope` nil uses the defaults of all params.
public func compile(_ spec: LoadedSpec, path: String, settings: Settings) throws(SpecErrors) -> CompiledSpec {
  try throwErrors(spec.diagnostics, spec.sources)
  let (analysis, semantic) = analyze(spec.trees, settings: settings)
  try throwErrors(semantic, spec.sources)
  let (system, lowering) = lower(analysis.program, sources: spec.sources, settings: settings)
  try throwErrors(lowering, spec.sources)
  assert(validate(system).isEmpty, "lowering made an ill-formed system: \(validate(system).prefix(5))")
  let defaults = analyze(spec.trees, settings: Settings()).analysis.values
  return CompiledSpec(
    path: path, hash: spec.hash, analysis: analysis, system: system, scope: settings.scope ?? "default",
    changedParams: Set(analysis.outline.paramNames.filter { analysis.values[$0] != defaults[$0] }),
    granularity: settings.granularity)
}

private func throwErrors(_ diagnostics: [Diagnostic], _ sources: SourceMap) throws(SpecErrors) {
  if diagnostics.contains(where: { $0.severity == .error }) {
    throw SpecErrors(diagnostics: diagnostics.sortedByPlace, sources: sources)
  }
}

/// The scopes, params and options of a spec, before any scope is chosen.
public func outline(of spec: LoadedSpec) throws(SpecErrors) -> SpecOutline {
  try throwErrors(spec.diagnostics, spec.sources)
  return analyze(spec.trees, settings: Settings()).analysis.outline
}

extension [Diagnostic] {
  /// By file, then by place.
  public var sortedByPlace: [Diagnostic] {
    sorted { ($0.range.file.index, $0.range.start, $0.code) < ($1.range.file.index, $1.range.start, $1.code) }
  }
}

/// Loads and compiles one spec in the scope named, or in its first.
///
/// Throws `HostError`, `SpecErrors` or `UsageError`.
public func compile(
  _ path: String, overrides: [(name: String, value: String)], scope: String?,
  granularity: Settings.Granularity,
  host: Host
) throws -> CompiledSpec {
  let spec = try loadSpec(path, host: host)
  let outline = try outline(of: spec)
  if let scope, !outline.scopes.contains(where: { $0.name == scope }) {
    throw UsageError("\(path) has no scope '\(scope)'")
  }
  let values = try expandOverrides(overrides, [outline])
  return try compile(
    spec, path: path,
    settings: Settings(
      overrides: values, scope: scope ?? outline.scopes.first?.name, granularity: granularity))
}
