import Reductions
import Testing
import TransitionIR

/// The specs of the repository: whatever the whole search finds, the reduced ones find.
@Suite("Reductions of specs")
struct SafeStepsSpecTests {
  struct Specimen: Sendable, CustomTestStringConvertible {
    let path: String
    var scope: String?
    var options: [String] = []
    /// States of the whole search, and of each way.
    let states: [Int]
    var testDescription: String { "\(path) \(scope ?? "") \(options.joined(separator: " "))" }
  }

  @Test(
    "the same findings",
    arguments: [
      Specimen(path: "classic/buffer.mmck", states: [237, 237, 58, 228, 56]),
      Specimen(path: "classic/buffer.mmck", options: ["BUG_FULL"], states: [473, 473, 122, 348, 80]),
      Specimen(path: "classic/peterson.mmck", states: [32, 32, 32, 32, 32]),
      Specimen(path: "classic/ptshare.mmck", scope: "small", states: [2160, 2160, 544, 2160, 544]),
      Specimen(
        path: "classic/ptshare.mmck", scope: "small", options: ["BUG_FLUSH_SELF"],
        states: [4538, 4538, 1166, 4538, 1166]),
      Specimen(path: "classic/rwlock.mmck", states: [65, 65, 35, 65, 35]),
      Specimen(path: "classic/rwlock.mmck", options: ["BUG_NO_RECHECK"], states: [71, 71, 36, 71, 36]),
      Specimen(path: "mshare/v1-2022.mmck", scope: "small", states: [1108, 1081, 1081, 948, 921]),
    ])
  func sameFindings(_ specimen: Specimen) throws {
    let system = try Specimens.system(specimen.path, scope: specimen.scope, specimen.options)
    let whole = Explorer(system)
    var states = [whole.stateCount]
    for way in Way.allCases {
      let reduced = way.explore(system)
      #expect(reduced.found == whole.found, "\(way)")
      states.append(reduced.stateCount)
    }
    #expect(states == specimen.states)
  }
}
