import Testing
import TransitionIR

@testable import CheckDriver
@testable import SymbolicEngine

@Suite("States that certificates are held against")
struct HeldStatesTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  private func system(_ scope: String) throws -> TransitionSystem {
    try compile(
      "\(Self.root)/specs/classic/mutex.mmck", overrides: [], scope: scope, granularity: .statement,
      host: .system
    ).system
  }

  /// That of the bounds, which need no lemma; nothing is asked about the property, which has no place to fail.
  private func certificate(_ system: TransitionSystem) throws -> Certificate {
    let goals = Goals(SymbolicSystem(system)) { $0 == "range.division" }
    return try Certificate(
      of: "range.division", lemmas: [], try ObligationSolver(try Obligations(goals)), isOver: { false })
  }

  private func held(_ system: TransitionSystem) throws -> HeldStates {
    var host = Host.system
    host.now = { 0 }
    return try HeldStates(of: system, host: host, seconds: 1)
  }

  @Test("are all of a small scope, each once")
  func all() throws {
    let system = try system("small")
    let held = try held(system)
    #expect(held.isAll)
    #expect(held.states.count == 54)
    #expect(Set(held.states).count == 54)
    let inside = try held.check(certificate(system), isOver: { false })
    #expect(inside.count == 54 && inside.isAll)
  }

  @Test("are many of a scope that is too large to search, near the start and far from it")
  func some() throws {
    let system = try compile(
      "\(Self.root)/specs/mshare/v1-2022.mmck", overrides: [], scope: "guests", granularity: .statement,
      host: .system
    ).system
    let held = try held(system)
    #expect(!held.isAll)
    #expect(held.states.count > 3_000)
    #expect(Set(held.states).count == held.states.count)
  }

  @Test("are all counted, and no more is said if time ends before")
  func cut() throws {
    let system = try system("small")
    var looks = 0
    let inside = try held(system).check(certificate(system)) {
      looks += 1
      return looks > 10
    }
    #expect(inside.count == 10 && !inside.isAll)
  }

  @Test("refute a proof whose invariant excludes one")
  func outside() throws {
    let system = try system("small")
    var state = try #require(try held(system).states.first)
    let certificate = try certificate(system)
    state[SlotLayout(system).controlSlot[0]] = system.kinds[0].locationCount + 1
    let error = #expect(throws: StateOutside.self) {
      try HeldStates(states: [state], isAll: false).check(certificate, isOver: { false })
    }
    #expect(error?.description.contains("excludes a state that can be reached: the bounds") == true)
  }
}
