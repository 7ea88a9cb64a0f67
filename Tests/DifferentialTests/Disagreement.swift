import CheckDriver
import RandomSpecs
import SpecSemantics
import Testing
import TransitionIR

/// A third of the specs is looked at with single loads and stores as steps.
func granularity(of spec: RandomSpec) -> Settings.Granularity { spec.seed % 3 == 2 ? .access : .statement }

/// Records what differs for a spec, with the shortest spec that can be found for which something of this
/// kind does.
func expectNoDifferences(
  _ spec: RandomSpec, _ sourceLocation: SourceLocation = #_sourceLocation,
  _ differences: (TransitionSystem) throws -> [String]
) throws {
  func differencesOf(_ text: String) throws -> [String] {
    try differences(compile(text, granularity: granularity(of: spec)))
  }
  let found = try differencesOf(spec.text)
  if found.isEmpty { return }
  let text = shrunk(spec.text) { ((try? differencesOf($0)) ?? []).isEmpty == false }
  Issue.record(
    """
    seed \(spec.seed), size \(spec.size), granularity \(granularity(of: spec).rawValue):
    \(found.prefix(5).joined(separator: "\n"))
    a short spec with a difference:
    \(text)
    \(try differencesOf(text).prefix(3).joined(separator: "\n"))
    """, sourceLocation: sourceLocation)
}
