import Evidence
import SymbolicEngine
import TransitionIR

/// Which lock classes may be taken while which are held, for proofs about `lock.order`.
///
/// Nested locks are a violation if their orders form a cycle over all runs together. A proof shows that no step takes locks in
/// another order than those of a list, and the list is looked at: has it no cycle, neither have the runs.
enum LockOrders {
  /// Everything but a class within itself: what a single run can break.
  static func butNestedInItself(_ system: TransitionSystem) -> Set<Goals.LockOrder> {
    var takings = Set<Goals.LockOrder>()
    func visit(_ body: [Statement]) {
      for statement in body {
        switch statement {
        case .acquiring(let lock, let subclass, _):
          for held in system.lockClasses.indices where held != lock.index || subclass > 0 {
            takings.insert(.init(held: LockClassID(held), taken: lock, subclass: subclass))
          }
        case .branch(_, let then, let otherwise):
          visit(then)
          visit(otherwise)
        case .fork(let branches): branches.forEach(visit)
        default: break
        }
      }
    }
    for step in system.steps { visit(step.body) }
    return takings
  }

  /// The orders to allow: all that the formulas admit if these have no cycle, otherwise those that were seen if these have none.
  static func acyclic(_ encoded: SymbolicSystem, seen: [LockOrderEdge]?) throws(EncodingRefusal)
    -> Set<Goals.LockOrder>?
  {
    let possible = try possible(encoded)
    if !hasCycle(possible) { return possible }
    guard let seen else { return nil }
    let observed = Set(seen.map { Goals.LockOrder(held: $0.held, taken: $0.taken, subclass: $0.subclass) })
    return hasCycle(observed) ? nil : observed
  }

  private static func possible(_ encoded: SymbolicSystem) throws(EncodingRefusal) -> Set<Goals.LockOrder> {
    var result = Set<Goals.LockOrder>()
    for kind in encoded.system.kinds {
      for process in kind.firstProcess..<kind.firstProcess + kind.count {
        for number in kind.firstLocation..<kind.firstLocation + kind.locationCount {
          for taking in try encoded.step(of: process, at: LocationID(number)).acquisitions {
            for held in taking.held
            where encoded.store.and(held.condition, taking.condition) != encoded.store.no {
              result.insert(.init(held: held.lock, taken: taking.lock, subclass: taking.subclass))
            }
          }
        }
      }
    }
    return result
  }

  /// A lock that is held counts as subclass 0, so what is taken with another subclass is the start of no order.
  static func hasCycle(_ orders: Set<Goals.LockOrder>) -> Bool {
    let edges = orders.filter { $0.subclass == 0 }
    func reachable(from start: LockClassID) -> Set<LockClassID> {
      var reached: Set<LockClassID> = []
      var work = [start]
      while let next = work.popLast() {
        for edge in edges where edge.held == next && reached.insert(edge.taken).inserted {
          work.append(edge.taken)
        }
      }
      return reached
    }
    return Set(edges.map(\.held)).contains { reachable(from: $0).contains($0) }
  }
}
