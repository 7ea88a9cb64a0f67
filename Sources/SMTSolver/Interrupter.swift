import Glibc
import Synchronization

/// Stops queries from another thread: those of all solvers that were made with it.
///
/// Once interrupted, it stays so: every further query answers `unknown` at once, until `resume()`. So a loop of queries ends
/// soon, wherever the interrupt hits it.
public final class Interrupter: Sendable {
  private struct State {
    var isInterrupted = false
    /// Contexts in which a query runs; they cannot go away, since their solver is in the middle of a call.
    var running: [ContextHandle] = []
  }

  private let state = Mutex(State())

  public init() {}

  public var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

  /// Returns when no query runs any more: some milliseconds as a rule, but Z3 looks up only now and then.
  ///
  /// Asks again and again, because Z3 forgets what it is asked just before it begins to search.
  public func interrupt() {
    state.withLock { $0.isInterrupted = true }
    while askRunning() { usleep(1000) }
  }

  /// Lets queries run again.
  public func resume() { state.withLock { $0.isInterrupted = false } }

  /// False if nothing runs that could be asked to stop.
  private func askRunning() -> Bool {
    state.withLock { state in
      guard state.isInterrupted else { return false }
      for context in state.running { Session.interrupt(context) }
      return !state.running.isEmpty
    }
  }

  /// Runs a query that can be interrupted; nil if it was before it began.
  func run<Result>(in context: ContextHandle, _ query: () -> Result) -> Result? {
    let isAllowed = state.withLock { state in
      if !state.isInterrupted { state.running.append(context) }
      return !state.isInterrupted
    }
    guard isAllowed else { return nil }
    defer {
      state.withLock { state in
        if let index = state.running.firstIndex(of: context) { state.running.remove(at: index) }
      }
    }
    return query()
  }
}
