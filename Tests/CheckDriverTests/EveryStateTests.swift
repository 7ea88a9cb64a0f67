import CheckDriver
import Foundation
import SpecSemantics
import Testing
import TransitionIR

/// Compiled steps against the reference interpreter in every reachable state of every shipped scope.
///
/// That takes minutes, so it is done by `make test-native` only; `make test` compares some thousand states of each spec.
@Suite(
  "Compiled steps of shipped specs",
  .enabled(if: ProcessInfo.processInfo.environment["MMCK_EVERY_STATE"] != nil))
struct EveryStateTests {
  /// Path and scope of all that `make check` searches.
  static let scopes: [[String]] = specPaths.flatMap { path in
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [[String]]() }
    // One scope in a line, as `mmck fmt` writes them.
    return text.split(separator: "\n").compactMap { line in
      guard let match = line.firstMatch(of: #/^scope (\w+)( on_request| symbolic)? \{/#), match.2 == nil
      else { return nil }
      return [path, String(match.1)]
    }
  }

  private static var specPaths: [String] {
    let folder = NativeStepTests.root + "/specs"
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".mmck") && !$0.contains("lib/") }.sorted().map { folder + "/" + $0 }
  }

  @Test("lead to the same successors, events and verdicts in every state", arguments: scopes)
  func everyState(pathAndScope: [String]) throws {
    let (path, scope) = (pathAndScope[0], pathAndScope[1])
    let system = try compile(path, overrides: [], scope: scope, granularity: .statement, host: .system).system
    let library = try NativeLibrary(system)
    let result = StepComparison(Interpreter(system), library).run(limit: .max)
    #expect(result.difference == nil)
    let name = path.split(separator: "/").last ?? ""
    print("every state of \(name) \(scope): \(result.states)")
  }

  @Test("are looked at in all specs")
  func everySpec() { #expect(Set(Self.scopes.map { $0[0] }).count >= 15) }
}
