import TransitionIR

extension Trace {
  /// The trace of what an engine found, made by running it again, step by step, in the interpreter.
  ///
  /// Throws if a step is not reproduced exactly or the property is not broken at the end: then the engine is wrong
  /// and its answer must not be shown.
  public init(
    counterexample: Counterexample, interpreter: Interpreter, meta: Meta
  ) throws(TraceError) {
    let builder = TraceBuilder(counterexample: counterexample, interpreter: interpreter)
    self = try builder.build(meta: meta)
  }
}

/// Runs a path again and writes down what happens.
private struct TraceBuilder {
  let counterexample: Counterexample
  let interpreter: Interpreter
  var system: TransitionSystem { interpreter.system }
  var path: Path { counterexample.path }

  func build(meta: Trace.Meta) throws(TraceError) -> Trace {
    var arrival = PropertyCheck.Arrival(process: nil, before: nil, last: try start())
    var steps: [Trace.Step] = []
    var calls = CallStacks(system)
    for (index, step) in path.steps.enumerated() {
      if arrival.last.isFatal { throw mismatch(index, "the run had already ended in a violation") }
      let successor = try follow(step, number: index, from: arrival.last.state)
      steps.append(traceStep(step, successor, callStack: calls.advance(step.process, to: step.location)))
      arrival = .init(process: step.process, before: arrival.last.state, last: successor)
    }
    let sites = try confirm(arrival)
    let declared = system.properties.first { $0.name == counterexample.property }
    let message = counterexample.message.isEmpty ? declared?.documentation ?? "" : counterexample.message
    let explanation = Explanation(interpreter: interpreter)
    var trace = Trace(
      meta: meta, kind: declared?.group == .reachable ? .witness : .violation,
      property: counterexample.property, group: group(declared), message: message,
      subject: counterexample.subject,
      place: SourcePlace(sites.contains(counterexample.site) ? counterexample.site : sites[0], in: system),
      processes: (0..<system.processCount).map(system.processName), initialChoices: path.initialChoices,
      initialState: StateView(path.initialState, of: interpreter), steps: steps,
      why: [])
    if trace.kind == .witness { return trace }
    trace.why = trace.history
    trace.why += explanation.lines(
      for: counterexample.property, site: counterexample.site, at: arrival, message: message)
    return trace
  }

  private func start() throws(TraceError) -> Successor {
    let found = interpreter.initialStates(candidates: path.initialChoices).first {
      $0.choices == path.initialChoices && $0.state == path.initialState
    }
    guard let found else {
      throw TraceError("internal error: the interpreter does not reproduce the initial state of the path")
    }
    return found
  }

  private func follow(_ step: Path.Step, number: Int, from state: [Int]) throws(TraceError) -> Successor {
    guard step.process >= 0, step.process < system.processCount else {
      throw mismatch(number, "there is no process \(step.process)")
    }
    let name = system.processName(step.process)
    guard interpreter.location(of: step.process, in: state) == step.location else {
      throw mismatch(number, "\(name) does not stand at `\(system.site(of: step.location).text)`")
    }
    let sameChoices = interpreter.successors(
      of: state, process: step.process, candidates: step.choices
    ).filter { $0.choices == step.choices }
    if sameChoices.isEmpty { throw mismatch(number, "\(name) cannot take this step") }
    guard let successor = sameChoices.first(where: { $0.state == step.state }) else {
      throw mismatch(number, "the step of \(name) leads to another state")
    }
    return successor
  }

  private func confirm(_ arrival: PropertyCheck.Arrival) throws(TraceError) -> [SiteID] {
    let check = PropertyCheck(interpreter: interpreter, property: counterexample.property)
    if let sites = check.violation(at: arrival), !sites.isEmpty { return sites }
    throw mismatch(path.steps.count - 1, "\(counterexample.property) is not broken there")
  }

  private func mismatch(_ index: Int, _ why: String) -> TraceError {
    TraceError("internal error: the interpreter does not reproduce step \(index + 1) of the path: \(why)")
  }

  private func group(_ declared: Property?) -> String {
    declared?.group.rawValue
      ?? BuiltinProperty(rawValue: counterexample.property)?.group ?? counterexample.property
  }

  private func traceStep(_ step: Path.Step, _ successor: Successor, callStack: [String]) -> Trace.Step {
    var executed: [SourcePlace] = []
    for id in successor.covered where system.coverPoints[id.index].kind == .statement {
      let place = SourcePlace(system.coverPoints[id.index].site, in: system)
      if executed.last != place { executed.append(place) }
    }
    return Trace.Step(
      process: step.process, place: SourcePlace(system.locations[step.location.index].site, in: system),
      callStack: callStack, chosen: successor.picked.map(chosenValue), executed: executed,
      choices: step.choices, state: StateView(successor.state, of: interpreter), isFatal: successor.isFatal)
  }

  private func chosenValue(_ choice: Successor.Choice) -> Trace.ChosenValue {
    let variable = system.variables[choice.place.variable.index]
    let name = variable.name.split(separator: ".").last.map(String.init) ?? variable.name
    return .init(name: name, value: system.stateValue(of: choice.value, in: variable.domain))
  }
}
