import ArgumentParser
import CheckDriver
import ExplicitEngine
import Foundation
import Reductions
import Reports
import SpecSemantics

/// `mmck check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check every property of specs, in every scope.")

  @Argument(help: "Specs (.mmck) and folders of specs; default: specs")
  var paths: [String] = []

  @OptionGroup var settings: SettingOptions

  @Option(
    name: .customLong("property"), help: "Report only this property or group (lock.*); may be repeated.")
  var properties: [String] = []

  @Option(
    help: "Who answers: auto, explicit (compiled C), interpreter, or z3, which proves and stores no states."
  )
  var engine: EngineName = .auto

  @Option(help: "Threads; results do not depend on it. Default: one for each core.")
  var jobs: Int?

  @Option(help: "Time for each scope of each spec, as 60s or 5m; then its verdict is unknown.")
  var time: Duration?

  @Option(help: "Memory for states, as 500M or 4G; then the verdict is unknown.")
  var memory: ByteSize?

  @Option(help: ArgumentHelp("Write down now and then how far a long search is.", valueName: "file"))
  var checkpoint: String?

  @Option(help: "How often, as 60s or 10m.")
  var checkpointInterval: Duration?

  @Option(help: ArgumentHelp("Go on from a checkpoint.", valueName: "file"))
  var resume: String?

  @Option(
    help: ArgumentHelp("Keep most states that wait to be expanded in this folder.", valueName: "folder"))
  var spill: String?

  @Option(
    help: ArgumentHelp(
      "Switch off a reduction (all if none is named); the verdicts are the same.", valueName: "kind"))
  var noReduction: [ReductionName] = []

  @Flag(help: "Stop at the first violation.")
  var stopAtFirst = false

  @Option(help: "Write each violation's trace (.itf.json and .txt) below this folder.")
  var traceDir: String?

  @Option(help: ArgumentHelp("Write a JUnit report.", valueName: "file"))
  var junit: String?

  @Option(help: ArgumentHelp("Write a SARIF report.", valueName: "file"))
  var sarif: String?

  @Option(help: ArgumentHelp("Write all results as JSON; - for standard output.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write an HTML page with the traces.", valueName: "file"))
  var html: String?

  @Flag(help: "Print annotations for GitHub Actions.")
  var github = false

  @Flag(name: .shortAndLong, help: "List properties that hold one by one, and every coverage gap.")
  var verbose = false

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256") }
  }

  func run() throws {
    Interruption.catchSignal()
    let pipeline = CheckPipeline(request, host: .system)
    var report = try pipeline.run()
    Terminal.clearProgress()
    if let traceDir { try writeTraces(of: &report, below: traceDir, host: .system) }
    try ReportFiles(junit: junit, sarif: sarif, json: json, html: html).write(report)
    if json != "-" {
      var options = TextReport.Options()
      options.showsEverything = verbose
      options.usesColor = Terminal.usesColor
      print(TextReport.render(report, options: options), terminator: "")
    }
    if github { print(GitHubAnnotations.render(report), terminator: "") }
    let status = Interruption.hasHappened ? 130 : Reports.exitCode(for: report)
    if status != 0 { throw Ending(status: status) }
  }

  private var request: CheckRequest {
    var request = CheckRequest(
      paths: paths.isEmpty ? ["specs"] : paths, isCancelled: { Interruption.hasHappened })
    request.overrides = settings.overrides
    request.scope = settings.scope
    request.granularity = settings.granularity
    request.properties = properties
    request.engine = CheckRequest.Engine(rawValue: engine.rawValue) ?? .auto
    request.prover = ProveWorkerCommand.prover
    request.reductions = Set(Reduction.allCases).subtracting(noReduction.flatMap(\.reductions))
    request.jobs = jobs ?? min(256, ProcessInfo.processInfo.activeProcessorCount)
    request.seconds = time?.seconds
    request.bytes = memory?.bytes
    request.stopsAtFirst = stopAtFirst
    request.checkpoint = checkpoint
    request.checkpointSeconds = checkpointInterval?.seconds ?? 60
    request.resumesFrom = resume
    request.spillFolder = spill
    if Terminal.showsProgress {
      request.progress = { run, progress in
        let rate = progress.seconds > 0 ? Double(progress.states) / progress.seconds : 0
        Terminal.showProgress(
          "\(run): \(progress.states) states, depth \(progress.depth), \(progress.queued) queued, "
            + "\(Int(rate)) states/s, \(progress.bytes >> 20) MiB")
      }
    }
    return request
  }
}

/// The reductions that `--no-reduction` can name.
enum ReductionName: String, ExpressibleByArgument, CaseIterable {
  case all, symmetry, atomicity
  case partialOrder = "partial-order"
  case deadLocals = "dead-locals"

  var reductions: [Reduction] {
    self == .all ? Reduction.allCases : Reduction(rawValue: rawValue).map { [$0] } ?? []
  }
}

enum EngineName: String, ExpressibleByArgument, CaseIterable { case auto, explicit, z3, interpreter }

extension Settings.Granularity: ExpressibleByArgument {}

/// `-D`.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: [.customShort("D", allowingJoined: true)],
    help: ArgumentHelp("Set a param or option; a name may end in *.", valueName: "NAME=VALUE"))
  var overrides: [Override] = []

  var pairs: [(name: String, value: String)] { overrides.map { ($0.name, $0.value) } }
}

/// Options that say which instance of a spec is meant.
struct SettingOptions: ParsableArguments {
  @OptionGroup var overrideOptions: OverrideOptions

  @Option(help: "Only this scope.")
  var scope: String?

  @Option(help: "What is one step: a statement, or each single access to shared state.")
  var granularity: Settings.Granularity = .statement

  var overrides: [(name: String, value: String)] { overrideOptions.pairs }
}
