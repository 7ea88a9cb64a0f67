import Terms
import TransitionIR

/// A certificate as SMT-LIB 2 in QF_BV, in files that any solver for that logic can be asked.
///
/// Every file begins with the very same text, which defines the invariant as a function of the state; what follows is what is asked
/// about it. So whoever checks that the beginnings are equal bytes knows that all files speak of one invariant.
struct CertificateText {
  let certificate: Certificate
  /// The declarations and the definition of the invariant, with the names of all variables.
  private let base: SMTLIBText
  /// The variables of the state, by slot.
  private let names: [String]
  private var encoded: SymbolicSystem { certificate.obligations.encoded }
  private var store: TermStore { encoded.store }

  /// A file of a certificate.
  ///
  /// Each of its queries has to be unsatisfiable.
  struct File {
    let name: String
    let text: String
    let queryCount: Int
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
    base = text
  }

  func files() -> [File] {
    let invariant = invariant()
    return [File(name: "invariant.smt2", text: invariant.text, queryCount: 0)]
      + [startFile(invariant)] + stepFiles(invariant) + [propertyFile(invariant)]
  }

  // MARK: The invariant

  private func invariant() -> SMTLIBText {
    var text = base
    text.line("\n; Every variable has one of the values of its type.")
    var calls = [
      define(
        "|type bounds|",
        encoded.slots.indices.map { slot in
          encoded.table.isValid(encoded.slots[slot], slot, in: store)
        }, &text)
    ]
    if !certificate.obligations.places.isEmpty {
      text.line("\n; Every process stands where control may lead, or has ended.")
      calls.append(define("|places|", certificate.obligations.places, &text))
    }
    for (number, lemma) in certificate.lemmas.enumerated() {
      text.line("\n; Lemma \(number + 1): \(lemma.text.onOneLine)")
      calls.append(define("|lemma \(number + 1)|", lemma.instances, &text))
    }
    text.line("\n(define-fun |the invariant| (\(parameters(Array(encoded.slots.indices)))) Bool")
    text.line("  (and true")
    for call in calls { text.line("  \(call)") }
    text.line("  ))\n; The invariant ends here.")
    return text
  }

  /// A function of the variables that the terms depend on, which is their conjunction; gives a call with these variables.
  private func define(_ name: String, _ terms: [Term], _ text: inout SMTLIBText) -> String {
    let terms = terms.filter { $0 != store.yes }
    let support = store.variables(in: terms).sorted()
    if support.isEmpty {
      text.line("(define-fun \(name) () Bool \(terms.isEmpty ? "true" : "false"))")
      return name
    }
    text.line("(define-fun \(name) (\(parameters(support))) Bool")
    text.line("  (and true")
    for term in terms { text.line("  \(text.closedExpression(term))") }
    text.line("  ))")
    return "(\(name) \(support.map { names[$0] }.joined(separator: " ")))"
  }

  private func parameters(_ slots: [Int]) -> String {
    slots.map { "(\(names[$0]) \(SMTLIBText.spelled(encoded.table.slots[$0].sort)))" }.joined(separator: " ")
  }

  /// The invariant of another state than that of the variables.
  private func invariant(of state: [String]) -> String { "(|the invariant| \(state.joined(separator: " ")))" }

  // MARK: What is asked

  /// A query on its own, which has to be unsatisfiable.
  private func ask(_ title: String, _ assertions: [String], _ text: inout SMTLIBText) {
    text.line("\n; \(title.onOneLine)")
    text.line("(push 1)")
    for assertion in assertions { text.line("(assert \(assertion))") }
    text.line("(set-info :status unsat)\n(check-sat)\n(pop 1)")
  }

  private func startFile(_ invariant: SMTLIBText) -> File {
    var text = invariant
    let start = certificate.obligations.start
    text.line("\n; The initial states, as functions of what is chosen before the first step.")
    let condition = text.expression(start.condition)
    let state = text.expressions(start.slots)
    ask(
      "Is there an initial state outside of the invariant?",
      [condition, "(not \(self.invariant(of: state)))"], &text)
    let broken = certificate.obligations.broken(certificate.property).start.filter { $0 != store.no }
    for term in broken {
      ask("Does what happens before the first step break the property?", [text.expression(term)], &text)
    }
    return File(name: "initial.smt2", text: text.text, queryCount: 1 + broken.count)
  }

  private func stepFiles(_ invariant: SMTLIBText) -> [File] {
    certificate.obligations.movers.map { mover in
      var text = invariant
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
      text.line("(assert \(self.invariant(of: names)))")
      if !mover.isEverywhere { elsewhere(mover, &text) }
      for side in mover.steps { step(side.step, &text) }
      let isOnly = mover.isRepresentative || kind.count == 1
      let suffix = isOnly ? "" : "-\(mover.process - kind.firstProcess + 1)"
      let name = "steps-\(kind.name.fileName)\(suffix).smt2"
      return File(name: name, text: text.text, queryCount: mover.steps.count + (mover.isEverywhere ? 0 : 1))
    }
  }

  /// Steps from some places are not looked at.
  private func elsewhere(_ mover: Obligations.Mover, _ text: inout SMTLIBText) {
    let isPlaced = text.expression(Obligations.isPlaced(mover.process, as: mover, encoded))
    let count = "\(mover.steps.count) of \(mover.kind.locationCount)"
    ask("Only steps from \(count) places follow. Can it stand elsewhere?", ["(not \(isPlaced))"], &text)
  }

  private func step(_ step: SymbolicStep, _ text: inout SMTLIBText) {
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
    ask("Does it lead out of the invariant?", conditions + ["(not \(invariant(of: state)))"], &text)
  }

  private func place(_ step: SymbolicStep) -> String {
    let site = encoded.system.locations[step.location.index].site
    guard encoded.system.sites.indices.contains(site.index) else { return "" }
    let place = encoded.system.sites[site.index]
    return "line \(place.line): \(place.text)"
  }

  private func propertyFile(_ invariant: SMTLIBText) -> File {
    var text = invariant
    var count = 0
    let broken = certificate.obligations.broken(certificate.property)
    text.line("\n(assert \(self.invariant(of: names)))")
    for term in broken.states {
      ask("Is there a state of the invariant that breaks the property?", [text.expression(term)], &text)
      count += 1
    }
    for (mover, terms) in zip(certificate.obligations.movers, broken.steps) {
      for (side, found) in zip(mover.steps, terms) {
        for term in found where term != store.no {
          let parts = text.expressions([side.step.isThere, term])
          ask("Does step \(side.step.location.index) (\(place(side.step))) break the property?", parts, &text)
          count += 1
        }
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
