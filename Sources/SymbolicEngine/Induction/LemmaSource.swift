import TransitionIR

/// A closed property of states that may help a proof.
///
/// Nothing is believed of it: the solver decides.
public struct CandidateLemma: Sendable {
  /// Without side effects, free variables and `old`.
  public let expression: Expression
  /// For people, in the notation of specs.
  public let text: String
  /// It is about sums of counts: hard to keep, so the last idea.
  public let counts: Bool
  public init(expression: Expression, text: String, counts: Bool = false) {
    self.expression = expression
    self.text = text
    self.counts = counts
  }
}

/// Where lemmas come from: the seam between proofs and whatever has ideas.
public protocol LemmaSource: AnyObject {
  /// Reachable states of the system that the proof is about, if any are known: what is false in one of them is no lemma.
  func sampledStates() -> [[Int]]
  /// Lemmas to begin with, before there is any trouble: all of them are tried at once.
  func likelyLemmas() -> [CandidateLemma]
  /// Ideas that wait until something needs them: all that are false in the state, and perhaps others.
  func ideas(against state: [Int]) -> [CandidateLemma]
  /// Lemmas that are false in the state, best first; none if there is no idea.
  ///
  /// `mover` is the process of whose step the state is the beginning, `relevant` what the trouble with the state depends on.
  func lemmas(against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>) -> [CandidateLemma]
}
