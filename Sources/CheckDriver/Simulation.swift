import Evidence
import TransitionIR

/// One run through a system, chosen from outside or at random.
public struct Simulation {
  private let interpreter: Interpreter
  private var state: [Int]
  private var generator: SplitMix
  private var stepCount = 0
  /// A step without meaning ended the run.
  public private(set) var hasFailed = false

  /// Something that can happen next.
  public struct Move: Sendable {
    let process: Int
    let successor: Successor
  }

  public init(_ interpreter: Interpreter, seed: UInt64) {
    self.interpreter = interpreter
    state = []
    generator = SplitMix(state: seed)
  }

  /// Chooses an initial state; returns what there is to say about it.
  public mutating func begin() -> [String] {
    let starts = interpreter.initialStates()
    guard let start = starts.randomElement(using: &generator) else { return ["there is no initial state"] }
    state = start.state
    return describe(start.violations)
  }

  public var isOver: Bool {
    (0..<interpreter.system.processCount).allSatisfy { interpreter.location(of: $0, in: state) == nil }
  }

  /// Everything that can happen now, by process.
  public func moves() -> [Move] {
    (0..<interpreter.system.processCount).flatMap { process in
      interpreter.successors(of: state, process: process).map { Move(process: process, successor: $0) }
    }
  }

  public mutating func random(_ moves: [Move]) -> Move? { moves.randomElement(using: &generator) }

  /// The process, its statement, and what changes.
  public func describe(_ move: Move) -> String {
    let system = interpreter.system
    guard let location = interpreter.location(of: move.process, in: state) else { return "" }
    let site = system.sites[system.locations[location.index].site.index]
    let changes = StateView(state, of: interpreter).changes(
      to: StateView(move.successor.state, of: interpreter))
    let shown = changes.filter { !$0.isLocal }.map(\.description).joined(separator: ", ")
    return "\(system.processName(move.process)): \(site.text)" + (shown.isEmpty ? "" : "   /* \(shown) */")
  }

  /// Takes a step; returns what there is to print.
  public mutating func take(_ move: Move) -> [String] {
    stepCount += 1
    let line = "\(stepCount). \(describe(move))"
    state = move.successor.state
    hasFailed = move.successor.isFatal
    return [line] + describe(move.successor.violations) + brokenInvariants()
  }

  private func describe(_ violations: [Violation]) -> [String] {
    violations.map { "   \($0.property.rawValue): \($0.message)" }
  }

  private func brokenInvariants() -> [String] {
    if hasFailed { return [] }
    return interpreter.system.properties.filter { $0.group == .invariant }.compactMap { property in
      let value = (try? interpreter.value(property.body, in: state)) ?? 0
      return value == 0 ? "   \(property.name): \(property.documentation)" : nil
    }
  }
}

/// SplitMix64: small, seedable, the same everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
