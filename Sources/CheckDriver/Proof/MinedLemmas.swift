import ExplicitEngine
import LemmaMining
import SymbolicEngine
import TransitionIR

/// Lemmas that were seen to hold in a small scope: what is put between proofs and mining.
final class MinedLemmas: LemmaSource {
  private let observations: Observations
  private let finder: ClauseFinder
  private let pair: SystemPair
  private let sample: [[Int]]
  private var bound: BoundID { BoundID(pair.large.boundCount) }

  /// More would take long to write down.
  private static let initialLimit = 1_200

  /// `sample` is reachable states of the large system.
  init(_ pair: SystemPair, _ states: ReachableStates, sample: [[Int]]) {
    self.pair = pair
    self.sample = sample
    observations = Observations(pair, states)
    finder = ClauseFinder(observations)
  }

  func sampledStates() -> [[Int]] { sample }

  func initialLemmas() -> [CandidateLemma] {
    let counting = CountingFinder(observations).lemmas().map {
      CandidateLemma(
        expression: $0.expression(in: pair.large, firstBound: bound), text: $0.description(in: pair.large),
        counts: true)
    }
    return finder.bulkCandidates(limit: Self.initialLimit).map(candidate) + counting
  }

  func lemmas(
    against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>
  ) -> [CandidateLemma] {
    finder.blocking(cti: state, mover: mover, relevantTo: relevant, limit: mover == nil ? 4 : 3).map(
      candidate)
  }

  private func candidate(_ mined: MinedClause) -> CandidateLemma {
    CandidateLemma(
      expression: mined.clause.expression(in: pair.large, firstBound: bound),
      text: mined.clause.description(in: pair.large))
  }
}
