import SMTSolver
import Terms

/// Asks Z3 whether lemmas make an invariant, and which of them are needed; remembers what it has told Z3 from one certificate to
/// the next.
public final class ObligationSolver {
  public let obligations: Obligations
  private let start: Solver
  private let states: StateSide
  private let steps: [StepSide]
  private var store: TermStore { obligations.encoded.store }
  /// Counterexamples tend to come from the steps that gave the last ones: these are asked first.
  private var order: [Int]

  public init(_ obligations: Obligations, options: SolverOptions = SolverOptions()) {
    self.obligations = obligations
    let store = obligations.encoded.store
    start = Solver(store: store, options: options)
    start.assert(obligations.start.condition)
    states = StateSide(store, options, assumed: [obligations.bounds])
    steps = obligations.movers.flatMap(\.steps).map { StepSide(obligations, $0, options) }
    order = Array(steps.indices)
  }

  /// Which lemmas to keep, by number, and whether each of them is needed.
  ///
  /// Of those that cores name one after the other is left out, together with those that cannot be kept by steps without it; if
  /// what is left still implies the property, it stays out. Throws `Certificate.Refusal` if all of them together are no proof.
  func fewest(
    of lemmas: [Term], for property: String, isOver: () -> Bool
  ) throws(Certificate.Refusal) -> (kept: [Int], isMinimal: Bool) {
    let claim = Claim(lemmas, obligations.broken(property))
    var kept = reasons(claim) ?? Array(lemmas.indices)
    guard holdsAtStart(claim) else { throw refusal(property, "not known to hold at the start") }
    guard implies(claim, kept) else { throw refusal(property, "not implied by the lemmas") }
    guard inductive(claim, kept) == kept else { throw refusal(property, "not inductive with the lemmas") }
    for lemma in lemmas.indices.reversed() where kept.contains(lemma) {
      if isOver() { return (kept, false) }
      let rest = kept.filter { $0 != lemma }
      guard implies(claim, rest), let smaller = inductive(claim, rest), implies(claim, smaller) else {
        continue
      }
      kept = smaller
    }
    return (kept, true)
  }

  private func refusal(_ property: String, _ reason: String) -> Certificate.Refusal {
    Certificate.Refusal(description: "\(property): \(reason)")
  }

  /// Lemmas, and what breaks the property.
  private struct Claim {
    let lemmas: [Term]
    let start: [Term]
    let states: [Term]
    let steps: [[Term]]

    init(_ lemmas: [Term], _ broken: (start: [Term], states: [Term], steps: [[[Term]]])) {
      self.lemmas = lemmas
      start = broken.start
      states = broken.states
      steps = broken.steps.flatMap { $0 }
    }
  }

  private func holdsAtStart(_ claim: Claim) -> Bool {
    let encoded = obligations.encoded
    let here = Dictionary(uniqueKeysWithValues: zip(encoded.slots, obligations.start.slots))
    let invariant = store.and(store.substitute([obligations.bounds] + claim.lemmas, here))
    if case .unsat = start.check(assuming: [store.or(claim.start + [store.not(invariant)])]) { return true }
    return false
  }

  /// Whether nothing breaks the property where the lemmas hold; false if that is not known.
  private func implies(_ claim: Claim, _ kept: [Int]) -> Bool {
    let lemmas = kept.map { claim.lemmas[$0] }
    guard case .unsat = states.check(lemmas, store.or(claim.states)) else { return false }
    return steps.indices.allSatisfy { index in
      let broken = store.or(claim.steps[index])
      if case .unsat = steps[index].states.check(lemmas, broken) { return true }
      return false
    }
  }

  /// What the property stands on, as cores tell: the lemmas that exclude what breaks it, those that these need to be kept by
  /// each step, and so on; nil if some answer is missing.
  private func reasons(_ claim: Claim) -> [Int]? {
    let all = Array(claim.lemmas.indices)
    guard var needed = states.core(claim.lemmas, store.or(claim.states)) else { return nil }
    for (index, step) in steps.enumerated() {
      guard let broken = step.states.core(claim.lemmas, store.or(claim.steps[index])),
        let bounds = step.reasons(claim.lemmas, of: obligations.bounds)
      else { return nil }
      needed.formUnion(broken.union(bounds))
    }
    var open = Array(needed)
    while let lemma = open.popLast() {
      for step in steps {
        guard let found = step.reasons(claim.lemmas, of: lemma) else { return nil }
        open += found.subtracting(needed)
        needed.formUnion(found)
      }
    }
    return all.filter { needed.contains(claim.lemmas[$0]) }
  }

  /// The most of the lemmas that steps keep together; nil if that is not known.
  private func inductive(_ claim: Claim, _ candidates: [Int]) -> [Int]? {
    var kept = candidates
    var queue = order
    while let index = queue.first {
      switch steps[index].outcome(kept.map { claim.lemmas[$0] }) {
      case .unknown: return nil
      case .keepsAll: queue.removeFirst()
      case .breaks(let broken):
        if broken.isEmpty { return nil }
        kept = kept.indices.filter { !broken.contains($0) }.map { kept[$0] }
        order.removeAll { $0 == index }
        order.insert(index, at: 0)
        queue = order
      }
    }
    return kept
  }
}

/// Lemmas about one state, told to a solver when they are first used.
private final class StateSide {
  let solver: Solver
  private let store: TermStore
  private var switches: [Term: Term] = [:]

  init(_ store: TermStore, _ options: SolverOptions, assumed: [Term]) {
    self.store = store
    solver = Solver(store: store, options: options)
    for term in assumed { solver.assert(term) }
  }

  func check(_ lemmas: [Term], _ query: Term) -> Answer {
    if query == store.no { return .unsat(core: []) }
    return solver.check(assuming: lemmas.map(switchOn) + [query])
  }

  /// The lemmas that exclude what the query asks for; nil if they are not known to.
  func core(_ lemmas: [Term], _ query: Term) -> Set<Term>? {
    guard case .unsat(let core) = check(lemmas, query) else { return nil }
    let literals = Set(core)
    return Set(lemmas.filter { switches[$0].map(literals.contains) ?? false })
  }

  private func switchOn(_ lemma: Term) -> Term {
    if let known = switches[lemma] { return known }
    let literal = store.variable("assumed \(switches.count)", .bool)
    solver.assert(store.implies(literal, lemma))
    switches[lemma] = literal
    return literal
  }
}

/// One step: which lemmas it breaks.
private final class StepSide {
  let states: StateSide
  private let store: TermStore
  private let bounds: Term
  private let happens: Term
  private var after: [Term: Term] = [:]

  enum Outcome {
    /// Every lemma and the type bounds are kept.
    case keepsAll
    /// Positions of lemmas that are broken from some state; empty if only the type bounds are.
    case breaks([Int])
    case unknown
  }

  init(_ obligations: Obligations, _ side: Obligations.Step, _ options: SolverOptions) {
    let step = side.step
    store = obligations.encoded.store
    bounds = obligations.bounds
    states = StateSide(store, options, assumed: [step.isThere, bounds])
    for slot in step.written { after[step.before[slot]] = step.after[slot] }
    happens = step.happens
  }

  /// The step makes the term false.
  ///
  /// What it does not touch stays as true as it was.
  private func breaks(_ term: Term) -> Term {
    store.substitute([term], &after)
    let next = after[term] ?? term
    return next == term ? store.no : store.and(happens, store.not(next))
  }

  /// The lemmas for which the step keeps the term; nil if it is not known to keep it.
  func reasons(_ lemmas: [Term], of term: Term) -> Set<Term>? { states.core(lemmas, breaks(term)) }

  func outcome(_ lemmas: [Term]) -> Outcome {
    let broken = (lemmas + [bounds]).map(breaks)
    switch states.check(lemmas, store.or(broken)) {
    case .unsat: return .keepsAll
    case .unknown: return .unknown
    case .sat(let model):
      let values = model.values(of: broken)
      return .breaks(lemmas.indices.filter { values[$0] != 0 })
    }
  }
}
