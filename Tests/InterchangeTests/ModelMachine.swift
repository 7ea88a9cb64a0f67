import TransitionIR

@testable import Interchange

/// Runs the bodies of a model, as the peers are expected to.
struct ModelMachine {
  var state: [Int]
  var locals: [Local: Int] = [:]

  func value(_ term: Term) -> Int {
    switch term {
    case .number(let value), .mask(let value): return value
    case .truth(let value): return value ? 1 : 0
    case .local(let local): return locals[local] ?? Int.min
    case .read(let storage, let index): return state[slot(storage, index)]
    case .not(let a): return value(a) == 0 ? 1 : 0
    case .and(let a, let b): return value(a) == 0 ? 0 : value(b)
    case .or(let a, let b): return value(a) != 0 ? 1 : value(b)
    case .compare(let sign, let a, let b):
      let (x, y) = (value(a), value(b))
      switch sign {
      case .equal: return x == y ? 1 : 0
      case .notEqual: return x != y ? 1 : 0
      case .less: return x < y ? 1 : 0
      case .lessEqual: return x <= y ? 1 : 0
      }
    case .arithmetic(let op, let a, let b):
      guard let result = op.apply(value(a), value(b)), Term.portable.contains(result) else {
        fatalError("\(term) has no value in 32 bits")
      }
      return result
    case .combine(let op, let a, let b): return op.apply(value(a), value(b))
    case .contains(let mask, let bit): return (value(mask) >> value(bit)) & 1
    case .single(let bit): return 1 << value(bit)
    case .size(let mask): return value(mask).nonzeroBitCount
    case .select(let condition, let a, let b): return value(condition) != 0 ? value(a) : value(b)
    case .quantified(let quantifier, let local, let body):
      var inner = self
      let count = (local.lower...local.upper).count { number in
        inner.locals[local] = number
        return inner.value(body) != 0
      }
      switch quantifier {
      case .forall: return count == local.upper - local.lower + 1 ? 1 : 0
      case .exists: return count > 0 ? 1 : 0
      case .count: return count
      }
    case .cast(let inner, _): return value(inner)
    }
  }

  /// An index beyond the storage is a mistake of the translation: its condition should have kept us away.
  private func slot(_ storage: Storage, _ index: Term) -> Int {
    let offset = storage.isScalar ? 0 : value(index)
    precondition(0..<storage.count ~= offset, "\(storage.name)[\(offset)]")
    return storage.firstSlot + offset
  }

  /// The states after every way through a body.
  func ways(_ body: ArraySlice<Action>) -> [[Int]] {
    var machine = self
    var body = body
    while let action = body.popFirst() {
      switch action {
      case .require(let term): if machine.value(term) == 0 { return [] }
      case .set(let storage, let index, let term):
        let value = machine.value(term)
        precondition(storage.lower...storage.upper ~= value, "\(storage.name) := \(value)")
        machine.state[machine.slot(storage, index)] = value
      case .branch(let condition, let then, let otherwise):
        return machine.ways((machine.value(condition) != 0 ? then : otherwise) + body)
      case .fork(let branches): return branches.flatMap { machine.ways(($0 + body)[...]) }
      case .pick(let local, let filter):
        return (local.lower...local.upper).flatMap { number -> [[Int]] in
          var next = machine
          next.locals[local] = number
          return next.value(filter) == 0 ? [] : next.ways(body)
        }
      case .define(let local, let term):
        let value = machine.value(term)
        precondition(local.lower...local.upper ~= value, "\(local.name) := \(value)")
        machine.locals[local] = value
      case .replace(let storage, let slots, let pointer, let number):
        let gone = machine.value(pointer)
        for offset in slots {
          let before = Term.constant(machine.state[storage.firstSlot + offset], storage.kind)
          machine.state[storage.firstSlot + offset] = value(before.replaced(.number(gone), by: number))
        }
      case .finish: return [machine.state]
      }
    }
    return [machine.state]
  }

  private func ways(_ body: [Action]) -> [[Int]] { ways(body[...]) }
}
