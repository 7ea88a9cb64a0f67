/// The condition under which a body without forks happens, as a term of the state before.
///
/// Requirements stand in the middle of bodies, but the languages of peers want the condition of a rule in front. So the writes
/// on the way are followed symbolically. Where that would take too large a term, the condition is left incomplete.
struct Guard {
  private(set) var condition: Term
  /// The body happens exactly if the condition is true; else the condition is only necessary.
  private(set) var isComplete = true
  private var budget: Int

  init(of body: [Action], from first: Term, limit: Int = 1500) {
    budget = limit
    condition = first
    condition = first && follow(body[...], Writes())
  }

  /// What a path has written so far.
  private struct Writes {
    enum Write {
      case set(index: Term, value: Term)
      case replace(Range<Int>, pointer: Term, by: Int)
    }
    var writes: [Storage: [Write]] = [:]
    var locals: [Local: Term] = [:]
  }

  private mutating func follow(_ body: ArraySlice<Action>, _ start: Writes) -> Term {
    var state = start
    var body = body
    var result = Term.truth(true)
    while let action = body.popFirst() {
      guard budget > 0 else { return incomplete(result) }
      switch action {
      case .require(let term), .pick(_, where: let term):
        guard let resolved = resolve(term, state) else { return incomplete(result) }
        result = result && resolved
      case .define(let local, let term):
        // Without a value for the local, what depends on it cannot be told; most often nothing does.
        if let resolved = resolve(term, state) { state.locals[local] = resolved }
      case .set(let storage, let index, let value):
        guard let index = resolve(index, state), let value = resolve(value, state) else {
          if body.contains(where: \.hasRequirement) { isComplete = false }
          return result
        }
        state.writes[storage, default: []].append(.set(index: index, value: value))
      case .replace(let storage, let slots, let pointer, let value):
        guard let pointer = resolve(pointer, state) else {
          if body.contains(where: \.hasRequirement) { isComplete = false }
          return result
        }
        state.writes[storage, default: []].append(.replace(slots, pointer: pointer, by: value))
      case .branch(let test, let then, let otherwise):
        let isNeeded = body.contains(where: \.hasRequirement)
        if !isNeeded, !then.contains(where: \.hasRequirement), !otherwise.contains(where: \.hasRequirement) {
          return result
        }
        guard let test = resolve(test, state) else { return incomplete(result) }
        let rest = isNeeded ? [Action](body) : []
        let a = follow((then + rest)[...], state)
        let b = follow((otherwise + rest)[...], state)
        return result && .selection(test, a, b)
      case .fork, .finish: continue
      }
    }
    return result
  }

  private mutating func incomplete(_ result: Term) -> Term {
    isComplete = false
    return result
  }

  // MARK: Terms of the state before

  /// The term with the writes of the path put in; nil if it becomes too large.
  private mutating func resolve(_ term: Term, _ state: Writes) -> Term? {
    var failed = false
    let result = substitute(term, state, &failed)
    budget -= failed ? 0 : result.nodeCount(limit: budget + 1)
    return failed || budget < 0 ? nil : result
  }

  private func substitute(_ term: Term, _ state: Writes, _ failed: inout Bool) -> Term {
    switch term {
    case .local(let local):
      if let value = state.locals[local] { return value }
      if local.name.first == "t" { failed = true }
      return term
    case .read(let storage, let index):
      let index = substitute(index, state, &failed)
      return read(storage, index, state.writes[storage, default: []][...], &failed)
    default:
      var inner = false
      let result = term.with { operand in
        inner ? operand : substitute(operand, state, &inner)
      }
      if inner { failed = true }
      return result
    }
  }

  private func read(
    _ storage: Storage, _ index: Term, _ writes: ArraySlice<Writes.Write>, _ failed: inout Bool
  ) -> Term {
    var writes = writes
    guard let last = writes.popLast() else { return .read(storage, index) }
    switch last {
    case .set(let target, let value):
      let isSame = storage.isScalar ? Term.truth(true) : .comparison(.equal, index, target)
      if case .truth(true) = isSame { return value }
      let before = read(storage, index, writes, &failed)
      return .selection(isSame, value, before)
    case .replace(let slots, let pointer, let value):
      let before = read(storage, index, writes, &failed)
      let isInside =
        Term.comparison(.lessEqual, .number(slots.lowerBound), index)
        && .comparison(.less, index, .number(slots.upperBound))
      return .selection(isInside, before.replaced(pointer, by: value), before)
    }
  }
}

extension Term {
  /// The value of a slot after every pointer in it that equals `pointer` has become `value`.
  func replaced(_ pointer: Term, by value: Int) -> Term {
    if kind == .mask {
      let bit = Term.computed(.subtract, pointer, .number(1))
      let others = Term.combined(.difference, self, .singleton(bit))
      return .selection(
        .membership(bit, in: self), .combined(.union, others, .mask(1 << (value - 1))), self)
    }
    return .selection(.comparison(.equal, self, pointer), .number(value), self)
  }

  /// The number of nodes, or `limit` if there are more.
  func nodeCount(limit: Int) -> Int {
    var count = 1
    for operand in operands {
      if count >= limit { return limit }
      count += operand.nodeCount(limit: limit - count)
    }
    return min(count, limit)
  }
}

extension Action {
  var hasRequirement: Bool {
    switch self {
    case .require, .pick: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.hasRequirement) || otherwise.contains(where: \.hasRequirement)
    case .fork(let branches): branches.contains { $0.contains(where: \.hasRequirement) }
    case .set, .define, .replace, .finish: false
    }
  }
}

extension [Action] {
  /// The list without its requirements, and without branches that are empty then.
  func withoutRequirements() -> [Action] {
    compactMap { action in
      switch action {
      case .require, .pick: return nil
      case .branch(let condition, let then, let otherwise):
        let (a, b) = (then.withoutRequirements(), otherwise.withoutRequirements())
        return a.isEmpty && b.isEmpty ? nil : .branch(condition, a, b)
      default: return action
      }
    }
  }
}
