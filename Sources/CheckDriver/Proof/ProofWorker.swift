import Foundation
import SMTSolver

/// The other end of a `ChildProver`: one request in, messages out, then the process ends.
public enum ProofWorker {
  /// Reads a request from standard input and gives each message to `write`, as one line of JSON.
  public static func run(write: @escaping (String) -> Void) {
    // Who started this process decides when it ends.
    signal(SIGINT, SIG_IGN)
    guard let line = readLine(strippingNewline: true),
      let request = try? JSONDecoder().decode(ProofRequest.self, from: Data(line.utf8))
    else { return say(.broken("the prover was asked something that it does not understand"), write) }
    endWhenAlone()
    limitMemory(request.bytes)
    do {
      try ProofRun(request, host: .system, emit: { say($0, write) }).run()
    } catch { say(.broken("\(error)"), write) }
  }

  private static func say(_ message: ProofMessage, _ write: (String) -> Void) {
    guard let data = try? JSONEncoder().encode(message) else { return }
    write(String(decoding: data, as: UTF8.self))
  }

  /// Standard input ends when the process at its other end does.
  private static func endWhenAlone() {
    Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { _exit(1) }
      }
    }.start()
  }

  /// Z3 is asked to give up before the system refuses: then it can still say so.
  private static func limitMemory(_ bytes: Int?) {
    guard let bytes else { return }
    Z3Memory.limit(megabytes: max(1, (bytes >> 20) * 3 / 4))
    let text = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
    let pages = String(decoding: text, as: UTF8.self).split(separator: " ").first.flatMap { Int($0) } ?? 0
    // What is mapped already is mostly code.
    let most = rlim_t(bytes + pages * 4096)
    var limit = rlimit(rlim_cur: most, rlim_max: most)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }
}
