import TransitionIR

extension Statement {
  /// A step with this in it may have several successors.
  var hasChoice: Bool {
    switch self {
    case .fork, .pick: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.hasChoice) || otherwise.contains(where: \.hasChoice)
    default: false
    }
  }

  /// No path goes on after this.
  var endsPath: Bool {
    switch self {
    case .jump, .end: true
    case .branch(_, let then, let otherwise):
      then.contains(where: \.endsPath) && otherwise.contains(where: \.endsPath)
    case .fork(let branches): branches.allSatisfy { $0.contains(where: \.endsPath) }
    default: false
    }
  }
}
