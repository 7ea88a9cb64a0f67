import ArgumentParser

/// `mmck completions`.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a completion script for a shell.")

  @Argument(help: "bash, zsh or fish")
  var shell: String

  func run() throws {
    guard let known = CompletionShell(rawValue: shell) else {
      throw ValidationError("the shell is bash, zsh or fish")
    }
    print(Mmck.completionScript(for: known))
  }
}
