import Reductions
import TransitionIR

/// How many processes of a kind are enough to prove something for any number of them.
///
/// If a step breaks a lemma or a goal in a larger system, it does so in a state from which most processes are left out: who moves,
/// whoever the broken instance speaks of, whoever some variable names, and a member of each set that is not empty stay; nobody
/// else is looked at. What keeps this from being true is refused. The argument is in decision 10.
public struct ProcessCutoff {
  private let system: TransitionSystem
  private let kinds: Set<KindID>
  /// Slots outside of the growing processes that name a process.
  private let names: Int
  /// Slots that are sets of processes.
  private let sets: Int
  /// Of one step, how often it asks whether nobody else knows an object.
  private let exclusives: Int
  /// Of each set, for what steps ask of it.
  private let members: Int

  /// Looks at everything but lemmas and properties; `kinds` are those whose number is to grow.
  public init(_ system: TransitionSystem, growing kinds: Set<KindID>) throws(CutoffRefusal) {
    self.system = system
    self.kinds = kinds
    try Self.checkSymmetry(system, kinds)
    (names, sets) = try Self.slots(system, kinds)
    var (most, members) = (0, 1)
    for body in system.steps.map(\.body) + system.startBodies + [system.initialBody] {
      var reader = CutoffReader(system, growing: kinds, .step)
      try reader.read(body)
      most = max(most, reader.exclusiveCount)
      members = max(members, reader.memberCount)
    }
    exclusives = most
    self.members = members
    for (kind, body) in system.startBodies.enumerated() where !Self.writesOwnOnly(body, KindID(kind), system)
    {
      throw CutoffRefusal("processes write shared variables before their first step")
    }
  }

  private static func checkSymmetry(
    _ system: TransitionSystem, _ kinds: Set<KindID>
  ) throws(CutoffRefusal) {
    for kind in kinds.sorted(by: { $0.index < $1.index }) {
      let description = system.kinds[kind.index]
      if !description.isSymmetric { throw CutoffRefusal("\(description.name) is not symmetric") }
    }
    for refusal in Symmetry(system).refusals {
      guard case .kind(let kind) = refusal.origin, kinds.contains(kind) else { continue }
      throw CutoffRefusal("\(refusal.name): \(refusal.reason)")
    }
  }

  private static func slots(
    _ system: TransitionSystem, _ kinds: Set<KindID>
  ) throws(CutoffRefusal) -> (names: Int, sets: Int) {
    var (names, sets) = (0, 0)
    for variable in system.variables {
      switch variable.domain {
      case .pointer(system.processPool, _): names += variable.slotCount
      case .set(.pointer(system.processPool, _)): sets += variable.slotCount
      case .set(.set): throw CutoffRefusal("\(variable.name) is a set of sets")
      default: continue
      }
      if variable.initial != 0 { throw CutoffRefusal("\(variable.name) names a process in the beginning") }
      for dimension in variable.dimensions {
        switch dimension {
        case .process(let kind, _) where !kinds.contains(kind): break
        case .array: break
        case .pool(let pool, _) where pool != system.processPool: break
        case .process, .pool:
          // Who stays would name others who have to stay, and so on.
          throw CutoffRefusal("\(variable.name) of one process names another")
        }
      }
    }
    return (names, sets)
  }

  /// Start bodies of several processes do not know of each other.
  private static func writesOwnOnly(_ body: [Statement], _ kind: KindID, _ system: TransitionSystem) -> Bool {
    func isOwn(_ place: Place) -> Bool {
      switch system.variables[place.variable.index].role {
      case .local(kind), .hidden(kind): if case .current? = place.indices.first { true } else { false }
      default: false
      }
    }
    return body.allSatisfy { statement in
      switch statement {
      case .assign(let place, _), .pick(let place, _, _, _): isOwn(place)
      case .branch(_, let then, let otherwise):
        writesOwnOnly(then, kind, system) && writesOwnOnly(otherwise, kind, system)
      case .fork(let branches): branches.allSatisfy { writesOwnOnly($0, kind, system) }
      case .allocate, .free: false
      case .wait, .check, .acquiring, .cover, .clear, .jump, .end: true
      }
    }
  }

  // MARK: What is shown

  /// What has to stay in a state for the sake of one lemma or property, beside what steps need.
  public struct Need: Hashable, Sendable {
    /// Processes that are spoken of, by kind.
    var witnesses: [KindID: Int] = [:]
    /// Of each set.
    var members = 1
    /// Processes of growing kinds are counted.
    public internal(set) var counts = false

    public init() {}

    /// At least so many processes of a kind are spoken of.
    public mutating func include(witnesses: Int, of kind: KindID) {
      self.witnesses[kind] = max(self.witnesses[kind] ?? 0, witnesses)
    }

    /// What is enough for both.
    public mutating func formMax(_ other: Need) {
      witnesses.merge(other.witnesses, uniquingKeysWith: max)
      members = max(members, other.members)
      counts = counts || other.counts
    }
  }

  /// What a lemma needs; throws if it is not of the sort that can be used for any number.
  public func need(ofLemma expression: Expression) throws(CutoffRefusal) -> Need {
    var reader = CutoffReader(system, growing: kinds, .lemma)
    try reader.read(formula: expression)
    return need(reader)
  }

  /// What a property needs; throws if it is not of the sort that can be shown for any number.
  public func need(ofProperty name: String) throws(CutoffRefusal) -> Need {
    if let property = system.properties.first(where: { $0.name == name }) {
      if property.group == .reachable { throw CutoffRefusal("it asks for a run, not for all of them") }
      // An invariant is assumed of the state before, too.
      var reader = CutoffReader(system, growing: kinds, property.group == .invariant ? .lemma : .goal)
      try reader.read(formula: property.body)
      return need(reader)
    }
    var need = Need()
    guard name == BuiltinProperty.deadlock.rawValue else { return need }
    if exclusives > 0 {
      throw CutoffRefusal("steps ask who knows an object, and each process may be stuck there")
    }
    // Somebody who has not ended; and each of those who stay may think of itself as left out of each set.
    for kind in kinds { need.witnesses[kind] = 1 }
    need.members = members + 1
    return need
  }

  private func need(_ reader: CutoffReader) -> Need {
    var need = Need()
    need.witnesses = reader.binders
    need.members = reader.memberCount
    need.counts = reader.countsProcesses
    return need
  }

  /// How many processes of a growing kind are enough, if this is all that is needed.
  public func count(of kind: KindID, for need: Need) -> Int {
    let mover = 1
    return mover + (need.witnesses[kind] ?? 0) + exclusives + names + sets * max(members, need.members)
  }
}
