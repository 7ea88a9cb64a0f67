import CheckDriver
import Foundation
import Reports
import Testing

/// Models of the field whose numbers of states others have published: the headers of the specs say who.
///
/// The numbers are those of a full search. Larger sizes are in `Docs/classic-models.md`.
@Suite("Published numbers of states")
struct PublishedCountTests {
  /// A spec in one size, with what is known about it from elsewhere.
  struct Known: CustomTestStringConvertible, Sendable {
    let spec: String
    let sizes: [String: Int]
    let states: Int
    /// Nothing if only the states are known.
    let transitions: Int?

    init(_ spec: String, _ sizes: [String: Int], states: Int, transitions: Int? = nil) {
      self.spec = spec
      self.sizes = sizes
      self.states = states
      self.transitions = transitions
    }

    var testDescription: String {
      "\(spec): " + sizes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }
  }

  static let published = [
    // TLC, tlaplus/Examples, manifest.json of transaction_commit; it counts the initial state as generated.
    Known("twophase", ["PARTICIPANTS": 3], states: 288, transitions: 1146 - 1),
    // Stateright, examples/2pc.rs.
    Known("twophase", ["PARTICIPANTS": 5], states: 8832),
    // TLC, tlaplus/Examples, manifest.json of ewd840.
    Known("ewd840", ["MACHINES": 3], states: 302),
    Known("ewd840", ["MACHINES": 4], states: 1566),
    // Murphi, ex/mux/mcslock1.m and ex/mux/n_peterson.m, rules fired without symmetry.
    Known("mcslock", ["CPUS": 2], states: 159, transitions: 318),
    Known("mcslock", ["CPUS": 3], states: 7597, transitions: 22791),
    Known("filterlock", ["N": 3], states: 882, transitions: 2646),
  ]

  /// Not published, but found by something else than this checker.
  static let counted = [
    // SPIN, Benchmarks/peers/qrcu.pml.
    Known("qrcu", ["UPDATERS": 1, "READERS": 1], states: 139, transitions: 239),
    Known("qrcu", ["UPDATERS": 1, "READERS": 2], states: 2281, transitions: 5221),
    Known("qrcu", ["UPDATERS": 2, "READERS": 1], states: 5678, transitions: 14111),
    // Searches written separately, which find TLC's numbers where TLC has some.
    Known("ewd840", ["MACHINES": 3], states: 302, transitions: 1625),
    Known("ewd840", ["MACHINES": 4], states: 1566, transitions: 13938),
    Known("german", ["CACHES": 2], states: 1461, transitions: 3864),
    Known("barrier", ["TASKS": 3], states: 353, transitions: 708),
    Known("barrier", ["TASKS": 4], states: 1567, transitions: 3956),
  ]

  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func check(_ spec: String, _ overrides: [(name: String, value: String)]) throws -> CheckReport {
    var request = CheckRequest(paths: [Self.root.appending(path: "specs/classic/\(spec).mmck").path])
    request.scope = "small"
    request.overrides = overrides
    request.engine = .interpreter
    return try CheckPipeline(request, host: .system).run()
  }

  @Test("a full search finds as many as others did", arguments: published + counted)
  func states(_ known: Known) throws {
    let run = try #require(check(known.spec, known.sizes.map { ($0.key, "\($0.value)") }).runs.first)
    #expect(run.statistics.isComplete)
    #expect(run.statistics.states == known.states)
    if let transitions = known.transitions { #expect(run.statistics.transitions == transitions) }
    #expect(run.results.filter { $0.answer.kind != .holds }.map(\.property) == [])
  }

  static let bugs = [
    ("barrier", "BUG_OPEN_EARLY", "nobody_is_missing"), ("ewd840", "BUG_STAYS_WHITE", "no_false_alarm"),
    ("filterlock", "BUG_ONE_LEVEL_LESS", "mutual_exclusion"), ("german", "BUG_KEEPS_LINE", "coherent"),
    ("mcslock", "BUG_SPLIT_SWAP", "mutual_exclusion"), ("qrcu", "BUG_NO_RECHECK", "assert"),
    ("twophase", "BUG_COMMIT_EARLY", "consistent"),
  ]

  @Test("each has an option that breaks it, as its expectations say", arguments: bugs)
  func bug(spec: String, option: String, property: String) throws {
    let report = try check(spec, [(option, "true")])
    #expect(report.results.contains { $0.result.property == property && $0.result.answer.kind == .violated })
    #expect(exitCode(for: report) == 0)
  }
}
