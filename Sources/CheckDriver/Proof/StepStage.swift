import SymbolicEngine
import Terms
import TransitionIR

/// Proofs by induction over more and more steps, for what is still open.
struct StepStage {
  private let run: ProofRun
  init(_ run: ProofRun) { self.run = run }

  /// `before`: what another proof has shown already.
  func prove(_ before: LemmaStage.Result?) throws(EncodingRefusal) {
    // Which locks are nested over all runs is no question about single ones.
    let names = run.open.filter { $0 != BuiltinProperty.lockOrder.rawValue }
    if run.request.method == .induction, names.count < run.open.count {
      run.giveUp(
        [BuiltinProperty.lockOrder.rawValue], "it is a property of all runs together: see --method pdr")
    }
    let limit = min(run.request.k, run.depth)
    if names.isEmpty { return }
    if limit < 1 || run.isOver { return giveUpUntold(names, "no time was left for induction over steps") }
    let wanted = Set(names)
    let goals = before?.goals ?? Goals(SymbolicSystem(run.system), wanted: wanted.contains)
    if before == nil { run.refuse(goals) }
    let lemmas = before?.lemmas ?? []
    let induction = try KInduction(
      goals, lemmas: lemmas.flatMap { $0.instances.map(\.term) }, options: run.options(seconds: run.remaining)
    )
    var all: [String: Set<Goal>] = [:]
    for goal in induction.allGoals { all[goal.property, default: []].insert(goal) }
    var reason = "not inductive over \(limit) steps"
    for k in 1...limit where !run.isOver && before.map({ _ in k > 1 }) ?? true {
      let open = run.open.filter(wanted.contains)
      if open.isEmpty { return }
      let proven = induction.proven(Set(open.flatMap { all[$0] ?? [] }), k: k) { run.isOver }
      if let gaveUp = induction.gaveUp { reason = "induction over \(k) steps did not end: \(gaveUp)" }
      for property in open where induction.gaveUp == nil && (all[property] ?? []).isSubset(of: proven) {
        run.answer(
          property, run.isReachability(property) ? .unreachable : .inductive(k: k, lemmas: lemmas.count))
      }
      if induction.gaveUp != nil { break }
    }
    giveUpUntold(names.filter(run.open.contains), reason)
  }

  /// If lemmas were tried before, what they said about an open property says more.
  private func giveUpUntold(_ properties: [String], _ reason: String) {
    if run.request.method == .induction { run.giveUp(properties, reason) }
  }
}
