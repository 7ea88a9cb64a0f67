import TransitionIR

/// Which functions each process is inside of, guessed from the source text.
///
/// Calls are inlined, so a system does not say who called whom. But a function is called where its name stands
/// before a parenthesis, and recursion is refused; so the caller of a function is the innermost active one whose
/// text mentions it. Only the indentation of traces depends on this.
struct CallStacks {
  private let system: TransitionSystem
  /// For each function the functions whose text calls it.
  private let callers: [String: Set<String>]
  private var stacks: [Int: [String]] = [:]

  init(_ system: TransitionSystem) {
    self.system = system
    let functions = Set(system.sites.map(\.function))
    var callers: [String: Set<String>] = [:]
    for site in system.sites where site.text.contains("(") {
      for callee in Self.calledNames(in: site.text)
      where callee != site.function && functions.contains(callee) {
        callers[callee, default: []].insert(site.function)
      }
    }
    self.callers = callers
  }

  /// Moves a process to a control point and returns the functions around it, outermost first.
  mutating func advance(_ process: Int, to location: LocationID) -> [String] {
    let function = system.site(of: location).function
    let root = system.kinds[system.kind(ofProcess: process).index].name
    var stack = stacks[process] ?? [root]
    if let position = stack.lastIndex(of: function) {
      stack.removeSubrange((position + 1)...)
    } else {
      stack = Array((path(to: function, from: stack) ?? [root]) + [function])
    }
    stacks[process] = stack
    return stack
  }

  /// The part of the stack that stays active, with the functions between it and the callee.
  private func path(to callee: String, from stack: [String]) -> [String]? {
    var chains = [[callee]]
    var seen: Set<String> = [callee]
    while !chains.isEmpty {
      var longer: [[String]] = []
      for chain in chains {
        for caller in (callers[chain[0]] ?? []).sorted() {
          if let position = stack.lastIndex(of: caller) { return stack[...position] + chain.dropLast() }
          if seen.insert(caller).inserted { longer.append([caller] + chain) }
        }
      }
      chains = longer
    }
    return nil
  }

  /// Identifiers that stand before `(`.
  private static func calledNames(in text: String) -> [String] {
    var names: [String] = []
    var name = ""
    for character in text {
      if character == "_" || character.isLetter || character.isNumber {
        name.append(character)
      } else {
        if character == "(", !name.isEmpty { names.append(name) }
        name = ""
      }
    }
    return names
  }
}
