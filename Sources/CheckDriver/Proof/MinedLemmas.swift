import ExplicitEngine
import LemmaMining
import SymbolicEngine
import TransitionIR

/// Lemmas that were seen to hold in a small scope: what is put between proofs and mining.
final class MinedLemmas: LemmaSource {
  private let finder: ClauseFinder
  private let pair: SystemPair

  init(_ pair: SystemPair, _ states: ReachableStates) {
    self.pair = pair
    finder = ClauseFinder(Observations(pair, states))
  }

  func lemmas(
    against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>
  ) -> [CandidateLemma] {
    finder.blocking(cti: state, mover: mover, relevantTo: relevant).map { mined in
      CandidateLemma(
        expression: mined.clause.expression(in: pair.large, firstBound: BoundID(pair.large.boundCount)),
        text: mined.clause.description(in: pair.large))
    }
  }
}
