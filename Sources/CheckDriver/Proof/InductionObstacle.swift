import Evidence
import TransitionIR

/// A counterexample to induction: two states with a step between them, drawn like a race.
///
/// The first state breaks nothing and is excluded by no lemma; the step from there breaks the property. Whether the first
/// state can be reached is another question, and the label says what is known about it.
struct InductionObstacle {
  enum Label {
    /// With the reason.
    case unreachable(String)
    case undecided
  }

  let interpreter: Interpreter
  let property: String
  let state: [Int]
  /// Whose step it is; nil if the state itself is the trouble.
  let mover: Int?
  let label: Label
  private var system: TransitionSystem { interpreter.system }

  func render() -> String {
    let before = StateView(state, of: interpreter)
    var lines = ["counterexample to induction for \(property): \(labelText)"]
    lines += section("before", positions + facts(before))
    guard let mover, let successor = breaking(mover) else { return lines.joined(separator: "\n") + "\n" }
    lines += section("step", [step(mover)])
    let after = StateView(successor.state, of: interpreter)
    let changes = before.changes(to: after).map { $0.short(by: system.processName(mover)) }
    lines += section("after", wrapped(changes))
    lines += section(
      "breaks", successor.violations.filter { $0.property.rawValue == property }.map(\.message))
    return lines.joined(separator: "\n") + "\n"
  }

  private var labelText: String {
    switch label {
    case .unreachable(let why): "unreachable, as far as is known: \(why)"
    case .undecided: "undecided, whether it can happen"
    }
  }

  /// Among the ways through the step one that breaks the property; otherwise the first, which breaks what the proof stands on.
  private func breaking(_ mover: Int) -> Successor? {
    let all = interpreter.successors(of: state, process: mover)
    return all.first { $0.violations.contains { $0.property.rawValue == property } }
      ?? all.first { !holds(in: $0, mover) } ?? all.first
  }

  private func holds(in successor: Successor, _ mover: Int) -> Bool {
    guard let declared = system.properties.first(where: { $0.name == property }), !successor.isFatal else {
      return true
    }
    let value = try? interpreter.value(declared.body, in: successor.state, old: state, process: mover)
    return (value ?? 0) != (declared.group == .reachable ? 1 : 0)
  }

  // MARK: Text

  private var positions: [String] {
    let names = (0..<system.processCount).map(system.processName)
    let width = names.map(\.count).max() ?? 0
    return names.enumerated().map { process, name in
      let padding = String(repeating: " ", count: width - name.count)
      let mark = process == mover ? " <" : ""
      guard let location = interpreter.location(of: process, in: state) else {
        return "\(name)\(padding)  ended"
      }
      return "\(name)\(padding)  \(place(location))\(mark)"
    }
  }

  private func place(_ location: LocationID) -> String {
    let site = system.sites[system.locations[location.index].site.index]
    return "\(system.files[site.file]):\(site.line) `\(site.text)`"
  }

  private func step(_ mover: Int) -> String {
    let position = interpreter.location(of: mover, in: state).map(place) ?? ""
    return "\(system.processName(mover))  \(position)"
  }

  /// What is not as it was in the beginning: locks that are held, and values that differ.
  private func facts(_ view: StateView) -> [String] {
    guard let first = interpreter.initialStates().first else {
      return wrapped(view.leaves.map { "\($0.path) = \($0.value)" })
    }
    let start = StateView(first.state, of: interpreter)
    return wrapped(
      start.changes(to: view).map { change in
        change.after.map { "\(change.path) = \($0)" } ?? "no \(change.path)"
      })
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.enumerated().map { index, line in
      let head = index == 0 ? title : ""
      return "  \(head)\(String(repeating: " ", count: 8 - head.count))\(line)"
    }
  }

  /// Short texts, several on a line.
  private func wrapped(_ texts: [String]) -> [String] {
    var lines: [String] = []
    for text in texts {
      if let last = lines.last, last.count + text.count < Self.width {
        lines[lines.count - 1] = "\(last), \(text)"
      } else {
        lines.append(text)
      }
    }
    return lines
  }

  private static let width = 100
}
