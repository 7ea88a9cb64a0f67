import Reductions
import TransitionIR

/// Reachable states against which lemmas are held before a solver is asked: what is false in one of them is none.
///
/// Each is seen through another permutation of what is interchangeable, so that the instances that stand for all meet all.
struct LemmaSamples {
  private let words: [[UInt64]]
  private let encoded: SymbolicSystem

  init(_ states: [[Int]], _ encoded: SymbolicSystem) {
    self.encoded = encoded
    let symmetry = Symmetry(encoded.system)
    var random = SystemRandom(state: 0x2545_F491_4F6C_DD1D)
    words = states.map { state in
      let permutation = Symmetry.Permutation(
        symmetry.groups.map { group in Array(0..<group.count).shuffled(using: &random) })
      return symmetry.apply(permutation, to: state).enumerated().map { encoded.table.encoded($1, $0) }
    }
  }

  /// Which of some lemmas are true in all samples.
  func survivors(of lemmas: [Lemma]) -> [Bool] {
    var terms = lemmas.map { lemma in
      encoded.store.and(lemma.instances.filter(\.standsForAll).map(\.term))
    }
    var open = Array(lemmas.indices)
    var result = [Bool](repeating: true, count: lemmas.count)
    for state in words {
      let values = encoded.store.evaluateLazily(terms) { state[$0] }
      guard values.contains(0) else { continue }
      for (index, value) in zip(open, values) where value == 0 { result[index] = false }
      let kept = values.indices.filter { values[$0] != 0 }
      open = kept.map { open[$0] }
      terms = kept.map { terms[$0] }
    }
    return result
  }
}

/// The same numbers in every run.
private struct SystemRandom: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
