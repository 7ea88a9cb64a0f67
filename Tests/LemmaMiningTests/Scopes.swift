import CheckDriver
import ExplicitEngine
import Reductions
import SpecSemantics
import Testing
import TransitionIR

@testable import LemmaMining

/// Systems of shipped specs, and what was observed of them.
enum Scopes {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  /// Shipped specs, and `files.mmck` and `bags.mmck` beside them.
  private static let host: Host = {
    var host = Host.system
    let read = host.read
    host.read = { path throws(HostError) in
      if path.hasSuffix("/files.mmck") { return Array(fileSpec.utf8) }
      return path.hasSuffix("/bags.mmck") ? Array(bagSpec.utf8) : try read(path)
    }
    return host
  }()

  static func system(_ spec: String, _ values: [String: String] = [:], scope: String? = nil) throws
    -> TransitionSystem
  {
    try compile(
      "\(root)/specs/\(spec).mmck", overrides: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      scope: scope, granularity: .statement, host: host
    ).system
  }

  static func states(_ system: TransitionSystem, limit: Int = 200_000) throws -> ReachableStates {
    try ReachableStates(of: Interpreter(system), limits: SearchLimits(clock: { 0 }), stateLimit: limit)
  }

  /// Of each orbit one.
  static func orbits(_ system: TransitionSystem) throws -> ReachableStates {
    try ReachableStates(
      of: Interpreter(system), limits: SearchLimits(clock: { 0 }), symmetry: Symmetry(system))
  }

  static func observations(_ small: TransitionSystem, _ large: TransitionSystem) throws -> Observations {
    Observations(try SystemPair(small: small, large: large), try states(small))
  }

  /// A spec with a small and a larger scope.
  struct Example: CustomTestStringConvertible, Sendable {
    let spec: String
    let small: [String: String]
    let large: [String: String]
    var testDescription: String { spec }

    func pair() throws -> SystemPair {
      try SystemPair(small: system("classic/\(spec)", small), large: system("classic/\(spec)", large))
    }
  }

  static let files = Example(
    spec: "files", small: ["TASKS": "2", "FILES": "2"], large: ["TASKS": "3", "FILES": "3"])

  static let bags = Example(
    spec: "bags", small: ["TASKS": "2", "THINGS": "2"], large: ["TASKS": "3", "THINGS": "3"])

  static let refcount = Example(spec: "refcount", small: ["TASKS": "2"], large: ["TASKS": "3"])

  static let examples = [
    Example(spec: "ptshare", small: ["TASKS": "2", "PAGES": "2"], large: ["TASKS": "3", "PAGES": "2"]),
    Example(
      spec: "rwlock", small: ["READERS": "2", "WRITERS": "2"], large: ["READERS": "3", "WRITERS": "3"]),
    Example(spec: "peterson", small: [:], large: [:]),
    files,
    Example(spec: "mcslock", small: ["CPUS": "2"], large: ["CPUS": "3"]),
  ]
}

extension TransitionSystem {
  /// The same with room for the bound variables of clauses.
  var withRoom: TransitionSystem {
    var copy = self
    copy.boundCount += 2
    return copy
  }
}

/// Clauses of one system, evaluated by the reference interpreter.
struct InterpretedClauses {
  private let interpreter: Interpreter
  private let clauses: [(text: String, expression: Expression)]

  init(_ clauses: some Sequence<Clause>, in system: TransitionSystem) {
    interpreter = Interpreter(system.withRoom)
    let first = BoundID(system.boundCount)
    self.clauses = clauses.map { ($0.description(in: system), $0.expression(in: system, firstBound: first)) }
  }

  func values(in state: [Int]) throws -> [Bool] {
    try clauses.map { try interpreter.value($0.expression, in: state) != 0 }
  }

  /// Fails for each clause that is false in one of the states.
  func expectAll(in states: ReachableStates) throws {
    try states.forEach { state throws in
      for clause in clauses {
        #expect(try interpreter.value(clause.expression, in: state) != 0, "\(clause.text)")
      }
    }
  }
}
