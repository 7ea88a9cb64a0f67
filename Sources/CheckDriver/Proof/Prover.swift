import TransitionIR

/// Who answers a `ProofRequest`: the seam between checks and the process that does the solving.
public protocol Prover: Sendable {
  /// Works until everything is answered, time is up or `isCancelled` says so; gives each message to `receive` at once.
  ///
  /// Returns why it ended before everything was answered; nil if that is not so. Called from one thread at a time.
  func prove(
    _ request: ProofRequest, isCancelled: @escaping @Sendable () -> Bool,
    receive: (ProofMessage) -> Void
  ) throws -> String?
}

/// Solves in this very process: for tests, and for those who need no walls.
///
/// Nothing stops a query that does not end, and nothing limits memory.
public struct LocalProver: Prover {
  private let host: Host
  public init(host: Host) { self.host = host }

  public func prove(
    _ request: ProofRequest, isCancelled: @escaping @Sendable () -> Bool, receive: (ProofMessage) -> Void
  ) throws -> String? {
    try withoutActuallyEscaping(receive) { receive in
      let run = try ProofRun(request, host: host, emit: receive)
      run.isCancelled = isCancelled
      try run.run()
    }
    return nil
  }
}

/// Asks a prover, again for what it left if it died, and keeps the account.
struct ProofDialogue {
  let prover: any Prover
  let host: Host
  let isCancelled: @Sendable () -> Bool

  /// A prover that dies is started again so often, at most.
  private static let restartLimit = 2

  /// `change` is told after each message.
  func run(
    _ request: ProofRequest, on system: TransitionSystem, change: (ProofLedger) -> Void = { _ in }
  ) throws -> ProofLedger {
    var ledger = ProofLedger(system, wanted: request.properties)
    let start = host.now()
    var queue = [request.properties]
    var restarts = 0
    while let properties = queue.first {
      queue.removeFirst()
      var part = request
      part.properties = properties
      part.seconds = (request.seconds - (host.now() - start)) / Double(queue.count + 1)
      if part.seconds <= 0 || isCancelled() {
        ledger.end(unanswered(properties, ledger), "time limit reached")
        continue
      }
      let reason = try prover.prove(part, isCancelled: isCancelled) { message in
        ledger.note(message)
        change(ledger)
      }
      if let failure = ledger.failure { throw ProverFailure(description: failure) }
      let left = unanswered(properties, ledger)
      guard let reason else {
        ledger.end(left, "the prover said nothing about it")
        continue
      }
      let again = Self.parts(left, culprits: ledger.working)
      ledger.end(left.filter { name in !again.contains { $0.contains(name) } }, reason)
      for part in again {
        if restarts < Self.restartLimit {
          restarts += 1
          queue.append(part)
        } else {
          ledger.end(part, reason)
        }
      }
    }
    return ledger
  }

  private func unanswered(_ properties: [String], _ ledger: ProofLedger) -> [String] {
    let all = Set(ledger.unanswered)
    return properties.filter(all.contains)
  }

  /// What to try again after a death: all but what it died at, or if that was everything, one half after the other.
  private static func parts(_ left: [String], culprits: [String]) -> [[String]] {
    let others = left.filter { !culprits.contains($0) }
    if others.count < left.count, !others.isEmpty { return [others] }
    if left.count < 2 { return [] }
    let middle = left.count / 2
    return [Array(left[..<middle]), Array(left[middle...])]
  }
}

/// The prover is wrong: a bug of ours, never of a spec.
public struct ProverFailure: Error, Sendable, CustomStringConvertible {
  public let description: String
}
