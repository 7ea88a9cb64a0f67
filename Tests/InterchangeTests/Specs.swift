import CheckDriver
import Testing
import TransitionIR

/// Compiles specs for these tests.
enum Specs {
  /// A shipped spec.
  static func shipped(_ path: String, scope: String) throws -> TransitionSystem {
    let root = #filePath.components(upTo: "/Tests/")
    return try compile(
      "\(root)/specs/\(path)", overrides: [], scope: scope, granularity: .statement, host: .system
    ).system
  }

  /// A spec in memory; its first line may be left out.
  static func text(_ body: String) throws -> TransitionSystem {
    let host = Host(
      read: { _ in Array("spec case_ \"a case\";\n\(body)".utf8) },
      write: { path, _ throws(HostError) in throw HostError(path: path, reason: "cannot be written") },
      kind: { _ in .file }, files: { _, _ in [] }, now: { 0 })
    do {
      return try compile("case.mmck", overrides: [], scope: nil, granularity: .statement, host: host).system
    } catch let errors as SpecErrors {
      Issue.record("\(errors.diagnostics.map { "\($0.code) \($0.message)" })")
      throw errors
    }
  }

  /// States that a breadth-first search reaches first.
  static func states(of system: TransitionSystem, limit: Int) -> [[Int]] {
    let interpreter = Interpreter(system)
    var found: [[Int]] = []
    var seen = Set<[Int]>()
    func add(_ successor: Successor) {
      if !successor.isFatal, seen.insert(successor.state).inserted { found.append(successor.state) }
    }
    interpreter.initialStates().forEach(add)
    var next = 0
    while next < found.count, found.count < limit {
      for process in 0..<system.processCount {
        interpreter.successors(of: found[next], process: process).forEach(add)
      }
      next += 1
    }
    return found
  }
}

extension String {
  /// The text before the last occurrence of `mark`.
  fileprivate func components(upTo mark: String) -> String {
    guard let range = ranges(of: mark).last else { return "." }
    return String(self[..<range.lowerBound])
  }
}
