import Evidence

/// The machine-readable form: version 1 of `mmck check --json`.
///
/// Members that do not apply are null.
public enum JSONReport {
  /// A JSON document with a line feed at the end.
  public static func render(_ report: CheckReport) -> String {
    JSON.object([
      .init("version", .integer(1)),
      .init("tool", .string("\(report.tool) \(report.toolVersion)")),
      .init("results", .array(report.results.map { result($0.result, of: $0.run) })),
      .init(
        "leftOut",
        .array(
          report.leftOut.map {
            .object([.init("spec", .string($0.path)), .init("scope", .string($0.scope))])
          })),
    ]).text
  }

  private static func result(_ result: CheckReport.Result, of run: CheckReport.Run) -> JSON {
    let engine = result.engine ?? run.engine
    // A solver stores no states.
    func counted(_ value: JSON) -> JSON { engine == CheckReport.Run.solver ? .null : value }
    let numbers = run.statistics
    return .object([
      .init("spec", .string(run.path)),
      .init("scope", .string(run.scope)),
      .init("property", .string(result.property)),
      .init("group", .string(result.group)),
      .init("verdict", .string(result.answer.kind.rawValue)),
      .init("strength", strength(result.answer)),
      .init("expected", .string(result.expected.rawValue)),
      .init("states", counted(.integer(numbers.states))),
      .init("transitions", counted(.integer(numbers.transitions))),
      .init("depth", numbers.depth < 0 ? .null : .integer(numbers.depth)),
      .init("seconds", .number(rounded(run.statistics.seconds, digits: 3))),
      .init("bytesPerState", counted(.number(rounded(numbers.bytesPerState, digits: 2)))),
      .init("engine", .string(engine)),
      .init("trace", .optional(result.tracePath)),
      .init("reason", reason(result.answer)),
      .init("specName", .string(run.spec)),
      .init("asExpected", .bool(result.isAsExpected)),
      .init("place", place(result.place)),
      .init("message", .optional(result.message)),
      .init("subject", .optional(result.subject)),
      .init("strengthDepth", strengthDepth(result.answer)),
      .init("strengthK", strengthNumbers(result.answer)?.k ?? .null),
      .init("lemmas", strengthNumbers(result.answer)?.lemmas ?? .null),
      .init("anyNumberOf", anyNumber(result.answer)),
      .init("anyNumberRefusal", .optional(result.numberRefusal)),
      .init("certificate", .optional(result.certificate)),
      .init("obstacle", .optional(result.obstacle)),
      .init("steps", result.trace.map { .integer($0.steps.count) } ?? .null),
      .init("reductions", .array(run.statistics.reductions.map { .string($0) })),
      .init("parameters", settings(run.parameters)),
      .init("options", settings(run.options)),
    ])
  }

  private static func strength(_ answer: CheckReport.Answer) -> JSON {
    switch answer {
    case .holds(.exhaustive): .string("exhaustive")
    case .holds(.depth): .string("depth")
    case .holds(.inductive): .string("inductive")
    case .holds(.anyNumber): .string("any-number")
    case .violated, .unknown: .null
    }
  }

  private static func strengthDepth(_ answer: CheckReport.Answer) -> JSON {
    if case .holds(.depth(let depth)) = answer { .integer(depth) } else { .null }
  }

  private static func strengthNumbers(_ answer: CheckReport.Answer) -> (k: JSON, lemmas: JSON)? {
    switch answer {
    case .holds(.inductive(let k, let lemmas)): (.integer(k), .integer(lemmas))
    case .holds(.anyNumber(_, let lemmas)): (.integer(1), .integer(lemmas))
    default: nil
    }
  }

  private static func anyNumber(_ answer: CheckReport.Answer) -> JSON {
    if case .holds(.anyNumber(let kinds, _)) = answer { .array(kinds.map { .string($0) }) } else { .null }
  }

  private static func reason(_ answer: CheckReport.Answer) -> JSON {
    if case .unknown(let reason) = answer { .string(reason) } else { .null }
  }

  private static func place(_ place: SourcePlace?) -> JSON {
    guard let place else { return .null }
    return .object([
      .init("file", .string(place.file)), .init("line", .integer(place.line)),
      .init("column", .integer(place.column)), .init("text", .string(place.text)),
      .init("function", .string(place.function)),
      .init("origin", .optional(place.origin.isEmpty ? nil : place.origin)),
    ])
  }

  private static func settings(_ settings: [Trace.Setting]) -> JSON {
    .object(settings.map { .init($0.name, .string($0.value)) })
  }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    let scale = digits == 3 ? 1000.0 : 100.0
    return (value * scale).rounded() / scale
  }
}
