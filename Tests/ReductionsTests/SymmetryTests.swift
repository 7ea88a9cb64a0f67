import Reductions
import Testing
import TransitionIR

@Suite("Symmetry")
struct SymmetryTests {
  /// Systems that are small enough to be searched in full, and what is interchangeable in them.
  static let small = [
    (name: "rwlock", groups: ["writer"]), (name: "ptshare2", groups: ["user"]),
    (name: "ring2", groups: ["user", "node"]), (name: "sets", groups: ["user", "page"]),
  ]

  /// Systems with many ways to look alike: objects and tasks that point at each other in circles.
  static let tangled = ["ring2", "ring3", "ring5", "sets", "ptshare3"]

  @Test("is found where nothing tells members apart", arguments: small)
  func groups(name: String, groups: [String]) throws {
    let fixture = try SymmetryFixture(name)
    #expect(fixture.symmetry.groups.map(\.name) == groups)
    #expect(fixture.symmetry.refusals.isEmpty)
    #expect(!fixture.symmetry.isTrivial)
  }

  @Test("stores one state for each orbit, and that is one of the orbit", arguments: small)
  func oneStateForEachOrbit(name: String, groups: [String]) throws {
    let fixture = try SymmetryFixture(name)
    let permutations = fixture.symmetry.permutations
    // By definition: the least state of the orbit.
    var representatives: [[Int]: [Int]] = [:]
    let states = fixture.reachable(limit: 5000)
    for state in states {
      let orbit = permutations.map { fixture.symmetry.apply($0, to: state) }
      let least = orbit.min { $0.lexicographicallyPrecedes($1) } ?? state
      let representative = fixture.symmetry.canonical(state)
      #expect(representatives[least, default: representative] == representative)
      representatives[least] = representative
    }
    #expect(representatives.count == Set(representatives.values).count)
    #expect(representatives.allSatisfy { fixture.symmetry.orbit(of: $0.key).contains($0.value) })
    #expect(representatives.count < states.count)
  }

  @Test("lets a search find one state of each reachable orbit", arguments: ["rwlock", "ptshare2", "ring2"])
  func quotient(name: String) throws {
    let fixture = try SymmetryFixture(name)
    let reached = Set(fixture.reachable().map(fixture.symmetry.canonical))
    let found = fixture.reachable(canonical: fixture.symmetry.canonical)
    #expect(found.count == reached.count)
    #expect(Set(found) == reached)
  }

  @Test("leaves 10,096 orbits of three tasks, which stand for all 56,472 states")
  func orbitSizes() throws {
    let fixture = try SymmetryFixture("ptshare3")
    let found = fixture.reachable(canonical: fixture.symmetry.canonical)
    #expect(found.count == 10_096)
    #expect(found.reduce(0) { $0 + fixture.symmetry.orbit(of: $1).count } == 56_472)
  }

  @Test(
    "is an automorphism of steps, violations and properties",
    arguments: small.map(\.name) + ["ring3", "ptshare3"])
  func automorphism(name: String) throws {
    let fixture = try SymmetryFixture(name)
    let properties = fixture.system.properties
    var generator = SymmetryGenerator(seed: 1)
    for state in fixture.reachable(limit: 3000).shuffled(using: &generator).prefix(200) {
      for other in [
        fixture.symmetry.canonical(state),
        fixture.symmetry.apply(fixture.randomPermutation(&generator), to: state),
      ] {
        #expect(fixture.behaviour(in: other) == fixture.behaviour(in: state))
        for number in properties.indices where properties[number].group != .step {
          #expect(fixture.value(number, other) == fixture.value(number, state))
        }
        let leaks = [state, other].map { fixture.interpreter.leaks(in: $0).map(\.site.index) }
        #expect(leaks[0] == leaks[1])
      }
    }
  }

  @Test("has the same representative for all of an orbit, in any state whatever", arguments: tangled)
  func anyState(name: String) throws {
    let fixture = try SymmetryFixture(name)
    var generator = SymmetryGenerator(seed: 2)
    for _ in 0..<300 {
      let state = fixture.randomState(&generator)
      let representative = fixture.symmetry.canonical(state)
      #expect(fixture.symmetry.canonical(representative) == representative)
      for _ in 0..<3 {
        let other = fixture.symmetry.apply(fixture.randomPermutation(&generator), to: state)
        #expect(fixture.symmetry.canonical(other) == representative)
      }
      if fixture.symmetry.permutationCount <= 12 {
        #expect(fixture.symmetry.orbit(of: state).contains(representative))
      }
    }
  }

  @Test(
    "is the same in compiled code", .enabled(if: CompiledSymmetry.isAvailable),
    arguments: small.map(\.name) + ["ring3", "ring5", "ptshare3"])
  func compiled(name: String) throws {
    let fixture = try SymmetryFixture(name)
    let compiled = try #require(CompiledSymmetry(fixture))
    var generator = SymmetryGenerator(seed: 3)
    let states = fixture.reachable(limit: 2000) + (0..<1000).map { _ in fixture.randomState(&generator) }
    #expect(compiled.canonical(states) == states.map(fixture.symmetry.canonical))
  }

  @Test(
    "is found without trying all orders of circles that look alike",
    .enabled(if: CompiledSymmetry.isAvailable))
  func circles() throws {
    let fixture = try SymmetryFixture("ring12")
    let compiled = try #require(CompiledSymmetry(fixture))
    let live = try #require(fixture.system.variables.first { $0.name == "node.live" })
    let next = try #require(fixture.system.variables.first { $0.name == "node.next" })
    var generator = SymmetryGenerator(seed: 4)
    // Six circles of two, four of three, and three of four: many orders, one orbit for each.
    for length in [2, 3, 4] {
      let states = (0..<10).map { _ in
        var state = [Int](repeating: 0, count: fixture.system.slotCount)
        let nodes = Array(0..<12).shuffled(using: &generator)
        for place in 0..<12 {
          state[live.slot + place] = 1
          let follower = place % length == length - 1 ? place - length + 1 : place + 1
          state[next.slot + nodes[place]] = nodes[follower] + 1
        }
        return state
      }
      let representatives = Set(states.map(fixture.symmetry.canonical))
      #expect(representatives.count == 1)
      #expect(Set(compiled.canonical(states)) == representatives)
    }
  }
}
