import TransitionIR

/// The languages that a transition system can be exported to.
public enum ExportLanguage: String, CaseIterable, Sendable {
  case promela, murphi, tla, dot
}

/// What an export says about itself, and what it contains beside the steps.
public struct ExportOptions: Sendable {
  /// As in the report: `specs/classic/ptshare.mmck`.
  public var specPath = ""
  public var scope = ""
  /// Name and version of the tool.
  public var tool = ""
  /// How many states a peer should find, if that is known.
  public var expectedStates: Int?
  /// Declares invariants for the peer to check.
  public var withProperties = false
  /// The name of a TLA+ module, which must be that of its file; nil makes one from the name of the spec.
  public var moduleName: String?
  /// Longer texts are refused.
  public var textLimit = 64 << 20

  public init() {}
}

/// An exported model.
public struct Export: Sendable {
  public let text: String
  /// Files that belong next to it: how their names end, and their text.
  public let companions: [(ending: String, text: String)]
}

/// Why a system cannot be exported: it contains something that has no exact counterpart in the language.
public struct ExportRefusal: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// Prints a transition system in the language of another checker, which explores exactly the same states.
///
/// Whatever cannot be translated exactly is refused.
public func export(
  _ system: TransitionSystem, to language: ExportLanguage, options: ExportOptions = ExportOptions()
) throws(ExportRefusal) -> Export {
  switch language {
  case .promela: try PromelaWriter.write(system, options)
  case .murphi: try MurphiWriter.write(system, options)
  case .tla: try TLAWriter.write(system, options)
  case .dot: Export(text: try DotWriter.write(system, options), companions: [])
  }
}
