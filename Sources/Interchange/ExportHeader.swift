import TransitionIR

/// The lines that every export begins with.
func exportHeader(_ system: TransitionSystem, _ options: ExportOptions) -> [String] {
  var lines: [String] = []
  lines.append(system.title.isEmpty ? system.name : "\(system.name): \(system.title)")
  var origin: [String] = []
  if !options.specPath.isEmpty { origin.append(options.specPath) }
  if !options.scope.isEmpty { origin.append("scope \(options.scope)") }
  if !origin.isEmpty { lines.append(origin.joined(separator: ", ")) }
  if !options.tool.isEmpty { lines.append("exported by \(options.tool)") }
  if let count = options.expectedStates { lines.append("expected: \(count) reachable states") }
  return lines.map { $0.filter { $0.isASCII && !$0.isNewline } }
}

/// What a step does, for people: its place and text in the spec.
func stepComment(
  _ step: Model.ModelStep, _ model: Model, open: String = "/* ", close: String = " */"
) -> String {
  guard let site = model.site(step.location) else { return open + step.name + close }
  let text = site.text.filter { $0.isASCII }.replacing("*/", with: "* /").replacing("/*", with: "/ *")
  let files = model.system.files
  let place = files.indices.contains(site.file) ? "\(files[site.file]):\(site.line): " : ""
  return "\(open)\(step.name), \(place)\(text)\(close)"
}

func tooLong(_ options: ExportOptions) -> ExportRefusal {
  ExportRefusal("a system whose text would be longer than \(options.textLimit >> 20) MiB")
}
