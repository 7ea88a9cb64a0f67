import ExplicitEngine
import Testing
import TransitionIR

@testable import LemmaMining

@Suite("Clauses that answer counterexamples to induction")
struct ClauseFinderTests {
  /// States of the large system near reachable ones: some slots have the values that they have in another reachable state.
  private func mixtures(_ states: ReachableStates, _ system: TransitionSystem, count: Int) -> [[Int]] {
    var all: [[Int]] = []
    states.forEach { all.append($0) }
    var random = SystemRandom(state: 7)
    return (0..<count).map { _ in
      var state = all[random.below(all.count)]
      let other = all[random.below(all.count)]
      for slot in state.indices where random.below(6) == 0 { state[slot] = other[slot] }
      return state
    }
  }

  @Test(
    "a clause found is false in the state it answers and true in all small states", arguments: Scopes.examples
  )
  func clausesAreTrueOfTheSmallSystem(_ example: Scopes.Example) throws {
    let pair = try example.pair()
    let small = try Scopes.states(pair.small)
    let finder = ClauseFinder(Observations(pair, small))
    let large = Interpreter(pair.large.withRoom)
    var found = Set<Clause>()
    for state in mixtures(try Scopes.states(pair.large, limit: 3_000), pair.large, count: 60) {
      for mined in finder.blocking(cti: state, mover: 0) {
        #expect(try !mined.clause.value(in: state, large), "\(mined.clause.description(in: pair.large))")
        found.insert(mined.clause)
      }
    }
    #expect(found.count > 5)
    let interpreter = Interpreter(pair.small.withRoom)
    try small.forEach { state throws in
      for clause in found {
        #expect(try clause.value(in: state, interpreter), "\(clause.description(in: pair.small))")
      }
    }
  }

  @Test("a state that the small system has too is never answered", arguments: Scopes.examples)
  func reachableStatesAreNotBlocked(_ example: Scopes.Example) throws {
    let system = try Scopes.system("classic/\(example.spec)", example.small)
    let states = try Scopes.states(system)
    let finder = ClauseFinder(Observations(try SystemPair(small: system, large: system), states))
    var number = 0
    states.forEach { state in
      number += 1
      if number % 7 == 0 { #expect(finder.blocking(cti: state).isEmpty) }
    }
  }

  @Test("two writers at once are ruled out by a clause about two processes")
  func twoWritersAreBlocked() throws {
    let pair = try Scopes.examples[1].pair()
    let finder = ClauseFinder(Observations(pair, try Scopes.states(pair.small)))
    let writer = try #require(pair.large.kinds.firstIndex { $0.name == "writer" })
    let kind = pair.large.kinds[writer]
    let writing = try #require(pair.large.locations.firstIndex { $0.labels.contains("writing") })
    let control = pair.large.variables[kind.control.index].slot
    let active = try #require(pair.large.variables.first { $0.name == "active_writer" }).slot
    var state = try #require(Interpreter(pair.large).initialStates().first).state
    state[control] = writing - kind.firstLocation
    state[control + 2] = writing - kind.firstLocation
    state[active] = 1
    let found = try #require(finder.blocking(cti: state).first)
    #expect(found.clause.view.subjects == [.process(KindID(writer)), .process(KindID(writer))])
    #expect(!found.isWeak)
    #expect(found.support > 0)
    let text = found.clause.description(in: pair.large)
    #expect(text.hasPrefix("forall x in writer, y in writer (x != y): "), "\(text)")
    // Widened: not only the statement behind the label.
    #expect(
      found.clause.literals.allSatisfy { literal in
        guard case .at(_, let set) = literal.atom else { return true }
        return set.members.count > 1
      }, "\(text)")
  }
}

/// Reproducible choices.
struct SystemRandom {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
  }
}
