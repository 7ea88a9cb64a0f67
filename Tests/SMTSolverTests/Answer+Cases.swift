import SMTSolver
import Terms

/// The cases as optionals, for tests that expect one of them.
extension Answer {
  var model: Model? {
    switch self {
    case .sat(let model): model
    case .unsat, .unknown: nil
    }
  }

  var core: [Term]? {
    switch self {
    case .unsat(let core): core
    case .sat, .unknown: nil
    }
  }

  var reason: String? {
    switch self {
    case .unknown(let reason): reason
    case .sat, .unsat: nil
    }
  }

  var isSat: Bool { model != nil }
  var isUnsat: Bool { core != nil }
}
