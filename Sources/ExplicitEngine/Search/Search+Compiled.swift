import CStepABI
import TransitionIR

/// Expanding states with compiled steps. What these only flag (a new lock order, a lost object, more failures than fit) is looked
/// up with the interpreter, which stays the only place that explains.
extension Search {
  /// False if the state must be left to the interpreter.
  mutating func expand(_ id: StateID, _ compiled: CompiledBatch) -> Bool {
    var source = Array(store.state(id))
    guard compiled.expand(&source) else { return false }
    let level = levelStarts.count - 1
    let batch = compiled.batch
    for index in 0..<Int(batch.count) {
      let successor = batch.successors[index]
      take(successor, batch.words + index * store.wordCount, from: id, source, compiled, level)
    }
    if batch.movable & movableMask == 0 { checkDeadlock(id, unpacked(source), level - 1) }
    return true
  }

  private mutating func take(
    _ successor: mmck_successor, _ target: UnsafePointer<UInt64>, from id: StateID, _ source: [UInt64],
    _ compiled: CompiledBatch, _ level: Int
  ) {
    statistics.transitions += 1
    if successor.failure_count > 0 || successor.has_new_order != 0 {
      note(successor, from: id, source, compiled, level)
    }
    if successor.is_fatal != 0 { return }
    let (next, isNew) = store.insert(target)
    let name = StepName(process: Int(successor.process), alternative: Int(successor.alternative))
    if next.index >= levelStarts[level] { edges.append(LevelEdge(from: id, to: next, name)) }
    if hasStepProperties {
      let broken = source.withUnsafeBufferPointer {
        compiled.checkStep($0.baseAddress, target, successor.process)
      }
      noteBroken(broken, level, Target(state: id, step: name))
    }
    if isNew { check(next, target, compiled, level) }
  }

  private mutating func note(
    _ successor: mmck_successor, from id: StateID, _ source: [UInt64], _ compiled: CompiledBatch, _ level: Int
  ) {
    let name = StepName(process: Int(successor.process), alternative: Int(successor.alternative))
    let target = Target(state: id, step: name)
    let count = Int(successor.failure_count)
    if count > Int(MMCK_FAILURE_LIMIT) || successor.has_new_order != 0 {
      let exact = interpreter.successors(of: unpacked(source), process: name.process)[name.alternative]
      for acquisition in exact.acquisitions { noteOrder(acquisition, target) }
      for violation in exact.violations {
        findings.add(
          FindingKey(property: violation.property.rawValue, site: violation.site), level: level, target)
      }
      return
    }
    withUnsafeBytes(of: successor.failures) { bytes in
      for number in bytes.bindMemory(to: UInt32.self).prefix(count) {
        findings.add(compiled.steps.failures[Int(number)], level: level, target)
      }
    }
  }

  private mutating func check(
    _ id: StateID, _ state: UnsafePointer<UInt64>, _ compiled: CompiledBatch, _ level: Int
  ) {
    let verdict = compiled.check(state)
    if verdict.properties == 0, verdict.leaks == 0 { return }
    let target = Target(state: id, step: nil)
    for (index, property) in system.properties.enumerated()
    where (verdict.properties >> UInt64(index)) & 1 == 1 {
      if property.group == .invariant {
        findings.add(FindingKey(property: property.name, site: property.site), level: level, target)
      } else if witnesses[index] == nil {
        witnesses[index] = target
      }
    }
    if verdict.leaks != 0 {
      for leak in interpreter.leaks(in: self.state(id)) {
        findings.add(FindingKey(property: leak.property.rawValue, site: leak.site), level: level, target)
      }
    }
  }

  private mutating func noteBroken(_ broken: UInt64, _ level: Int, _ target: Target) {
    if broken == 0 { return }
    for (index, property) in system.properties.enumerated() where (broken >> UInt64(index)) & 1 == 1 {
      findings.add(FindingKey(property: property.name, site: property.site), level: level, target)
    }
  }

  private func unpacked(_ words: [UInt64]) -> [Int] {
    var state = [Int](repeating: 0, count: system.slotCount)
    packing.unpack(words[...], into: &state)
    return state
  }

  /// Adds what compiled steps covered and tried to what the interpreter did.
  mutating func mergeCompiledCoverage() {
    guard let compiled else { return }
    for index in covered.indices where compiled.isCovered(index) { covered[index] = true }
    var number = 0
    for (index, property) in system.properties.enumerated() {
      for antecedent in property.antecedents.indices {
        if compiled.isTried(number) { isTried[index][antecedent] = true }
        number += 1
      }
    }
  }
}
