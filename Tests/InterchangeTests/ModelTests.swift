import CheckDriver
import Testing
import TransitionIR

@testable import Interchange

/// What all languages print has the meaning that the interpreter gives to the system.
@Suite("Exported models")
struct ModelTests {
  @Test(
    "of the shipped specs: same successors as the interpreter",
    arguments: [
      ("classic/buffer.mmck", "small"), ("classic/peterson.mmck", "small"), ("classic/ptshare.mmck", "small"),
      ("classic/ptshare.mmck", "t3p2"), ("classic/rwlock.mmck", "writers"),
      ("markers/pm-swap-marker.mmck", "small"), ("mshare/v1-2022.mmck", "small"),
      ("mshare/v1-2022.mmck", "tlb"),
    ])
  func shipped(path: String, scope: String) throws {
    try compare(try Specs.shipped(path, scope: scope), limit: 400)
  }

  @Test("of single constructs: same successors as the interpreter", arguments: Constructs.all)
  func constructs(_ file: String) throws {
    let path = Constructs.folder.appending(path: file).path
    let spec = try compile(path, overrides: [], scope: nil, granularity: .statement, host: .system)
    try compare(spec.system, limit: 2000)
  }

  /// Whole bodies, and what guards and alternatives make of them, in the states that are reached first.
  private func compare(_ system: TransitionSystem, limit: Int) throws {
    let model = try Model(system, reserved: [], ExportOptions())
    let interpreter = Interpreter(system)
    let states = Specs.states(of: system, limit: limit)
    var alternatives: [LocationID: [Alternative]] = [:]
    for step in model.steps { alternatives[step.location] = try Alternative.all(of: step) }
    var compared = 0
    for state in states {
      for process in 0..<system.processCount {
        let expected = interpreter.successors(of: state, process: process).filter { !$0.isFatal }.map(\.state)
        let location = interpreter.location(of: process, in: state)
        let step = model.steps.first { $0.location == location }
        guard let step, let location else {
          #expect(expected.isEmpty)
          continue
        }
        var machine = ModelMachine(state: state)
        if let number = step.process { machine.locals[number] = process }
        #expect(machine.value(step.atLocation) == 1)
        let whole = machine.ways(step.body[...])
        #expect(whole.sorted(by: lexicographically) == expected.sorted(by: lexicographically), "\(step.name)")
        if let list = alternatives[location] {
          var split: [[Int]] = []
          for alternative in list { split += alternative.successors(machine) }
          #expect(split.sorted(by: lexicographically) == whole.sorted(by: lexicographically), "\(step.name)")
        }
        compared += expected.count
      }
    }
    #expect(compared > 0)
  }

  private func lexicographically(_ a: [Int], _ b: [Int]) -> Bool { a.lexicographicallyPrecedes(b) }

  /// One way through a step without choices, with its guard.
  private struct Alternative {
    let body: [Action]
    let condition: Guard

    /// Nil for steps that no language would write out like this.
    static func all(of step: Model.ModelStep) throws -> [Alternative]? {
      let bodies = try? Alternatives(expandsPicks: true, limit: 300, stepName: step.name).expand(step.body)
      return bodies?.map { Alternative(body: $0, condition: Guard(of: $0, from: step.atLocation)) }
    }

    func successors(_ machine: ModelMachine) -> [[Int]] {
      let after = machine.ways(body[...])
      let isPossible = machine.value(condition.condition) != 0
      #expect(isPossible || after.isEmpty, "a guard is stronger than its body")
      if !condition.isComplete { return after }
      #expect(isPossible == !after.isEmpty, "a complete guard is weaker than its body")
      return isPossible ? machine.ways(body.withoutRequirements()[...]) : []
    }
  }
}
