import TransitionIR

/// The locals that some code reads.
struct LocalReads {
  let system: TransitionSystem
  var variables: Set<VariableID> = []
  /// Those of a process other than the running one.
  var ofOthers: Set<VariableID> = []

  init(_ system: TransitionSystem) { self.system = system }

  mutating func visit(_ body: [Statement]) {
    for statement in body {
      visitOwn(statement)
      switch statement {
      case .branch(_, let then, let otherwise):
        visit(then)
        visit(otherwise)
      case .fork(let branches): for branch in branches { visit(branch) }
      default: break
      }
    }
  }

  /// What a statement itself reads, without the bodies in it.
  mutating func visitOwn(_ statement: Statement) {
    switch statement {
    case .assign(let place, let value):
      visit(place.indices)
      visit(value)
    case .pick(let place, _, let iteration, let filter):
      visit(place.indices)
      visit(iteration)
      visit(filter)
    case .branch(let condition, _, _), .wait(let condition): visit(condition)
    case .check(let condition, let failure):
      visit(condition)
      if let subject = failure.subject { visit(subject.indices) }
    case .allocate(let place, _), .acquiring(_, _, let place): visit(place.indices)
    case .free(let pointer, _, _): visit(pointer)
    case .fork, .cover, .clear, .jump, .end: break
    }
  }

  mutating func visit(_ expression: Expression) {
    switch expression {
    case .constant, .bound, .current, .heldLockCount: break
    case .read(let place):
      variables.insert(place.variable)
      if case .process = system.variables[place.variable.index].dimensions.first, !isOwn(place) {
        ofOthers.insert(place.variable)
      }
      visit(place.indices)
    case .unary(_, let operand, _), .singleton(let operand, _), .cardinality(let operand), .old(let operand),
      .labelled(_, let operand), .live(let operand, _), .exclusive(let operand, _), .isAt(let operand, _),
      .hasEnded(let operand):
      visit(operand)
    case .binary(_, let left, let right, _, _), .samePointer(let left, let right, _, _, _),
      .member(let left, let right, _):
      visit(left)
      visit(right)
    case .select(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .quantified(_, _, let iteration, let body):
      visit(iteration)
      visit(body)
    }
  }

  private func isOwn(_ place: Place) -> Bool {
    switch place.indices.first {
    case .current, .process(.current): true
    default: false
    }
  }

  private mutating func visit(_ indices: [Index]) {
    for index in indices {
      switch index {
      case .element(let expression), .object(let expression), .process(let expression): visit(expression)
      case .current: break
      }
    }
  }

  private mutating func visit(_ iteration: Iteration) {
    switch iteration {
    case .values, .processes: break
    case .span(let low, let high):
      visit(low)
      visit(high)
    case .members(let set, _): visit(set)
    }
  }
}
