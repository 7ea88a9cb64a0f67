import Terms
import TransitionIR

@testable import SymbolicEngine

/// An exported text against the interpreter: from each state the same states, and the same properties broken.
struct ExportComparison {
  let interpreter: Interpreter
  let question: SafetyQuestion
  let circuit: Circuit
  let model: any ExportedModel
  private let table: SlotTable
  private var system: TransitionSystem { interpreter.system }

  /// What can be seen of a state: states after one step, and properties that are broken in it or by a step.
  struct Sight: Equatable {
    var states = Set<[Int]>()
    var broken = Set<String>()
  }

  init(_ system: TransitionSystem, _ language: QuestionLanguage, isBinary: Bool = false) throws {
    interpreter = Interpreter(system)
    question = try SafetyQuestion(system)
    circuit = try Circuit(question)
    table = question.encoded.table
    let bytes = try question.bytes(in: language, header: ["a test"], isBinary: isBinary)
    let width = { [circuit] (term: Term) in circuit.store.sort(of: term).width }
    model =
      language == .btor2
      ? try BTOR2Model(String(decoding: bytes, as: UTF8.self))
      : try AIGERModel(
        bytes, registerWidths: circuit.registers.map { width($0.term) },
        inputWidths: circuit.inputs.map(width))
  }

  /// All values of the inputs; nil if there are too many for a test.
  private var assignments: [[UInt64]]? {
    var result: [[UInt64]] = [[]]
    for width in model.inputWidths {
      guard width < 10, result.count << width <= 256 else { return nil }
      result = result.flatMap { prefix in (0..<UInt64(1) << UInt64(width)).map { prefix + [$0] } }
    }
    return result
  }

  private func frame(_ registers: [UInt64], _ assignments: [[UInt64]]) -> (
    states: Set<[UInt64]>, broken: Set<String>
  ) {
    var (states, broken) = (Set<[UInt64]>(), Set<String>())
    for inputs in assignments {
      let (next, bad) = model.frame(registers, inputs)
      states.insert(next)
      broken.formUnion(bad)
    }
    return (states, broken)
  }

  private func decoded(_ registers: [UInt64]) -> [Int] {
    registers.prefix(system.slotCount).enumerated().map { table.decoded($1, $0) }
  }

  private func encoded(_ state: [Int]) -> [UInt64] {
    state.enumerated().map { table.encoded($1, $0) } + (circuit.choosesStart ? [1] : [])
  }

  private func admitted(_ state: [Int], _ assignments: [[UInt64]]) -> Sight {
    let (states, broken) = frame(encoded(state), assignments)
    return Sight(states: Set(states.map(decoded)).subtracting([state]), broken: broken)
  }

  private func executed(_ state: [Int]) -> Sight {
    var sight = Sight()
    sight.broken.formUnion(brokenStates(state))
    for process in 0..<system.processCount {
      for successor in interpreter.successors(of: state, process: process) {
        sight.broken.formUnion(successor.violations.map(\.property.rawValue))
        if successor.isFatal { continue }
        sight.states.insert(successor.state)
        for property in system.properties where property.group == .step {
          let value = try? interpreter.value(property.body, in: successor.state, old: state, process: process)
          if (value ?? 0) == 0 { sight.broken.insert(property.name) }
        }
      }
    }
    sight.states.remove(state)
    sight.broken.formIntersection(question.properties)
    return sight
  }

  private func brokenStates(_ state: [Int]) -> [String] {
    var result = system.properties.filter { property in
      if property.group == .step { return false }
      let isTrue = ((try? interpreter.value(property.body, in: state)) ?? 0) != 0
      return isTrue == (property.group == .reachable)
    }.map(\.name)
    if !interpreter.lostPools(in: state).isEmpty { result.append(BuiltinProperty.neverFreed.rawValue) }
    let kinds = (0..<system.processCount).map { system.kinds[system.kind(ofProcess: $0).index] }
    let isStuck = kinds.indices.allSatisfy {
      kinds[$0].isEnvironment || interpreter.successors(of: state, process: $0).isEmpty
    }
    let isWaiting = kinds.indices.contains {
      !kinds[$0].isEnvironment && !kinds[$0].isDaemon && interpreter.location(of: $0, in: state) != nil
    }
    if isStuck && isWaiting { result.append(BuiltinProperty.deadlock.rawValue) }
    return result
  }

  /// The first difference, and in how many states there was none; nil if there are too many inputs.
  func difference(limit: Int) -> (count: Int, text: String?)? {
    guard let assignments else { return nil }
    if let text = initialDifference(assignments) { return (0, text) }
    var count = 0
    for state in someStates(interpreter, limit: limit) {
      let (admitted, executed) = (admitted(state, assignments), executed(state))
      if admitted != executed { return (count, "in \(state): \(executed) became \(admitted)") }
      count += 1
    }
    return (count, nil)
  }

  private func initialDifference(_ assignments: [[UInt64]]) -> String? {
    let initial = interpreter.initialStates()
    let expected = Set(initial.filter { !$0.isFatal }.map(\.state))
    guard circuit.choosesStart else {
      return expected == [decoded(model.first)] ? nil : "the initial state is not \(decoded(model.first))"
    }
    let (states, broken) = frame(model.first, assignments)
    let chosen = Set(states.filter { $0.last == 1 }.map(decoded))
    let isSame =
      Set(initial.flatMap(\.violations).map(\.property.rawValue)).intersection(question.properties) == broken
    if !isSame { return "initial statements break \(broken)" }
    return chosen == expected ? nil : "\(expected.count) initial states became \(chosen.count)"
  }
}
