import TransitionIR

/// The reachable states of a small system as a graph for Graphviz, found by the interpreter.
///
/// A state shows where each process stands, an edge who moves and how; the values of variables are in the tooltip.
enum DotWriter {
  /// Larger graphs cannot be looked at.
  static let stateLimit = 2000

  static func write(_ system: TransitionSystem, _ options: ExportOptions) throws(ExportRefusal) -> String {
    let graph = try explore(system)
    var text = ""
    for line in exportHeader(system, options) { text += "// \(line)\n" }
    text += "digraph \"\(escaped(system.name))\" {\n"
    text += "  node [shape=box, fontname=\"monospace\", fontsize=9];\n"
    text += "  edge [fontname=\"monospace\", fontsize=8];\n"
    let interpreter = Interpreter(system)
    for (number, state) in graph.states.enumerated() {
      let label = processLines(state, system, interpreter).map(escaped).joined(separator: "\\l") + "\\l"
      let style = number < graph.initialCount ? ", style=bold" : ""
      text += "  s\(number) [label=\"\(label)\", tooltip=\"\(escaped(values(state, system)))\"\(style)];\n"
    }
    for edge in graph.edges { text += "  \(edge)\n" }
    return text + "}\n"
  }

  private struct Graph {
    var states: [[Int]] = []
    var initialCount = 0
    var edges: [String] = []
    private var numbers: [[Int]: Int] = [:]

    mutating func number(of state: [Int]) -> Int {
      if let known = numbers[state] { return known }
      numbers[state] = states.count
      states.append(state)
      return states.count - 1
    }
  }

  private static func explore(_ system: TransitionSystem) throws(ExportRefusal) -> Graph {
    let interpreter = Interpreter(system)
    var graph = Graph()
    for start in interpreter.initialStates() where !start.isFatal { _ = graph.number(of: start.state) }
    graph.initialCount = graph.states.count
    var current = 0
    while current < graph.states.count {
      guard graph.states.count <= stateLimit else {
        throw ExportRefusal("more than \(stateLimit) states: nobody could read the graph")
      }
      let state = graph.states[current]
      for process in 0..<system.processCount {
        for (way, successor) in interpreter.successors(of: state, process: process).enumerated() {
          var label = "\(system.processName(process)): \(site(of: process, in: state, system, interpreter))"
          if !successor.picked.isEmpty {
            label += " [\(successor.picked.map { "\($0.value)" }.joined(separator: ", "))]"
          }
          let text = escaped(label)
          if successor.isFatal {
            // The path ends here; the violation takes the place of a state.
            let property = successor.violations.last?.property.rawValue ?? ""
            let name = "v\(current)_\(process)_\(way)"
            graph.edges.append("\(name) [label=\"\(escaped(property))\", shape=octagon, color=red];")
            graph.edges.append("s\(current) -> \(name) [label=\"\(text)\", color=red];")
          } else {
            let next = graph.number(of: successor.state)
            let color = successor.violations.isEmpty ? "" : ", color=orange"
            graph.edges.append("s\(current) -> s\(next) [label=\"\(text)\"\(color)];")
          }
        }
      }
      current += 1
    }
    return graph
  }

  private static func processLines(
    _ state: [Int], _ system: TransitionSystem, _ interpreter: Interpreter
  ) -> [String] {
    (0..<system.processCount).map {
      "\(system.processName($0)): \(site(of: $0, in: state, system, interpreter))"
    }
  }

  private static func site(
    of process: Int, in state: [Int], _ system: TransitionSystem, _ interpreter: Interpreter
  ) -> String {
    guard let location = interpreter.location(of: process, in: state) else { return "ended" }
    let index = system.locations[location.index].site.index
    guard system.sites.indices.contains(index) else { return "\(location.index)" }
    let site = system.sites[index]
    return "\(site.line): \(site.text.prefix(40))"
  }

  /// The variables that are not zero.
  private static func values(_ state: [Int], _ system: TransitionSystem) -> String {
    var parts: [String] = []
    for variable in system.variables {
      if case .control = variable.role { continue }
      let values = (variable.slot..<variable.slot + variable.slotCount).map { state[$0] }
      if values.allSatisfy({ $0 == 0 }) { continue }
      parts.append("\(variable.name) = \(values.map(String.init).joined(separator: " "))")
    }
    return parts.joined(separator: ", ")
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
  }
}
