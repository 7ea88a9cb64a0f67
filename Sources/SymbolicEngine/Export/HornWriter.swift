import Terms
import TransitionIR

/// A question as constrained Horn clauses over one unknown, `Inv`: a set of states that has every initial one, is closed under
/// every step, and has none that fails.
///
/// `sat` says that there is such a set, so nothing fails in any run; `unsat` says that something does. Each step of each process is
/// a clause of its own, so that the clauses stay small.
struct HornWriter {
  private let question: SafetyQuestion
  private let states: [(name: String, sort: String)]
  private var text: String
  /// What variables of the state are called; those of a clause are added.
  private var names: [Term: String] = [:]
  private var taken: Set<String> = ["Inv"]
  private var encoded: SymbolicSystem { question.encoded }
  private var store: TermStore { question.store }

  /// Throws if the system, or a property that is asked about, has no formula.
  static func text(_ question: SafetyQuestion, header: [String]) throws(EncodingRefusal) -> String {
    var writer = HornWriter(question)
    let start = try question.encoded.initialState()
    let processes = 0..<question.encoded.system.processCount
    let steps = try question.encoded.reachableSteps(of: processes)
    let onSteps = steps.map { question.goals.onStep($0) }
    try question.requireFormulas()
    writer.declare(header)
    writer.addStart(start)
    for (step, goals) in zip(steps, onSteps) { writer.add(step, goals) }
    for (goal, term) in question.goals.onStates {
      writer.comment(goal.property)
      writer.clause(from: true, [term], to: nil, over: [])
    }
    return writer.text + "(check-sat)\n"
  }

  private init(_ question: SafetyQuestion) {
    self.question = question
    text = ""
    var states: [(name: String, sort: String)] = []
    for (term, slot) in zip(question.encoded.slots, question.encoded.table.slots) {
      let name = SMTLIBText.uniqueSymbol(slot.name, &taken)
      names[term] = name
      states.append((name, SMTLIBText.spelled(slot.sort)))
    }
    self.states = states
  }

  private mutating func comment(_ text: String) { self.text += "; \(text)\n" }

  private mutating func declare(_ header: [String]) {
    header.forEach { comment($0) }
    text += "(set-logic HORN)\n"
    text += "(declare-fun Inv (\(states.map(\.sort).joined(separator: " "))) Bool)\n"
  }

  private mutating func addStart(_ start: SymbolicStart) {
    comment("initial states")
    clause(from: false, [start.condition], to: start.slots, over: start.inputs)
    for (goal, term) in question.goals.onStart(start) {
      comment(goal.property)
      clause(from: false, [term], to: nil, over: start.inputs)
    }
  }

  private mutating func add(_ step: SymbolicStep, _ goals: [(goal: Goal, term: Term)]) {
    let site = encoded.system.sites[encoded.system.locations[step.location.index].site.index]
    let place = "\(encoded.system.processName(step.process)): \(site.text)".filter {
      $0.isASCII && !$0.isNewline
    }
    if step.happens != store.no {
      comment(place)
      clause(from: true, [step.isThere, step.happens], to: step.after, over: step.inputs)
    }
    for (goal, term) in goals {
      comment("\(place): \(goal.property)")
      clause(from: true, [step.isThere, term], to: nil, over: step.inputs)
    }
  }

  /// If the state before is in `Inv` (or is not asked for) and the conditions hold, the state after is, or something fails.
  private mutating func clause(
    from before: Bool, _ conditions: [Term], to after: [Term]?, over inputs: [Term]
  ) {
    if conditions.contains(store.no) { return }
    var (known, taken) = (names, taken)
    var variables = before ? states : []
    for input in inputs {
      let name = SMTLIBText.uniqueSymbol(store.name(ofVariable: input), &taken)
      known[input] = name
      variables.append((name, SMTLIBText.spelled(store.sort(of: input))))
    }
    var terms = LetText(store, known, conditions + (after ?? []))
    let body = terms.spelled { texts in
      let premises = (before ? [application(states.map(\.name))] : []) + texts.prefix(conditions.count)
      let conclusion = after == nil ? "false" : application(Array(texts.dropFirst(conditions.count)))
      return "(=> \(Self.conjunction(premises)) \(conclusion))"
    }
    let bound = variables.map { "(\($0.name) \($0.sort))" }.joined(separator: " ")
    text += variables.isEmpty ? "(assert \(body))\n" : "(assert (forall (\(bound)) \(body)))\n"
  }

  private static func conjunction(_ parts: [String]) -> String {
    let parts = parts.filter { $0 != "true" }
    return parts.count < 2 ? parts.first ?? "true" : "(and \(parts.joined(separator: " ")))"
  }

  private func application(_ arguments: [String]) -> String {
    arguments.isEmpty ? "Inv" : "(Inv \(arguments.joined(separator: " ")))"
  }
}
