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

  /// What is always so of globals and objects: most of it never changes, and much follows from it.
  func likelyLemmas() -> [CandidateLemma] {
    noticed.clauses.filter { $0.clause.literals.count == 1 && $0.clause.isAboutNoProcess }.map {
      candidate($0.clause)
    }
  }

  /// What was noticed without being asked, in the order in which it is tried.
  private lazy var noticed: (clauses: [ClauseCheck], sums: [CountingCheck]) = (
    finder.bulkCandidates(limit: Self.initialLimit).map { ClauseCheck($0.clause, in: pair.large) },
    CountingFinder(observations).lemmas().map { CountingCheck($0, in: pair.large) }
  )

  func ideas(against state: [Int]) -> [CandidateLemma] {
    noticed.clauses.filter { !$0.isTrue(in: state) }.map { candidate($0.clause) }
      + noticed.sums.filter { !$0.isTrue(in: state) }.map { candidate($0.lemma) }
  }

  private func candidate(_ sum: CountingLemma) -> CandidateLemma {
    CandidateLemma(
      expression: sum.expression(in: pair.large, firstBound: bound), text: sum.description(in: pair.large),
      counts: true)
  }

  func lemmas(
    against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>
  ) -> [CandidateLemma] {
    finder.blocking(cti: state, mover: mover, relevantTo: relevant, limit: mover == nil ? 4 : 3).map {
      candidate($0.clause)
    }
  }

  private func candidate(_ clause: Clause) -> CandidateLemma {
    CandidateLemma(
      expression: clause.expression(in: pair.large, firstBound: bound),
      text: clause.description(in: pair.large))
  }
}
