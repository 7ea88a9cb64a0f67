import ArgumentParser
import CheckDriver
import Foundation

/// `mmck prove-worker`: what `check` and `prove` start to solve in a process of its own; nobody types it.
struct ProveWorkerCommand: ParsableCommand {
  static let name = "prove-worker"
  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Answer one request for proofs, for another mmck.", shouldDisplay: false)

  func run() throws {
    ProofWorker.run { line in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
  }

  /// A prover that starts this very program.
  static var prover: any Prover {
    ChildProver(program: ownPath, arguments: [name], host: .system)
  }

  private static var ownPath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}
