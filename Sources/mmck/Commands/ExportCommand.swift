import ArgumentParser
import CheckDriver
import Foundation
import Interchange

/// `mmck export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a spec as a model for another checker, or draw its states.",
    discussion: """
      promela is for SPIN, murphi for Rumur and CMurphi, tla for TLC: each of them finds exactly the states that \
      mmck check finds without reductions. dot draws all states of a small spec.
      """)

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @Option(help: "The language: promela, murphi, tla or dot.")
  var to: TargetName

  @OptionGroup var settings: SettingOptions

  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write to this file.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Write this number of states into the header.", valueName: "number"))
  var states: Int?

  @Flag(help: "Declare invariants, too, for the peer to check.")
  var withProperties = false

  func run() throws {
    guard let language = to.language else {
      throw UsageError("--to \(to.rawValue) is not part of this version; it has promela, murphi, tla and dot")
    }
    let compiled = try compileSpec(at: spec, settings)
    try compiled.requireEnumerable("no checker that visits states can do it either")
    var options = ExportOptions()
    options.specPath = compiled.path
    options.scope = compiled.scope
    options.tool = "\(Tool.name) \(Tool.version)"
    options.expectedStates = states
    options.withProperties = withProperties
    options.moduleName = output.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    let result: Export
    do {
      result = try export(compiled.system, to: language, options: options)
    } catch {
      throw UsageError("\(spec): cannot be exported to \(language.rawValue): \(error.description)")
    }
    guard let output else { return print(result.text, terminator: "") }
    try Host.system.write(output, result.text)
    for companion in result.companions {
      let base = URL(fileURLWithPath: output).deletingPathExtension().relativePath
      try Host.system.write(base + companion.ending, companion.text)
    }
  }
}

/// What `--to` accepts; the languages of solvers are known, but not written yet.
enum TargetName: String, ExpressibleByArgument, CaseIterable {
  case promela, murphi, tla, dot, smtlib, btor2

  var language: ExportLanguage? { ExportLanguage(rawValue: rawValue) }
}
