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
    var found = Set<Clause>()
    for state in mixtures(try Scopes.states(pair.large, limit: 3_000), pair.large, count: 25) {
      for mined in finder.blocking(cti: state, mover: 0) {
        #expect(try InterpretedClauses([mined.clause], in: pair.large).values(in: state) == [false])
        found.insert(mined.clause)
      }
    }
    #expect(found.count > 5)
    try InterpretedClauses(found, in: pair.small).expectAll(in: small)
  }

  @Test("a state that the small system has too is never answered", arguments: Scopes.examples)
  func reachableStatesAreNotBlocked(_ example: Scopes.Example) throws {
    let system = try Scopes.system("classic/\(example.spec)", example.small)
    let states = try Scopes.states(system)
    let finder = ClauseFinder(Observations(try SystemPair(small: system, large: system), states))
    var number = 0
    states.forEach { state in
      number += 1
      if number % 29 == 1 { #expect(finder.blocking(cti: state).isEmpty) }
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
    let places = found.clause.literals.compactMap { literal -> Int? in
      if case .at(_, let set) = literal.atom { set.members.count } else { nil }
    }
    #expect(places.count == 2 && places.allSatisfy { $0 > 1 }, "\(text)")
    // What two writers of two cannot do, two of three cannot do either.
    let states = try Scopes.states(pair.large)
    #expect(states.isComplete)
    try InterpretedClauses([found.clause], in: pair.large).expectAll(in: states)
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
