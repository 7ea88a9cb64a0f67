import Terms
import TransitionIR

/// All lemmas of a proof, and which of them a state breaks.
final class LemmaTable {
  private(set) var lemmas: [Lemma] = []
  private let encoded: SymbolicSystem
  private let symmetric: Set<KindID>
  private var texts: Set<String> = []
  private var whole: [Int: [Term]] = [:]

  init(_ encoded: SymbolicSystem, symmetric: Set<KindID>) {
    self.encoded = encoded
    self.symmetric = symmetric
  }

  subscript(number: Int) -> Lemma { lemmas[number] }
  var count: Int { lemmas.count }
  var active: [Int] { lemmas.indices.filter { lemmas[$0].isActive } }

  /// False if a lemma with the same text is known.
  func add(_ candidate: CandidateLemma, _ stage: Lemma.Stage) throws(EncodingRefusal) -> Bool {
    guard texts.insert(candidate.text).inserted else { return false }
    let terms = try encoded.instances(of: candidate.expression, isTotal: true, symmetric: symmetric)
    add(.candidate(candidate), candidate.text, terms, stage)
    return true
  }

  func add(_ origin: Lemma.Origin, _ text: String, _ terms: [Term], _ stage: Lemma.Stage = .active) {
    let store = encoded.store
    let instances = terms.map { Lemma.Instance(term: $0, support: store.variables(in: [$0])) }
    let switchOn = store.variable("lemma \(lemmas.count)", .bool)
    lemmas.append(
      Lemma(origin: origin, text: text, instances: instances, switchOn: switchOn, stage: stage))
  }

  /// The instances of a lemma for all processes, not only for representatives: what a question about all of them needs.
  func allInstances(_ number: Int) -> [Term] {
    if let known = whole[number] { return known }
    var terms = lemmas[number].instances.map(\.term)
    if case .candidate(let candidate) = lemmas[number].origin,
      let all = try? encoded.instances(of: candidate.expression, isTotal: true, symmetric: [])
    {
      terms = all
    }
    whole[number] = terms
    return terms
  }

  func takeBack(_ number: Int) { lemmas[number].stage = .gone }
  func wake(_ number: Int) { lemmas[number].stage = .active }

  /// Dormant lemmas that are false in a state, those first that say least about what is not `relevant`.
  func dormant(brokenIn words: [UInt64], relevant: Set<Int>) -> [Int] {
    var ids: [(lemma: Int, instance: Int)] = []
    var terms: [Term] = []
    for (number, lemma) in lemmas.enumerated() where lemma.stage == .dormant {
      for (index, instance) in lemma.instances.enumerated() {
        ids.append((number, index))
        terms.append(instance.term)
      }
    }
    let values = encoded.store.evaluate(terms) { $0 < words.count ? words[$0] : 0 }
    var strangeness: [Int: Int] = [:]
    for (id, value) in zip(ids, values) where value == 0 {
      // A sum of counts is hard to keep: it is the last idea.
      let count =
        lemmas[id.lemma].instances[id.instance].support.subtracting(relevant).count
        + (lemmas[id.lemma].text.contains("(count ") ? 1000 : 0)
      strangeness[id.lemma] = min(strangeness[id.lemma] ?? .max, count)
    }
    return strangeness.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// Instances of active lemmas that are false in a state, at most `limit`; `all`: for all processes.
  func broken(in words: [UInt64], limit: Int, all: Bool = false) -> [StepProof.InstanceID] {
    var ids: [StepProof.InstanceID] = []
    var terms: [Term] = []
    for number in active {
      let instances = all ? allInstances(number) : lemmas[number].instances.map(\.term)
      ids += instances.indices.map { StepProof.InstanceID(lemma: number, instance: $0) }
      terms += instances
    }
    let values = encoded.store.evaluate(terms) { $0 < words.count ? words[$0] : 0 }
    return Array(values.indices.lazy.filter { values[$0] == 0 }.prefix(limit).map { ids[$0] })
  }
}
