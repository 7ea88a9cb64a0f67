import ArgumentParser
import CheckDriver

/// `mmck prove`.
struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Prove properties for scopes that are too large to search.")

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @OptionGroup var settings: SettingOptions
  @Option var explore: String?
  @Option var time: Duration?
  @Option var certificate: String?

  func run() throws {
    try scratchProve(spec, settings.overrides, settings.scope, explore, time?.seconds ?? 60, certificate)
  }
}
