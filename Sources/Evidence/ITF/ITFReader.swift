/// Reads traces that `Trace.itf` wrote, from bytes that nobody has looked at.
extension Trace {
  /// Files above this size are refused: 64 MiB.
  public static let fileSizeLimit = 64 << 20

  /// Reads a trace in the Informal Trace Format that has the `#meta` of mmck.
  ///
  /// Any bytes may be given.
  public init(itf bytes: [UInt8]) throws(TraceError) {
    if bytes.count > Self.fileSizeLimit { throw TraceError("a trace of more than 64 MiB is not read") }
    let document: JSON
    do throws(JSONError) {
      document = try JSON(parsing: bytes)
    } catch {
      throw TraceError("not a trace: \(error)")
    }
    self = try ITFReader(document).trace()
  }
}

/// Turns a JSON tree into a trace, naming what is missing or wrong.
private struct ITFReader {
  private let document: JSON

  init(_ document: JSON) { self.document = document }

  func trace() throws(TraceError) -> Trace {
    let meta = ITFObject(try ITFObject(document, "the document").value("#meta"), "#meta")
    let version = try meta.integer("formatVersion")
    guard version == Trace.Meta.currentFormatVersion else {
      throw TraceError(
        "the trace has format version \(version); this mmck reads \(Trace.Meta.currentFormatVersion)")
    }
    guard let kind = Trace.Kind(rawValue: try meta.string("status")) else {
      throw TraceError("`status` in #meta must be `violation` or `witness`")
    }
    let processes = try meta.strings("processes")
    let states = try states(processes: processes)
    return Trace(
      meta: try header(meta), kind: kind, property: try meta.string("property"),
      group: try meta.string("group"),
      message: try meta.string("message"), subject: try meta.optionalString("subject"),
      place: try place(meta.value("place"), "#meta.place"), processes: processes,
      initialChoices: states.choices, initialState: states.initial, steps: states.steps,
      why: try meta.strings("why"))
  }

  private func header(_ meta: ITFObject) throws(TraceError) -> Trace.Meta {
    Trace.Meta(
      tool: try meta.string("tool"), toolVersion: try meta.string("toolVersion"),
      spec: try meta.string("spec"), title: try meta.string("title"), path: try meta.string("source"),
      specHash: try meta.string("specHash"), scope: try meta.string("scope"),
      parameters: try settings(meta, "parameters"), options: try settings(meta, "options"),
      granularity: try meta.optionalString("granularity") ?? "statement")
  }

  private func settings(_ meta: ITFObject, _ name: String) throws(TraceError) -> [Trace.Setting] {
    guard case .object(let members) = try meta.value(name) else { throw meta.wrong(name, "an object") }
    var settings: [Trace.Setting] = []
    for member in members {
      guard case .string(let value) = member.value else { throw meta.wrong(name, "an object of strings") }
      settings.append(.init(member.name, value))
    }
    return settings
  }

  private func states(
    processes: [String]
  ) throws(TraceError) -> (initial: StateView, choices: [Int], steps: [Trace.Step]) {
    let root = ITFObject(document, "the document")
    let names = try root.strings("vars")
    let states = try root.array("states")
    guard let first = states.first else { throw TraceError("`states` is empty") }
    var steps: [Trace.Step] = []
    for (index, state) in states.enumerated().dropFirst() {
      let meta = ITFObject(try ITFObject(state, "state \(index)").value("#meta"), "state \(index).#meta")
      steps.append(try step(meta, view(state, names, index: index), processes: processes))
    }
    let meta = ITFObject(try ITFObject(first, "state 0").value("#meta"), "state 0.#meta")
    return (try view(first, names, index: 0), try meta.integers("choices"), steps)
  }

  private func step(_ meta: ITFObject, _ state: StateView, processes: [String]) throws(TraceError)
    -> Trace.Step
  {
    let name = try meta.string("process")
    guard let process = processes.firstIndex(of: name) else {
      throw TraceError("`\(name)` in \(meta.path) is not one of the `processes`")
    }
    var executed: [SourcePlace] = []
    for element in try meta.array("executed") { executed.append(try place(element, "\(meta.path).executed")) }
    var chosen: [Trace.ChosenValue] = []
    for element in try meta.array("chosen") {
      guard case .array(let pair) = element, pair.count == 2, case .string(let name) = pair[0] else {
        throw meta.wrong("chosen", "an array of pairs")
      }
      chosen.append(.init(name: name, value: try ITFValue.read(pair[1], "\(meta.path).chosen")))
    }
    let isFatal: Bool
    switch meta.optional("fatal") {
    case nil: isFatal = false
    case .bool(let value)?: isFatal = value
    default: throw meta.wrong("fatal", "a bool")
    }
    return Trace.Step(
      process: process, place: try place(meta.value("place"), "\(meta.path).place"),
      callStack: try meta.strings("callStack"), chosen: chosen, executed: executed,
      choices: try meta.integers("choices"), state: state, isFatal: isFatal)
  }

  private func view(_ json: JSON, _ names: [String], index: Int) throws(TraceError) -> StateView {
    let object = ITFObject(json, "state \(index)")
    var variables: [StateValue.Field] = []
    for name in names {
      variables.append(.init(name, try ITFValue.read(object.value(name), "state \(index).\(name)")))
    }
    return StateView(variables: variables)
  }

  private func place(_ json: JSON, _ path: String) throws(TraceError) -> SourcePlace {
    let object = ITFObject(json, path)
    return SourcePlace(
      file: try object.string("file"), line: try object.integer("line"), column: try object.integer("column"),
      text: try object.string("text"), function: try object.string("function"),
      origin: try object.optionalString("origin") ?? "")
  }
}
