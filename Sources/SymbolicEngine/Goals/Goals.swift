import Terms
import TransitionIR

/// When which property fails, as terms over states and steps.
///
/// A `reachable` property is a goal, too: its "failure" is its witness.
public final class Goals {
  public let encoded: SymbolicSystem
  /// Lock classes that may be taken while others are held; what is not listed is a violation of `lock.order`.
  ///
  /// Without a list `lock.order` is no goal.
  public let allowedOrders: Set<LockOrder>?
  /// What each goal says about a state.
  public private(set) var onStates: [(goal: Goal, term: Term)] = []
  /// Properties that have no formula, and why.
  public private(set) var refused: [String: String] = [:]
  private let wanted: (String) -> Bool
  private var system: TransitionSystem { encoded.system }

  /// A lock class that is held, and one that is taken meanwhile.
  public struct LockOrder: Hashable, Sendable {
    public let held: LockClassID
    public let taken: LockClassID
    public let subclass: Int
    public init(held: LockClassID, taken: LockClassID, subclass: Int) {
      self.held = held
      self.taken = taken
      self.subclass = subclass
    }
  }

  /// Only properties that are `wanted` become goals.
  public init(
    _ encoded: SymbolicSystem, allowedOrders: Set<LockOrder>? = nil, wanted: @escaping (String) -> Bool
  ) {
    self.encoded = encoded
    self.allowedOrders = allowedOrders
    self.wanted = wanted
    addDeclared()
    addBuiltins()
  }

  private func addDeclared() {
    for property in system.properties where property.group != .step && wanted(property.name) {
      do throws(EncodingRefusal) {
        let truth = try encoded.truth(property.body, in: encoded.slots).value
        let isBroken = property.group == .reachable ? truth : encoded.store.not(truth)
        onStates.append((Goal(property.name, property.site), isBroken))
      } catch { refused[property.name] = error.description }
    }
  }

  private func addBuiltins() {
    let neverFreed = BuiltinProperty.neverFreed.rawValue
    if system.builtins.contains(.neverFreed), wanted(neverFreed) {
      for pool in system.pools.indices {
        guard let site = encoded.interpreter.allocationSite(of: PoolID(pool)) else { continue }
        let isLost = encoded.isLost(PoolID(pool), in: encoded.slots)
        if isLost != encoded.store.no { onStates.append((Goal(neverFreed, site), isLost)) }
      }
    }
    let deadlock = BuiltinProperty.deadlock.rawValue
    if system.builtins.contains(.deadlock), wanted(deadlock) {
      do throws(EncodingRefusal) {
        onStates.append((Goal(deadlock, SiteID(-1)), try encoded.deadlock()))
      } catch { refused[deadlock] = error.description }
    }
  }

  /// What a step may break, each with the condition over the state before and the step's inputs.
  ///
  /// Assumes that the process stands where the step begins.
  public func onStep(_ step: SymbolicStep) -> [(goal: Goal, term: Term)] {
    let store = encoded.store
    var terms: [Goal: [Term]] = [:]
    for failure in step.failures where wanted(failure.property.rawValue) {
      terms[Goal(failure.property.rawValue, failure.site), default: []].append(failure.condition)
    }
    for (goal, term) in stepProperties(step) + lockOrders(step) { terms[goal, default: []].append(term) }
    // Sorted before anything is made of them: numbers of terms, and with them texts, depend on the order.
    return terms.sorted { $0.key < $1.key }.map { ($0.key, store.or($0.value)) }.filter { $0.1 != store.no }
  }

  private func stepProperties(_ step: SymbolicStep) -> [(Goal, Term)] {
    var result: [(Goal, Term)] = []
    for property in system.properties where property.group == .step && wanted(property.name) {
      do throws(EncodingRefusal) {
        let truth = try encoded.truth(
          property.body, in: step.after, old: step.before, process: step.process
        ).value
        let isBroken = encoded.store.and(step.happens, encoded.store.not(truth))
        result.append((Goal(property.name, property.site), isBroken))
      } catch { refused[property.name] = error.description }
    }
    return result
  }

  private func lockOrders(_ step: SymbolicStep) -> [(Goal, Term)] {
    guard let allowedOrders, wanted(BuiltinProperty.lockOrder.rawValue) else { return [] }
    return step.acquisitions.flatMap { taking in
      taking.held.compactMap { held -> (Goal, Term)? in
        let order = LockOrder(held: held.lock, taken: taking.lock, subclass: taking.subclass)
        if allowedOrders.contains(order) { return nil }
        let term = encoded.store.and(taking.condition, held.condition)
        return (Goal(BuiltinProperty.lockOrder.rawValue, taking.site), term)
      }
    }
  }

  /// The initial statements themselves may break something.
  public func onStart(_ start: SymbolicStart) -> [(goal: Goal, term: Term)] {
    start.failures.filter { wanted($0.property.rawValue) }.map {
      (Goal($0.property.rawValue, $0.site), $0.condition)
    }
  }
}
