/// Explains a violation by earlier steps of its trace: who freed the object, where the lock was taken.
extension Trace {
  /// Lines of text; empty if the history has nothing to say about this property.
  var history: [String] {
    guard let last = steps.last else { return [] }
    switch property {
    case "lifetime.use_after_free", "lifetime.double_free", "lifetime.stale_compare":
      return staleVariables(before: steps.count - 1, of: processes[last.process])
    case "lock.held_at_return", "lock.self_deadlock", "lock.order":
      return heldLocks(of: processes[last.process])
    default: return []
    }
  }

  /// The stale pointers that a process sees, with the steps that made them stale: its own first, then globals.
  private func staleVariables(before end: Int, of process: String) -> [String] {
    let stale = StateValue.text("stale")
    let leaves = state(before: end).leaves.filter { $0.value == stale }
    let own = leaves.filter { $0.path.hasPrefix(process + ".") }
    return (own.isEmpty ? leaves : own).prefix(2).compactMap { leaf in
      for index in (0..<end).reversed() {
        let changes = changes(ofStep: index)
        guard changes.contains(where: { $0.path == leaf.path && $0.after == stale }) else { continue }
        let freed = changes.first { $0.after == nil }.map { "freed \($0.path)" } ?? "freed its object"
        return "\(leaf.path) is stale since \(stepText(index)) \(freed)"
      }
      return nil
    }
  }

  /// The locks that a process holds at the end, with the steps that took them.
  private func heldLocks(of process: String) -> [String] {
    var taken: [(lock: String, step: Int)] = []
    for index in steps.indices where processes[steps[index].process] == process && !steps[index].isFatal {
      for change in changes(ofStep: index) {
        guard let lock = change.lock, let text = change.lockText(by: process) else { continue }
        taken.removeAll { $0.lock == lock }
        if text.hasPrefix("holds") { taken.append((lock, index)) }
      }
    }
    return taken.prefix(3).map { "\($0.lock) is held since \(stepText($0.step)) took it" }
  }

  /// Such as: step 3, where `mutex_lock(&root);` (:12) of user[0].
  private func stepText(_ index: Int) -> String {
    let step = steps[index]
    let inner = step.executed.first.map(\.text) ?? step.place.text
    let text = step.place.text.hasSuffix("{") ? inner : step.place.text
    return "step \(index + 1), where `\(text)` (\(shortPlace(step.place))) of \(processes[step.process])"
  }
}
