/// Writes traces in the Informal Trace Format of Apalache (ADR-015), which other tools show, too.
///
/// The `#meta` of the file says which run this is, the `#meta` of each state which step led there.
extension Trace {
  /// The trace as ITF.
  ///
  /// Equal traces give equal bytes; nothing in them depends on the time or the machine.
  public var itf: String {
    var states = [ITFWriter.state(initialState, meta: .object(ITFWriter.initialMeta(self)))]
    for (index, step) in steps.enumerated() {
      states.append(
        ITFWriter.state(step.state, meta: ITFWriter.stepMeta(step, index: index + 1, processes: processes)))
    }
    let document = JSON.object([
      .init("#meta", ITFWriter.meta(self)),
      .init("vars", .array(initialState.variables.map { .string($0.name) })),
      .init("states", .array(states)),
    ])
    return document.text
  }
}

private enum ITFWriter {
  static func meta(_ trace: Trace) -> JSON {
    let meta = trace.meta
    return .members([
      "format": .string("ITF"),
      "format-description": .string("https://apalache-mc.org/docs/adr/015adr-trace.html"),
      "formatVersion": .integer(meta.formatVersion),
      "tool": .string(meta.tool),
      "toolVersion": .string(meta.toolVersion),
      "spec": .string(meta.spec),
      "title": .string(meta.title),
      "source": .string(meta.path),
      "specHash": .string(meta.specHash),
      "scope": .string(meta.scope),
      "parameters": settings(meta.parameters),
      "options": settings(meta.options),
      "granularity": .string(meta.granularity),
      "status": .string(trace.kind.rawValue),
      "property": .string(trace.property),
      "group": .string(trace.group),
      "message": .string(trace.message),
      "subject": .optional(trace.subject),
      "place": place(trace.place),
      "why": .array(trace.why.map { .string($0) }),
      "processes": .array(trace.processes.map { .string($0) }),
    ])
  }

  static func initialMeta(_ trace: Trace) -> [JSON.Member] {
    [.init("index", .integer(0)), .init("choices", integers(trace.initialChoices))]
  }

  static func stepMeta(_ step: Trace.Step, index: Int, processes: [String]) -> JSON {
    .members([
      "index": .integer(index),
      "process": .string(processes.indices.contains(step.process) ? processes[step.process] : ""),
      "place": place(step.place),
      "callStack": .array(step.callStack.map { .string($0) }),
      "chosen": .array(step.chosen.map { .array([.string($0.name), value($0.value)]) }),
      "executed": .array(step.executed.map(place)),
      "choices": integers(step.choices),
      "fatal": step.isFatal ? .bool(true) : nil,
    ])
  }

  static func state(_ view: StateView, meta: JSON) -> JSON {
    .object([.init("#meta", meta)] + view.variables.map { .init($0.name, value($0.value)) })
  }

  private static func settings(_ settings: [Trace.Setting]) -> JSON {
    .object(settings.map { .init($0.name, .string($0.value)) })
  }

  private static func integers(_ values: [Int]) -> JSON { .array(values.map { .integer($0) }) }

  private static func place(_ place: SourcePlace) -> JSON {
    .members([
      "file": .string(place.file),
      "line": .integer(place.line),
      "column": .integer(place.column),
      "text": .string(place.text),
      "function": .string(place.function),
      "origin": place.origin.isEmpty ? nil : .string(place.origin),
    ])
  }

  static func value(_ value: StateValue) -> JSON {
    switch value {
    case .bool(let value): .bool(value)
    case .integer(let value): tagged("#bigint", .string(String(value)))
    case .unsigned(let value): tagged("#bigint", .string(String(value)))
    case .text(let text): .string(text)
    case .set(let elements): tagged("#set", .array(elements.map(self.value)))
    case .list(let elements): .array(elements.map(self.value))
    case .map(let entries):
      tagged("#map", .array(entries.map { .array([self.value($0.key), self.value($0.value)]) }))
    case .record(let fields): .object(fields.map { .init($0.name, self.value($0.value)) })
    }
  }

  private static func tagged(_ tag: String, _ value: JSON) -> JSON { .object([.init(tag, value)]) }
}
