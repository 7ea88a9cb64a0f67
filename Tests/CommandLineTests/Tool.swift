import Foundation
import Testing

/// The built `mmck`, run as a child.
enum Tool {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
    var lines: [Substring] { output.split(separator: "\n") }
  }

  /// The root of the repository.
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The program stands beside the tests that SwiftPM built with it.
  static let path: String = {
    let arguments = CommandLine.arguments.filter { $0.contains(".xctest") || $0.hasPrefix("/") }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = ([own] + arguments).map { URL(filePath: $0).deletingLastPathComponent() }
    let places = folders + [root.appending(path: ".build/debug")]
    return places.map { $0.appending(path: "mmck").path }.first(where: FileManager.default.isExecutableFile)
      ?? "mmck"
  }()

  /// Runs `mmck` in the root of the repository; `prefix` is a shell command before it, such as a limit.
  static func run(
    _ arguments: [String], in folder: URL = root, environment: [String: String] = [:], input: String = "",
    signal: (after: Double, number: Int32)? = nil
  ) throws -> Result {
    try start(path, arguments, folder, environment, input, signal)
  }

  /// Runs a shell script.
  static func shell(_ script: String, in folder: URL = root, environment: [String: String] = [:]) throws
    -> Result
  {
    try start("/bin/bash", ["-c", script], folder, environment, "", nil)
  }

  private static func start(
    _ program: String, _ arguments: [String], _ folder: URL, _ environment: [String: String], _ input: String,
    _ signal: (after: Double, number: Int32)?
  ) throws -> Result {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle(forReadingAtPath: try scratch.write("in", input).path)
    // Files, not pipes: nothing can block on a full one.
    process.standardOutput = FileHandle(forWritingAtPath: try scratch.write("out", "").path)
    process.standardError = FileHandle(forWritingAtPath: try scratch.write("err", "").path)
    try unblockingSignals { try process.run() }
    if let signal {
      Thread.sleep(forTimeInterval: signal.after)
      kill(process.processIdentifier, signal.number)
    }
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return Result(status: status, output: try scratch.read("out"), errors: try scratch.read("err"))
  }

  /// Tests run on threads that block signals, and children inherit that.
  private static func unblockingSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var old = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &old)
    defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
    try body()
  }
}

/// A folder of one test, gone when the test ends.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mmck-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL { try write(name, Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// Files below a folder, sorted.
  func files(_ name: String = "", ending: String = "") -> [String] {
    let walker = FileManager.default.enumerator(atPath: path(name))
    return (walker?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(ending) && $0.contains(".") }
      .sorted()
  }
}
