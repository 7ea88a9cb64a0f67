import CStepABI
import Reductions
import TransitionIR

/// The interpreter as the search uses it: packed states in, packed states out, as compiled steps do it.
final class InterpretedSource: StepSource {
  private let interpreter: Interpreter
  private let packing: StatePacking
  private let reduced: ReducedStepper?
  private let symmetry: Symmetry?
  private var system: TransitionSystem { interpreter.system }
  private let kinds: [ProcessKind]
  private var words: [UInt64]
  private var state: [Int]

  private(set) var failures: [FindingKey] = []
  private var failureNumbers: [FindingKey: Int] = [:]
  let takings: [LockTaking]
  private let takingNumbers: [LockTaking: Int]

  init(_ interpreter: Interpreter, _ packing: StatePacking, _ reductions: SearchReductions) {
    self.interpreter = interpreter
    self.packing = packing
    reduced = reductions.safeSteps.map { ReducedStepper(interpreter, $0) }
    symmetry = reductions.symmetry
    let system = interpreter.system
    kinds = (0..<system.processCount).map { system.kinds[system.kind(ofProcess: $0).index] }
    words = [UInt64](repeating: 0, count: packing.wordCount)
    state = [Int](repeating: 0, count: system.slotCount)
    takings = Self.takings(of: system)
    takingNumbers = Dictionary(uniqueKeysWithValues: takings.enumerated().map { ($1, $0) })
  }

  /// Every place of the system that takes a lock.
  private static func takings(of system: TransitionSystem) -> [LockTaking] {
    var result: [LockTaking] = []
    var seen = Set<LockTaking>()
    func visit(_ body: [Statement]) {
      for statement in body {
        switch statement {
        case .acquiring(let lock, let subclass, let place):
          let taking = LockTaking(lock: lock, subclass: subclass, site: place.site)
          if seen.insert(taking).inserted { result.append(taking) }
        case .branch(_, let then, let otherwise):
          visit(then)
          visit(otherwise)
        case .fork(let branches): branches.forEach(visit)
        default: break
        }
      }
    }
    for step in system.steps { visit(step.body) }
    return result
  }

  private func number(of key: FindingKey) -> UInt32 {
    if let known = failureNumbers[key] { return UInt32(known) }
    failureNumbers[key] = failures.count
    failures.append(key)
    return UInt32(failures.count - 1)
  }

  // MARK: Expanding

  func expand(_ states: UnsafePointer<UInt64>, _ count: Int, _ flags: UInt32, _ batch: StepBatch) -> Int {
    batch.clear()
    return run(states, count, batch) { source, batch in
      if flags & UInt32(MMCK_REDUCE) != 0, let reduced {
        let expansion = reduced.successors(of: self.state)
        return self.write(expansion, source, &batch)
          && (expansion.canStep || self.noteDeadlock(source, &batch))
      }
      return self.expandOne(source, &batch)
    }
  }

  func settle(_ states: UnsafePointer<UInt64>, _ count: Int, _ batch: StepBatch) -> Int {
    batch.clear()
    return run(states, count, batch) { source, batch in
      guard let reduced else { preconditionFailure("only a reduced search settles states") }
      return self.write(reduced.settled(self.state), source, &batch)
    }
  }

  /// Does something for each of some states, until there is no room; nothing is left of the state for which there was none.
  private func run(
    _ states: UnsafePointer<UInt64>, _ count: Int, _ batch: StepBatch,
    _ body: (Int, inout mmck_batch) -> Bool
  ) -> Int {
    for index in 0..<count {
      unpack(states + index * packing.wordCount)
      let isDone = batch.withBatch { batch in
        let (count, events, transitions) = (batch.count, batch.event_count, batch.transitions)
        if body(index, &batch) { return true }
        (batch.count, batch.event_count, batch.transitions) = (count, events, transitions)
        return false
      }
      if !isDone { return index }
    }
    return count
  }

  private func unpack(_ packed: UnsafePointer<UInt64>) {
    for index in words.indices { words[index] = packed[index] }
    packing.unpack(words[...], into: &state)
  }

  /// False if there is no room for all successors.
  private func expandOne(_ source: Int, _ batch: inout mmck_batch) -> Bool {
    var canStep = false
    for process in 0..<kinds.count {
      let successors = interpreter.successors(of: state, process: process)
      if !successors.isEmpty, !kinds[process].isEnvironment { canStep = true }
      for (alternative, successor) in successors.enumerated() {
        let name = StepName(process: process, alternative: alternative)
        guard note(successor, before: state, source, name, batch.count, &batch) else { return false }
        if !successor.isFatal, !write(successor.state, source, name, &batch) { return false }
      }
    }
    return canStep || noteDeadlock(source, &batch)
  }

  /// The same for a step and all safe steps after it.
  private func write(_ expansion: ReducedStepper.Expansion, _ source: Int, _ batch: inout mmck_batch) -> Bool
  {
    for (before, process, successor) in expansion.taken {
      let name = StepName(process: process, alternative: 0)
      guard note(successor, before: before, source, name, UInt32.max - 1, &batch) else { return false }
    }
    return expansion.successors.allSatisfy {
      write($0.state, source, StepName(process: 0, alternative: 0), &batch)
    }
  }

  /// What a step did beside changing the state.
  private func note(
    _ successor: Successor, before: [Int], _ source: Int, _ name: StepName, _ number: UInt32,
    _ batch: inout mmck_batch
  ) -> Bool {
    let eventsNeeded = successor.violations.count / Int(MMCK_FAILURE_LIMIT) + 1
    guard Int(batch.event_capacity - batch.event_count) >= eventsNeeded else { return false }
    batch.transitions += 1
    for id in successor.covered { batch.covered[id.index] = 1 }
    var event = mmck_event()
    event.source = UInt32(source)
    event.process = UInt32(name.process)
    event.alternative = UInt32(name.alternative)
    event.successor = successor.isFatal ? UInt32.max : number
    event.has_new_order = noteOrders(successor, &batch) ? 1 : 0
    event.broken = brokenStepProperties(successor, before, name.process)
    if event.has_new_order != 0 || event.broken != 0 || !successor.violations.isEmpty {
      write(event, successor.violations, &batch)
    }
    return true
  }

  private func write(_ state: [Int], _ source: Int, _ name: StepName, _ batch: inout mmck_batch) -> Bool {
    guard batch.count < batch.capacity else { return false }
    packing.pack(state, into: &words)
    for index in words.indices { batch.words[Int(batch.count) * words.count + index] = words[index] }
    batch.sources[Int(batch.count)] = UInt32(source)
    batch.names[Int(batch.count)] = UInt32(name.process << 16 | name.alternative)
    batch.count += 1
    return true
  }

  /// One event, or several if there are more failures than one can hold.
  private func write(_ event: mmck_event, _ violations: [Violation], _ batch: inout mmck_batch) {
    var event = event
    var rest = violations[...]
    repeat {
      let some = rest.prefix(Int(MMCK_FAILURE_LIMIT))
      rest = rest.dropFirst(some.count)
      event.failure_count = UInt32(some.count)
      let numbers = some.map { number(of: FindingKey(property: $0.property.rawValue, site: $0.site)) }
      withUnsafeMutableBytes(of: &event.failures) { bytes in
        for (position, number) in numbers.enumerated() {
          bytes.storeBytes(of: number, toByteOffset: position * 4, as: UInt32.self)
        }
      }
      batch.events[Int(batch.event_count)] = event
      batch.event_count += 1
    } while !rest.isEmpty
  }

  private func noteOrders(_ successor: Successor, _ batch: inout mmck_batch) -> Bool {
    var isNew = false
    for acquisition in successor.acquisitions {
      let taking = LockTaking(
        lock: acquisition.lock, subclass: acquisition.subclass, site: acquisition.site)
      guard let number = takingNumbers[taking] else { continue }
      let classes = acquisition.held.reduce(UInt64(0)) { $0 | 1 << UInt64($1.index) }
      if classes & ~batch.orders[number] != 0 {
        isNew = true
        if batch.keeps_orders == 0 { batch.orders[number] |= classes }
      }
    }
    return isNew
  }

  private func brokenStepProperties(_ successor: Successor, _ before: [Int], _ process: Int) -> UInt64 {
    if successor.isFatal { return 0 }
    var broken: UInt64 = 0
    for (index, property) in system.properties.enumerated() where property.group == .step {
      if !holds(property, successor.state, old: before, process: process) { broken |= 1 << UInt64(index) }
    }
    return broken
  }

  private func noteDeadlock(_ source: Int, _ batch: inout mmck_batch) -> Bool {
    // The first place, not the first process: which of two equal processes stands where is no difference.
    let places = kinds.indices.compactMap { process in
      kinds[process].isDaemon || kinds[process].isEnvironment
        ? nil : interpreter.location(of: process, in: state)
    }
    guard let location = places.min(by: { $0.index < $1.index }) else { return true }
    guard batch.event_count < batch.event_capacity else { return false }
    let site = system.locations[location.index].site
    var event = mmck_event()
    event.source = UInt32(source)
    event.process = UInt32.max
    event.successor = UInt32.max
    event.failure_count = 1
    event.failures.0 = number(of: FindingKey(property: BuiltinProperty.deadlock.rawValue, site: site))
    batch.events[Int(batch.event_count)] = event
    batch.event_count += 1
    return true
  }

  // MARK: Checking

  func check(_ states: UnsafePointer<UInt64>, _ count: Int, _ wanted: Wanted, _ batch: StepBatch) -> Int {
    var written = 0
    for index in 0..<count {
      unpack(states + index * packing.wordCount)
      var verdict = mmck_verdict()
      verdict.state = UInt32(index)
      verdict.properties = properties(wanted.properties, batch)
      if wanted.leaks != 0 {
        verdict.leaks = lostPools() & wanted.leaks
      }
      guard verdict.properties != 0 || verdict.leaks != 0 else { continue }
      batch.verdicts[written] = verdict
      written += 1
    }
    return written
  }

  private func properties(_ wanted: UInt64, _ batch: StepBatch) -> UInt64 {
    var found: UInt64 = 0
    var antecedent = 0
    for (index, property) in system.properties.enumerated() {
      for (_, expression) in property.antecedents {
        if batch.tried[antecedent] == 0, isTrue(expression) { batch.tried[antecedent] = 1 }
        antecedent += 1
      }
      if wanted >> UInt64(index) & 1 == 0 { continue }
      switch property.group {
      case .invariant: if !holds(property, state, old: nil, process: nil) { found |= 1 << UInt64(index) }
      case .reachable: if holds(property, state, old: nil, process: nil) { found |= 1 << UInt64(index) }
      case .step: break
      }
    }
    return found
  }

  private func isTrue(_ expression: Expression) -> Bool {
    ((try? interpreter.value(expression, in: state, old: state, process: 0)) ?? 0) != 0
  }

  /// A property that cannot be evaluated (it follows a stale pointer, say) does not hold.
  private func holds(_ property: Property, _ state: [Int], old: [Int]?, process: Int?) -> Bool {
    ((try? interpreter.value(property.body, in: state, old: old, process: process)) ?? 0) != 0
  }

  private func lostPools() -> UInt64 {
    interpreter.lostPools(in: state).reduce(0) { $0 | 1 << UInt64($1.index) }
  }

  func canonicalize(_ states: UnsafeMutablePointer<UInt64>, _ count: Int) {
    guard let tables = symmetry?.tables else { return }
    for index in 0..<count {
      let state = states + index * packing.wordCount
      for offset in words.indices { words[offset] = state[offset] }
      tables.canonicalize(&words)
      for offset in words.indices { state[offset] = words[offset] }
    }
  }
}
