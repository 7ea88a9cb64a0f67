import ArgumentParser
import CheckDriver
import Foundation
import Reports

/// `mmck prove`.
struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Prove properties in a scope that is too large to search.",
    discussion: """
      Lemmas are learned from a small scope that is searched first. What cannot be proven is unknown, and the step that
      stands in the way is drawn; what is violated has a trace, as with check.
      """)

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @OptionGroup var settings: SettingOptions

  @Option(name: .customLong("property"), help: "Only this property or group (lock.*); may be repeated.")
  var properties: [String] = []

  @Option(help: "auto (both), induction (over steps, without lemmas), pdr (lemmas answer counterexamples).")
  var method: ProofRequest.Method = .auto

  @Option(help: "The largest number of steps for induction over steps.")
  var k: Int?

  @Option(help: ArgumentHelp("Learn lemmas from this scope.", valueName: "scope"))
  var explore: String?

  @Option(help: "Time for all properties together, as 60s or 5m; what is not proven by then is unknown.")
  var time: Duration?

  @Option(help: "Memory for the solver, as 500M or 4G.")
  var memory: ByteSize?

  @Option(
    help: ArgumentHelp(
      "Write a certificate of each proof into this folder; takes as long again, at most.", valueName: "folder"
    ))
  var certificate: String?

  @Option(help: "Write each violation's trace (.itf.json and .txt) below this folder.")
  var traceDir: String?

  @Option(help: ArgumentHelp("Write a JUnit report.", valueName: "file"))
  var junit: String?

  @Option(help: ArgumentHelp("Write a SARIF report.", valueName: "file"))
  var sarif: String?

  @Option(help: ArgumentHelp("Write all results as JSON; - for standard output.", valueName: "file"))
  var json: String?

  func validate() throws {
    if let k, !(1...1000).contains(k) { throw ValidationError("--k is 1 to 1000") }
  }

  func run() throws {
    Interruption.catchSignal()
    var report = try CheckPipeline(try request, host: .system).run()
    if let traceDir { try writeTraces(of: &report, below: traceDir, host: .system) }
    try ReportFiles(junit: junit, sarif: sarif, json: json, html: nil).write(report)
    if json != "-" {
      var options = TextReport.Options()
      options.showsEverything = true
      options.usesColor = Terminal.usesColor
      print(TextReport.render(report, options: options), terminator: "")
      printNumberRefusals(report)
      printCertificates(report)
      for obstacle in report.results.compactMap(\.result.obstacle) { print("\n" + obstacle, terminator: "") }
    }
    let status = Interruption.hasHappened ? 130 : Reports.exitCode(for: report)
    if status != 0 { throw Ending(status: status) }
  }

  /// Why proofs are for this number of processes only, each reason once.
  private func printNumberRefusals(_ report: CheckReport) {
    var reasons: [(reason: String, properties: [String])] = []
    for (_, result) in report.results {
      guard let reason = result.numberRefusal else { continue }
      if let known = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[known].properties.append(result.property)
      } else {
        reasons.append((reason, [result.property]))
      }
    }
    for (reason, properties) in reasons {
      print("for this number of processes only: \(properties.joined(separator: ", ")): \(reason)")
    }
  }

  /// Where the certificates are, and what has none.
  private func printCertificates(_ report: CheckReport) {
    guard certificate != nil else { return }
    for (_, result) in report.results where result.trace == nil && result.answer.kind == .holds {
      let missing =
        result.certificateRefusal ?? "it was not proven with lemmas, or there was no time to write it"
      print(
        result.certificate.map { "certificate of \(result.property): \($0)" }
          ?? "no certificate of \(result.property): \(missing)")
    }
  }

  private var request: CheckRequest {
    get throws {
      var request = CheckRequest(paths: [spec], isCancelled: { Interruption.hasHappened })
      request.overrides = settings.overrides
      request.scope = try settings.scope ?? firstScope()
      request.granularity = settings.granularity
      request.properties = properties
      request.engine = .z3
      request.prover = ProveWorkerCommand.prover
      request.seconds = time?.seconds
      request.bytes = memory?.bytes
      request.proof.method = method
      request.proof.k = k ?? request.proof.k
      request.proof.explore = explore
      request.proof.certificateFolder = certificate
      return request
    }
  }

  private func firstScope() throws -> String? {
    try outline(of: loadSpec(spec, host: .system)).scopes.first?.name
  }
}

extension ProofRequest.Method: ExpressibleByArgument {}
