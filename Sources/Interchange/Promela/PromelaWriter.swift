import TransitionIR

/// Promela for SPIN: one process with a single control point for each of ours, all state in global variables.
///
/// An option of its `do` loop is one way through one step, as a `d_step`; so SPIN stores exactly our states.
struct PromelaWriter {
  let model: Model
  let options: ExportOptions
  var text = ""
  var indentation = 0
  var labelCount = 0
  /// Temporaries, which SPIN keeps out of its states.
  var temporaries = Set<String>()
  /// Options whose requirements come too late for their guard.
  var lateOptions = 0
  var optionCount = 0
  var saved = Set<Storage>()

  /// Words of the language, macros that C or SPIN's verifier define, and what this writer uses.
  static let reserved = Set(
    """
    active assert atomic bit bool break byte chan d_step do else empty enabled eval false fi for full
    get_priority goto hidden if in init inline int len local ltl mtype nempty never nfull notrace np_ od
    of pc_value pid printf printm priority proctype provided return run select set_priority short show
    skip timeout trace true typedef unless unsigned xr xs always eventually until weakuntil stronguntil
    release implies equivalent next auto case char const continue default double enum extern float long
    main now register signed sizeof static struct switch union void volatile while begun at end accept
    progress stdin stdout stderr errno linux unix
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  static func write(_ system: TransitionSystem, _ options: ExportOptions) throws(ExportRefusal) -> Export {
    guard system.processCount <= 254 else { throw ExportRefusal("more processes than SPIN has numbers for") }
    var writer = PromelaWriter(
      model: try Model(system, reserved: reserved, options), options: options)
    return Export(text: try writer.whole(), companions: [])
  }

  private init(model: Model, options: ExportOptions) {
    self.model = model
    self.options = options
  }

  private mutating func whole() throws(ExportRefusal) -> String {
    for (index, kind) in model.system.kinds.enumerated() where kind.count > 0 {
      try process(KindID(index), kind)
    }
    if model.initialStates.count > 1 { try begin() }
    try properties()
    let body = text
    text = ""
    header()
    declarations()
    return text + body
  }

  mutating func line(_ code: String) {
    text += code.isEmpty ? "\n" : String(repeating: "  ", count: indentation) + code + "\n"
  }

  // MARK: Parts

  private mutating func header() {
    for note in exportHeader(model.system, options) { line("/* \(note.replacing("*/", with: "* /")) */") }
    if model.initialStates.count > 1 {
      line("/* extra states: 1: SPIN also counts the state before one of the initial states is chosen */")
    }
    if lateOptions > 0 {
      line(
        "/* \(lateOptions) of \(optionCount) options learn only in the middle that they cannot happen; they leave the state as it is */"
      )
    }
    line("/* gcc -DSAFETY -DNOREDUCE: every step of the system is one d_step */")
    line("")
  }

  private mutating func declarations() {
    let first = model.initialStates[0]
    for storage in model.layout.storages {
      let values = (storage.firstSlot..<storage.firstSlot + storage.count).map { first[$0] }
      var code = "\(Self.type(of: storage)) \(storage.name)"
      if !storage.isScalar { code += "[\(storage.count)]" }
      if Set(values) != [0] {
        let list = "{\(values.map(String.init).joined(separator: ", "))}"
        code += Set(values).count == 1 ? " = \(values[0])" : " = \(list)"
      }
      line(code + ";" + storage.note(open: "  /* ", close: " */"))
    }
    if model.initialStates.count > 1 { line("bool begun;") }
    for name in temporaries.sorted(by: { ($0.count, $0) < ($1.count, $1) }) { line("hidden int \(name);") }
    for storage in model.layout.storages where saved.contains(storage) {
      // SPIN has no hidden bits.
      let type = storage.kind == .truth ? "byte" : Self.type(of: storage)
      line("hidden \(type) old_\(storage.name)\(storage.isScalar ? "" : "[\(storage.count)]");")
    }
  }

  private static func type(of storage: Storage) -> String {
    if storage.kind == .truth { return "bool" }
    if storage.lower >= 0, storage.upper <= 255 { return "byte" }
    return storage.lower >= -32768 && storage.upper <= 32767 ? "short" : "int"
  }

  private mutating func process(_ id: KindID, _ kind: ProcessKind) throws(ExportRefusal) {
    line("")
    line("active [\(kind.count)] proctype P_\(NameTable.sanitized(kind.name))_\(id.index)()")
    line("{")
    line("end:")
    indentation += 1
    line("do")
    if kind.locationCount == 0 { line(":: false -> skip") }
    for step in model.steps where step.kind == id {
      line(stepComment(step, model))
      let alternatives = try Alternatives(expandsPicks: true, limit: 20_000, stepName: step.name)
        .expand(step.body)
      for alternative in alternatives { try option(alternative, of: step) }
      if text.utf8.count > options.textLimit { throw tooLong(options) }
    }
    if id == firstKind { readEverything() }
    line("od")
    indentation -= 1
    line("}")
  }

  private var firstKind: KindID? {
    model.system.kinds.firstIndex { $0.count > 0 }.map(KindID.init)
  }

  /// SPIN leaves variables that are never read out of its states; this option, which never happens, reads all.
  private mutating func readEverything() {
    let reads = model.layout.storages.map { $0.isScalar ? $0.name : "\($0.name)[0]" }
    line("/* never happens; but SPIN would not store variables that nothing reads */")
    line(":: d_step { false && (\(reads.joined(separator: " + "))) -> skip }")
  }

  private mutating func option(_ body: [Action], of step: Model.ModelStep) throws(ExportRefusal) {
    let start = model.initialStates.count > 1 ? .local(Self.begun) && step.atLocation : step.atLocation
    let condition = Guard(of: body, from: start)
    if case .truth(false) = condition.condition { return }
    optionCount += 1
    line(":: d_step { \(try value(condition.condition)) ->")
    indentation += 2
    if condition.isComplete {
      try emit(body.withoutRequirements())
    } else {
      lateOptions += 1
      try emitLate(body)
    }
    indentation -= 2
    line("   }")
  }

  static let begun = Local(name: "begun", kind: .truth, lower: 0, upper: 1)

  /// Several initial states: a process that chooses one of them, and then has nothing to do.
  private mutating func begin() throws(ExportRefusal) {
    line("")
    line("active proctype P_begin()")
    line("{")
    line("end:")
    indentation += 1
    line("do")
    let first = model.initialStates[0]
    for state in model.initialStates {
      line(":: d_step { !begun ->")
      indentation += 2
      for storage in model.layout.storages {
        for offset in 0..<storage.count {
          let value = state[storage.firstSlot + offset]
          if value == first[storage.firstSlot + offset] { continue }
          line("\(try place(storage, .number(offset))) = \(value);")
        }
      }
      line("begun = true")
      indentation -= 2
      line("   }")
    }
    line("od")
    indentation -= 1
    line("}")
  }

  private mutating func properties() throws(ExportRefusal) {
    for invariant in model.invariants {
      line("")
      let start = model.initialStates.count > 1 ? "!begun || " : ""
      line("ltl \(invariant.name) { [] (\(start)\(try value(invariant.term))) }")
    }
  }
}
