/// When a search gives up, and what it tells while it runs.
public struct SearchLimits: Sendable {
  /// Seconds of wall-clock time; nil: none.
  public var seconds: Double?
  /// Bytes that the whole process may hold; nil: none.
  public var bytes: Int?
  /// Bytes that the process holds before the search begins.
  public var baseBytes = 0
  /// Threads; the results are the same for any number.
  public var jobs = 1
  /// Polled several times a second: true ends the search with the results so far.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Called several times a second.
  public var progress: (@Sendable (SearchProgress) -> Void)?
  /// Ends the search at the end of the level in which the first violation was found.
  public var stopsAtFirst = false
  /// Where states of the frontier go for which there is no room in memory.
  public var spill: SpillFile?
  public var checkpointing: Checkpointing?
  /// Seconds since some fixed moment.
  public var clock: @Sendable () -> Double

  public init(clock: @escaping @Sendable () -> Double) {
    self.clock = clock
  }
}

/// How far a search is.
public struct SearchProgress: Sendable {
  public let states: Int
  public let transitions: Int
  public let depth: Int
  /// States found but not expanded.
  public let queued: Int
  public let bytes: Int
  public let seconds: Double
}
