/// A statement of an exported model.
///
/// A list of them is what a step does, from top to bottom; if a requirement on the way is false, the step did not happen.
indirect enum Action: Sendable {
  case require(Term)
  case set(Storage, index: Term, Term)
  /// Neither arm leaves the step early.
  case branch(Term, [Action], [Action])
  /// One of the lists, freely.
  case fork([[Action]])
  /// Gives the local some value of its range; a requirement says which.
  case pick(Local, where: Term)
  /// Gives the local the value that the term has now.
  case define(Local, Term)
  /// Every pointer in these slots (counted from the storage's first) that equals the term becomes this number; in
  /// masks, the bit of the pointer becomes the bit of the number.
  case replace(Storage, Range<Int>, pointer: Term, by: Int)
  /// Ends the step; only at the end of a list, and only while a body is being built.
  case finish
}

extension Action {
  /// The same action with other terms.
  func with(_ change: (Term) -> Term) -> Action {
    switch self {
    case .require(let term): .require(change(term))
    case .set(let storage, let index, let value): .set(storage, index: change(index), change(value))
    case .branch(let condition, let then, let otherwise):
      .branch(change(condition), then.map { $0.with(change) }, otherwise.map { $0.with(change) })
    case .fork(let branches): .fork(branches.map { $0.map { $0.with(change) } })
    case .pick(let local, let filter): .pick(local, where: change(filter))
    case .define(let local, let term): .define(local, change(term))
    case .replace(let storage, let slots, let pointer, let value):
      .replace(storage, slots, pointer: change(pointer), by: value)
    case .finish: self
    }
  }

  var hasChoice: Bool {
    switch self {
    case .fork, .pick: true
    case .branch(_, let then, let otherwise): then.hasChoice || otherwise.hasChoice
    default: false
    }
  }

  var isRequirement: Bool {
    if case .require = self { return true }
    return false
  }
}

extension [Action] {
  var hasChoice: Bool { contains(where: \.hasChoice) }

  /// Every path through the list ends the step.
  private var finishes: Bool {
    switch last {
    case .finish: true
    case .branch(_, let then, let otherwise): then.finishes && otherwise.finishes
    case .fork(let branches): branches.allSatisfy(\.finishes)
    default: false
    }
  }

  private var mayFinish: Bool {
    contains { action in
      switch action {
      case .finish: true
      case .branch(_, let then, let otherwise): then.mayFinish || otherwise.mayFinish
      case .fork(let branches): branches.contains(where: \.mayFinish)
      default: false
      }
    }
  }

  /// The list in the form in which no path ends before the list does: what follows a branch that may end the step moves
  /// into its arms.
  func withoutEarlyEnds() -> [Action] {
    var result: [Action] = []
    for (position, action) in enumerated() {
      let rest = [Action](self[(position + 1)...])
      switch action {
      case .finish: return result
      case .branch(let condition, let then, let otherwise):
        if then.mayFinish || otherwise.mayFinish {
          return result + [
            .branch(condition, then.continued(by: rest), otherwise.continued(by: rest))
          ]
        }
        result.append(.branch(condition, then.withoutEarlyEnds(), otherwise.withoutEarlyEnds()))
      case .fork(let branches):
        if branches.contains(where: \.mayFinish) {
          return result + [.fork(branches.map { $0.continued(by: rest) })]
        }
        result.append(.fork(branches.map { $0.withoutEarlyEnds() }))
      default: result.append(action)
      }
    }
    return result
  }

  private func continued(by rest: [Action]) -> [Action] {
    finishes ? withoutEarlyEnds() : (self + rest).withoutEarlyEnds()
  }

  /// The storages that the actions write.
  var written: Set<Storage> {
    var result = Set<Storage>()
    for action in self {
      switch action {
      case .set(let storage, _, _), .replace(let storage, _, _, _): result.insert(storage)
      case .branch(_, let then, let otherwise): result.formUnion(then.written.union(otherwise.written))
      case .fork(let branches): branches.forEach { result.formUnion($0.written) }
      case .require, .pick, .define, .finish: break
      }
    }
    return result
  }

  /// The locals that picks give a value to, in order.
  var picks: [Local] {
    flatMap { action -> [Local] in
      switch action {
      case .pick(let local, _): [local]
      case .branch(_, let then, let otherwise): then.picks + otherwise.picks
      case .fork(let branches): branches.flatMap(\.picks)
      default: []
      }
    }.uniqued()
  }

  /// How many values all picks together have.
  var pickCombinations: Int {
    picks.reduce(1) { product, local in
      let (result, overflow) = product.multipliedReportingOverflow(by: local.upper - local.lower + 1)
      return overflow ? Int.max : result
    }
  }

  /// The locals that are defined, in order.
  var temporaries: [Local] {
    flatMap { action -> [Local] in
      switch action {
      case .define(let local, _): [local]
      case .branch(_, let then, let otherwise): then.temporaries + otherwise.temporaries
      case .fork(let branches): branches.flatMap(\.temporaries)
      default: []
      }
    }.uniqued()
  }
}

extension [Local] {
  /// Each once: what follows a branch may have been copied into both arms.
  fileprivate func uniqued() -> [Local] {
    var seen = Set<Local>()
    return filter { seen.insert($0).inserted }
  }
}
