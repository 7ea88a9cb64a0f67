import Terms
import TransitionIR

/// A certificate as SMT-LIB 2 in QF_BV, in files that any solver for that logic can be asked.
///
/// Every file begins with the very same text, which defines the lemmas and the invariant as functions of the state; what follows is
/// what is asked about it. So whoever checks that the beginnings are equal bytes knows that all files speak of one invariant.
struct CertificateText {
  let certificate: Certificate
  /// The declarations, with the names of all variables, and the definition of the invariant.
  private let head: SMTLIBText
  /// The variables of the state, by slot.
  private let names: [String]
  private let bounds: [Function]
  private let lemmas: [Function]
  private let invariant: Function
  private var obligations: Obligations { certificate.obligations }
  private var encoded: SymbolicSystem { obligations.encoded }
  private var store: TermStore { encoded.store }

  /// A file of a certificate.
  ///
  /// Each of its queries has to be unsatisfiable.
  struct File {
    let name: String
    let text: String
    let queryCount: Int
  }

  /// A function of the state, as far as it depends on it.
  private struct Function {
    let name: String
    let slots: [Int]

    func call(_ state: [String]) -> String {
      slots.isEmpty ? name : "(\(name) \(slots.map { state[$0] }.joined(separator: " ")))"
    }
  }

  /// `title` says what is proven of what, in one line.
  init(_ certificate: Certificate, title: String) {
    self.certificate = certificate
    let encoded = certificate.obligations.encoded
    var text = SMTLIBText(encoded.store)
    text.line("; \(title.onOneLine)")
    text.line("(set-logic QF_BV)")
    text.line("\n; A state: what every variable of the system is.")
    names = text.expressions(encoded.slots)
    var writer = DefinitionWriter(encoded: encoded, names: names, text: text)
    (bounds, lemmas, invariant) = writer.define(certificate)
    head = writer.text
  }

  func files() -> [File] {
    [File(name: "invariant.smt2", text: head.text, queryCount: 0)]
      + [startFile()] + stepFiles() + [propertyFile()]
  }

  // MARK: The invariant

  /// Writes the beginning of all files.
  private struct DefinitionWriter {
    let encoded: SymbolicSystem
    let names: [String]
    var text: SMTLIBText

    mutating func define(_ certificate: Certificate) -> ([Function], [Function], Function) {
      text.line("\n; Every variable has one of the values of its type.")
      let types = encoded.slots.indices.map {
        encoded.table.isValid(encoded.slots[$0], $0, in: encoded.store)
      }
      var bounds = [define("|type bounds|", types)]
      if !certificate.obligations.places.isEmpty {
        text.line("\n; Every process stands where control may lead, or has ended.")
        bounds.append(define("|places|", certificate.obligations.places))
      }
      var lemmas: [Function] = []
      for (number, lemma) in certificate.lemmas.enumerated() {
        text.line("\n; Lemma \(number + 1): \(lemma.text.onOneLine)")
        lemmas.append(define("|lemma \(number + 1)|", lemma.instances))
      }
      let invariant = Function(name: "|the invariant|", slots: Array(encoded.slots.indices))
      text.line("\n(define-fun \(invariant.name) (\(parameters(invariant.slots))) Bool")
      text.line("  (and true")
      for part in bounds + lemmas { text.line("  \(part.call(names))") }
      text.line("  ))\n; The invariant ends here.")
      return (bounds, lemmas, invariant)
    }

    /// A function of the variables that the terms depend on, which is their conjunction.
    private mutating func define(_ name: String, _ terms: [Term]) -> Function {
      let terms = terms.filter { $0 != encoded.store.yes }
      let function = Function(name: name, slots: encoded.store.variables(in: terms).sorted())
      text.line("(define-fun \(name) (\(parameters(function.slots))) Bool")
      text.line("  (and true")
      for term in terms { text.line("  \(text.closedExpression(term))") }
      text.line("  ))")
      return function
    }

    private func parameters(_ slots: [Int]) -> String {
      slots.map { "(\(names[$0]) \(SMTLIBText.spelled(encoded.table.slots[$0].sort)))" }
        .joined(separator: " ")
    }
  }

  // MARK: What is asked

  /// A query on its own, which has to be unsatisfiable; the lemmas, by position, are said of the state before.
  private func ask(
    _ title: String, assuming reasons: Set<Int> = [], _ assertions: [String], _ text: inout SMTLIBText
  ) {
    text.line("\n; \(title.onOneLine)")
    text.line("(push 1)")
    for position in reasons.sorted() { text.line("(assert \(lemmas[position].call(names)))") }
    for assertion in assertions { text.line("(assert \(assertion))") }
    text.line("(set-info :status unsat)\n(check-sat)\n(pop 1)")
  }

  private func assertBounds(_ text: inout SMTLIBText) {
    text.line("\n; Of every state that is asked about.")
    for part in bounds { text.line("(assert \(part.call(names)))") }
  }

  private func startFile() -> File {
    var text = head
    let start = obligations.start
    text.line("\n; The initial states, as functions of what is chosen before the first step.")
    let condition = text.expression(start.condition)
    let state = text.expressions(start.slots)
    ask(
      "Is there an initial state outside of the invariant?",
      [condition, "(not \(invariant.call(state)))"], &text)
    let broken = obligations.startBroken.filter {
      $0.goal.property == certificate.property && $0.term != store.no
    }
    for (_, term) in broken {
      ask("Does what happens before the first step break the property?", [text.expression(term)], &text)
    }
    return File(name: "initial.smt2", text: text.text, queryCount: 1 + broken.count)
  }

  private func stepFiles() -> [File] {
    var reasons = certificate.reasons.steps[...]
    return obligations.movers.map { mover in
      var text = head
      let kind = mover.kind
      if mover.isRepresentative {
        text.line(
          "\n; Steps of one \(kind.name), which stands for all \(kind.count): they are interchangeable, that is, exchanging two of"
        )
        text.line(
          "; them in a state maps steps to steps, initial states to initial states, and the invariant to itself. So if any of"
        )
        text.line("; them had a step out of the invariant, so had this one.")
      } else {
        text.line(
          "\n; Steps of \(kind.name), process \(mover.process - kind.firstProcess + 1) of \(kind.count).")
      }
      assertBounds(&text)
      var count = 0
      if !mover.isEverywhere {
        elsewhere(mover, &text)
        count += 1
      }
      for side in mover.steps { count += step(side.step, reasons.removeFirst(), &text) }
      let isOnly = mover.isRepresentative || kind.count == 1
      let suffix = isOnly ? "" : "-\(mover.process - kind.firstProcess + 1)"
      return File(name: "steps-\(kind.name.fileName)\(suffix).smt2", text: text.text, queryCount: count)
    }
  }

  /// Steps from some places are not looked at.
  private func elsewhere(_ mover: Obligations.Mover, _ text: inout SMTLIBText) {
    let isPlaced = text.expression(Obligations.isPlaced(mover.process, as: mover, encoded))
    let count = "\(mover.steps.count) of \(mover.kind.locationCount)"
    ask("Only steps from \(count) places follow. Can it stand elsewhere?", ["(not \(isPlaced))"], &text)
  }

  /// Asks of each part of the invariant that depends on what the step writes whether it is kept; gives the number of queries.
  private func step(
    _ step: SymbolicStep, _ reasons: ObligationSolver.Reasons.Step, _ text: inout SMTLIBText
  ) -> Int {
    let number = step.location.index
    text.line("\n; Step \(number): \(place(step))")
    let conditions = text.expressions([step.isThere, step.happens])
    let written = step.written
    let values = text.expressions(written.map { step.after[$0] })
    var state = names
    for (slot, value) in zip(written, values) {
      let name = "|\(names[slot].filter { $0 != "|" })' after step \(number)|"
      text.line("(define-fun \(name) () \(SMTLIBText.spelled(encoded.table.slots[slot].sort)) \(value))")
      state[slot] = name
    }
    text.line("(push 1)")
    for condition in conditions { text.line("(assert \(condition))") }
    var count = 0
    func ask(_ what: String, _ part: Function, _ reasons: Set<Int>) {
      guard part.slots.contains(where: written.contains) else { return }
      self.ask("Does it break \(what)?", assuming: reasons, ["(not \(part.call(state)))"], &text)
      count += 1
    }
    for part in bounds { ask("the \(part.name.filter { $0 != "|" })", part, reasons.bounds) }
    for (position, part) in lemmas.enumerated() {
      ask("lemma \(position + 1)", part, reasons.lemmas[position].union([position]))
    }
    text.line("\n(pop 1)")
    return count
  }

  private func place(_ step: SymbolicStep) -> String {
    let site = encoded.system.locations[step.location.index].site
    guard encoded.system.sites.indices.contains(site.index) else { return "" }
    let place = encoded.system.sites[site.index]
    return "line \(place.line): \(place.text)"
  }

  private func propertyFile() -> File {
    var text = head
    var count = 0
    assertBounds(&text)
    for (goal, term) in obligations.goals.onStates
    where goal.property == certificate.property && term != store.no {
      ask(
        "Is there a state of the invariant that breaks the property?", assuming: certificate.reasons.states,
        [text.expression(term)], &text)
      count += 1
    }
    for (side, reasons) in zip(obligations.movers.flatMap(\.steps), certificate.reasons.steps) {
      for (goal, term) in side.broken where goal.property == certificate.property {
        let parts = text.expressions([side.step.isThere, term])
        ask(
          "Does step \(side.step.location.index) (\(place(side.step))) break the property?",
          assuming: reasons.goals[goal] ?? [], parts, &text)
        count += 1
      }
    }
    if count == 0 { text.line("\n; Nothing that could break the property is left to ask about.") }
    return File(name: "property.smt2", text: text.text, queryCount: count)
  }
}

extension String {
  /// For comments: whatever it holds, it ends with its line.
  var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
  /// For names of files and folders.
  var fileName: String { String(map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" }) }
}
