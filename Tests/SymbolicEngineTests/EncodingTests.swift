import CheckDriver
import RandomSpecs
import Terms
import Testing
import TransitionIR

@testable import SymbolicEngine

/// What the formulas of a system say, compared with what the interpreter does.
struct EncodingComparison {
  let encoded: SymbolicSystem
  let interpreter: Interpreter
  private let deadlock: Term?
  private var table: SlotTable { encoded.table }

  init(_ system: TransitionSystem) {
    encoded = SymbolicSystem(system)
    interpreter = Interpreter(system)
    deadlock = try? encoded.deadlock()
  }

  /// What a body does in one state, in a form that can be compared.
  struct Report: Equatable {
    var successors = Set<[Int]>()
    var failures = Set<String>()
    var takings = Set<String>()
  }

  /// All assignments of the inputs, or nil if there are too many.
  private func assignments(_ inputs: [Term], limit: Int) -> [[UInt64]]? {
    var result: [[UInt64]] = [[]]
    for input in inputs {
      let width = encoded.store.sort(of: input).width
      guard width < 12, result.count << width <= limit else { return nil }
      result = result.flatMap { prefix in (0..<UInt64(1) << UInt64(width)).map { prefix + [$0] } }
    }
    return result
  }

  /// Nil if the step has too many ways for a test.
  func admitted(_ state: [Int], _ step: SymbolicStep) -> Report? {
    let store = encoded.store
    guard let assignments = assignments(step.inputs, limit: 300) else { return nil }
    var values: [Int: UInt64] = [:]
    for (slot, term) in encoded.slots.enumerated() {
      values[Int(store.payload(of: term))] = table.encoded(state[slot], slot)
    }
    let conditions = step.failures.map(\.condition) + step.acquisitions.map(\.condition)
    let held = step.acquisitions.flatMap { $0.held.map(\.condition) }
    let roots = [step.happens] + conditions + held + step.after
    var report = Report()
    for assignment in assignments {
      for (input, value) in zip(step.inputs, assignment) { values[Int(store.payload(of: input))] = value }
      let results = store.evaluate(roots) { values[$0, default: 0] }
      for (failure, value) in zip(step.failures, results.dropFirst()) where value != 0 {
        report.failures.insert("\(failure.property) \(failure.site.index) \(failure.isFatal)")
      }
      note(step, results, &report)
      if results[0] != 0 {
        let after = results.suffix(step.after.count)
        report.successors.insert(after.enumerated().map { table.decoded($1, $0) })
      }
    }
    return report
  }

  private func note(_ step: SymbolicStep, _ results: [UInt64], _ report: inout Report) {
    var position = 1 + step.failures.count + step.acquisitions.count
    for (number, acquisition) in step.acquisitions.enumerated() {
      let isTaken = results[1 + step.failures.count + number] != 0
      for (lock, _) in acquisition.held {
        if isTaken, results[position] != 0 {
          report.takings.insert("\(acquisition.lock.index) \(acquisition.site.index) \(lock.index)")
        }
        position += 1
      }
    }
  }

  func executed(_ state: [Int], _ process: Int) -> Report {
    var report = Report()
    for successor in interpreter.successors(of: state, process: process) {
      if !successor.isFatal { report.successors.insert(successor.state) }
      for violation in successor.violations {
        report.failures.insert("\(violation.property) \(violation.site.index) \(violation.isFatal)")
      }
      for taking in successor.acquisitions {
        for lock in taking.held {
          report.takings.insert("\(taking.lock.index) \(taking.site.index) \(lock.index)")
        }
      }
    }
    return report
  }

  /// The first difference in some state, and how many steps were compared.
  func difference(limit: Int) throws -> (count: Int, text: String?) {
    var count = 0
    for state in someStates(interpreter, limit: limit) {
      for process in 0..<interpreter.system.processCount {
        guard let location = interpreter.location(of: process, in: state) else { continue }
        guard let step = try? encoded.step(of: process, at: location),
          let admitted = admitted(state, step)
        else { continue }
        let executed = executed(state, process)
        if admitted != executed {
          return (
            count, "process \(process) at \(location.index) in \(state): \(executed) became \(admitted)"
          )
        }
        count += 1
      }
      if let text = try propertyDifference(state) ?? waitingDifference(state) { return (count, text) }
    }
    return (count, nil)
  }

  /// Deadlocks and lost objects.
  private func waitingDifference(_ state: [Int]) -> String? {
    let system = interpreter.system
    func value(_ term: Term) -> Bool {
      encoded.store.evaluate([term]) { self.table.encoded(state[$0], $0) }[0] != 0
    }
    let lost = interpreter.lostPools(in: state)
    for pool in system.pools.indices
    where value(encoded.isLost(PoolID(pool), in: encoded.slots)) != lost.contains(PoolID(pool)) {
      return "\(system.pools[pool].name): lost in \(state): \(lost)"
    }
    guard let deadlock else { return nil }
    let kinds = (0..<system.processCount).map { system.kinds[system.kind(ofProcess: $0).index] }
    let isStuck = kinds.indices.allSatisfy {
      kinds[$0].isEnvironment || interpreter.successors(of: state, process: $0).isEmpty
    }
    let isWaiting = kinds.indices.contains {
      !kinds[$0].isEnvironment && !kinds[$0].isDaemon && interpreter.location(of: $0, in: state) != nil
    }
    return value(deadlock) == (isStuck && isWaiting) ? nil : "deadlock in \(state)"
  }

  private func propertyDifference(_ state: [Int]) throws -> String? {
    for property in interpreter.system.properties where property.group != .step {
      guard let (value, _) = try? encoded.truth(property.body, in: encoded.slots) else { continue }
      let expected = ((try? interpreter.value(property.body, in: state)) ?? 0) != 0
      let found = encoded.store.evaluate([value]) { number in
        self.table.encoded(state[number], number)
      }
      if (found[0] != 0) != expected { return "\(property.name) in \(state) is not \(expected)" }
    }
    return nil
  }

  /// The initial states that the formula admits are those of the interpreter.
  func initialDifference() throws -> String? {
    guard let start = try? encoded.initialState(), let assignments = assignments(start.inputs, limit: 4000)
    else { return nil }
    let store = encoded.store
    var found = Set<[Int]>()
    for assignment in assignments {
      var values: [Int: UInt64] = [:]
      for (input, value) in zip(start.inputs, assignment) { values[Int(store.payload(of: input))] = value }
      let results = store.evaluate([start.condition] + start.slots) { values[$0, default: 0] }
      if results[0] != 0 {
        found.insert(results.dropFirst().enumerated().map { table.decoded($1, $0) })
      }
    }
    let expected = Set(interpreter.initialStates().filter { !$0.isFatal }.map(\.state))
    return found == expected ? nil : "initial states: \(expected.count) became \(found.count)"
  }
}

@Suite("The encoding admits exactly what the interpreter does")
struct EncodingTests {
  @Test("in random specs", arguments: 0..<8)
  func random(part: UInt64) throws {
    var count = 0
    for seed in part * 25..<part * 25 + 25 {
      let spec = RandomSpec(seed: seed)
      let comparison = EncodingComparison(
        try compile(spec.text, granularity: seed % 5 == 0 ? .access : .statement))
      if let text = try comparison.initialDifference() { Issue.record("seed \(seed): \(text)") }
      let (compared, text) = try comparison.difference(limit: 60)
      if let text { Issue.record("seed \(seed): \(text)\n\(spec.text)") }
      count += compared
    }
    #expect(count > 500)
  }
}
