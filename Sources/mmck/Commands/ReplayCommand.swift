import ArgumentParser
import CheckDriver
import Evidence
import Foundation

/// `mmck replay`.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Follow recorded traces in the specs of today.",
    discussion:
      "Exit status 0 if every trace still violates, or is no longer possible; 1 with --expect if one differs."
  )

  @Argument(help: "Traces (.itf.json) and folders of traces.")
  var paths: [String]

  @OptionGroup var settings: OverrideOptions

  @Option(help: "Fail (1) unless every trace does this.")
  var expect: ReplayExpectation?

  func run() throws {
    let results = try ReplayPipeline(paths: paths, overrides: settings.pairs, host: .system).run()
    for result in results { print("\(result.path): \(result.result.description)") }
    let violating = results.count { if case .stillViolates = $0.result { true } else { false } }
    print("\(results.count) traces: \(violating) still violate, \(results.count - violating) do not")
    if results.contains(where: { if case .internalError = $0.result { true } else { false } }) {
      throw Ending(status: 4)
    }
    if let expect, violating != (expect == .violates ? results.count : 0) { throw Ending(status: 1) }
  }
}

enum ReplayExpectation: String, ExpressibleByArgument, CaseIterable {
  case violates
  case gone
}
