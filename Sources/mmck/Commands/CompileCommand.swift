import ArgumentParser
import CheckDriver
import NativeCode
import SpecSemantics
import TransitionIR

/// `mmck compile`.
struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile", abstract: "Print the transition system of a spec.")

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @OptionGroup var settings: SettingOptions

  @Flag(help: "Print the transition system in its text form (the default).")
  var ir = false

  @Flag(help: "Print the C that computes successors.")
  var c = false

  func validate() throws {
    if ir && c { throw ValidationError("--ir or --c, not both") }
  }

  func run() throws {
    let compiled = try compileSpec(at: spec, settings)
    if !c { return print(renderIR(compiled.system), terminator: "") }
    try compiled.requireEnumerable("there is no C for it")
    guard let text = CEmitter.emit(compiled.system)?.text else {
      throw UsageError("\(spec): too large for the C back end; the interpreter can check it")
    }
    print(text, terminator: "")
  }
}

/// Loads and compiles one spec in the scope asked for, or its first.
func compileSpec(at path: String, _ options: SettingOptions) throws -> CompiledSpec {
  return try compile(
    path, overrides: options.overrides, scope: options.scope, granularity: options.granularity, host: .system)
}
