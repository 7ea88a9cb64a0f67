/// One difference between two states: the smallest part that is not the same.
public struct StateChange: Hashable, Sendable {
  /// Such as `mm_struct#0.mmap_lock.readers`, `total`, `pte[2].flags`, `user[0].find_shared_vma.host`.
  public let path: String
  /// Nil if the part did not exist: an object that was allocated, a local that came into scope.
  public let before: StateValue?
  /// Nil if the part does not exist any more.
  public let after: StateValue?
  /// The top-level variable that the path begins with.
  public let variable: String

  /// Belongs to one process only.
  public let isLocal: Bool
  /// The path of the lock whose holders these are, if they are a lock's.
  public let lock: String?
}

extension StateChange: CustomStringConvertible {
  /// Such as `mm_struct#0.mmap_lock.readers: {} -> {user[0]}`.
  public var description: String {
    switch (before, after) {
    case (nil, let after?): "\(path): \(after)"
    case (_?, nil): "\(path): gone"
    case (let before?, let after?): "\(path): \(before) -> \(after)"
    case (nil, nil): path
    }
  }

  /// Without the value before, which an earlier line of a trace shows.
  ///
  /// `total = 2`, `new mm_struct#0`, and for the locks of the process that moved `holds mm_struct#0.mmap_lock`.
  public func short(by process: String) -> String {
    if let text = lockText(by: process) { return text }
    switch (before, after) {
    case (nil, .record?): return "new \(path)"
    case (_, nil): return "\(path) freed"
    case (_, let after?): return "\(path) = \(after)"
    }
  }

  /// `holds root` or `drops root`, if this is what the process did.
  func lockText(by name: String) -> String? {
    guard let lock else { return nil }
    let process = StateValue.text(name)
    switch (before, after) {
    case (.null?, process?): return "holds \(lock)"
    case (process?, .null?): return "drops \(lock)"
    case (.set(let old)?, .set(let new)?):
      if new.filter({ $0 != process }) != old.filter({ $0 != process }) { return nil }
      return new.contains(process) ? "holds \(lock) (read)" : "drops \(lock)"
    default: return nil
    }
  }
}

extension StateView {
  /// Every difference from this state to `later`, shared state first, without the control points of processes.
  ///
  /// Locals that go out of scope, or come into scope with nothing in them, are no difference.
  public func changes(to later: StateView) -> [StateChange] {
    var finder = ChangeFinder()
    for field in later.variables {
      finder.variable = field.name
      finder.compare(self[field.name], field.value, path: field.name, at: .variable)
    }
    let locals = finder.changes.filter { $0.isLocal && !($0.before == nil && $0.after?.isBlank ?? true) }
    return finder.changes.filter { !$0.isLocal } + locals
  }
}

/// Walks two values side by side.
private struct ChangeFinder {
  /// What a value is, by where it stands: the shape of a lock's record is no proof.
  enum Position { case variable, object, part }

  var changes: [StateChange] = []
  var variable = ""
  private var isLocal = false
  private var lock: String?

  mutating func compare(
    _ before: StateValue?, _ after: StateValue?, path: String, at position: Position
  ) {
    if before == after { return }
    switch (before, after) {
    case (.record(let old)?, .record(let new)?):
      let isProcess = position == .variable && new.first?.name == StateView.positionName
      isLocal = isProcess || isLocal
      lock = isProcess || position == .object ? nil : path
      compareRecords(old, new, path: path, isProcess: isProcess)
      isLocal = isLocal && !isProcess
      lock = nil
    case (.map(let old)?, .map(let new)?): compareMaps(old, new, path: path, at: position)
    case (.list(let old)?, .list(let new)?) where old.count == new.count:
      for (index, pair) in zip(old, new).enumerated() {
        compare(pair.0, pair.1, path: "\(path)[\(index)]", at: .part)
      }
    default:
      changes.append(
        StateChange(
          path: path, before: before, after: after, variable: variable, isLocal: isLocal, lock: lock))
    }
  }

  private mutating func compareRecords(
    _ old: [StateValue.Field], _ new: [StateValue.Field], path: String, isProcess: Bool
  ) {
    for field in new where !(isProcess && field.name == StateView.positionName) {
      let before = old.first { $0.name == field.name }?.value
      compare(before, field.value, path: "\(path).\(field.name)", at: .part)
    }
  }

  /// Entries of a pool (the keys are object names, top level) are named by their key alone.
  private mutating func compareMaps(
    _ old: [StateValue.Entry], _ new: [StateValue.Entry], path: String, at position: Position
  ) {
    func compareEntry(_ key: StateValue, _ before: StateValue?, _ after: StateValue?) {
      if position == .variable, case .text(let object) = key {
        compare(before, after, path: object, at: .object)
      } else {
        compare(before, after, path: "\(path)[\(key)]", at: .part)
      }
    }
    for entry in old where !new.contains(where: { $0.key == entry.key }) {
      compareEntry(entry.key, entry.value, nil)
    }
    for entry in new { compareEntry(entry.key, old.first { $0.key == entry.key }?.value, entry.value) }
  }
}
