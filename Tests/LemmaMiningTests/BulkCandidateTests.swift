import ExplicitEngine
import Testing
import TransitionIR

@testable import LemmaMining

@Suite("Candidates without a counterexample")
struct BulkCandidateTests {
  private func candidates(_ example: Scopes.Example, limit: Int = 40) throws -> (SystemPair, [MinedClause]) {
    let pair = try example.pair()
    let finder = ClauseFinder(Observations(pair, try Scopes.states(pair.small)))
    return (pair, finder.bulkCandidates(limit: limit))
  }

  @Test("each is true in every small state and none comes twice", arguments: Scopes.examples)
  func candidatesAreTrueOfTheSmallSystem(_ example: Scopes.Example) throws {
    let (pair, candidates) = try candidates(example)
    #expect(candidates.count > 2)
    #expect(Set(candidates.map(\.clause)).count == candidates.count)
    try InterpretedClauses(candidates.map(\.clause), in: pair.small).expectAll(in: Scopes.states(pair.small))
  }

  @Test("one state of each orbit teaches the same as all of them", arguments: Scopes.examples)
  func orbitsAreEnough(_ example: Scopes.Example) throws {
    let pair = try example.pair()
    let (all, orbits) = (try Scopes.states(pair.small), try Scopes.orbits(pair.small))
    #expect(orbits.count <= all.count)
    let learned = [all, orbits].map { states in
      Set(ClauseFinder(Observations(pair, states)).bulkCandidates(limit: .max).map(\.clause))
    }
    #expect(learned[0] == learned[1])
    let counted = [all, orbits].map { Set(CountingFinder(Observations(pair, $0)).lemmas()) }
    #expect(counted[0] == counted[1])
  }

  @Test("nothing is concluded from how few elements a set has", arguments: Scopes.examples)
  func smallSetsAreNoHypothesis(_ example: Scopes.Example) throws {
    let (_, candidates) = try candidates(example, limit: .max)
    for candidate in candidates {
      #expect(!candidate.clause.literals.contains { $0.assumesSmallSet })
    }
  }

  @Test("not more than asked for, the best first")
  func limitIsKept() throws {
    let (_, all) = try candidates(Scopes.examples[0])
    let (_, some) = try candidates(Scopes.examples[0], limit: 7)
    #expect(some.map(\.clause) == all.prefix(7).map(\.clause))
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.cost <= $1.cost })
  }

  @Test("with two of each kind they tell where a lock is held, and that stays true with three")
  func lockFactsCarryOver() throws {
    let (pair, candidates) = try candidates(Scopes.examples[1])
    let lock = try #require(pair.large.variables.firstIndex { $0.name == "wait_lock" })
    let facts = candidates.filter { candidate in
      let atoms = candidate.clause.literals.map(\.atom)
      return atoms.contains { $0.reads { _ in true } }
        && !atoms.contains { $0.reads { $0 != VariableID(lock) } }
    }
    let texts = facts.map { $0.clause.description(in: pair.large) }
    // The lock is held there, and nowhere else.
    #expect(texts.contains { $0.hasPrefix("forall x in writer: x ") && $0.hasSuffix("==> wait_lock == x") })
    #expect(texts.contains { $0.hasPrefix("forall x in writer: x ") && $0.hasSuffix("==> wait_lock != x") })
    try InterpretedClauses(facts.map(\.clause), in: pair.large).expectAll(in: Scopes.states(pair.large))
  }
}
