import TransitionIR

/// Why a property is broken at the end of a run, in a few lines of text.
struct Explanation {
  let interpreter: Interpreter
  var system: TransitionSystem { interpreter.system }

  /// At most this many lines: the diagram has to stay short.
  static let lineLimit = 5

  func lines(for property: String, site: SiteID, at arrival: PropertyCheck.Arrival, message: String)
    -> [String]
  {
    var lines: [String] = []
    if let declared = system.properties.first(where: { $0.name == property }) {
      lines = blame(declared, at: arrival)
    } else if property == BuiltinProperty.deadlock.rawValue {
      lines = waiting(in: arrival.last.state)
    } else if property == BuiltinProperty.assertion.rawValue {
      lines = assertion(site: site, at: arrival)
    }
    lines = Array(lines.prefix(Self.lineLimit))
    return lines + aliases(in: arrival.last.state, usedBy: lines + [message])
  }

  private func blame(_ declared: Property, at arrival: PropertyCheck.Arrival) -> [String] {
    var finder = BlameFinder(
      interpreter: interpreter, state: arrival.last.state, old: arrival.before, process: arrival.process)
    let site = finder.site(of: declared.body) ?? declared.site
    return Blame.lines(finder.blame(declared.body, isTrue: false, at: site))
  }

  /// The condition of an `assert` is looked at where it was false: before the step, or else after it.
  private func assertion(site: SiteID, at arrival: PropertyCheck.Arrival) -> [String] {
    guard let process = arrival.process, let before = arrival.before,
      let location = interpreter.location(of: process, in: before),
      let condition = checked(at: site, in: system.steps[location.index].body)
    else { return [] }
    for state in [before, arrival.last.state] {
      let value = try? interpreter.value(condition, in: state, old: nil, process: process, bound: [:])
      if value == 0 {
        var finder = BlameFinder(interpreter: interpreter, state: state, old: nil, process: process)
        return Blame.lines(finder.blame(condition, isTrue: false, at: site))
      }
    }
    return []
  }

  private func checked(at site: SiteID, in body: [Statement]) -> Expression? {
    for statement in body {
      switch statement {
      case .check(let condition, let failure) where failure.site == site: return condition
      case .branch(_, let then, let otherwise):
        if let found = checked(at: site, in: then) ?? checked(at: site, in: otherwise) { return found }
      case .fork(let branches):
        for branch in branches { if let found = checked(at: site, in: branch) { return found } }
      default: continue
      }
    }
    return nil
  }

  /// What every process waits for.
  private func waiting(in state: [Int]) -> [String] {
    let blocking = Blocking(interpreter: interpreter, state: state)
    return (0..<system.processCount).compactMap { process in
      guard let location = interpreter.location(of: process, in: state) else { return nil }
      let site = system.locations[location.index].site
      let reason = blocking.reason(for: process) ?? "waits"
      let text = SourcePlace(site, in: system).text
      return "\(system.processName(process)) \(reason), at `\(text)` (\(system.shortPlace(of: site)))"
    }
  }

  /// Begins the line that says which object a path means.
  static let aliasPrefix = "where "

  /// Messages call objects by the paths that lead to them, states by their numbers: says which is which.
  private func aliases(in state: [Int], usedBy lines: [String]) -> [String] {
    var names: [(path: String, stable: String)] = []
    for (index, pool) in system.pools.enumerated() where !pool.isProcessPool {
      guard let live = pool.live else { continue }
      for object in 0..<pool.capacity where state[system.variables[live.index].slot + object] != 0 {
        let path = interpreter.objectName(object + 1, PoolID(index), in: state)
        let stable = system.stableName(ofObject: object, in: PoolID(index))
        if path != stable { names.append((path, stable)) }
      }
    }
    // The longest first: `a->b` in a message does not mean the object `a`.
    var text = lines.joined(separator: "\n")
    var used: [String] = []
    for name in names.sorted(by: { ($1.path.count, $0.path) < ($0.path.count, $1.path) }) {
      let rest = text.split(separator: name.path, omittingEmptySubsequences: false)
      if rest.count == 1 { continue }
      text = rest.joined(separator: "\n")
      used.append("\(name.path) is \(name.stable)")
    }
    return used.isEmpty ? [] : [Self.aliasPrefix + used.joined(separator: ", ")]
  }
}
