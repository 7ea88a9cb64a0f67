import CheckDriver
import Foundation
import Reductions
import Testing
import TransitionIR

/// Systems to compare searches on.
enum Specimens {
  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A spec of the repository.
  static func system(_ path: String, scope: String? = nil, _ options: [String] = []) throws
    -> TransitionSystem
  {
    try compile(
      root.appending(path: "specs/" + path).path, overrides: options.map { ($0, "true") }, scope: scope,
      granularity: .statement, host: host([:])
    ).system
  }

  /// A spec in memory.
  static func system(text: String) throws -> TransitionSystem {
    let whole = text.hasPrefix("spec ") ? text : "spec case_ \"a case\";\n" + text
    return try compile(
      "case.mmck", overrides: [], scope: nil, granularity: .statement, host: host(["case.mmck": whole])
    ).system
  }

  private static func host(_ texts: [String: String]) -> CheckDriver.Host {
    CheckDriver.Host(
      read: { path throws(HostError) in
        if let text = texts[path] { return Array(text.utf8) }
        guard let data = FileManager.default.contents(atPath: path) else {
          throw HostError(path: path, reason: "no such file")
        }
        return Array(data)
      },
      write: { path, _ throws(HostError) in throw HostError(path: path, reason: "read only") },
      kind: { path in
        texts[path] != nil || FileManager.default.fileExists(atPath: path) ? .file : .missing
      },
      files: { _, _ in [] },
      now: { 0 })
  }
}

extension TransitionSystem {
  /// Where the spec has this statement; the first of several.
  func location(_ text: String) -> LocationID? {
    locations.firstIndex { sites[$0.site.index].text.hasPrefix(text) }.map { LocationID($0) }
  }
}

/// The ways to reduce that these tests compare with the whole search.
enum Way: String, CaseIterable, CustomTestStringConvertible {
  case safeSteps, lockAtomicity, deadLocals, together

  var testDescription: String { rawValue }

  func explore(_ system: TransitionSystem, limit: Int = .max) -> Explorer {
    let cleared = self == .deadLocals || self == .together ? clearingDeadLocals(system) : system
    switch self {
    case .deadLocals: return Explorer(cleared, limit: limit)
    case .safeSteps:
      return Explorer(cleared, steps: SafeSteps(cleared, kinds: [.partialOrder]), limit: limit)
    case .lockAtomicity, .together:
      return Explorer(cleared, steps: SafeSteps(cleared, kinds: [.partialOrder, .atomicity]), limit: limit)
    }
  }
}
