import TransitionIR

/// Walks over all ways through a body, collects what they touch, and follows what is surely known on the way.
struct BodyWalker {
  let facts: SystemFacts
  /// Nil for a property, which no process runs.
  let kind: KindID?
  var effects = Effects()
  /// Where the ways lead, each with what is known there.
  var exits: [(location: LocationID, knowledge: Knowledge)] = []
  /// Classes of which a variable is changed otherwise than by taking and releasing.
  var wild: Set<LockClassID> = []
  var freshCount = 0
  /// Everything recorded, with the terms of its indices; see `trailing`.
  var touched: Set<Touch> = []
  /// Bound variables that range over pointers.
  var pointerBounds: Set<BoundID> = []

  /// An access, and the positions that it names as far as they have terms.
  struct Touch: Hashable {
    let access: Access
    let terms: [Term?]
  }

  var system: TransitionSystem { facts.system }

  init(_ facts: SystemFacts, kind: KindID?) {
    self.facts = facts
    self.kind = kind
  }

  /// Nil if no way goes on behind the body.
  mutating func walk(_ body: [Statement], _ start: Knowledge) -> Knowledge? {
    var knowledge = start
    for statement in body {
      guard let next = walk(statement, knowledge) else { return nil }
      knowledge = next
    }
    return knowledge
  }

  private mutating func walk(_ statement: Statement, _ start: Knowledge) -> Knowledge? {
    var knowledge = start
    switch statement {
    case .assign(let place, let value): assign(place, value, &knowledge)
    case .branch(let condition, let then, let otherwise):
      visit(condition, knowledge)
      let known = truth(condition, knowledge)
      let first = known == false ? nil : walk(then, assume(condition, true, knowledge))
      let second = known == true ? nil : walk(otherwise, assume(condition, false, knowledge))
      return join([first, second])
    case .fork(let branches): return join(branches.map { walk($0, knowledge) })
    case .pick(let place, let bound, let iteration, let filter):
      bind(bound, iteration)
      visit(iteration, knowledge)
      visit(filter, knowledge)
      if facts.heapPool(of: system.variables[place.variable.index].domain) != nil, !isOfMembers(iteration) {
        effects.conjures = true
      }
      effects.mayWait = true
      write(place, .write, knowledge)
      forget(place, &knowledge)
    case .wait(let condition):
      visitWait(condition, knowledge)
      return assume(condition, true, knowledge)
    case .check(let condition, let failure):
      visit(condition, knowledge)
      if let subject = failure.subject { visit(subject.indices, knowledge) }
      if failure.property == .heldAtReturn { effects.readsOwnLocks = true }
      return failure.isFatal ? assume(condition, true, knowledge) : knowledge
    case .allocate(let place, let pool):
      allocate(pool)
      write(place, .write, knowledge)
      forget(place, &knowledge)
    case .free(let pointer, let pool, _):
      visit(pointer, knowledge)
      free(pool)
    case .acquiring(_, _, let place):
      visit(place.indices, knowledge)
      effects.readsOwnLocks = true
    case .cover: break
    case .clear(let variables):
      for variable in variables {
        record(variable, [.current], .write)
        movePointer(variable)
        set(variable, .constant(0), &knowledge)
      }
    case .jump(let location):
      effects.arrivals.insert(location)
      exits.append((location, knowledge))
      return nil
    case .end:
      effects.mayEnd = true
      return nil
    }
    return knowledge
  }

  private func isOfMembers(_ iteration: Iteration) -> Bool {
    if case .members = iteration { true } else { false }
  }

  mutating func join(_ ways: [Knowledge?]) -> Knowledge? {
    let open = ways.compactMap { $0 }
    guard var result = open.first else { return nil }
    for other in open.dropFirst() { result = Knowledge.join(result, other, freshCount: &freshCount) }
    return result
  }

  // MARK: Assignments

  private mutating func assign(_ place: Place, _ value: Expression, _ knowledge: inout Knowledge) {
    visit(place.indices, knowledge)
    if let lock = facts.lock(of: place.variable) {
      return changeLock(place, lock.lock, lock.isOwner, value, &knowledge)
    }
    let variable = system.variables[place.variable.index]
    if let pool = facts.heapPool(of: variable.domain) {
      move(value, pool, knowledge)
    } else {
      visit(value, knowledge)
    }
    write(place, .write, knowledge)
    let isKnown = facts.cells.contains(place.variable) && isOwn(place) && fits(value, variable)
    set(place.variable, isKnown ? term(value, knowledge) : nil, &knowledge)
  }

  /// The value is stored as it is: a word may cut it off.
  private func fits(_ value: Expression, _ variable: Variable) -> Bool {
    guard case .wrapping = variable.domain else { return true }
    switch value {
    case .read(let source): return system.variables[source.variable.index].domain == variable.domain
    case .constant(let number): return variable.domain.bounds.contains(number)
    default: return false
    }
  }

  /// A new value in a cell, unknown if nil; whoever shares its slot has lost his.
  private mutating func set(_ cell: VariableID, _ term: Term?, _ knowledge: inout Knowledge) {
    for other in facts.aliases[cell.index] { knowledge[other] = fresh() }
    knowledge.versions[cell] = nextNumber()
    guard facts.cells.contains(cell) else { return }
    knowledge[cell] = term ?? fresh()
  }

  private mutating func forget(_ place: Place, _ knowledge: inout Knowledge) {
    set(place.variable, nil, &knowledge)
  }

  private mutating func fresh() -> Term { .fresh(nextNumber()) }

  private mutating func nextNumber() -> Int {
    freshCount += 1
    return freshCount
  }
}
