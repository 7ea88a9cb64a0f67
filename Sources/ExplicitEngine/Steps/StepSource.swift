import CStepABI
import TransitionIR

/// A place that takes a lock: what the numbers in `mmck_batch.orders` mean.
public struct LockTaking: Hashable, Sendable {
  public let lock: LockClassID
  public let subclass: Int
  public let site: SiteID

  public init(lock: LockClassID, subclass: Int, site: SiteID) {
    self.lock = lock
    self.subclass = subclass
    self.site = site
  }
}

/// Where successors come from: the seam between the search and whatever executes steps.
///
/// One thread at a time; each worker has its own. All of them give the same successors in the same order.
protocol StepSource: AnyObject {
  /// What the numbers in `mmck_event.failures` mean; may get longer with each call.
  var failures: [FindingKey] { get }
  /// What the numbers in `mmck_batch.orders` mean.
  var takings: [LockTaking] { get }

  /// See `mmck_expand_fn`.
  func expand(_ states: UnsafePointer<UInt64>, _ count: Int, _ flags: UInt32, _ batch: StepBatch) -> Int
  /// See `mmck_settle_fn`.
  func settle(_ states: UnsafePointer<UInt64>, _ count: Int, _ batch: StepBatch) -> Int
  /// See `mmck_check_fn`; `count` is at most `StepBatch.verdictLimit`.
  func check(_ states: UnsafePointer<UInt64>, _ count: Int, _ wanted: Wanted, _ batch: StepBatch) -> Int
  /// See `mmck_canonicalize_fn`.
  func canonicalize(_ states: UnsafeMutablePointer<UInt64>, _ count: Int)
}

/// Which properties and pools are still to be looked at: what was found at an earlier level has its shortest trace.
struct Wanted: Equatable {
  var properties: UInt64 = .max
  var leaks: UInt64 = .max
}
