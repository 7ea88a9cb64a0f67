import Terms
import TransitionIR

/// One run through the body of a step with terms in the place of numbers: all ways through it at once.
///
/// It follows `Machine` of the interpreter statement by statement and operator by operator. Where the interpreter chooses, an
/// *input* decides; where it branches, both arms are run and merged; where it fails or waits, `alive` gets a condition more.
/// Whatever is said here about a state is tested against the interpreter.
struct SymbolicMachine {
  let system: TransitionSystem
  let layout: SlotLayout
  let table: SlotTable
  let store: TermStore
  /// The running process, 0-based; nil for initial statements and properties.
  let process: Int?
  let allocation: SymbolicSystem.Allocation

  /// The state worked on, by slot.
  var slots: [Term]
  /// The state before the step, for `old`.
  var oldSlots: [Term]?
  /// Values of bound variables, by `BoundID`.
  var bound: [Int: Number] = [:]

  /// The run has come here: no wait, no fatal failure, no other arm.
  var alive: Term
  /// The expression at hand is evaluated: what stands right of `&&` sometimes is not.
  var scope: Term

  var failures: [StepFailure] = []
  var acquisitions: [StepAcquisition] = []
  /// Where runs ended: under which condition, in which state.
  var exits: [(condition: Term, slots: [Term])] = []
  /// Variables that choose between alternatives.
  var inputs: [Term] = []

  init(
    _ system: TransitionSystem, _ layout: SlotLayout, _ table: SlotTable, _ store: TermStore, process: Int?,
    slots: [Term], allocation: SymbolicSystem.Allocation
  ) {
    self.allocation = allocation
    self.system = system
    self.layout = layout
    self.table = table
    self.store = store
    self.process = process
    self.slots = slots
    alive = store.yes
    scope = store.yes
  }

  /// The running process as a pointer; 0 if there is none.
  var currentPointer: Int { process.map { $0 + 1 } ?? 0 }

  /// What happens if `condition` holds while the expression at hand is evaluated: a violation that ends the path.
  mutating func fail(_ property: BuiltinProperty, _ site: SiteID, if condition: Term) {
    let fails = store.and(scope, condition)
    record(property, site, isFatal: true, if: fails)
    alive = store.and(alive, store.not(fails))
  }

  mutating func record(_ property: BuiltinProperty, _ site: SiteID, isFatal: Bool, if condition: Term) {
    let happens = store.and(alive, condition)
    if happens == store.no { return }
    failures.append(StepFailure(property: property, site: site, isFatal: isFatal, condition: happens))
  }

  /// Evaluates something only where `condition` holds.
  mutating func within<Result>(
    _ condition: Term, _ body: (inout SymbolicMachine) throws(EncodingRefusal) -> Result
  ) throws(EncodingRefusal) -> Result {
    let outer = scope
    scope = store.and(scope, condition)
    defer { scope = outer }
    return try body(&self)
  }

  mutating func input(_ name: String, _ sort: Sort) -> Term {
    let term = store.variable("\(name)#\(inputs.count)", sort)
    inputs.append(term)
    return term
  }

  /// What was noticed on runs that wait in the end did not happen: only complete and fatal ones count.
  func noticed() -> (failures: [StepFailure], acquisitions: [StepAcquisition]) {
    let fatal = failures.filter(\.isFatal).map(\.condition)
    let isReal = store.or(exits.map(\.condition) + fatal)
    let seen = failures.map { failure in
      failure.isFatal
        ? failure
        : StepFailure(
          property: failure.property, site: failure.site, isFatal: false,
          condition: store.and(failure.condition, isReal))
    }
    let taken = acquisitions.map {
      StepAcquisition(
        lock: $0.lock, subclass: $0.subclass, site: $0.site, condition: store.and($0.condition, isReal),
        held: $0.held)
    }
    return (seen, taken)
  }

  /// All exits as one state; where none is taken the state means nothing.
  func merged() -> (condition: Term, slots: [Term]) {
    guard var result = exits.last else { return (store.no, slots) }
    for exit in exits.dropLast().reversed() {
      result.slots = merge(exit.condition, exit.slots, result.slots)
      result.condition = store.or(exit.condition, result.condition)
    }
    return result
  }

  func merge(_ condition: Term, _ a: [Term], _ b: [Term]) -> [Term] {
    var result = b
    for index in a.indices where a[index] != b[index] {
      result[index] = store.select(condition, a[index], b[index])
    }
    return result
  }
}

/// A violation that a step may be, and exactly when.
public struct StepFailure: Sendable {
  public let property: BuiltinProperty
  public let site: SiteID
  /// The path ends here.
  public let isFatal: Bool
  /// Over the state before the step and its inputs.
  public let condition: Term
}

/// A lock that a step may take, and what is held then.
public struct StepAcquisition: Sendable {
  public let lock: LockClassID
  public let subclass: Int
  public let site: SiteID
  public let condition: Term
  /// Classes of which the running process may hold a lock then, and when it does.
  public let held: [(lock: LockClassID, condition: Term)]
}
