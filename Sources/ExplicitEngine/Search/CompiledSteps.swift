import CStepABI
import TransitionIR

/// A transition system as machine code: the same successors in the same order as the interpreter's, from packed states.
///
/// The functions are those of `step_abi.h`; whoever makes this value keeps their library loaded for as long as it is used.
public struct CompiledSteps: @unchecked Sendable {
  // Unchecked: C functions of generated code, which keeps no state of its own.
  let expand: mmck_expand_fn
  let check: mmck_check_fn
  let checkStep: mmck_check_step_fn
  /// What the numbers in `mmck_successor.failures` mean.
  let failures: [FindingKey]
  /// Length of `mmck_batch.orders`.
  let orderCount: Int

  public init(
    expand: @escaping mmck_expand_fn, check: @escaping mmck_check_fn, checkStep: @escaping mmck_check_step_fn,
    failures: [(property: BuiltinProperty, site: SiteID)], orderCount: Int
  ) {
    self.expand = expand
    self.check = check
    self.checkStep = checkStep
    self.failures = failures.map { FindingKey(property: $0.property.rawValue, site: $0.site) }
    self.orderCount = orderCount
  }
}

/// Memory that compiled steps write their successors to.
final class CompiledBatch {
  let steps: CompiledSteps
  let wordCount: Int
  var batch: mmck_batch
  private let capacity = 1 << 14
  private let coverCount: Int

  private let tried: UnsafeMutablePointer<UInt8>

  init(_ steps: CompiledSteps, wordCount: Int, coverCount: Int, antecedentCount: Int) {
    tried = .allocate(capacity: antecedentCount + 1)
    tried.initialize(repeating: 0, count: antecedentCount + 1)
    self.steps = steps
    self.wordCount = wordCount
    self.coverCount = coverCount
    batch = mmck_batch()
    batch.capacity = UInt32(capacity)
    batch.successors = .allocate(capacity: capacity)
    batch.words = .allocate(capacity: capacity * wordCount)
    batch.covered = .allocate(capacity: coverCount + 1)
    batch.covered.initialize(repeating: 0, count: coverCount + 1)
    batch.orders = .allocate(capacity: steps.orderCount + 1)
    batch.orders.initialize(repeating: 0, count: steps.orderCount + 1)
  }

  deinit {
    batch.successors.deallocate()
    batch.words.deallocate()
    batch.covered.deallocate()
    batch.orders.deallocate()
    tried.deallocate()
  }

  /// Computes the successors of a state; false if there are more than fit.
  func expand(_ state: UnsafePointer<UInt64>) -> Bool {
    steps.expand(state, &batch)
    return batch.overflow == 0
  }

  /// Invariants, witnesses and lost objects of a state.
  func check(_ state: UnsafePointer<UInt64>) -> mmck_verdict {
    var verdict = mmck_verdict()
    steps.check(state, &verdict, tried)
    return verdict
  }

  func checkStep(
    _ before: UnsafePointer<UInt64>?, _ after: UnsafePointer<UInt64>, _ process: UInt32
  ) -> UInt64 {
    steps.checkStep(before, after, process)
  }

  func isTried(_ antecedent: Int) -> Bool { tried[antecedent] != 0 }

  func isCovered(_ index: Int) -> Bool { batch.covered[index] != 0 }
}
