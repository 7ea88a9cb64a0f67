import Foundation

/// Solves in a process of its own: nothing that happens there, neither a query without end nor a crash nor want of memory, reaches
/// this one.
///
/// The request goes to the child's standard input, which stays open: when it closes, the child knows that nobody waits and ends.
public struct ChildProver: Prover {
  /// A program that does what `ProofWorker` does, and how to ask it to.
  private let program: String
  private let arguments: [String]
  private let host: Host

  public init(program: String, arguments: [String], host: Host) {
    self.program = program
    self.arguments = arguments
    self.host = host
  }

  /// What a child gets beyond its time to tell how far it is.
  private static let grace = 0.5

  public func prove(
    _ request: ProofRequest, isCancelled: @escaping @Sendable () -> Bool, receive: (ProofMessage) -> Void
  ) throws -> String? {
    let seconds = request.certificateFolder == nil ? request.seconds : 2 * request.seconds
    let deadline = host.now() + seconds + Self.grace
    let child: Child
    do { child = try Child(program, arguments, request) } catch {
      return "the solver's process cannot be started: \(error)"
    }
    var stopReason: String?
    while let lines = child.lines(waiting: 0.05) {
      for line in lines {
        // A line that was cut off by a death says nothing.
        if let message = try? JSONDecoder().decode(ProofMessage.self, from: line) { receive(message) }
      }
      if stopReason == nil {
        stopReason =
          isCancelled()
          ? "interrupted" : host.now() > deadline ? "time limit reached, in the middle of a query" : nil
        if stopReason != nil { child.kill() }
      }
    }
    let ending = child.wait(request.bytes)
    return stopReason ?? ending
  }
}

/// A process that was started and is read from.
private final class Child {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var rest = Data()

  init(_ program: String, _ arguments: [String], _ request: ProofRequest) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    // A crash is told by its signal; nobody waits for the story.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let line = try JSONEncoder().encode(request) + Data([UInt8(ascii: "\n")])
    try process.run()
    // The child may be dead already; that is found out by reading from it.
    let former = signal(SIGPIPE, SIG_IGN)
    try? input.fileHandleForWriting.write(contentsOf: line)
    signal(SIGPIPE, former)
  }

  /// The lines that came meanwhile; nil at the end.
  func lines(waiting seconds: Double) -> [Data]? {
    let descriptor = output.fileHandleForReading.fileDescriptor
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&request, 1, Int32(seconds * 1000)) <= 0 { return [] }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 { return errno == EINTR ? [] : nil }
    if count == 0 { return nil }
    rest += buffer[..<count]
    var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Data($0) }
    rest = parts.removeLast()
    return parts
  }

  func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  /// Why it ended too early; nil if it did not.
  func wait(_ bytes: Int?) -> String? {
    process.waitUntilExit()
    let status = process.terminationStatus
    if process.terminationReason == .exit {
      return status == 0 ? nil : "the solver's process ended with status \(status)"
    }
    let memory = bytes.map { ", perhaps for want of memory (limit of \($0 >> 20) MiB)" } ?? ""
    return "the solver's process was ended by signal \(status)\(memory)"
  }
}
