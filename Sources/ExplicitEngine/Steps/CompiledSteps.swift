import CStepABI
import TransitionIR

/// A transition system as machine code: the same successors in the same order as the interpreter's, from packed states.
///
/// The functions are those of `step_abi.h`; whoever makes this value keeps their library loaded for as long as it is used.
public struct CompiledSteps: @unchecked Sendable {
  // Unchecked: C functions of generated code, which keeps no state of its own.
  let expand: mmck_expand_fn
  let settle: mmck_settle_fn
  let check: mmck_check_fn
  let canonicalize: mmck_canonicalize_fn
  let failures: [FindingKey]
  let takings: [LockTaking]

  public init(
    expand: @escaping mmck_expand_fn, settle: @escaping mmck_settle_fn, check: @escaping mmck_check_fn,
    canonicalize: @escaping mmck_canonicalize_fn,
    failures: [(property: BuiltinProperty, site: SiteID)], takings: [LockTaking]
  ) {
    self.expand = expand
    self.settle = settle
    self.check = check
    self.canonicalize = canonicalize
    self.failures = failures.map { FindingKey(property: $0.property.rawValue, site: $0.site) }
    self.takings = takings
  }
}

/// Compiled steps as the search uses them.
final class CompiledSource: StepSource {
  private let steps: CompiledSteps

  init(_ steps: CompiledSteps) { self.steps = steps }

  var failures: [FindingKey] { steps.failures }
  var takings: [LockTaking] { steps.takings }

  func expand(_ states: UnsafePointer<UInt64>, _ count: Int, _ flags: UInt32, _ batch: StepBatch) -> Int {
    batch.clear()
    return batch.withBatch { Int(steps.expand(states, UInt32(count), flags, &$0)) }
  }

  func settle(_ states: UnsafePointer<UInt64>, _ count: Int, _ batch: StepBatch) -> Int {
    batch.clear()
    return batch.withBatch { Int(steps.settle(states, UInt32(count), &$0)) }
  }

  func check(_ states: UnsafePointer<UInt64>, _ count: Int, _ wanted: Wanted, _ batch: StepBatch) -> Int {
    Int(
      steps.check(states, UInt32(count), wanted.properties, wanted.leaks, batch.verdicts, batch.tried))
  }

  func canonicalize(_ states: UnsafeMutablePointer<UInt64>, _ count: Int) {
    steps.canonicalize(states, UInt32(count))
  }
}
