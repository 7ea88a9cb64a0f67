import Evidence
import Foundation
import Synchronization
import Testing
import TransitionIR

@testable import CheckDriver

/// A prover that answers every property, but dies at some.
private final class FakeProver: Prover {
  let deadly: Set<String>
  /// It says what it works on before it does.
  let isHonest: Bool
  let requests = Mutex<[[String]]>([])

  init(deadly: Set<String>, isHonest: Bool) {
    self.deadly = deadly
    self.isHonest = isHonest
  }

  func prove(
    _ request: ProofRequest, isCancelled: @escaping @Sendable () -> Bool, receive: (ProofMessage) -> Void
  ) throws -> String? {
    requests.withLock { $0.append(request.properties) }
    receive(.working(on: request.properties))
    for property in request.properties {
      if isHonest { receive(.working(on: [property])) }
      if deadly.contains(property) { return "it died" }
      receive(.answered(.init(property: property, verdict: .inductive(k: 1, lemmas: 2), obstacle: nil)))
    }
    return nil
  }
}

@Suite("When a prover dies")
struct ProofDialogueTests {
  private let names = ["one", "two", "three", "four"]

  private var system: TransitionSystem {
    get throws {
      let world = World([
        "a.mmck": """
        spec a "a"; bool x; process p { x = true; }
        \(names.map { "invariant \($0) \"\": x == x;" }.joined(separator: "\n"))
        """
      ])
      return try compile("a.mmck", overrides: [], scope: nil, granularity: .statement, host: world.host)
        .system
    }
  }

  private func verdicts(_ prover: FakeProver) throws -> [String: String] {
    let request = ProofRequest(
      path: "a.mmck", overrides: [:], scope: nil, granularity: .statement, properties: names)
    let dialogue = ProofDialogue(prover: prover, host: World([:]).host, isCancelled: { false })
    let outcome = try dialogue.run(request, on: system).outcome(seconds: 0)
    return Dictionary(
      uniqueKeysWithValues: outcome.answers.map { answer in
        switch answer.verdicts[0] {
        case .holds(.inductive(k: 1, lemmas: 2)): (answer.property, "holds")
        case .unknown(let reason): (answer.property, reason)
        default: (answer.property, "\(answer.verdicts[0])")
        }
      })
  }

  @Test("only what it died at is unknown, and the rest is asked again")
  func oneVictim() throws {
    let prover = FakeProver(deadly: ["two"], isHonest: true)
    #expect(try verdicts(prover) == ["one": "holds", "two": "it died", "three": "holds", "four": "holds"])
    #expect(prover.requests.withLock { $0 } == [names, ["three", "four"]])
  }

  @Test("it is started again twice, not for ever")
  func allVictims() throws {
    let prover = FakeProver(deadly: Set(names), isHonest: true)
    #expect(try verdicts(prover).values.allSatisfy { $0 == "it died" })
    #expect(prover.requests.withLock { $0.count } == 3)
  }

  @Test("if nobody knows at what it died, the halves are tried one by one")
  func unknownVictim() throws {
    let prover = FakeProver(deadly: ["one"], isHonest: false)
    #expect(try verdicts(prover) == ["one": "it died", "two": "it died", "three": "holds", "four": "holds"])
    #expect(prover.requests.withLock { $0 } == [names, ["one", "two"], ["three", "four"]])
  }

  @Test("what it says is the same after it was written down")
  func messages() throws {
    let found = Counterexample(
      property: "one", site: SiteID(3), message: "m", subject: nil,
      path: Path(
        initialChoices: [-1], initialState: [1, 2],
        steps: [Path.Step(process: 1, location: LocationID(4), choices: [.min], state: [.max, 0])]))
    let data = try JSONEncoder().encode(ProofMessage.found(.init(found)))
    guard case .found(let read) = try JSONDecoder().decode(ProofMessage.self, from: data) else {
      Issue.record("another message")
      return
    }
    let copy = read.counterexample
    #expect(copy.site == found.site && copy.path.steps[0].choices == [.min])
    #expect(copy.path.steps[0].state == [.max, 0] && copy.path.initialChoices == [-1])
  }
}
