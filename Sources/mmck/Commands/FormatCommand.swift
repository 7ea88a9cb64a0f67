import ArgumentParser
import CheckDriver
import Diagnostics
import SpecFormat

import class Foundation.FileHandle

/// `mmck fmt`.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Format specs in place.")

  @Argument(help: "Specs and folders; - formats standard input to standard output. Default: specs")
  var paths: [String] = []

  @Flag(help: "Change nothing; exit with 1 if a file is not formatted.")
  var check = false

  func run() throws {
    let host = Host.system
    if paths == ["-"] { return try formatInput() }
    var differing: [String] = []
    for path in try files(host) {
      let text = SourceText(path: path, bytes: try host.read(path))
      let formatted = try formatted(text)
      if Array(formatted.utf8) == text.bytes { continue }
      differing.append(path)
      if !check { try host.write(path, formatted) }
    }
    for path in differing { print(check ? "\(path): not formatted" : "\(path): formatted") }
    if check, !differing.isEmpty { throw Ending(status: 1) }
  }

  private func formatInput() throws {
    let bytes = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
    print(try formatted(SourceText(path: "<stdin>", bytes: bytes)), terminator: "")
  }

  private func formatted(_ text: SourceText) throws -> String {
    switch format(text) {
    case .formatted(let result): return result
    case .rejected(let diagnostics):
      var sources = SourceMap()
      _ = sources.add(text)
      throw SpecErrors(diagnostics: diagnostics, sources: sources)
    }
  }

  private func files(_ host: CheckDriver.Host) throws -> [String] {
    try (paths.isEmpty ? ["specs"] : paths).flatMap { path in
      switch host.kind(path) {
      case .missing: throw UsageError("\(path): no such file or folder")
      case .file: [path]
      case .folder: host.files(path, [".mmck"])
      }
    }
  }
}
