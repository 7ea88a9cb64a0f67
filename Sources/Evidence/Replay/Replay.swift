import TransitionIR

/// Follows the schedule of a trace on a system that may have changed since.
///
/// At each step the recorded process has to be able to take the recorded statement, told by its function and its
/// source text. Where that leaves several ways, the one with the recorded state is taken, else the one with the
/// recorded choices. `meta` describes today's run: with the same spec and settings every difference is our mistake.
public func replay(_ trace: Trace, on interpreter: Interpreter, meta: Trace.Meta) -> ReplayResult {
  let replayer = Replayer(trace: trace, interpreter: interpreter)
  let result = replayer.run()
  let isSameSpec = meta.specHash == trace.meta.specHash
  switch result {
  case .stillViolates: return result
  case .noLongerPossible(let step, let why), .specChanged(let step, let why),
    .internalError(let step, let why):
    if isSameSpec, meta.hasSameSettings(as: trace.meta) { return .internalError(step: step, why: why) }
    if case .specChanged = result, isSameSpec { return .noLongerPossible(step: step, why: why) }
    return result
  }
}

extension Trace.Meta {
  /// Same values of parameters and options; the name of the scope does not matter.
  func hasSameSettings(as other: Trace.Meta) -> Bool {
    Set(parameters) == Set(other.parameters) && Set(options) == Set(other.options)
  }
}

/// One replay.
private struct Replayer {
  let trace: Trace
  let interpreter: Interpreter
  let check: PropertyCheck
  var system: TransitionSystem { interpreter.system }

  /// States that different choices lead to are followed side by side, up to this many.
  private let breadthLimit = 256

  init(trace: Trace, interpreter: Interpreter) {
    self.trace = trace
    self.interpreter = interpreter
    check = PropertyCheck(interpreter: interpreter, property: trace.property)
  }

  func run() -> ReplayResult {
    guard isPropertyKnown else {
      return .specChanged(step: 0, why: "there is no property \(trace.property) any more")
    }
    var arrivals = best(
      interpreter.initialStates(candidates: trace.initialChoices), view: trace.initialState,
      choices: trace.initialChoices, chosen: []
    ).map { PropertyCheck.Arrival(process: nil, before: nil, last: $0) }
    for (index, step) in trace.steps.enumerated() {
      if arrivals.contains(where: isSameViolation) { return .stillViolates(step: index) }
      let alive = arrivals.filter { !$0.last.isFatal }
      if alive.isEmpty { return .noLongerPossible(step: index, why: endedEarly(arrivals)) }
      switch follow(step, from: alive) {
      case .failure(let obstacle): return obstacle.result(step: index + 1)
      case .success(let next): arrivals = next
      }
    }
    if arrivals.contains(where: isSameViolation) { return .stillViolates(step: trace.steps.count) }
    return .noLongerPossible(step: trace.steps.count, why: holds(arrivals))
  }

  private var isPropertyKnown: Bool {
    check.declared != nil || BuiltinProperty(rawValue: trace.property) != nil
  }

  /// Broken at the same statement, or, for a declared property, broken at all.
  private func isSameViolation(_ arrival: PropertyCheck.Arrival) -> Bool {
    guard let sites = check.violation(at: arrival) else { return false }
    return check.declared != nil
      || sites.contains { SourcePlace($0, in: system).isSameStatement(as: trace.place) }
  }

  private func endedEarly(_ arrivals: [PropertyCheck.Arrival]) -> String {
    guard let violation = arrivals.first?.last.violations.last else { return "there is no initial state" }
    let place = SourcePlace(violation.site, in: system)
    return
      "the run ends here with \(violation.property.rawValue): \(violation.message) (\(place.fileAndLine))"
  }

  private func holds(_ arrivals: [PropertyCheck.Arrival]) -> String {
    if arrivals.allSatisfy(\.last.isFatal), trace.steps.last?.isFatal != true { return endedEarly(arrivals) }
    switch BuiltinProperty(rawValue: trace.property) {
    case .assertion? where check.declared == nil: return "the assertion `\(trace.place.text)` holds here"
    case .deadlock? where check.declared == nil: return "no deadlock here: \(whoMoves(arrivals))"
    default:
      return trace.kind == .witness ? "\(trace.property) is not true here" : "\(trace.property) holds here"
    }
  }

  private func whoMoves(_ arrivals: [PropertyCheck.Arrival]) -> String {
    guard let state = arrivals.first?.last.state else { return "there is no state" }
    let process = (0..<system.processCount).first { !interpreter.isStuck($0, in: state) }
    return process.map { "\(system.processName($0)) can go on" } ?? "every process has ended"
  }
}

/// Why a step cannot be taken.
private struct Obstacle: Error {
  let why: String
  /// The recorded statement or process does not exist.
  let isGone: Bool

  func result(step: Int) -> ReplayResult {
    isGone ? .specChanged(step: step, why: why) : .noLongerPossible(step: step, why: why)
  }
}

extension Replayer {
  private func follow(
    _ step: Trace.Step, from arrivals: [PropertyCheck.Arrival]
  ) -> Result<[PropertyCheck.Arrival], Obstacle> {
    let name = trace.processes[step.process]
    guard let process = process(named: name) else {
      return .failure(Obstacle(why: "there is no process \(name) any more", isGone: true))
    }
    var found: [(before: [Int], successor: Successor)] = []
    for arrival in arrivals where stands(process, at: step.place, in: arrival.last.state) {
      let state = arrival.last.state
      found += interpreter.successors(of: state, process: process, candidates: step.choices).map {
        (state, $0)
      }
    }
    if found.isEmpty { return .failure(obstacle(step, process: process, in: arrivals[0].last.state)) }
    let kept = best(found.map(\.successor), view: step.state, choices: step.choices, chosen: step.chosen)
    var seen = Set<[Int]>()
    let next = found.filter { candidate in
      kept.contains { $0.state == candidate.successor.state && $0.choices == candidate.successor.choices }
        && seen.insert(candidate.before + candidate.successor.state).inserted
    }
    return .success(
      next.prefix(breadthLimit).map { .init(process: process, before: $0.before, last: $0.successor) })
  }

  /// The successors most like the recorded one: by state, else by the values chosen, else by the alternatives taken.
  private func best(
    _ successors: [Successor], view: StateView, choices: [Int], chosen: [Trace.ChosenValue]
  ) -> [Successor] {
    let views = successors.map { StateView($0.state, of: interpreter) }
    let equal = successors.indices.filter { views[$0] == view }
    if !equal.isEmpty { return equal.map { successors[$0] } }
    let sameChoices = successors.filter { $0.choices == choices }
    let alike = successors.indices.filter { views[$0].isSameState(as: view) }.map { successors[$0] }
    if !alike.isEmpty {
      let both = alike.filter { $0.choices == choices }
      return both.isEmpty ? alike : both
    }
    let sameValues = sameChoices.filter { $0.picked.map(chosenValue) == chosen.map(\.value) }
    if !sameValues.isEmpty { return sameValues }
    return sameChoices.isEmpty ? successors : sameChoices
  }

  private func chosenValue(_ choice: Successor.Choice) -> StateValue {
    system.stateValue(of: choice.value, in: system.variables[choice.place.variable.index].domain)
  }

  /// `user` and `user[0]` are the same if there is one of its kind.
  private func process(named name: String) -> Int? {
    (0..<system.processCount).first { process in
      let kind = system.kinds[system.kind(ofProcess: process).index]
      let long = "\(kind.name)[\(process - kind.firstProcess)]"
      return system.processName(process) == name || long == name
        || (kind.firstProcess == process && kind.name == name)
    }
  }

  private func stands(_ process: Int, at place: SourcePlace, in state: [Int]) -> Bool {
    guard let location = interpreter.location(of: process, in: state) else { return false }
    return system.locations[location.index].kind == system.kind(ofProcess: process)
      && SourcePlace(system.locations[location.index].site, in: system).isSameStatement(as: place)
  }

  private func obstacle(_ step: Trace.Step, process: Int, in state: [Int]) -> Obstacle {
    let name = system.processName(process)
    let exists = system.locations.contains {
      $0.kind == system.kind(ofProcess: process)
        && SourcePlace($0.site, in: system).isSameStatement(as: step.place)
    }
    let gone = exists ? "" : "; `\(step.place.text)` of \(step.place.function) does not exist any more"
    guard let location = interpreter.location(of: process, in: state) else {
      return Obstacle(why: "\(name) has ended\(gone)", isGone: !exists)
    }
    let place = SourcePlace(system.locations[location.index].site, in: system)
    if !place.isSameStatement(as: step.place) {
      return Obstacle(
        why: "\(name) now executes `\(place.text)` (\(place.fileAndLine)) here\(gone)", isGone: !exists)
    }
    let reason = Blocking(interpreter: interpreter, state: state).reason(for: process)
    return Obstacle(why: "\(name) is blocked at `\(place.text)`: \(reason ?? "it waits")", isGone: false)
  }
}

extension SourcePlace {
  /// The same statement, perhaps on another line or in a moved file.
  func isSameStatement(as other: SourcePlace) -> Bool {
    function == other.function && text == other.text
  }
}

extension StateView {
  /// Equal but for statements and variables that only one side has.
  func isSameState(as other: StateView) -> Bool {
    changes(to: other).isEmpty && other.changes(to: self).isEmpty
  }
}
