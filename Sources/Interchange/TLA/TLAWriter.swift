import TransitionIR

/// TLA+ for TLC: one variable for each of ours, one action for each control point.
///
/// An action computes with the state as a record: each write makes a new one by `EXCEPT`, choices are disjunctions and
/// existential quantifiers, and its end makes the last record the next state.
struct TLAWriter {
  let model: Model
  let options: ExportOptions
  let moduleName: String
  var text = ""
  var indentation = 0
  /// How many records and continuations the action at hand has named.
  var stateCount = 0
  var continuationCount = 0
  var usesDivision = false
  /// How many bits the operands of bit operations have at most; 0 if there are none.
  var bitCount = 0

  /// The record of the state before a step; reads of it are plain variables.
  static let variables = "State"

  static let reserved = Set(
    """
    ASSUME ASSUMPTION AXIOM ACTION BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN
    ELSE ENABLED EXCEPT EXTENDS FALSE HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS
    OMITTED OTHER PICK PROOF PROPOSITION PROVE QED RECURSIVE SF_ STATE STRING SUBSET SUFFICES TAKE
    TEMPORAL THEN THEOREM TRUE UNCHANGED UNION USE VARIABLE VARIABLES WF_ WITH WITNESS BOOLEAN Nat Int
    Cardinality IsFiniteSet Init Next Spec State Become TypeOK vars self Absolute Quotient Remainder
    BitAnd BitOr BitXor
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  static func write(_ system: TransitionSystem, _ options: ExportOptions) throws(ExportRefusal) -> Export {
    let name = options.moduleName ?? NameTable.sanitized(system.name)
    guard NameTable.isIdentifier(name), !reserved.contains(name) else {
      throw ExportRefusal("a file named \(name).tla: a module has the name of its file, and this is none")
    }
    var writer = TLAWriter(
      model: try Model(system, reserved: reserved.union([name]), options), options: options, moduleName: name)
    let text = try writer.whole()
    return Export(text: text, companions: [(".cfg", writer.configuration)])
  }

  private init(model: Model, options: ExportOptions, moduleName: String) {
    self.model = model
    self.options = options
    self.moduleName = moduleName
  }

  private var configuration: String {
    var lines = ["INIT Init", "NEXT Next"]
    for invariant in model.invariants { lines.append("INVARIANT \(invariant.name)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func whole() throws(ExportRefusal) -> String {
    for step in model.steps {
      try action(step)
      if text.utf8.count > options.textLimit { throw tooLong(options) }
    }
    next()
    try properties()
    let steps = text
    text = ""
    header()
    declarations()
    try initial()
    return text + steps + String(repeating: "=", count: 78) + "\n"
  }

  mutating func line(_ code: String) {
    text += code.isEmpty ? "\n" : String(repeating: "  ", count: indentation) + code + "\n"
  }

  // MARK: Parts

  private mutating func header() {
    let dashes = String(repeating: "-", count: max(4, (70 - moduleName.count) / 2))
    line("\(dashes) MODULE \(moduleName) \(dashes)")
    for note in exportHeader(model.system, options) { line("\\* \(note)") }
    let configuration = configuration.split(separator: "\n").joined(separator: ", ")
    line("\\* TLC: \(configuration); without deadlock checking (-deadlock)")
    line("EXTENDS Integers, FiniteSets")
    line("")
  }

  private mutating func declarations() {
    let storages = model.layout.storages
    line("VARIABLES")
    indentation += 1
    for (number, storage) in storages.enumerated() {
      let comma = number + 1 < storages.count ? "," : ""
      line("\(storage.name)\(comma)\(storage.note(open: "  \\* ", close: ""))")
    }
    indentation -= 1
    line("")
    line("vars == <<\(storages.map(\.name).joined(separator: ", "))>>")
    line("")
    line("\\* The variables as a record, and a record as the next state.")
    line("State == [\(storages.map { "\($0.name) |-> \($0.name)" }.joined(separator: ", "))]")
    line("")
    line("Become(n) ==")
    indentation += 1
    for storage in storages { line("/\\ \(storage.name)' = n.\(storage.name)") }
    indentation -= 1
    line("")
    line("TypeOK ==")
    indentation += 1
    for storage in storages {
      let values = Self.values(storage)
      line("/\\ \(storage.name) \\in \(storage.isScalar ? values : "[0..\(storage.count - 1) -> \(values)]")")
    }
    indentation -= 1
    if usesDivision { division() }
    if bitCount > 0 { bitOperations() }
  }

  private mutating func division() {
    line("")
    line("\\* Division that rounds towards zero.")
    line("Absolute(a) == IF a < 0 THEN -a ELSE a")
    line("Quotient(a, b) == IF (a < 0) = (b < 0) THEN Absolute(a) \\div Absolute(b)")
    line("                  ELSE -(Absolute(a) \\div Absolute(b))")
    line("Remainder(a, b) == a - b * Quotient(a, b)")
  }

  private mutating func bitOperations() {
    line("")
    line("\\* Bit operations on numbers that are not negative.")
    let bits = (0..<bitCount).map { "\(1 << $0) * (((a \\div \(1 << $0)) % 2) * ((b \\div \(1 << $0)) % 2))" }
    line("BitAnd(a, b) == \(bits.joined(separator: " + "))")
    line("BitOr(a, b) == a + b - BitAnd(a, b)")
    line("BitXor(a, b) == a + b - 2 * BitAnd(a, b)")
  }

  private static func values(_ storage: Storage) -> String {
    switch storage.kind {
    case .truth: "BOOLEAN"
    case .mask: "SUBSET (0..\(storage.width - 1))"
    case .number: "\(storage.lower)..\(storage.upper)"
    }
  }

  private mutating func initial() throws(ExportRefusal) {
    line("")
    line("Init ==")
    indentation += 1
    let several = model.initialStates.count > 1
    for state in model.initialStates {
      for (number, storage) in model.layout.storages.enumerated() {
        let values = (storage.firstSlot..<storage.firstSlot + storage.count).map {
          Self.constant(state[$0], storage.kind)
        }
        let start = several ? (number == 0 ? "\\/ /\\ " : "   /\\ ") : "/\\ "
        line(start + "\(storage.name) = \(storage.isScalar ? values[0] : Self.function(values))")
      }
    }
    indentation -= 1
  }

  /// A function from 0 on with these values.
  private static func function(_ values: [String]) -> String {
    let range = "0..\(values.count - 1)"
    if Set(values).count == 1 { return "[i \\in \(range) |-> \(values[0])]" }
    var cases: [String] = []
    for value in values where !cases.contains(value) { cases.append(value) }
    let arms = cases.map { value in
      let indices = values.indices.filter { values[$0] == value }.map(String.init)
      return "i \\in {\(indices.joined(separator: ", "))} -> \(value)"
    }
    return "[i \\in \(range) |-> CASE \(arms.joined(separator: " [] "))]"
  }

  private mutating func action(_ step: Model.ModelStep) throws(ExportRefusal) {
    (stateCount, continuationCount) = (0, 0)
    line("")
    line(stepComment(step, model, open: "\\* ", close: ""))
    line("\(step.name)\(step.process == nil ? "" : "(self)") ==")
    let outer = indentation
    indentation += 1
    line("/\\ \(try value(step.atLocation, Self.variables))")
    try emit(step.body[...], from: Self.variables, then: nil)
    indentation = outer
  }

  private mutating func next() {
    line("")
    line("Next ==")
    indentation += 1
    if model.steps.isEmpty { line("FALSE /\\ UNCHANGED vars") }
    for (index, kind) in model.system.kinds.enumerated() where kind.count > 0 {
      let steps = model.steps.filter { $0.kind == KindID(index) }
      if kind.count == 1 {
        for step in steps { line("\\/ \(step.name)") }
      } else if !steps.isEmpty {
        line("\\/ \\E self \\in \(kind.firstProcess)..\(kind.firstProcess + kind.count - 1):")
        indentation += 2
        for step in steps { line("\\/ \(step.name)(self)") }
        indentation -= 2
      }
    }
    indentation -= 1
    line("")
    line("Spec == Init /\\ [][Next]_vars")
  }

  private mutating func properties() throws(ExportRefusal) {
    for invariant in model.invariants {
      line("")
      let documentation = invariant.documentation.filter { $0.isASCII && !$0.isNewline }
      if !documentation.isEmpty { line("\\* \(documentation)") }
      line("\(invariant.name) == \(try value(invariant.term, Self.variables))")
    }
  }
}
