/// Bodies: every path ends exactly once, and what it says makes sense where it stands.
extension Validator {
  /// Where an expression or a statement stands, and what may be said there.
  struct Context {
    enum Runner: Equatable {
      /// Nobody: `init`, invariants, witnesses.
      case nobody
      /// A process of this kind.
      case kind(KindID)
      /// A process of any kind: step properties.
      case anybody
    }
    let place: String
    let runner: Runner
    var isProperty = false
    var allowsOld = false
    /// Bound variables that have a value here.
    var bound: Set<BoundID> = []
    /// Bound variables that have a value on some of the paths that lead here.
    var used: Set<BoundID> = []

    /// What is known after one of several paths.
    mutating func join(_ paths: [Context]) {
      guard let first = paths.first else { return }
      bound = paths.reduce(first.bound) { $0.intersection($1.bound) }
      used = paths.reduce(used) { $0.union($1.used) }
    }
  }

  /// How a body goes on after a statement.
  private enum Flow: Equatable {
    case goesOn
    /// A `wait` or a fatal failure that nothing gets past; what follows, if anything, is never executed.
    case cut
    case ended
  }

  /// Requires: declarations are well-formed.
  func checkBodies() {
    for step in system.steps {
      let kind = system.locations[step.location.index].kind
      checkWhole(step.body, Context(place: "step \(names.location(step.location))", runner: .kind(kind)))
    }
    for (index, body) in system.startBodies.enumerated() {
      let context = Context(place: "the start of \(names.kind(KindID(index)))", runner: .kind(KindID(index)))
      checkWhole(body, context)
      checkWritesLocals(body, context)
    }
    checkWhole(system.initialBody, Context(place: "the initial body", runner: .nobody))
    for property in system.properties { check(property) }
  }

  private func check(_ property: Property) {
    let isStep = property.group == .step
    let context = Context(
      place: "property \(property.name)", runner: isStep ? .anybody : .nobody, isProperty: true,
      allowsOld: isStep)
    check(site: property.site, context.place)
    check(property.body, context)
    for antecedent in property.antecedents {
      check(site: antecedent.site, context.place)
      check(antecedent.expression, context)
    }
  }

  private func checkWhole(_ body: [Statement], _ context: Context) {
    var context = context
    if check(body, &context) == .goesOn { report(context.place, "a path does not end in jump or end") }
  }

  private func check(_ body: [Statement], _ context: inout Context) -> Flow {
    var flow = Flow.goesOn
    for statement in body {
      if flow == .ended {
        report(context.place, "a statement follows the end of its path")
        return .ended
      }
      let next = check(statement, &context)
      if flow == .goesOn || next == .ended { flow = next }
    }
    return flow
  }

  private func check(_ statement: Statement, _ context: inout Context) -> Flow {
    let place = context.place
    switch statement {
    case .assign(let target, let value):
      check(value, context)
      checkTarget(target, context)
    case .branch(let condition, let then, let otherwise):
      check(condition, context)
      return check(branches: [then, otherwise], &context)
    case .fork(let branches):
      require(!branches.isEmpty, place, "a fork without branches")
      return branches.isEmpty ? .cut : check(branches: branches, &context)
    case .pick(let target, let id, let iteration, let filter):
      checkPick(target, id, iteration, filter, context)
    case .wait(let condition):
      check(condition, context)
      if case .constant(0) = condition { return .cut }
    case .check(let condition, let failure):
      check(condition, context)
      check(site: failure.site, place)
      if let subject = failure.subject { check(subject, context) }
      if case .constant(0) = condition, failure.isFatal { return .cut }
    case .allocate(let target, let pool): checkAllocation(target, pool, context)
    case .free(let pointer, let pool, let site):
      check(pointer, context)
      check(site: site, place)
      require(
        self.pool(pool)?.isProcessPool == false, place, "nothing can be freed from pool \(names.pool(pool))")
    case .acquiring(let lock, let subclass, let target): checkAcquisition(lock, subclass, target, context)
    case .cover(let id):
      require(system.coverPoints.indices.contains(id.index), place, "there is no cover point \(id.index)")
    case .clear(let variables): checkClear(variables, context)
    case .jump(let location):
      let kind = self.location(location)?.kind
      let isInside = kind.map { context.runner == .kind($0) } ?? false
      require(isInside, place, "it jumps to \(names.location(location)), which is not of its kind")
      return .ended
    case .end: return .ended
    }
    return .goesOn
  }

  private func check(branches: [[Statement]], _ context: inout Context) -> Flow {
    var open: [Context] = []
    var flows: [Flow] = []
    for branch in branches {
      var path = context
      flows.append(check(branch, &path))
      if flows.last == .goesOn { open.append(path) }
    }
    context.join(open)
    if flows.contains(.goesOn) { return .goesOn }
    return flows.contains(.cut) && !flows.contains(.ended) ? .cut : .ended
  }

  private func checkTarget(_ target: Place, _ context: Context) {
    check(target, context)
    guard let variable = variable(target.variable) else { return }
    switch variable.role {
    case .control: report(context.place, "a control variable is written only by jump and end")
    case .live: report(context.place, "a live variable is written only by allocate and free")
    case .global, .field, .local, .hidden: break
    }
  }

  private func checkPick(
    _ target: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression, _ context: Context
  ) {
    check(iteration, context)
    var inner = context
    bind(id, &inner)
    check(filter, inner)
    checkTarget(target, context)
    guard let variable = variable(target.variable) else { return }
    let name = names.variable(target.variable)
    switch variable.role {
    case .global, .local, .hidden: break
    case .field, .control, .live: report(context.place, "\(name) is picked but neither a local nor a global")
    }
    require(
      holds(variable.domain, valuesOf: iteration), context.place,
      "\(name) cannot hold every value that is picked")
  }

  /// Whether a variable of a domain can hold what an iteration visits; spans are judged only if both ends are constant.
  private func holds(_ domain: Domain, valuesOf iteration: Iteration) -> Bool {
    var isNumber = true
    var target: PoolID?
    switch domain {
    case .pointer(let pool, _): (isNumber, target) = (false, pool)
    case .set, .location: isNumber = false
    case .bool, .range, .wrapping, .enumeration, .flags: break
    }
    switch iteration {
    case .values(.pointer(let pool, _)), .members(_, of: .pointer(let pool, _)): return target == pool
    case .processes: return target == system.processPool
    case .values(let source), .members(_, of: let source):
      guard isNumber, source.sizeProblem == nil else { return false }
      return domain.bounds.lowerBound <= source.bounds.lowerBound
        && source.bounds.upperBound <= domain.bounds.upperBound
    case .span(.constant(let low), .constant(let high)):
      return isNumber && (low > high || domain.bounds.contains(low) && domain.bounds.contains(high))
    case .span: return isNumber
    }
  }

  private func checkAllocation(_ target: Place, _ pool: PoolID, _ context: Context) {
    checkTarget(target, context)
    let isHeap = self.pool(pool)?.isProcessPool == false
    guard require(isHeap, context.place, "nothing can be allocated from pool \(names.pool(pool))") else {
      return
    }
    guard let variable = variable(target.variable) else { return }
    if case .pointer(pool, _) = variable.domain { return }
    report(context.place, "\(names.variable(target.variable)) cannot hold a pointer to a \(names.pool(pool))")
  }

  private func checkAcquisition(
    _ lock: LockClassID, _ subclass: Int, _ target: Place, _ context: Context
  ) {
    check(target, context)
    require(context.runner != .nobody, context.place, "nobody runs here who could take a lock")
    require(subclass >= 0, context.place, "subclass \(subclass) is negative")
    guard let description = lockClass(lock) else {
      return report(context.place, "there is no lock class \(lock.index)")
    }
    require(
      target.variable == description.owner || target.variable == description.readers, context.place,
      "\(names.variable(target.variable)) is not part of lock class \(description.name)")
  }

  private func checkClear(_ variables: [VariableID], _ context: Context) {
    for id in variables {
      switch variable(id)?.role {
      case .hidden where variable(id)?.dimensions.isEmpty == true: break
      case .local(let kind), .hidden(let kind):
        require(
          context.runner == .kind(kind), context.place,
          "\(names.variable(id)) is cleared but not of its own process")
      default: report(context.place, "\(names.variable(id)) is cleared but not a local")
      }
    }
  }

  /// Before its first step a process only sets up its locals.
  private func checkWritesLocals(_ body: [Statement], _ context: Context) {
    for statement in body {
      switch statement {
      case .assign(let target, _), .pick(let target, _, _, _):
        switch variable(target.variable)?.role {
        case .local, .hidden: break
        // Fields of its own that no other process reaches are as good as locals.
        case .field(system.processPool): break
        default: report(context.place, "\(names.variable(target.variable)) is not a local")
        }
      case .branch(_, let then, let otherwise):
        checkWritesLocals(then, context)
        checkWritesLocals(otherwise, context)
      case .fork(let branches): for branch in branches { checkWritesLocals(branch, context) }
      case .allocate, .free: report(context.place, "objects come and go only in steps")
      case .wait, .check, .acquiring, .cover, .clear, .jump, .end: break
      }
    }
  }
}
