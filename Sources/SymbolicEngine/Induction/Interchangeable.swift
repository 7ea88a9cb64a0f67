import Reductions
import Terms
import TransitionIR

/// Processes and objects that lemmas need not tell apart, so that few of them stand for all.
///
/// A set of states that lemmas describe, which range over all of a kind, is the same after any permutation of it; and so are
/// the steps of the system, as verified by `Symmetry`. If a step of one process breaks what a lemma says of some of them, then
/// after a permutation it breaks what the lemma says of the first ones.
struct Interchangeable {
  let kinds: Set<KindID>
  /// None if the encoding tells objects apart when they are allocated.
  let pools: Set<PoolID>

  static let nothing = Interchangeable(kinds: [], pools: [])

  init(_ encoded: SymbolicSystem) {
    var kinds = Set<KindID>()
    var pools = Set<PoolID>()
    for group in Symmetry(encoded.system).groups {
      switch group.origin {
      case .kind(let kind): kinds.insert(kind)
      case .pool(let pool): if encoded.allocation == .any { pools.insert(pool) }
      }
    }
    self.init(kinds: kinds, pools: pools)
  }

  init(kinds: Set<KindID>, pools: Set<PoolID>) {
    self.kinds = kinds
    self.pools = pools
  }

  /// One process of each kind whose processes are interchangeable, and all processes of the others.
  func movers(_ system: TransitionSystem) -> [Int] {
    system.kinds.enumerated().flatMap { index, kind in
      let all = kind.firstProcess..<kind.firstProcess + kind.count
      return Array(kinds.contains(KindID(index)) ? all.prefix(1) : all[...])
    }
  }
}

/// Which values of the outermost variables of a lemma are looked at.
struct Representatives {
  let interchangeable: Interchangeable
  /// Variables so far, by what they range over.
  private var processes: [KindID: Int] = [:]
  private var objects: [PoolID: Int] = [:]

  init(_ interchangeable: Interchangeable) { self.interchangeable = interchangeable }

  /// How many elements the next variable over `iteration` has to be tried with if something is to be broken; nil: with all.
  ///
  /// Variables before it may name one element each, and a process beside them moves: of all others one is enough.
  mutating func next(_ iteration: Iteration) -> Int? {
    switch iteration {
    case .processes(let kind) where interchangeable.kinds.contains(kind):
      processes[kind, default: 0] += 1
      return processes[kind, default: 0] + 1
    case .values(.pointer(let pool, _)) where interchangeable.pools.contains(pool):
      objects[pool, default: 0] += 1
      return objects[pool]
    default: return nil
    }
  }
}

extension TransitionSystem {
  /// The most objects of one pool that a lemma or a property is about at once, as its outermost variables.
  var mostWitnesses: Int {
    // Mined lemmas have two subjects.
    properties.reduce(2) { most, property in
      var counts: [PoolID: Int] = [:]
      var body = property.body
      while true {
        switch body {
        case .labelled(_, let inner): body = inner
        case .quantified(.forall, _, let iteration, let inner):
          if case .values(.pointer(let pool, _)) = iteration { counts[pool, default: 0] += 1 }
          body = inner
        default: return max(most, counts.values.max() ?? 0)
        }
      }
    }
  }
}

extension SymbolicSystem {
  /// Names the interchangeable objects in the order in which a step meets them.
  ///
  /// For each pool: the first pointer that the step reads leads to one of the first objects, the next to one of these or the one after,
  /// and so on. Every state is a permutation of one of which this is true, and the permutation leaves alone the first objects, of which
  /// lemmas are asked (`mostWitnesses`).
  func namesInOrder(_ step: SymbolicStep, _ interchangeable: Interchangeable) -> Term {
    let roots = step.written.map { step.after[$0] } + step.failures.map(\.condition) + [step.happens]
    let read = store.variables(in: roots)
    var conditions: [Term] = []
    for pool in interchangeable.pools {
      let capacity = system.pools[pool.index].capacity
      var known = store.number(min(system.mostWitnesses, capacity))
      for entry in layout.pointerSlots[pool.index] where !entry.isSet && read.contains(entry.slot) {
        guard entry.owner == nil, entry.process == nil || entry.process == step.process else { continue }
        let pointer = table.number(entry.slot, slots[entry.slot], in: store)
        let isObject = store.lessEqual(pointer, store.number(capacity))
        conditions.append(store.implies(isObject, store.lessEqual(pointer, store.plusOne(known))))
        known = store.select(store.and(isObject, store.less(known, pointer)), pointer, known)
      }
    }
    return store.and(conditions)
  }
}
