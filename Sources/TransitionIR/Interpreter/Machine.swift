/// One run through the body of a step: the state it works on, the choices it follows, and what it notices.
struct Machine {
  let interpreter: Interpreter
  let program: Interpreter.Program
  var state: [Int]
  /// The state before the step, for `old`.
  var oldState: [Int]?
  /// Values of bound variables, by `BoundID`.
  var bound: [Int]
  /// The running process as a pointer value; 0 if there is none.
  let currentPointer: Int
  let currentKindFirst: Int
  /// Alternatives to take, in order; beyond its end the first is taken.
  var script: [Int] = []
  /// For each choice met: the alternative taken, how many there were, and what it is called in `Successor.choices`.
  private(set) var taken: [(alternative: Int, count: Int, name: Int)] = []
  /// The values that are tried of a wide choice.
  var candidates: [Int] = []
  /// A wide choice was met: there may be more ways than those that are tried.
  private(set) var hasChosenWidely = false
  var result: Successor

  init(_ interpreter: Interpreter, state: [Int], process: Int?) {
    self.interpreter = interpreter
    program = interpreter.program
    self.state = state
    bound = [Int](repeating: 0, count: program.system.boundCount)
    if let process {
      currentPointer = process + 1
      currentKindFirst = program.system.kinds[program.layout.kindOfProcess[process]].firstProcess
    } else {
      currentPointer = 0
      currentKindFirst = 0
    }
    result = Successor(state: [], choices: [])
  }

  /// Runs a body to its end.
  ///
  /// False if the step waits: then it did not happen.
  mutating func run(_ body: [Statement]) -> Bool {
    do throws(EvaluationFailure) {
      return try execute(body) != .blocked
    } catch {
      result.violations.append(error.violation)
      return true
    }
  }

  func finish() -> Successor {
    var successor = result
    successor.state = state
    successor.choices += taken.map(\.name)
    return successor
  }

  /// The choices of the next run: the last one that has an alternative left, turned by one.
  ///
  /// Nil if all were taken.
  func nextScript() -> [Int]? {
    var choices = taken
    while let last = choices.popLast() {
      if last.alternative + 1 < last.count { return choices.map(\.alternative) + [last.alternative + 1] }
    }
    return nil
  }

  private enum Flow { case goesOn, ended, blocked }

  /// Takes the next alternative of the script.
  private mutating func choose(among count: Int) -> Int {
    let position = taken.count
    let alternative = position < script.count ? script[position] : 0
    taken.append((alternative, count, alternative))
    return alternative
  }

  private mutating func execute(_ body: [Statement]) throws(EvaluationFailure) -> Flow {
    for statement in body {
      let flow = try execute(statement)
      if flow != .goesOn { return flow }
    }
    return .goesOn
  }

  private mutating func execute(_ statement: Statement) throws(EvaluationFailure) -> Flow {
    switch statement {
    case .assign(let place, let expression): try assign(place, try evaluate(expression))
    case .branch(let condition, let then, let otherwise):
      return try execute(try evaluate(condition) != 0 ? then : otherwise)
    case .fork(let branches): return try execute(branches[choose(among: branches.count)])
    case .pick(let place, let id, let iteration, let filter):
      return try pick(place, id, iteration, filter)
    case .wait(let condition): return try evaluate(condition) != 0 ? .goesOn : .blocked
    case .check(let condition, let failure): try check(condition, failure)
    case .allocate(let place, let pool): try allocate(place, pool)
    case .free(let pointer, let pool, let site): try free(try evaluate(pointer), pool, site)
    case .acquiring(let lock, let subclass, let place):
      let held = Set(heldLocks().map(\.lock)).sorted { $0.index < $1.index }
      result.acquisitions.append(.init(lock: lock, subclass: subclass, site: place.site, held: held))
    case .cover(let id): result.covered.append(id)
    case .clear(let variables): clear(variables)
    case .jump(let location): return arrive(location.index - currentKind.firstLocation)
    case .end: return currentPointer == 0 ? .ended : arrive(currentKind.locationCount)
    }
    return .goesOn
  }

  private var currentKind: ProcessKind {
    program.system.kinds[program.layout.kindOfProcess[max(0, currentPointer - 1)]]
  }

  private mutating func arrive(_ control: Int) -> Flow {
    if currentPointer > 0 { state[program.layout.controlSlot[currentPointer - 1]] = control }
    return .ended
  }

  private mutating func assign(_ place: Place, _ value: Int) throws(EvaluationFailure) {
    let target = try slot(of: place)
    let variable = place.variable.index
    let bits = program.layout.wordBits[variable]
    if bits > 0 {
      state[target] = bits == 64 ? value : value & ((1 << bits) - 1)
      return
    }
    let (lower, upper) = (program.layout.lower[variable], program.layout.upper[variable])
    guard lower <= value, value <= upper else {
      let name = describe(place)
      throw failure(
        .overflow, place.site, "\(value) does not fit into \(name) (\(lower)..\(upper))", subject: name)
    }
    state[target] = value
  }

  private mutating func pick(
    _ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression
  ) throws(EvaluationFailure) -> Flow {
    let isWide = iteration.isWide
    if isWide { hasChosenWidely = true }
    let offered = isWide ? Set(candidates.filter(iteration.visits)).sorted() : try elements(of: iteration)
    var values: [Int] = []
    for value in offered {
      bound[id.index] = value
      if try evaluate(filter) != 0 { values.append(value) }
    }
    if values.isEmpty { return .blocked }
    let value = values[choose(among: values.count)]
    // Nobody can count the values before it: it stands for itself.
    if isWide { taken[taken.count - 1].name = value }
    try assign(place, value)
    result.picked.append(.init(place: place, value: value))
    return .goesOn
  }

  private mutating func check(_ condition: Expression, _ failed: Failure) throws(EvaluationFailure) {
    if try evaluate(condition) != 0 { return }
    let subject =
      failed.subject.map(describe) ?? (failed.property == .heldAtReturn ? describeHeldLocks() : nil)
    let violation = Violation(
      property: failed.property, site: failed.site,
      message: subject.map { "\($0) \(failed.message)" } ?? failed.message, subject: subject,
      isFatal: failed.isFatal)
    if failed.isFatal { throw EvaluationFailure(violation: violation) }
    result.violations.append(violation)
  }

  private mutating func allocate(_ place: Place, _ pool: PoolID) throws(EvaluationFailure) {
    let description = program.system.pools[pool.index]
    guard let live = description.live else { return }
    let first = program.layout.base[live.index]
    guard let free = (0..<description.capacity).first(where: { state[first + $0] == 0 }) else {
      return try assign(place, 0)
    }
    let target = try slot(of: place)
    reset(object: free, of: description)
    state[first + free] = 1
    state[target] = free + 1
  }

  /// Sets all fields of an object to their initial values.
  private mutating func reset(object: Int, of pool: Pool) {
    for field in pool.fields {
      let variable = program.system.variables[field.index]
      let size = variable.slotCount / pool.capacity
      for offset in 0..<size {
        state[variable.slot + object * size + offset] = variable.initial
      }
    }
  }

  private mutating func free(_ pointer: Int, _ pool: PoolID, _ site: SiteID) throws(EvaluationFailure) {
    let description = program.system.pools[pool.index]
    if pointer == 0 { return }
    guard isObject(pointer, pool) else {
      throw failure(
        .doubleFree, site, "a \(poolName(pool)) that was freed already is freed again",
        subject: poolName(pool))
    }
    reportHeldLocks(of: pointer - 1, in: description, site)
    reset(object: pointer - 1, of: description)
    let stale = description.capacity + 1
    for entry in program.layout.pointerSlots[pool.index] {
      if !entry.isSet {
        if state[entry.slot] == pointer { state[entry.slot] = stale }
      } else if (state[entry.slot] >> (pointer - 1)) & 1 == 1 {
        state[entry.slot] = (state[entry.slot] & ~(1 << (pointer - 1))) | 1 << (stale - 1)
      }
    }
  }

  private mutating func reportHeldLocks(of object: Int, in pool: Pool, _ site: SiteID) {
    for field in pool.fields {
      let variable = program.system.variables[field.index]
      guard variable.lockPart != nil else { continue }
      let size = variable.slotCount / pool.capacity
      for offset in 0..<size where state[variable.slot + object * size + offset] != 0 {
        let name = describe(slot: variable.slot + object * size + offset)
        result.violations.append(
          Violation(
            property: .freedWhileHeld, site: site, message: "\(name) is held while its object is freed",
            subject: name, isFatal: false))
      }
    }
  }

  private mutating func clear(_ variables: [VariableID]) {
    for id in variables {
      let variable = program.system.variables[id.index]
      guard case .process(let kind, let count)? = variable.dimensions.first else {
        state[variable.slot] = 0
        continue
      }
      let size = variable.slotCount / count
      let number = currentPointer - 1 - program.system.kinds[kind.index].firstProcess
      for offset in 0..<size { state[variable.slot + number * size + offset] = 0 }
    }
  }
}
