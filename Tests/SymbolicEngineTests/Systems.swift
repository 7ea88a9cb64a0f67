import CheckDriver
import RandomSpecs
import SpecSemantics
import TransitionIR

/// The system of a spec that is only text.
func compile(_ text: String, granularity: Settings.Granularity = .statement) throws -> TransitionSystem {
  let path = "random.mmck"
  let host = Host(
    read: { _ throws(HostError) in Array(text.utf8) },
    write: { path, _ throws(HostError) in throw HostError(path: path, reason: "cannot be written") },
    kind: { $0 == path ? .file : .missing }, files: { _, _ in [] }, now: { 0 })
  return try compile(path, overrides: [], scope: nil, granularity: granularity, host: host).system
}

/// States of a system, breadth first, at most `limit`.
func someStates(_ interpreter: Interpreter, limit: Int) -> [[Int]] {
  var seen = Set<[Int]>()
  var states: [[Int]] = []
  func add(_ successor: Successor) {
    if !successor.isFatal, seen.insert(successor.state).inserted { states.append(successor.state) }
  }
  interpreter.initialStates().forEach(add)
  var next = 0
  while next < states.count, states.count < limit {
    for process in 0..<interpreter.system.processCount {
      interpreter.successors(of: states[next], process: process).forEach(add)
    }
    next += 1
  }
  return states
}
