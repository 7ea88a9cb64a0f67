import Evidence
import Foundation
import Synchronization
import TransitionIR

/// A proof beside a search: it begins when the search turns out to be long, and whoever answers first counts, property by property.
final class ProofRace: Sendable {
  private struct State {
    var ledger: ProofLedger?
    var failure: (any Error)?
  }
  private let state = Mutex(State())
  private let finished = DispatchSemaphore(value: 0)
  private let patience: Double
  private let dialogue: ProofDialogue
  private let request: ProofRequest
  private let system: TransitionSystem

  /// `patience` is how long the search is alone; `request.seconds` counts from the start of the race.
  init(
    _ request: ProofRequest, on system: TransitionSystem, patience: Double, prover: any Prover, host: Host,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.request = request
    self.system = system
    self.patience = patience
    let flag = Flag()
    dialogue = ProofDialogue(prover: prover, host: host, isCancelled: { flag.isSet || isCancelled() })
    self.flag = flag
  }

  private let flag: Flag

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
  }

  func start() {
    Thread { [self] in
      let begin = dialogue.host.now() + patience
      while dialogue.host.now() < begin, !dialogue.isCancelled() { Thread.sleep(forTimeInterval: 0.02) }
      if !dialogue.isCancelled() { prove() }
      finished.signal()
    }.start()
  }

  private func prove() {
    do {
      let ledger = try dialogue.run(request, on: system) { now in state.withLock { $0.ledger = now } }
      state.withLock { $0.ledger = ledger }
    } catch { state.withLock { $0.failure = error } }
  }

  /// Everything is proven or refuted: there is nothing left to search for.
  var isWon: Bool { state.withLock { $0.ledger?.undecided.isEmpty ?? false } }

  /// Waits for what the proof still has time for, or ends it, and returns what it said.
  ///
  /// Throws what went wrong with it.
  func end(waiting: Bool) throws -> ProofLedger? {
    if !waiting { flag.set() }
    finished.wait()
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.ledger
    }
  }
}

extension Outcome {
  /// With the answers of a proof where the search has none.
  func completed(by ledger: ProofLedger) -> Outcome {
    var result = self
    result.answers = answers.map { answer in
      let isOpen = answer.verdicts.allSatisfy { if case .unknown = $0 { true } else { false } }
      return isOpen ? ledger.decision(answer.property, group: answer.group) ?? answer : answer
    }
    return result
  }
}
