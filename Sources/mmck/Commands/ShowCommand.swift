import ArgumentParser
import CheckDriver
import Evidence
import Foundation

/// `mmck show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a trace as a CPU0 / CPU1 diagram.")

  @Argument(help: "A trace (.itf.json).")
  var trace: String

  @Option(
    help: ArgumentHelp("Write a page that can be stepped through with the keyboard.", valueName: "file"))
  var html: String?

  @Flag(help: "Print a Mermaid sequence diagram.")
  var mermaid = false

  @Flag(help: "Show every change of state.")
  var full = false

  func run() throws {
    let trace = try readTrace(trace, host: .system)
    if let html { return try Host.system.write(html, HTMLPage.render(trace)) }
    if mermaid { return print(MermaidDiagram.render(trace), terminator: "") }
    var options = RaceDiagram.Options()
    options.usesColor = Terminal.usesColor
    options.showsAllChanges = full
    print(RaceDiagram.render(trace, options: options), terminator: "")
  }
}
