import ExplicitEngine
import SymbolicEngine
import TransitionIR

/// Reachable states that certificates are held against, as the interpreter finds them: nothing of a proof is in them.
///
/// All of a system that a short search comes to the end of; of a larger one those near the start and many that random walks meet,
/// turn about, so that whoever stops early has seen both.
struct HeldStates {
  let states: [[Int]]
  /// There is no other.
  let isAll: Bool

  /// Evaluates an invariant in these states until `isOver`; throws a `StateOutside` if it excludes one.
  func check(_ certificate: Certificate, isOver: () -> Bool) throws(StateOutside)
    -> CertificateFolder.StatesInside
  {
    let invariant = InvariantEvaluation(certificate)
    var count = 0
    for state in states {
      if isOver() { break }
      if let part = invariant.partThatExcludes(state) {
        throw StateOutside(property: certificate.property, part: part)
      }
      count += 1
    }
    return .init(count: count, isAll: isAll && count == states.count)
  }
}

extension HeldStates {
  /// More in the levels of a search make it a large system.
  private static let searchLimit = 20_000
  /// Of a large system: so many near the start, and so many that walks meet, which go deep.
  private static let nearLimit = 1_500
  private static let walkLimit = 6_000

  /// Takes `seconds` at most, about a half for the search and a half for the walks.
  init(of system: TransitionSystem, host: Host, seconds: Double) throws {
    let interpreter = Interpreter(system)
    let end = host.now() + seconds
    var limits = SearchLimits(clock: host.now)
    limits.seconds = seconds / 2
    let found = try ReachableStates(of: interpreter, limits: limits, stateLimit: Self.searchLimit)
    isAll = found.isComplete
    let distance = isAll ? 1 : max(1, found.count / Self.nearLimit)
    var near: [[Int]] = []
    var index = 0
    found.forEach {
      if index.isMultiple(of: distance) { near.append($0) }
      index += 1
    }
    let walked =
      isAll
      ? [] : SampledStates(of: interpreter, limit: Self.walkLimit, isOver: { host.now() > end }).states
    states = Self.mixed(near, walked)
  }

  /// Turn about, each once.
  private static func mixed(_ some: [[Int]], _ others: [[Int]]) -> [[Int]] {
    var seen = Set<[Int]>()
    return (0..<max(some.count, others.count)).flatMap { index in
      [some, others].compactMap { index < $0.count ? $0[index] : nil }
    }.filter { seen.insert($0).inserted }
  }
}

/// A state can be reached and a certificate says that it cannot: then a proof is wrong, whatever solvers say.
struct StateOutside: Error, CustomStringConvertible {
  let property: String
  let part: String

  var description: String {
    "the proof of \(property) is wrong: its invariant excludes a state that can be reached: \(part)"
  }
}
