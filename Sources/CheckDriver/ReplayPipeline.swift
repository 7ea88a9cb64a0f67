import Evidence
import SpecSemantics
import TransitionIR

/// Replays recorded traces on today's specs.
public struct ReplayPipeline {
  let paths: [String]
  let overrides: [(name: String, value: String)]
  let host: Host

  public struct Result: Sendable {
    /// The trace file.
    public let path: String
    public let result: ReplayResult
  }

  public init(paths: [String], overrides: [(name: String, value: String)], host: Host) {
    self.paths = paths
    self.overrides = overrides
    self.host = host
  }

  /// One result for each trace, in order.
  ///
  /// Throws `UsageError`, `HostError`, `TraceError` (bad file) or `SpecErrors`.
  public func run() throws -> [Result] {
    var cache: [String: (spec: LoadedSpec, outline: SpecOutline)] = [:]
    return try findTraces().map { path in
      let trace = try readTrace(path, host: host)
      let specPath = try findSpec(trace.meta.path, from: path)
      if cache[specPath] == nil {
        let spec = try loadSpec(specPath, host: host)
        cache[specPath] = (spec, try outline(of: spec))
      }
      guard let (spec, outline) = cache[specPath] else { throw UsageError("\(specPath): not loaded") }
      let compiled = try compile(spec, path: specPath, settings: try settings(trace, outline, overrides))
      var result = replay(trace, on: Interpreter(compiled.system), meta: compiled.meta)
      if case .specChanged(let step, let why) = result, !overrides.isEmpty {
        // If the trace can still be followed without the overrides, it is they that make the difference.
        let recorded = try compile(spec, path: specPath, settings: try settings(trace, outline, []))
        if case .stillViolates = replay(trace, on: Interpreter(recorded.system), meta: recorded.meta) {
          result = .noLongerPossible(step: step, why: why)
        }
      }
      return Result(path: path, result: result)
    }
  }

  private func findTraces() throws(UsageError) -> [String] {
    var result: [String] = []
    for path in paths {
      switch host.kind(path) {
      case .missing: throw UsageError("\(path): no such file or folder")
      case .file: result.append(path)
      case .folder: result += host.files(path, [".itf.json"])
      }
    }
    if result.isEmpty { throw UsageError("no traces (.itf.json) there") }
    return result
  }

  /// The spec that a trace names, from here or from a folder above the trace.
  private func findSpec(_ name: String, from trace: String) throws(UsageError) -> String {
    if host.kind(name) == .file { return name }
    var parts = trace.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    while !parts.isEmpty, !name.hasPrefix("/") {
      let candidate = parts.joined(separator: "/") + "/" + name
      if host.kind(candidate) == .file { return candidate }
      parts = parts.dropLast()
    }
    throw UsageError("\(trace): its spec \(name) is not here")
  }

  /// The recorded params and options, as far as they still exist, and the overrides of today.
  private func settings(
    _ trace: Trace, _ outline: SpecOutline, _ overrides: [(name: String, value: String)]
  ) throws(UsageError) -> Settings {
    var values: [String: String] = [:]
    let known = Set(outline.paramNames + outline.optionNames)
    for setting in trace.meta.parameters + trace.meta.options where known.contains(setting.name) {
      values[setting.name] = setting.value
    }
    for (name, value) in try expandOverrides(overrides, [outline]) { values[name] = value }
    let scope = outline.scopes.contains { $0.name == trace.meta.scope } ? trace.meta.scope : nil
    let granularity = Settings.Granularity(rawValue: trace.meta.granularity) ?? .statement
    return Settings(overrides: values, scope: scope, granularity: granularity)
  }
}

/// Reads a trace file.
public func readTrace(_ path: String, host: Host) throws -> Trace {
  let bytes = try host.read(path)
  do throws(TraceError) {
    return try Trace(itf: bytes)
  } catch {
    throw UsageError("\(path): \(error)")
  }
}
