import CStepABI
import Reductions
import TransitionIR

@testable import ExplicitEngine

/// Two sources of steps that must agree about every state.
final class StepComparison {
  private let system: TransitionSystem
  private let packing: StatePacking
  private let first: any StepSource
  private let second: any StepSource
  private let capacity: Int

  /// Batches of this size have room for all successors of some states.
  static let roomy = 1 << 12

  /// A small `capacity` makes batches end in the middle.
  init(_ system: TransitionSystem, _ first: any StepSource, _ second: any StepSource, capacity: Int = roomy) {
    self.system = system
    packing = StatePacking(system)
    self.first = first
    self.second = second
    self.capacity = capacity
  }

  /// Everything that a source says about some states, in a form that can be compared.
  struct Report: Equatable {
    var successors: [String] = []
    var events: [String] = []
    var verdicts: [String] = []
    var settled: [String] = []
    var canonical: [[UInt64]] = []
    var totals: [String] = []
  }

  /// `flags` as for `mmck_expand`.
  func differences(about states: [[Int]], flags: UInt32) -> [String] {
    let packed = states.flatMap { state in
      var words = [UInt64](repeating: 0, count: packing.wordCount)
      packing.pack(state, into: &words)
      return words
    }
    let expected = report(first, packed, flags)
    let found = report(second, packed, flags)
    if expected == found { return [] }
    return difference("successors", expected.successors, found.successors)
      + difference("events", expected.events, found.events)
      + difference("verdicts", expected.verdicts, found.verdicts)
      + difference("settled", expected.settled, found.settled)
      + difference(
        "representatives", expected.canonical.map(\.description), found.canonical.map(\.description))
      + difference("totals", expected.totals, found.totals)
  }

  private func difference(_ what: String, _ expected: [String], _ found: [String]) -> [String] {
    guard
      let index = (0..<max(expected.count, found.count)).first(where: {
        !expected.indices.contains($0) || !found.indices.contains($0) || expected[$0] != found[$0]
      })
    else { return [] }
    func at(_ list: [String]) -> String { list.indices.contains(index) ? list[index] : "nothing" }
    return ["\(what) \(index): \(at(expected)) became \(at(found))"]
  }

  // MARK: Asking

  private func report(_ source: any StepSource, _ packed: [UInt64], _ flags: UInt32) -> Report {
    let batch = StepBatch(
      wordCount: packing.wordCount, capacity: capacity, coverCount: system.coverPoints.count,
      orderCount: source.takings.count, triedCount: system.properties.reduce(0) { $0 + $1.antecedents.count })
    var report = Report()
    let count = packed.count / packing.wordCount
    packed.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var position = 0
      while position < count {
        let rest = min(50, count - position)
        let done = source.expand(base + position * packing.wordCount, rest, flags | UInt32(MMCK_NAME), batch)
        note(
          batch, source, position, isReduced: flags & UInt32(MMCK_REDUCE) != 0, &report.successors,
          &report.events)
        if done == 0 { batch.enlarge() }
        position += done
      }
      position = 0
      while flags & UInt32(MMCK_REDUCE) != 0, position < count {
        let done = source.settle(base + position * packing.wordCount, min(50, count - position), batch)
        note(batch, source, position, isReduced: true, &report.settled, &report.events)
        if done == 0 { batch.enlarge() }
        position += done
      }
      for start in stride(from: 0, to: count, by: StepBatch.verdictLimit) {
        let some = min(StepBatch.verdictLimit, count - start)
        let found = source.check(base + start * packing.wordCount, some, wanted, batch)
        for verdict in (0..<found).map({ batch.verdicts[$0] }) {
          report.verdicts.append(
            "state \(start + Int(verdict.state)): properties \(verdict.properties), leaks \(verdict.leaks)")
        }
      }
    }
    // Of several steps at once, the order in which they are noted means nothing.
    if flags & UInt32(MMCK_REDUCE) != 0 { report.events.sort() }
    report.canonical = representatives(source, packed)
    report.totals = totals(batch, source)
    return report
  }

  private var wanted: Wanted {
    var leaks: UInt64 = 0
    for (number, pool) in system.pools.enumerated() where pool.live != nil { leaks |= 1 << UInt64(number) }
    return Wanted(leaks: leaks)
  }

  private func representatives(_ source: any StepSource, _ packed: [UInt64]) -> [[UInt64]] {
    var copy = packed
    copy.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      source.canonicalize(base, buffer.count / packing.wordCount)
    }
    return stride(from: 0, to: copy.count, by: packing.wordCount).map {
      Array(copy[$0..<$0 + packing.wordCount])
    }
  }

  private func note(
    _ batch: StepBatch, _ source: any StepSource, _ position: Int, isReduced: Bool,
    _ successors: inout [String],
    _ events: inout [String]
  ) {
    for index in 0..<batch.count {
      let words = (0..<packing.wordCount).map {
        String(batch.words[index * packing.wordCount + $0], radix: 16)
      }
      let name = isReduced ? "" : " by \(batch.names[index] >> 16)/\(batch.names[index] & 0xffff)"
      successors.append(
        "state \(position + Int(batch.sources[index]))\(name) to \(words.joined(separator: "."))")
    }
    for index in 0..<batch.eventCount {
      let event = batch.events[index]
      let count = Int(event.failure_count)
      let failures = withUnsafeBytes(of: event.failures) { bytes in
        bytes.bindMemory(to: UInt32.self).prefix(count).map { number in
          let key = source.failures[Int(number)]
          return "\(key.property)@\(key.site.index)"
        }
      }
      let isFatal = event.successor == UInt32.max
      // Of several steps at once the interpreter does not number the alternatives.
      let alternative = isReduced ? "" : "/\(event.alternative)"
      // A state for which there was no room has told its new lock orders before it is looked at again.
      let isNew = capacity >= Self.roomy ? ", new order \(event.has_new_order)" : ""
      if isNew.isEmpty, failures.isEmpty, event.broken == 0 { continue }
      // Left out is the position of the successor, which depends on where batches end.
      events.append(
        "state \(position + Int(event.source)) by \(Int32(bitPattern: event.process))\(alternative): \(failures)"
          + "\(isFatal ? ", fatal" : ""), broken \(event.broken)\(isNew)")
    }
  }

  private func totals(_ batch: StepBatch, _ source: any StepSource) -> [String] {
    var result = ["\(batch.transitions) transitions"]
    for index in system.coverPoints.indices where batch.isCovered(index) { result.append("covered \(index)") }
    for index in 0..<batch.triedCount where batch.tried[index] != 0 { result.append("tried \(index)") }
    let orders = source.takings.enumerated().filter { batch.order($0.offset) != 0 }.map { number, taking in
      "\(taking) while \(batch.order(number))"
    }
    return result + orders.sorted()
  }
}
