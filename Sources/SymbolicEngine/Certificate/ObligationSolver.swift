import SMTSolver
import Terms

/// Asks whether lemmas make an invariant, what each of them stands on, and which are needed.
///
/// Everything is asked anew and one thing at a time: this step keeps this lemma, because of those. So it is known of each lemma which
/// others it needs at which step, and whatever follows from these answers is known without another question. They are remembered from
/// one certificate to the next.
///
/// Objects are interchangeable here as they are in proofs: lemmas speak of all of them, so what is enough for the first is enough for all.
/// The certificate asks about all.
public final class ObligationSolver {
  public let obligations: Obligations
  private let table: LemmaTable
  private let states: StateProof
  private let steps: [StepProof]
  /// Some initial state.
  private let base: [UInt64]
  private var numbers: [Term: Int] = [:]
  private var store: TermStore { obligations.encoded.store }

  /// `options` are for questions about the start, which are Z3's; all others are answered by clauses.
  ///
  /// Throws `EncodingRefusal` if the start has no formula.
  public init(_ obligations: Obligations, options: SolverOptions = SolverOptions()) throws(EncodingRefusal) {
    self.obligations = obligations
    let encoded = obligations.encoded
    table = LemmaTable(encoded, obligations.interchangeable)
    let bounds = obligations.bounds
    let network = GateNetwork(encoded.store)
    states = try StateProof(
      obligations.goals, obligations.goals.onStates, options, network, assuming: bounds)
    steps = obligations.movers.flatMap(\.steps).map { side in
      let goals = side.broken + [(Obligations.boundsGoal, obligations.leavesBounds(side.step))]
      return StepProof(encoded, side.step, goals, obligations.interchangeable, network, assuming: bounds)
    }
    base = states.someStart()
  }

  /// Lemmas that are enough.
  struct Found {
    /// Positions among those that were given, in the order in which the property leads to them.
    let kept: [Int]
    /// None of them can be left out.
    let isMinimal: Bool
    let reasons: Reasons
  }

  /// What stands on what: of each thing that was shown the lemmas, by position among those kept, that were needed.
  struct Reasons {
    struct Step {
      let bounds: Set<Int>
      let lemmas: [Set<Int>]
      let goals: [Goal: Set<Int>]
    }
    /// Of those goals that states alone break.
    let states: Set<Int>
    /// In the order of movers and their steps.
    let steps: [Step]
  }

  /// Which lemmas to keep, and whether each of them is needed.
  ///
  /// Of those that the property leads to one after the other is left out, together with those that cannot be kept by steps without
  /// it; if what is left still implies the property, it stays out. Throws `Certificate.Refusal` if all of them together are no
  /// proof, or `isOver` before that is known.
  func fewest(
    of lemmas: [Certificate.Lemma], for property: String, isOver: @escaping () -> Bool
  ) throws(Certificate.Refusal) -> Found {
    let known = lemmas.map(number)
    let attempt = Attempt(property: property, isOver: isOver)
    use(known.filter { states.startBreaking(table[$0].instances.map(\.term)) == nil })
    if states.startBreaking([obligations.bounds]) != nil {
      throw attempt.refusal("the start is not known to have values of all types")
    }
    if states.brokenAtStart().contains(where: { $0.goal.property == property && $0.isBroken }) {
      throw attempt.refusal("not known to hold before the first step")
    }
    let all = try foundation(attempt)
    let (enough, isMinimal) = try smallest(all, attempt)
    use(enough)
    let kept = try foundation(attempt.withoutLimit)
    return Found(
      kept: kept.compactMap { known.firstIndex(of: $0) }, isMinimal: isMinimal,
      reasons: reasons(property, kept))
  }

  /// What is tried, and until when.
  private struct Attempt {
    let property: String
    let isOver: () -> Bool
    func refusal(_ reason: String) -> Certificate.Refusal {
      Certificate.Refusal(description: "\(property): \(reason)")
    }
    var withoutLimit: Attempt { Attempt(property: property, isOver: { false }) }
  }

  private func number(_ lemma: Certificate.Lemma) -> Int {
    let key = store.and(lemma.instances)
    if let known = numbers[key] { return known }
    numbers[key] = table.count
    table.add(CandidateLemma(expression: lemma.expression, text: lemma.text), lemma.parts)
    return table.count - 1
  }

  /// From now on these are assumed, and no others.
  private func use(_ lemmas: [Int]) {
    let wanted = Set(lemmas)
    leaveOut(Set(table.active).subtracting(wanted))
    for number in wanted { table.set(number, .active) }
  }

  private func leaveOut(_ gone: Set<Int>) {
    for number in gone { table.set(number, .dormant) }
    for step in steps { step.forget(gone) }
    states.forget(gone)
  }

  // MARK: What a property stands on

  /// The lemmas that the property leads to, nearest first: they exclude what breaks it, or are needed for one before to be kept by
  /// every step.
  ///
  /// A lemma that is not kept is left out; if it is one of the `needed`, nothing more is tried.
  private func foundation(
    _ attempt: Attempt, needed: Set<Int> = []
  ) throws(Certificate.Refusal) -> [Int] {
    tries: while true {
      var found = try roots(attempt)
      var seen = Set(found)
      var next = 0
      while next < found.count {
        let lemma = found[next]
        next += 1
        for step in steps {
          if attempt.isOver() { throw attempt.refusal("no time to check the lemmas") }
          if let used = step.reasons(for: .lemma(lemma), table, base: base) {
            found += used.subtracting(seen).sorted()
            seen.formUnion(used)
          } else {
            if needed.contains(lemma) { throw attempt.refusal("a lemma is missing") }
            leaveOut([lemma])
            continue tries
          }
        }
      }
      return found
    }
  }

  /// The lemmas that exclude what breaks the property or the bounds.
  private func roots(_ attempt: Attempt) throws(Certificate.Refusal) -> [Int] {
    let others = Set(obligations.goals.onStates.map(\.goal).filter { $0.property != attempt.property })
    guard case .done = states.prove(table, skipping: others, base: base) else {
      throw attempt.refusal("not implied by the lemmas that are kept by steps")
    }
    var found = states.safeGoals.filter { $0.key.property == attempt.property }.reduce(into: Set<Int>()) {
      $0.formUnion($1.value)
    }
    for step in steps {
      for (goal, _) in step.goals where goal.property == attempt.property || goal == Obligations.boundsGoal {
        if attempt.isOver() { throw attempt.refusal("no time to check the lemmas") }
        guard let used = step.reasons(for: .goal(goal), table, base: base) else {
          throw attempt.refusal("not implied by the lemmas that are kept by steps")
        }
        found.formUnion(used)
      }
    }
    return found.sorted()
  }

  // MARK: Fewer lemmas

  /// Leaves out what is not needed while there is time.
  private func smallest(
    _ all: [Int], _ attempt: Attempt
  ) throws(Certificate.Refusal) -> (kept: [Int], isMinimal: Bool) {
    var kept = all
    var needed = Set<Int>()
    while let lemma = kept.first(where: { !needed.contains($0) }) {
      if attempt.isOver() { return (kept, false) }
      let shown = (steps.map(\.shown), states.safeGoals)
      use(kept.filter { $0 != lemma })
      do {
        kept = try foundation(attempt, needed: needed)
      } catch {
        // What is needed among more lemmas is needed among fewer.
        needed.insert(lemma)
        for number in kept { table.set(number, .active) }
        for (step, before) in zip(steps, shown.0) { step.shown = before }
        states.safeGoals = shown.1
        if attempt.isOver() { return (kept, false) }
      }
    }
    return (kept, true)
  }

  /// Requires: everything about the property and the lemmas is shown.
  private func reasons(_ property: String, _ kept: [Int]) -> Reasons {
    let position = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    func reasons(_ step: StepProof, _ item: StepProof.Item) -> Set<Int> {
      Set((step.reasons(for: item, table, base: base) ?? []).compactMap { position[$0] })
    }
    let excluding = states.safeGoals.filter { $0.key.property == property }.flatMap(\.value)
    return Reasons(
      states: Set(excluding.compactMap { position[$0] }),
      steps: steps.map { step in
        let goals = step.goals.map(\.goal).filter { $0.property == property }
        return Reasons.Step(
          bounds: reasons(step, .goal(Obligations.boundsGoal)),
          lemmas: kept.map { reasons(step, .lemma($0)) },
          goals: Dictionary(uniqueKeysWithValues: goals.map { ($0, reasons(step, .goal($0))) }))
      })
  }
}
