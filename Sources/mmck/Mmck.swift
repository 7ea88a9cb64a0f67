import ArgumentParser
import CheckDriver
import Foundation

/// The command line.
///
/// Each subcommand is a file in `Commands`.
@main
struct Mmck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Tool.name,
    abstract: "A model checker for shared page tables: specs in, verdicts and CPU0/CPU1 traces out.",
    discussion: """
      Exit status: 0 as expected, 1 a property violated or an expectation missed, 2 spec or usage error,
      3 undecided, 4 internal error, 130 interrupted.
      """,
    version: Tool.version,
    subcommands: [
      CheckCommand.self, ReplayCommand.self, ShowCommand.self, SimulateCommand.self, MatrixCommand.self,
      FormatCommand.self, NewCommand.self, CompileCommand.self, CompletionsCommand.self,
    ])

  static func main() {
    let arguments = normalized(Array(CommandLine.arguments.dropFirst()))
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      Foundation.exit(report(error))
    }
  }

  /// `--no-reduction` alone means all of them; option values may be joined to `-D`.
  private static func normalized(_ arguments: [String]) -> [String] {
    arguments.map { $0 == "--no-reduction" ? "--no-reduction=all" : $0 }
  }

  /// Prints an error where it belongs; returns the exit status.
  private static func report(_ error: any Error) -> Int32 {
    if let ending = error as? Ending { return ending.status }
    if let failure = Failures.describe(error) {
      Terminal.printError(failure.text)
      return failure.status
    }
    let code = exitCode(for: error)
    if code.isSuccess {
      print(message(for: error))
      return 0
    }
    Terminal.printError(fullMessage(for: error))
    return 2
  }
}

/// Ends the program with this status; everything was said already.
struct Ending: Error {
  let status: Int32
}
