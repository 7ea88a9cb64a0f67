import Terms
import TransitionIR

/// Whether properties of a system can fail, in a form that engines of others can be asked.
///
/// The same formulas that our own proofs are about: what another engine says about the text, it says about the spec.
/// A `reachable` property "fails" where its witness is, as everywhere in this module.
public final class SafetyQuestion {
  /// What is asked about, in the order of the spec, built-in properties last.
  public let properties: [String]
  /// Properties that are not asked about although nobody excluded them, and why.
  public let leftOut: [(property: String, reason: String)]
  let goals: Goals
  var encoded: SymbolicSystem { goals.encoded }
  var store: TermStore { goals.encoded.store }

  /// `lock.order` is about the locks of all runs together, which no state and no step shows.
  private static let ofAllRuns = [
    BuiltinProperty.lockOrder.rawValue: "it is about all runs together, not about a state or a step of one"
  ]

  /// Asks about all properties, or about those that are named; names that the system does not have are refused.
  public init(_ system: TransitionSystem, about wanted: [String]? = nil) throws(EncodingRefusal) {
    let known = Self.properties(of: system)
    for name in wanted ?? [] {
      if !known.contains(name) { throw EncodingRefusal("there is no property '\(name)'") }
      if let reason = Self.ofAllRuns[name] { throw EncodingRefusal("\(name): \(reason)") }
    }
    let asked = known.filter { Self.ofAllRuns[$0] == nil && wanted?.contains($0) ?? true }
    properties = asked
    leftOut =
      wanted != nil ? [] : known.compactMap { name in Self.ofAllRuns[name].map { (name, $0) } }
    goals = Goals(SymbolicSystem(system)) { asked.contains($0) }
  }

  private static func properties(of system: TransitionSystem) -> [String] {
    system.properties.map(\.name)
      + BuiltinProperty.allCases.filter { system.builtins.contains($0) }.map(\.rawValue)
  }

  /// Throws if a property that is asked about has no formula.
  ///
  /// Steps have to be encoded before: they find out.
  func requireFormulas() throws(EncodingRefusal) {
    for name in properties {
      if let reason = goals.refused[name] { throw EncodingRefusal("\(name): \(reason)") }
    }
  }

  /// What the text says about itself at its top: what is asked, and what is not.
  func remarks(_ header: [String], _ more: [String]) -> [String] {
    let reachable = encoded.system.properties.filter {
      $0.group == .reachable && properties.contains($0.name)
    }
    return
      (header + ["asked: \(properties.joined(separator: ", "))"]
      + leftOut.map { "not asked: \($0.property): \($0.reason)" }
      + reachable.map { "\($0.name) is no failure, but a state that should be reachable" } + more)
      .map { $0.filter { $0.isASCII && !$0.isNewline } }
  }
}
