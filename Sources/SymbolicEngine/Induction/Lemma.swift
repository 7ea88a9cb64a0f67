import Terms
import TransitionIR

/// A property of states that a proof tries to show of all reachable ones, together with others.
public struct Lemma {
  public enum Origin {
    /// The negation of a goal: proving it proves the property.
    case goal(Goal)
    /// Somebody's idea.
    case candidate(CandidateLemma)
  }

  public let origin: Origin
  /// For people.
  public let text: String
  /// Over the state's variables.
  public let term: Term
  /// The slots that it depends on.
  let support: Set<Int>
  /// Assumed where this is true: so a lemma can be taken back, and unsatisfiable cores tell which were needed.
  let switchOn: Term
  public internal(set) var isActive = true
}
