import ExplicitEngine
import Testing
import TransitionIR

@testable import LemmaMining

@Suite("Atoms by slot arithmetic and as expressions")
struct AtomTests {
  /// All atoms of a few sightings of every view, negated too, in reachable states and in arbitrary ones.
  @Test(
    "every atom has the value that the interpreter gives its expression",
    arguments: Scopes.examples + [Scopes.bags])
  func agreeWithInterpreter(_ example: Scopes.Example) throws {
    let pair = try example.pair()
    let observations = Observations(pair, try Scopes.states(pair.small))
    let clauses = literals(observations).map { Clause($0.view, [$0.literal]) }
    #expect(clauses.count > 20)
    for system in [pair.small, pair.large] {
      let interpreted = InterpretedClauses(clauses, in: system)
      let checks = clauses.map { ClauseCheck($0, in: system) }
      for state in try states(system) {
        for (check, value) in zip(checks, try interpreted.values(in: state)) {
          #expect(
            check.isTrue(in: state) == value, "\(check.clause.description(in: system)) in \(state)")
        }
      }
    }
  }

  @Test("what counts is compared with none and one, what is a name with each value")
  func counts() throws {
    let pair = try Scopes.files.pair()
    let cell = Observations(pair, try Scopes.states(pair.small)).cell
    var compared: [VariableID: Set<Int>] = [:]
    for view in View.all(of: pair) where view.kind(0) == nil {
      for atom in cell(Sighting(view: view, locations: view.subjects.map { _ in -1 })).atoms {
        if case .equals(.read(let variable, _), let value) = atom {
          compared[variable, default: []].insert(value)
        }
        if case .atMost(.read(let variable, _), let value) = atom {
          compared[variable, default: []].insert(value)
        }
      }
    }
    var wide = 0
    for (variable, values) in compared {
      guard case .range(let low, let high) = pair.small.variables[variable.index].domain, high - low > 3
      else {
        continue
      }
      wide += 1
      #expect(values.isSubset(of: [0, 1]), "\(pair.small.variables[variable.index].name): \(values)")
    }
    #expect(wide > 0)
  }

  @Test("a set may hold a stale pointer at some places and never does at others")
  func staleInSets() throws {
    let pair = try Scopes.bags.pair()
    let observations = Observations(pair, try Scopes.states(pair.small))
    let texts = ClauseFinder(observations).bulkCandidates(limit: 1_000).map {
      $0.clause.description(in: pair.large)
    }
    #expect(texts.contains("forall o in thing: stale not in o->friends"), "\(texts)")
    #expect(texts.contains("forall x in user: x at line 22 of user ==> stale in user.bag[x]"), "\(texts)")
    #expect(
      texts.contains("forall x in user: x not at line 22 of user, its end ==> stale not in user.bag[x]"),
      "\(texts)")
    #expect(!texts.contains("forall x in user: stale not in user.bag[x]"))
  }

  private func literals(_ observations: Observations) -> [(view: View, literal: Literal)] {
    var result: [(view: View, literal: Literal)] = []
    var known = Set<Clause>()
    for view in observations.views {
      let first = view.kind(0).map { observations.states.locations(of: $0) } ?? [-1]
      let second = view.kind(1).map { observations.states.locations(of: $0) } ?? [-1]
      for (a, b) in zip(first + first.reversed(), second.reversed() + second).prefix(6) {
        let sighting = Sighting(view: view, locations: Array([a, b].prefix(view.subjects.count)))
        for (number, atom) in observations.cell(sighting).atoms.enumerated() {
          let literal = Literal(atom, number % 2 == 0)
          if known.insert(Clause(view, [literal])).inserted { result.append((view, literal)) }
        }
      }
    }
    return result
  }

  /// Some reachable states, and some with values anywhere in their domains.
  private func states(_ system: TransitionSystem) throws -> [[Int]] {
    var all: [[Int]] = []
    try Scopes.states(system, limit: 500).forEach { all.append($0) }
    var random = SystemRandom(state: 3)
    var result = (0..<8).map { _ in all[random.below(all.count)] }
    for _ in 0..<8 {
      var state = all[random.below(all.count)]
      for variable in system.variables {
        for slot in variable.slot..<variable.slot + variable.slotCount where random.below(3) == 0 {
          let bounds = variable.domain.bounds
          state[slot] = bounds.lowerBound + random.below(bounds.upperBound - bounds.lowerBound + 1)
        }
      }
      result.append(state)
    }
    return result
  }
}
