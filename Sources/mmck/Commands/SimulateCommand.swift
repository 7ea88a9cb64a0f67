import ArgumentParser
import CheckDriver
import TransitionIR

/// `mmck simulate`.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Take one run through a spec, at random or step by step.")

  @Argument(help: "A spec (.mmck).")
  var spec: String

  @OptionGroup var settings: SettingOptions

  @Option(help: "Equal seeds give equal runs.")
  var seed: UInt64 = 1

  @Option(help: "Steps at most.")
  var steps: Int = 50

  @Flag(help: "Ask at each step which one to take.")
  var interactive = false

  func run() throws {
    let compiled = try compileSpec(at: spec, settings)
    try compiled.requireEnumerable("no run can be drawn from all there are")
    var simulation = Simulation(Interpreter(compiled.system), seed: seed)
    for line in simulation.begin() { print(line) }
    for _ in 0..<max(0, steps) {
      let moves = simulation.moves()
      if moves.isEmpty {
        print(simulation.isOver ? "every process has ended" : "nobody can go on")
        return
      }
      guard let choice = interactive ? ask(moves, simulation) : simulation.random(moves) else { return }
      for line in simulation.take(choice) { print(line) }
      if simulation.hasFailed { throw Ending(status: 1) }
    }
  }

  /// Nil at the end of input or on `q`.
  private func ask(_ moves: [Simulation.Move], _ simulation: Simulation) -> Simulation.Move? {
    for (number, move) in moves.enumerated() { print("  \(number + 1)  \(simulation.describe(move))") }
    while true {
      print("step 1..\(moves.count), q to leave: ", terminator: "")
      guard let line = readLine(), line != "q" else { return nil }
      if let number = Int(line), (1...moves.count).contains(number) { return moves[number - 1] }
    }
  }
}
