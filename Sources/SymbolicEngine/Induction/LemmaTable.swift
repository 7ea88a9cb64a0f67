import Terms
import TransitionIR

/// All lemmas of a proof, and which of them a state breaks.
final class LemmaTable {
  private(set) var lemmas: [Lemma] = []
  let interchangeable: Interchangeable
  private let encoded: SymbolicSystem
  private var texts: Set<String> = []
  /// Of each lemma, once more: what is looked at most.
  private var stages: [Lemma.Stage] = []
  private var whole: [Int: [Term]] = [:]
  /// All instances by number, and by slot the numbers of those that depend on it.
  private var allIDs: [InstanceID] = []
  private var instances: [Int: [Int32]] = [:]
  /// When an instance was last met, by number.
  private var stamps: [UInt32] = []
  private var stamp: UInt32 = 0

  struct InstanceID: Hashable {
    let lemma: Int
    let instance: Int
  }

  /// `interchangeable` is found out if it is not given.
  init(_ encoded: SymbolicSystem, _ interchangeable: Interchangeable? = nil) {
    self.encoded = encoded
    self.interchangeable = interchangeable ?? Interchangeable(encoded)
  }

  subscript(number: Int) -> Lemma { lemmas[number] }
  subscript(id: InstanceID) -> Lemma.Instance { lemmas[id.lemma].instances[id.instance] }
  var count: Int { lemmas.count }
  var active: [Int] { lemmas.indices.filter { lemmas[$0].isActive } }

  /// False if a lemma with the same text is known.
  func add(_ candidate: CandidateLemma, _ stage: Lemma.Stage) throws(EncodingRefusal) -> Bool {
    guard texts.insert(candidate.text).inserted else { return false }
    let terms = try encoded.instances(of: candidate.expression, isTotal: true, interchangeable)
    add(.candidate(candidate), candidate.text, terms, stage)
    return true
  }

  /// A lemma whose instances for all processes are known.
  func add(_ idea: CandidateLemma, _ instances: [(term: Term, standsForAll: Bool)]) {
    add(.candidate(idea), idea.text, instances, .dormant)
    whole[count - 1] = instances.map(\.term)
  }

  /// The negation of a goal on states.
  func add(_ goal: Goal, isBroken: Term) throws(EncodingRefusal) {
    var terms = [(term: encoded.store.not(isBroken), standsForAll: true)]
    let declared = encoded.system.properties.first { $0.name == goal.property && $0.site == goal.site }
    if let declared, declared.group != .reachable {
      terms = try encoded.instances(of: declared.body, isTotal: false, interchangeable)
    }
    add(.goal(goal), goal.property, terms, .active)
  }

  private func add(
    _ origin: Lemma.Origin, _ text: String, _ terms: [(term: Term, standsForAll: Bool)],
    _ stage: Lemma.Stage
  ) {
    let store = encoded.store
    let number = lemmas.count
    let added = terms.map {
      Lemma.Instance(
        term: $0.term, support: store.variables(in: [$0.term]), standsForAll: $0.standsForAll)
    }
    for (index, instance) in added.enumerated() {
      for slot in instance.support { instances[slot, default: []].append(Int32(allIDs.count)) }
      allIDs.append(InstanceID(lemma: number, instance: index))
      stamps.append(0)
    }
    let switchOn = store.variable("lemma \(number)", .bool)
    lemmas.append(Lemma(origin: origin, text: text, instances: added, switchOn: switchOn, stage: stage))
    stages.append(stage)
  }

  /// The instances of a lemma for all processes, not only for representatives: what a question about all of them needs.
  func allInstances(_ number: Int) -> [Term] {
    if let known = whole[number] { return known }
    var terms = lemmas[number].instances.map(\.term)
    if case .candidate(let candidate) = lemmas[number].origin,
      let all = try? encoded.instances(of: candidate.expression, isTotal: true, .nothing)
    {
      terms = all.map(\.term)
    }
    whole[number] = terms
    return terms
  }

  func set(_ number: Int, _ stage: Lemma.Stage) {
    lemmas[number].stage = stage
    stages[number] = stage
  }

  // MARK: What a state breaks

  /// Instances at a stage that are false in a state; only those that depend on `changed` slots are looked at.
  private func broken(
    in words: [UInt64], changed: Set<Int>, at stage: Lemma.Stage,
    where isWanted: (InstanceID) -> Bool = { _ in true }
  ) -> [InstanceID] {
    let stages = stages
    let sorted = numbers(dependingOn: changed) { stages[$0.lemma] == stage && isWanted($0) }
    let values = encoded.store.evaluateLazily(sorted.map { self[$0].term }) {
      $0 < words.count ? words[$0] : 0
    }
    return zip(sorted, values).filter { $0.1 == 0 }.map(\.0)
  }

  /// Wanted instances that depend on one of the slots, oldest first.
  private func numbers(dependingOn slots: Set<Int>, where isWanted: (InstanceID) -> Bool) -> [InstanceID] {
    stamp += 1
    // Thousands of instances are looked at for each state: nothing of this object is touched in the loop.
    let (stamp, ids) = (stamp, allIDs)
    var found: [Int32] = []
    stamps.withUnsafeMutableBufferPointer { stamps in
      for slot in slots {
        for number in instances[slot] ?? [] where stamps[Int(number)] != stamp {
          stamps[Int(number)] = stamp
          if isWanted(ids[Int(number)]) { found.append(number) }
        }
      }
    }
    found.sort()
    return found.map { ids[Int($0)] }
  }

  /// Dormant lemmas that are false in a state, those first that say least about what is not `relevant`.
  ///
  /// All hold in the state that differs from it in the `changed` slots.
  func dormant(brokenIn words: [UInt64], changed: Set<Int>, relevant: Set<Int>) -> [Int] {
    var strangeness: [Int: Int] = [:]
    for id in broken(in: words, changed: changed, at: .dormant) {
      // A sum of counts is hard to keep: it is the last idea.
      let count = self[id].support.subtracting(relevant).count + (lemmas[id.lemma].counts ? 1000 : 0)
      strangeness[id.lemma] = min(strangeness[id.lemma] ?? .max, count)
    }
    return strangeness.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// Wanted instances of active lemmas that are false in a state; all lemmas hold in the one that differs in the `changed` slots.
  func broken(
    in words: [UInt64], changed: Set<Int>, where isWanted: (InstanceID) -> Bool = { _ in true }
  ) -> [InstanceID] {
    broken(in: words, changed: changed, at: .active, where: isWanted)
  }

  /// Wanted instances of active lemmas, without sums, that depend on nothing but these slots.
  func about(_ slots: Set<Int>, where isWanted: (InstanceID) -> Bool) -> [InstanceID] {
    numbers(dependingOn: slots) { id in
      let lemma = lemmas[id.lemma]
      return lemma.isActive && !lemma.counts && self[id].support.isSubset(of: slots) && isWanted(id)
    }
  }

  /// Of all instances of active lemmas, for all processes, those that are false in a state, by `allInstances`; at most `limit`.
  func allBroken(in words: [UInt64], limit: Int) -> [InstanceID] {
    var ids: [InstanceID] = []
    var terms: [Term] = []
    for number in active {
      let instances = allInstances(number)
      ids += instances.indices.map { InstanceID(lemma: number, instance: $0) }
      terms += instances
    }
    let values = encoded.store.evaluate(terms) { $0 < words.count ? words[$0] : 0 }
    return Array(values.indices.lazy.filter { values[$0] == 0 }.prefix(limit).map { ids[$0] })
  }
}
