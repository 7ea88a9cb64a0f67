import ArgumentParser
import CheckDriver
import Foundation
import Reductions
import Reports

/// `mmck matrix`.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix", abstract: "Compare designs: which spec has which property, over all its scopes.",
    discussion: "Exit status 0 whatever the verdicts are: a comparison is not a check.")

  @Argument(help: "Specs and folders of specs; default: specs")
  var paths: [String] = []

  @OptionGroup var settings: SettingOptions

  func run() throws {
    Interruption.catchSignal()
    let folders = paths.isEmpty ? ["specs"] : paths
    var request = CheckRequest(paths: folders, isCancelled: { Interruption.hasHappened })
    request.reductions = Set(Reduction.allCases)
    request.jobs = ProcessInfo.processInfo.activeProcessorCount
    request.overrides = settings.overrides
    request.scope = settings.scope
    request.granularity = settings.granularity
    let report = try CheckPipeline(request, host: .system).run()
    print(MatrixReport.render(report), terminator: "")
    if Interruption.hasHappened { throw Ending(status: 130) }
  }
}
