import CheckDriver
import Diagnostics
import Evidence
import ExplicitEngine

/// What the errors of the libraries look like to a user, and the exit status of each kind.
enum Failures {
  static func describe(_ error: any Error) -> (text: String, status: Int32)? {
    switch error {
    case let error as SpecErrors: (render(error.diagnostics, error.sources), 2)
    case let error as UsageError: ("mmck: \(error.description)", 2)
    case let error as CheckpointError: ("mmck: \(error.description)", 2)
    case let error as HostError: ("mmck: \(error.description)", 2)
    case let error as TraceError: ("mmck: internal error: a violation could not be replayed: \(error)", 4)
    case let error as ProverFailure: ("mmck: internal error: the prover: \(error.description)", 4)
    case let error as SearchFailure: ("mmck: internal error: \(error.description)", 4)
    default: nil
    }
  }

  static func render(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> String {
    let renderer = DiagnosticRenderer(sources: sources, color: Terminal.usesColorOnError)
    let limit = 50
    var parts = diagnostics.prefix(limit).map(renderer.render)
    if diagnostics.count > limit { parts.append("… and \(diagnostics.count - limit) more") }
    return parts.joined(separator: "\n")
  }
}
