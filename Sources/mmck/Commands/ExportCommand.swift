import ArgumentParser
import CheckDriver
import Foundation
import Interchange
import SpecSemantics
import SymbolicEngine

/// `mmck export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a spec as a model for another checker, or draw its states.",
    discussion: """
      promela is for SPIN, murphi for Rumur and CMurphi, tla for TLC: each of them finds exactly the states that \
      mmck check finds without reductions. dot draws all states of a small spec. smtlib (Horn clauses, for Spacer and \
      Eldarica), btor2 and aiger ask engines that prove whether a property can fail.
      """)

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @Option(help: "The language: promela, murphi, tla, dot, smtlib, btor2 or aiger.")
  var to: TargetName

  @OptionGroup var settings: SettingOptions

  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write to this file.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Write this number of states into the header.", valueName: "number"))
  var states: Int?

  @Flag(help: "Declare invariants, too, for the peer to check.")
  var withProperties = false

  @Option(
    help: ArgumentHelp(
      "smtlib, btor2, aiger: ask about this property only; may be repeated.", valueName: "name"))
  var property: [String] = []

  func run() throws {
    let compiled = try compileSpec(at: spec, settings)
    if let language = to.question { return try ask(compiled, in: language) }
    guard let language = to.language else { preconditionFailure("a language without a writer") }
    if !property.isEmpty { throw UsageError("--property is for smtlib, btor2 and aiger") }
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

/// For engines that prove.
extension ExportCommand {
  private func ask(_ compiled: CompiledSpec, in language: QuestionLanguage) throws {
    if withProperties { throw UsageError("--with-properties is for promela, murphi and tla") }
    if states != nil { throw UsageError("--states is for promela, murphi, tla and dot") }
    // The compact form of AIGER goes by the name that its readers expect.
    let isBinary = language == .aiger && output?.hasSuffix(".aig") ?? false
    let bytes: [UInt8]
    do throws(EncodingRefusal) {
      let question = try SafetyQuestion(compiled.system, about: property.isEmpty ? nil : property)
      bytes = try question.bytes(in: language, header: header(of: compiled, question), isBinary: isBinary)
    } catch {
      throw UsageError("\(spec): cannot be exported to \(language.rawValue): \(error.description)")
    }
    guard let output else { return FileHandle.standardOutput.write(Data(bytes)) }
    guard isBinary else { return try Host.system.write(output, String(decoding: bytes, as: UTF8.self)) }
    do { try Data(bytes).write(to: URL(fileURLWithPath: output)) } catch {
      throw HostError(path: output, reason: "cannot be written")
    }
  }

  /// What a stranger has to know: which spec, which settings, and what the spec itself says will come out.
  private func header(of compiled: CompiledSpec, _ question: SafetyQuestion) -> [String] {
    let meta = compiled.meta
    let settings = (meta.parameters + meta.options).map { "\($0.name)=\($0.value)" }
    let violated = compiled.analysis.expectations.filter { $0.outcome == .violated }.map(\.property.text)
      .filter { question.properties.contains($0) }
    return [
      "\(meta.spec): \(meta.title)", "\(compiled.path), scope \(compiled.scope)",
      "settings: \(settings.isEmpty ? "as in the spec" : settings.joined(separator: " "))",
      "exported by \(Tool.name) \(Tool.version)",
      "expected to fail: \(violated.isEmpty ? "nothing" : violated.joined(separator: ", "))",
    ]
  }
}

/// What `--to` accepts.
enum TargetName: String, ExpressibleByArgument, CaseIterable {
  case promela, murphi, tla, dot, smtlib, btor2, aiger

  var language: ExportLanguage? { ExportLanguage(rawValue: rawValue) }
  var question: QuestionLanguage? { QuestionLanguage(rawValue: rawValue) }
}
