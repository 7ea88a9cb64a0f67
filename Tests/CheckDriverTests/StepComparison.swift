import CStepABI
import NativeCode
import TransitionIR

/// Looks for differences between compiled steps and the interpreter, state by state.
struct StepComparison {
  let interpreter: Interpreter
  let library: NativeLibrary
  let packing: StatePacking
  private let batch: NativeBatch
  private let failures: [CEmitter.FailureKey: Int]

  var system: TransitionSystem { interpreter.system }

  init(_ interpreter: Interpreter, _ library: NativeLibrary) {
    self.interpreter = interpreter
    self.library = library
    packing = StatePacking(interpreter.system)
    batch = NativeBatch(
      packing, covers: interpreter.system.coverPoints.count, orders: library.output.orders.count)
    failures = Dictionary(uniqueKeysWithValues: zip(library.output.failures, 0...))
  }

  /// Everything that a state leads to, as a value that can be compared.
  struct Expansion: Equatable {
    var words: [[UInt64]] = []
    var names: [UInt32] = []
    var events: [Event] = []
    var transitions = 0
    var covered: Set<Int> = []
    var orders: [UInt64] = []
  }

  struct Event: Equatable {
    var process: UInt32
    var alternative: UInt32
    var successor: UInt32
    var hasNewOrder: Bool
    var failures: [Int]
    var broken: UInt64
  }

  /// Compares all reachable states up to a number; returns how many there were and what differs in the first that does.
  func run(limit: Int) -> (states: Int, difference: String?) {
    var seen: Set<[UInt64]> = []
    var queue: [[UInt64]] = []
    for initial in interpreter.initialStates() where !initial.isFatal {
      let words = packed(initial.state)
      if seen.insert(words).inserted { queue.append(words) }
    }
    var next = 0
    while next < queue.count, next < limit {
      let words = queue[next]
      if let difference = difference(in: words) { return (next, difference) }
      for successor in compiledExpansion(of: words).words where seen.insert(successor).inserted {
        queue.append(successor)
      }
      next += 1
    }
    return (next, nil)
  }

  /// What differs in one state.
  func difference(in words: [UInt64]) -> String? {
    let state = unpacked(words)
    if packed(state) != words { return "state \(state): packing is not its own inverse" }
    let expected = expansion(of: state)
    let found = compiledExpansion(of: words)
    if expected != found { return "state \(state)\nexpected \(expected)\nfound \(found)" }
    return verdictDifference(words, state).map { "state \(state)\n\($0)" }
  }

  func packed(_ state: [Int]) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: packing.wordCount)
    packing.pack(state, into: &words)
    return words
  }

  func unpacked(_ words: [UInt64]) -> [Int] {
    var state = [Int](repeating: 0, count: system.slotCount)
    packing.unpack(words[...], into: &state)
    return state
  }

  // MARK: Expansion

  func compiledExpansion(of words: [UInt64], flags: UInt32 = MMCK_NAME) -> Expansion {
    batch.reset()
    guard library.expand(words, 1, flags, &batch.batch) == 1 else { return Expansion() }
    return result(of: batch)
  }

  func result(of batch: NativeBatch) -> Expansion {
    var result = Expansion()
    for index in 0..<Int(batch.batch.count) {
      result.words.append(batch.words(index))
      result.names.append(batch.batch.names[index])
    }
    for index in 0..<Int(batch.batch.event_count) {
      var event = batch.batch.events[index]
      let numbers = withUnsafeBytes(of: &event.failures) { Array($0.bindMemory(to: UInt32.self)) }
      result.events.append(
        Event(
          process: event.process, alternative: event.alternative, successor: event.successor,
          hasNewOrder: event.has_new_order != 0,
          failures: numbers.prefix(Int(event.failure_count)).map(Int.init), broken: event.broken))
    }
    result.transitions = Int(batch.batch.transitions)
    result.covered = batch.covered
    result.orders = batch.orders
    return result
  }

  func expansion(of state: [Int]) -> Expansion {
    var result = Expansion()
    result.orders = [UInt64](repeating: 0, count: library.output.orders.count)
    var canStep = false
    for process in 0..<system.processCount {
      let successors = interpreter.successors(of: state, process: process)
      let kind = system.kinds[system.kind(ofProcess: process).index]
      if !successors.isEmpty, !kind.isEnvironment { canStep = true }
      for (alternative, successor) in successors.enumerated() {
        add(successor, process, alternative, from: state, to: &result)
      }
    }
    if !canStep, let deadlock = deadlock(state) { result.events.append(deadlock) }
    return result
  }

  /// Notes a step; `result` gets its successor unless it is fatal.
  func add(
    _ successor: Successor, _ process: Int, _ alternative: Int, from state: [Int], to result: inout Expansion
  ) {
    result.transitions += 1
    result.covered.formUnion(successor.covered.map(\.index))
    let before = result.orders
    var hasNewOrder = false
    for acquisition in successor.acquisitions {
      let number = library.output.orders.firstIndex {
        $0.lock == acquisition.lock && $0.subclass == acquisition.subclass && $0.site == acquisition.site
      }
      guard let number else { continue }
      let held = acquisition.held.reduce(UInt64(0)) { $0 | 1 << UInt64($1.index) }
      if held & ~before[number] != 0 { hasNewOrder = true }
      result.orders[number] |= held
    }
    let broken = successor.isFatal ? 0 : broken(from: state, to: successor.state, process)
    if !successor.violations.isEmpty || hasNewOrder || broken != 0 {
      result.events.append(
        Event(
          process: UInt32(process), alternative: UInt32(alternative),
          successor: successor.isFatal ? MMCK_NONE : UInt32(result.words.count), hasNewOrder: hasNewOrder,
          failures: failureNumbers(successor.violations), broken: broken))
    }
    if successor.isFatal { return }
    result.words.append(packed(successor.state))
    result.names.append(UInt32(process) << 16 | UInt32(alternative))
  }

  /// The first ones and the last one, if there are more than an event holds.
  private func failureNumbers(_ violations: [Violation]) -> [Int] {
    let numbers = violations.map { violation in
      failures.first { $0.key.property == violation.property && $0.key.site == violation.site }?.value ?? -1
    }
    let limit = Int(MMCK_FAILURE_LIMIT)
    return numbers.count <= limit ? numbers : numbers.prefix(limit - 1) + numbers.suffix(1)
  }

  private func deadlock(_ state: [Int]) -> Event? {
    for process in 0..<system.processCount {
      let kind = system.kinds[system.kind(ofProcess: process).index]
      guard !kind.isDaemon, !kind.isEnvironment, let location = interpreter.location(of: process, in: state)
      else { continue }
      let site = system.locations[location.index].site
      let number = failures.first { $0.key.property == .deadlock && $0.key.site == site }?.value ?? -1
      return Event(
        process: MMCK_NONE, alternative: 0, successor: MMCK_NONE, hasNewOrder: false, failures: [number],
        broken: 0)
    }
    return nil
  }

  private func broken(from old: [Int], to new: [Int], _ process: Int) -> UInt64 {
    var broken: UInt64 = 0
    for (index, property) in system.properties.enumerated() where property.group == .step {
      if !holds(property.body, new, old: old, process: process) { broken |= 1 << UInt64(index) }
    }
    return broken
  }

  private func holds(_ expression: Expression, _ state: [Int], old: [Int]?, process: Int?) -> Bool {
    ((try? interpreter.value(expression, in: state, old: old, process: process)) ?? 0) != 0
  }

  // MARK: Verdicts

  private func verdictDifference(_ words: [UInt64], _ state: [Int]) -> String? {
    var properties: UInt64 = 0
    var tried: [UInt8] = []
    for (index, property) in system.properties.enumerated() {
      for antecedent in property.antecedents {
        tried.append(holds(antecedent.expression, state, old: state, process: 0) ? 1 : 0)
      }
      if property.group == .step { continue }
      let isTrue = holds(property.body, state, old: nil, process: nil)
      if isTrue == (property.group == .reachable) { properties |= 1 << UInt64(index) }
    }
    let names = Set(interpreter.leaks(in: state).compactMap(\.subject))
    var verdict = mmck_verdict()
    var foundTried = [UInt8](repeating: 0, count: tried.count + 1)
    let count = library.check(words, 1, .max, .max, &verdict, &foundTried)
    if count == 0 { verdict = mmck_verdict() }
    if verdict.properties != properties { return "properties \(properties), not \(verdict.properties)" }
    if verdict.leaks.nonzeroBitCount != names.count { return "leaks \(names), not \(verdict.leaks)" }
    if foundTried.dropLast() != tried[...] { return "tried \(tried), not \(foundTried)" }
    let none = library.check(words, 1, 0, 0, &verdict, &foundTried)
    return none == 0 ? nil : "a verdict about nothing"
  }
}
