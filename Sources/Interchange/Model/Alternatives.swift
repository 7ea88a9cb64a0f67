/// Takes choices out of a body: one body for each way to choose.
///
/// A branch with a choice inside becomes two alternatives, each of which requires its side. So alternatives never overlap, and
/// each successor comes from exactly one.
struct Alternatives {
  /// Whether picks become alternatives, too, or stay as parameters of the rule.
  let expandsPicks: Bool
  let limit: Int
  let stepName: String

  func expand(_ body: [Action]) throws(ExportRefusal) -> [[Action]] {
    try expand([], body[...]).filter { alternative in
      !alternative.contains {
        if case .require(.truth(false)) = $0 { true } else { false }
      }
    }
  }

  private func expand(_ done: [Action], _ rest: ArraySlice<Action>) throws(ExportRefusal) -> [[Action]] {
    var done = done
    var rest = rest
    while let action = rest.popFirst() {
      switch action {
      case .require(.truth(true)): continue
      case .require(.truth(false)): return []
      case .fork(let branches):
        return try collect(branches.map { $0 + rest }, done)
      case .pick(let local, let filter) where expandsPicks:
        let lists = (local.lower...local.upper).map { number -> [Action] in
          let value = Term.constant(number, local.kind)
          return ([.require(filter)] + rest).map { $0.with { $0.replacing(local, with: value) } }
        }
        return try collect(lists, done)
      case .branch(let condition, let then, let otherwise) where then.hasChoice || otherwise.hasChoice:
        return try collect(
          [[.require(condition)] + then + rest, [.require(!condition)] + otherwise + rest], done)
      case .branch(.truth(let value), let then, let otherwise):
        done += value ? then : otherwise
      default: done.append(action)
      }
    }
    return [done]
  }

  private func collect(_ lists: [[Action]], _ done: [Action]) throws(ExportRefusal) -> [[Action]] {
    var result: [[Action]] = []
    for list in lists {
      result += try expand(done, list[...])
      if result.count > limit {
        throw ExportRefusal("a step with more than \(limit) alternatives (\(stepName))")
      }
    }
    return result
  }
}
