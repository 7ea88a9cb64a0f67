import Evidence

/// The exit status of a check; specs with errors and failures of the tool itself have their own (2 and 4).
///
/// 0: everything is as expected. 1: a property is violated that should hold, or an expectation was missed.
/// 3: none of these, but something that was not expected to stay unknown did.
public func exitCode(for report: CheckReport) -> Int32 {
  let surprises = report.results.map(\.result).filter { !$0.isAsExpected }
  if surprises.contains(where: { $0.answer.kind != .unknown }) { return 1 }
  return surprises.isEmpty ? 0 : 3
}
