import Evidence
import Reports
import SpecSemantics
import SpecSyntax
import TransitionIR

/// Turns the outcome of one run into its part of the report: expectations applied, every violation replayed.
struct RunReporter {
  let spec: CompiledSpec
  let interpreter: Interpreter
  let request: CheckRequest
  /// Who answered, if it was no search.
  var engine: String?

  func report(_ outcome: Outcome) throws -> CheckReport.Run {
    let meta = spec.meta
    var run = CheckReport.Run(
      spec: meta.spec, title: meta.title, path: meta.path, scope: meta.scope, parameters: meta.parameters,
      options: meta.options, engine: engine ?? (request.engine == .interpreter ? "interpreter" : "explicit"),
      statistics: outcome.statistics, results: [])
    for answer in outcome.answers where isWanted(answer.property) {
      for verdict in answer.verdicts {
        var result = try result(answer, verdict)
        result.engine = answer.engine
        result.obstacle = answer.obstacle
        result.certificate = answer.certificate
        result.certificateRefusal = answer.certificateRefusal
        result.numberRefusal = answer.numberRefusal
        run.results.append(result)
      }
    }
    run.lockOrder = outcome.lockOrder.map { LockOrderEntry($0, in: spec.system) }
    return run
  }

  /// Notes what the run reached.
  ///
  /// A search that was cut short says nothing about coverage.
  func record(_ outcome: Outcome, in ledger: inout CoverageLedger) {
    guard outcome.statistics.isComplete else { return }
    let points = spec.system.coverPoints.filter { !isLibrary($0.site) }
    let implications = spec.system.properties.filter { !isLibrary($0.site) }.flatMap { property in
      property.antecedents.map { CoverageGap(untried: $0.site, of: property.name, in: spec.system) }
    }
    ledger.add(
      possible: points.map { CoverageGap($0, in: spec.system) } + implications,
      missed: outcome.uncovered.map { CoverageGap($0, in: spec.system) }
        + outcome.untried.map { CoverageGap(untried: $0.site, of: $0.property, in: spec.system) })
  }

  /// Library code serves many specs; what one of them does not use is no gap of it.
  private func isLibrary(_ site: SiteID) -> Bool {
    spec.system.files[spec.system.sites[site.index].file].split(separator: "/").contains("lib")
  }

  private func isWanted(_ property: String) -> Bool {
    request.properties.isEmpty || request.properties.contains { matches(property, $0) }
  }

  private func result(_ answer: Outcome.Answer, _ verdict: Verdict) throws -> CheckReport.Result {
    let expected = expectation(answer.property)
    var result: CheckReport.Result
    switch verdict {
    case .holds(let strength):
      result = .init(
        property: answer.property, group: answer.group, answer: .holds(strength), expected: expected)
      result.trace = try answer.witness.map(trace)
    case .unknown(let reason):
      result = .init(
        property: answer.property, group: answer.group, answer: .unknown(reason), expected: expected)
    case .unreachable:
      result = .init(
        property: answer.property, group: answer.group, answer: .violated, expected: expected,
        message: "no reachable state satisfies it")
    case .violated(let counterexample):
      result = .init(
        property: answer.property, group: answer.group, answer: .violated, expected: expected,
        place: SourcePlace(counterexample.site, in: spec.system), message: counterexample.message,
        subject: counterexample.subject, trace: try trace(counterexample))
    }
    return result
  }

  private func trace(_ counterexample: Counterexample) throws -> Trace {
    try Trace(counterexample: counterexample, interpreter: interpreter, meta: spec.meta)
  }

  /// The most exact expectation that applies; among equals the last.
  ///
  /// Without one a property is expected to hold.
  private func expectation(_ property: String) -> CheckReport.Kind {
    let applicable = spec.analysis.expectations.filter { matches(property, $0.property.text) }
    let best = applicable.map { exactness($0.property.text) }.max()
    switch applicable.last(where: { exactness($0.property.text) == best })?.outcome {
    case .violated: return .violated
    case .unknown: return .unknown
    case .holds, nil: return .holds
    }
  }

  private func exactness(_ pattern: String) -> Int {
    pattern == "*" ? 0 : pattern.hasSuffix(".*") ? 1 : 2
  }
}

/// Whether a property is meant by a name, a group (`lock.*`) or `*`.
func matches(_ property: String, _ pattern: String) -> Bool {
  if pattern == "*" || pattern == property { return true }
  return pattern.hasSuffix(".*") && property.hasPrefix(pattern.dropLast())
}
