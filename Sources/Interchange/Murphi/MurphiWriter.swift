import TransitionIR

/// Murphi for Rumur (and CMurphi): the state is one record, each way through a step is a rule.
///
/// Where a body may fail late, or has very many ways, the guard is a function that runs the body on a copy of the state.
struct MurphiWriter {
  let model: Model
  let options: ExportOptions
  var text = ""
  var indentation = 0
  /// The record that reads refer to: the state, or the copy in a guard.
  var record = "s"
  /// The text at hand decides whether a step can happen; else it makes it happen.
  var isGuard = false
  /// The text at hand chooses by the number of a way.
  var isNumbered = false
  /// Helper functions that the text uses.
  var helpers = Set<Helper>()
  /// Bits of the widest mask that a helper is applied to.
  var maskBits = 1

  enum Helper: Int, Comparable {
    case power, has, both, added, removed, size
    static func < (a: Helper, b: Helper) -> Bool { a.rawValue < b.rawValue }
  }

  /// With more alternatives than this, a step becomes one rule that numbers its ways.
  static let alternativeLimit = 48

  static let reserved = Set(
    """
    alias array assert assume begin boolean bool by case clear const cover do else elsif end endalias
    endexists endfor endforall endfunction endif endprocedure endrecord endrule endruleset endstartstate
    endswitch endwhile enum error exists false for forall from function if in interleaved invariant
    isundefined ismember liveness multiset multisetadd multisetcount multisetremove of procedure process
    program put record return rule ruleset scalarset startstate switch then to traceuntil true type
    undefine union until var while self way left ways found state_t mask_t power has both added removed
    size int char short long float double void static struct main
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  static func write(_ system: TransitionSystem, _ options: ExportOptions) throws(ExportRefusal) -> Export {
    var writer = MurphiWriter(
      model: try Model(system, reserved: reserved, options), options: options)
    return Export(text: try writer.whole(), companions: [])
  }

  private init(model: Model, options: ExportOptions) {
    self.model = model
    self.options = options
  }

  private mutating func whole() throws(ExportRefusal) -> String {
    for step in model.steps {
      try rules(of: step)
      if text.utf8.count > options.textLimit { throw tooLong(options) }
    }
    try properties()
    let rules = text
    text = ""
    for note in exportHeader(model.system, options) { line("-- \(note)") }
    line("-- rumur --deadlock-detection off")
    declarations()
    helperFunctions()
    startStates()
    return text + rules
  }

  mutating func line(_ code: String) {
    text += code.isEmpty ? "\n" : String(repeating: "  ", count: indentation) + code + "\n"
  }

  // MARK: Declarations

  private mutating func declarations() {
    line("")
    line("type")
    line("  state_t: record")
    indentation = 2
    for storage in model.layout.storages {
      let note = storage.note(open: "  -- ", close: "")
      let array = storage.isScalar ? "" : "array [0..\(storage.count - 1)] of "
      line("\(storage.name): \(array)\(Self.type(of: storage));\(note)")
    }
    indentation = 0
    line("  end;")
    if !helpers.isEmpty { line("  mask_t: 0..\((1 << maskBits) - 1);") }
    line("")
    line("var")
    line("  s: state_t;")
  }

  private static func type(of storage: Storage) -> String {
    storage.kind == .truth ? "boolean" : "\(storage.lower)..\(storage.upper)"
  }

  static func type(of local: Local) -> String {
    local.kind == .truth ? "boolean" : "\(local.lower)..\(local.upper)"
  }

  private mutating func startStates() {
    for (number, state) in model.initialStates.enumerated() {
      line("")
      line("startstate \"\(number)\"")
      line("begin")
      indentation = 1
      for storage in model.layout.storages {
        let values = (storage.firstSlot..<storage.firstSlot + storage.count).map {
          storage.kind == .truth ? (state[$0] != 0 ? "true" : "false") : "\(state[$0])"
        }
        if storage.isScalar {
          line("s.\(storage.name) := \(values[0]);")
        } else if Set(values).count == 1 {
          line("for i: 0..\(storage.count - 1) do s.\(storage.name)[i] := \(values[0]); end;")
        } else {
          for (offset, value) in values.enumerated() { line("s.\(storage.name)[\(offset)] := \(value);") }
        }
      }
      indentation = 0
      line("end;")
    }
  }

  private mutating func properties() throws(ExportRefusal) {
    for invariant in model.invariants {
      line("")
      line("invariant \"\(invariant.name)\" \(try value(invariant.term));")
    }
  }

  private mutating func helperFunctions() {
    if helpers.isEmpty { return }
    let range = "0..\(maskBits - 1)"
    line("")
    line("-- Sets are numbers whose bits say what is in them.")
    line("function power(b: \(range)): mask_t; begin")
    line("  switch b")
    for bit in 0..<maskBits { line("  case \(bit): return \(1 << bit);") }
    line("  end;")
    line("end;")
    line("function has(m: mask_t; b: \(range)): boolean; begin return (m / power(b)) % 2 = 1; end;")
    if helpers.contains(.added) {
      line("function added(m: mask_t; b: \(range)): mask_t; begin return has(m, b) ? m : m + power(b); end;")
    }
    if helpers.contains(.removed) {
      line(
        "function removed(m: mask_t; b: \(range)): mask_t; begin return has(m, b) ? m - power(b) : m; end;")
    }
    if helpers.contains(.both) {
      loopFunction("both(a: mask_t; b: mask_t): mask_t", "has(a, i) & has(b, i)", "power(i)", range, "mask_t")
    }
    if helpers.contains(.size) {
      loopFunction("size(m: mask_t): 0..\(maskBits)", "has(m, i)", "1", range, "0..\(maskBits)")
    }
  }

  private mutating func loopFunction(
    _ head: String, _ test: String, _ amount: String, _ range: String, _ type: String
  ) {
    line("function \(head);")
    line("var r: \(type);")
    line("begin")
    line("  r := 0;")
    line("  for i: \(range) do if \(test) then r := r + \(amount); end; end;")
    line("  return r;")
    line("end;")
  }
}
