import ExplicitEngine
import Testing
import TransitionIR

@testable import LemmaMining

@Suite("Which systems correspond")
struct SystemPairTests {
  @Test("scopes that differ in counts alone correspond", arguments: Scopes.examples)
  func countsMayDiffer(_ example: Scopes.Example) throws {
    _ = try example.pair()
  }

  @Test("systems of two specs are refused, with what differs")
  func otherSpecsAreRefused() throws {
    let (small, large) = (try Scopes.system("classic/rwlock"), try Scopes.system("classic/ptshare"))
    do {
      _ = try SystemPair(small: small, large: large)
      Issue.record("they were accepted")
    } catch {
      #expect(error.description.contains("locations in the small one"), "\(error)")
      #expect(error.differences.count <= Incompatibility.limit)
    }
  }

  @Test("an option that changes the code is refused")
  func otherCodeIsRefused() throws {
    let small = try Scopes.system("classic/rwlock")
    let large = try Scopes.system("classic/rwlock", ["BUG_NO_RECHECK": "true"])
    #expect(throws: Incompatibility.self) { _ = try SystemPair(small: small, large: large) }
  }

  @Test("a kind that only one of them has is named")
  func missingKindIsNamed() throws {
    let small = try Scopes.system("classic/rwlock", ["WRITERS": "0"])
    let large = try Scopes.system("classic/rwlock", ["WRITERS": "1"])
    do {
      _ = try SystemPair(small: small, large: large)
      Issue.record("they were accepted")
    } catch {
      #expect(error.description.contains("writer"), "\(error)")
    }
  }

  @Test("locals of the init block, unrolled with the parameters, do not matter")
  func initialLocalsMayDiffer() throws {
    // Loops over objects are unrolled too, in processes, so the pools must be of one size.
    var values = ["FIX_*": "true", "MMS": "4", "VMAS": "4"]
    let small = try Scopes.system("mshare/v1-2022", values, scope: "guests")
    values["TASKS"] = "3"
    let large = try Scopes.system("mshare/v1-2022", values, scope: "guests")
    #expect(small.variables.count != large.variables.count)
    let pair = try SystemPair(small: small, large: large)
    #expect(pair.small.variables.count == large.variables.count)
    for (a, b) in zip(pair.small.locations, large.locations) { #expect(a.locals == b.locals) }
    for (a, b) in zip(pair.small.variables, large.variables) { #expect(a.name == b.name) }
    let control = pair.small.kinds[0].control
    #expect(pair.small.variables[control.index].slot == small.variables[small.kinds[0].control.index].slot)
  }

  @Test("an exhaustive search hands out each state once, a cut one says so and walks on")
  func statesAreHandedOut() throws {
    let system = try Scopes.system("classic/mcslock", ["CPUS": "3"])
    let all = try Scopes.states(system)
    #expect(all.isComplete)
    #expect(all.count == 7_597)
    var known = Set<[Int]>()
    all.forEach { known.insert($0) }
    #expect(known.count == 7_597)
    let some = try Scopes.states(system, limit: 400)
    #expect(!some.isComplete)
    #expect(some.count > 400)
    var count = 0
    some.forEach { state in if known.contains(state) { count += 1 } }
    #expect(count == some.count)
  }
}
