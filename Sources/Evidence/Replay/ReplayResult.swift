/// What became of a recorded run on today's spec.
///
/// Steps are counted from 1; 0 is the initial state.
public enum ReplayResult: Hashable, Sendable {
  /// The property is still broken (or the witness still possible), at this step.
  case stillViolates(step: Int)
  /// The schedule can be followed up to this step only, or to its end without breaking the property.
  case noLongerPossible(step: Int, why: String)
  /// The spec has changed so much that the schedule has no meaning: a statement or a process does not exist any more.
  case specChanged(step: Int, why: String)
  /// Same spec, same settings, but the run is not reproduced: a defect of mmck.
  case internalError(step: Int, why: String)
}

extension ReplayResult: CustomStringConvertible {
  /// One line: `no longer possible at step 7: user[1] wants host.mmap_lock, held by user[0]`.
  public var description: String {
    switch self {
    case .stillViolates(0): "still violates, in the initial state"
    case .stillViolates(let step): "still violates at step \(step)"
    case .noLongerPossible(let step, let why): "no longer possible at step \(step): \(why)"
    case .specChanged(let step, let why): "spec changed at step \(step): \(why)"
    case .internalError(let step, let why): "internal error: not reproduced at step \(step): \(why)"
    }
  }
}
