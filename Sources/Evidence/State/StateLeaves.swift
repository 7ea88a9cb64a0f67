extension StateView {
  /// All scalars, sets and empty collections with their paths (the paths of `StateChange`), in order.
  public var leaves: [(path: String, value: StateValue)] {
    variables.flatMap { $0.value.leaves(path: $0.name, depth: 0) }
  }
}

extension StateValue {
  fileprivate func leaves(path: String, depth: Int) -> [(path: String, value: StateValue)] {
    switch self {
    case .record(let fields) where !fields.isEmpty:
      fields.flatMap { $0.value.leaves(path: "\(path).\($0.name)", depth: depth + 1) }
    case .list(let elements) where !elements.isEmpty:
      elements.enumerated().flatMap { $0.element.leaves(path: "\(path)[\($0.offset)]", depth: depth + 1) }
    case .map(let entries) where !entries.isEmpty:
      entries.flatMap { entry in
        let name: String
        if depth == 0, case .text(let object) = entry.key {
          name = object
        } else {
          name = "\(path)[\(entry.key)]"
        }
        return entry.value.leaves(path: name, depth: depth + 1)
      }
    default: [(path, self)]
    }
  }
}
