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
      CheckCommand.self, ProveCommand.self, ReplayCommand.self, ShowCommand.self, SimulateCommand.self,
      MatrixCommand.self, FormatCommand.self, NewCommand.self, CompileCommand.self, ExportCommand.self,
      CompletionsCommand.self, ProveWorkerCommand.self,
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

  /// What the argument parser cannot express: `--no-reduction` alone means all of them, and `-DNAME=VALUE` is `-D NAME=VALUE`.
  private static func normalized(_ arguments: [String]) -> [String] {
    arguments.flatMap { argument in
      if argument == "--no-reduction" { return ["--no-reduction=all"] }
      if argument.hasPrefix("-D"), argument.count > 2 { return ["-D", String(argument.dropFirst(2))] }
      return [argument]
    }
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
