/// Choices among more values than can be tried one after the other, such as `any a in u64`.
///
/// Only a solver finds out what they lead to. The interpreter still defines what they mean: of such a pick it tries the
/// candidates that it is given and no others, so it can follow a run that somebody else has found.
extension Iteration {
  /// Whoever visits the values of an iteration visits at most this many.
  public static let visitLimit = 4096

  /// More values than anybody visits.
  ///
  /// Judged by the form alone, whatever the state is, so that all who look at a system agree; spans whose ends are
  /// not constants never count: lowering makes them from small ranges only. Nor do domains that are ill-formed.
  public var isWide: Bool {
    let bounds: ClosedRange<Int>
    switch self {
    case .values(.pointer), .members, .processes: return false
    case .values(let domain):
      if domain.sizeProblem != nil { return false }
      bounds = domain.bounds
    case .span(.constant(let low), .constant(let high)) where low <= high: bounds = low...high
    case .span: return false
    }
    let (distance, overflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return overflow || distance >= Self.visitLimit
  }

  /// Whether a wide iteration visits a value.
  func visits(_ value: Int) -> Bool {
    switch self {
    case .values(let domain): domain.bounds.contains(value)
    case .span(.constant(let low), .constant(let high)): low <= value && value <= high
    case .span, .members, .processes: false
    }
  }
}

extension TransitionSystem {
  /// Some step, or the initial statements, choose among more values than can be enumerated: no search can visit all states.
  public var hasWideChoices: Bool {
    initialBody.hasWideChoice || startBodies.contains(where: \.hasWideChoice)
      || steps.contains(where: \.body.hasWideChoice)
  }
}

extension [Statement] {
  fileprivate var hasWideChoice: Bool {
    contains { statement in
      switch statement {
      case .pick(_, _, let iteration, _): iteration.isWide
      case .branch(_, let then, let otherwise): then.hasWideChoice || otherwise.hasWideChoice
      case .fork(let branches): branches.contains(where: \.hasWideChoice)
      default: false
      }
    }
  }
}
