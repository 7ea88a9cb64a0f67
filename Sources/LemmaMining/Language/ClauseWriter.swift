import TransitionIR

/// Writes literals over the subjects of a view for people.
struct ClauseWriter {
  private let clause: Clause
  private let system: TransitionSystem
  private let types: TypeTable

  init(_ clause: Clause, _ system: TransitionSystem) {
    self.clause = clause
    self.system = system
    types = TypeTable(clause.view, system)
  }

  var text: String { quantifiers + body }

  var quantifiers: String {
    if clause.view.subjects.isEmpty { return "" }
    let parts = clause.view.subjects.enumerated().map { number, subject in
      "\(clause.view.name(number)) in \(domain(subject))"
    }
    let guardText = clause.view.isOfTwins ? " (\(clause.view.name(0)) != \(clause.view.name(1)))" : ""
    return "forall \(parts.joined(separator: ", "))\(guardText): "
  }

  func domain(_ subject: View.Subject) -> String {
    switch subject {
    case .process(let kind): system.kinds[kind.index].name
    case .object(let pool): system.pools[pool.index].name
    case .index(let axis): "\(axis.bounds(in: system).lowerBound)..\(axis.bounds(in: system).upperBound - 1)"
    }
  }

  private var body: String {
    guard let last = clause.literals.last else { return "false" }
    let premise = clause.literals.dropLast()
    if premise.isEmpty { return text(last.negated) }
    return premise.map(text).joined(separator: " && ") + " ==> " + text(last.negated)
  }

  /// All literals, as one condition.
  var conjunction: String { clause.literals.map(text).joined(separator: " && ") }

  private func text(_ literal: Literal) -> String {
    let positive = literal.isPositive
    switch literal.atom {
    case .at(let number, let set): return place(number, set, positive)
    case .isNull(let term): return "\(text(term)) \(positive ? "==" : "!=") null"
    case .equals(let term, let value):
      if let plain = truth(term, value) { return positive == plain.isTrue ? plain.text : "!" + plain.text }
      return "\(text(term)) \(positive ? "==" : "!=") \(constant(value, of: term))"
    case .atMost(let term, let value): return "\(text(term)) \(positive ? "<=" : ">") \(value)"
    case .same(let a, let b):
      let (left, right) = a.isSubject ? (b, a) : (a, b)
      return "\(text(left)) \(positive ? "==" : "!=") \(text(right))"
    case .noMoreThan(let a, let b): return "\(text(a)) \(positive ? "<=" : ">") \(text(b))"
    case .isStale(let term): return (positive ? "" : "!") + "stale(\(text(term)))"
    case .holdsStale(let term): return "stale \(positive ? "in" : "not in") \(text(term))"
    case .isLive(let term): return (positive ? "" : "!") + "live(\(text(term)))"
    case .hasBit(let term, let bit):
      return (positive ? "" : "!") + "(\(text(term)) & \(name(ofBit: bit, in: term)))"
    }
  }

  // MARK: Values

  /// Truth values and memberships are stated, not compared.
  private func truth(_ term: Term, _ value: Int) -> (text: String, isTrue: Bool)? {
    guard case .truth = types.type(of: term) else { return nil }
    if case .member = term { return ("(\(text(term)))", value != 0) }
    return (text(term), value != 0)
  }

  private func constant(_ value: Int, of term: Term) -> String {
    guard case .number(let variable) = types.type(of: term),
      case .enumeration(let names, _) = system.variables[variable.index].domain,
      system.names[names.index].members.indices.contains(value)
    else { return "\(value)" }
    return system.names[names.index].members[value]
  }

  private func name(ofBit bit: Int, in term: Term) -> String {
    guard case .number(let variable) = types.type(of: term),
      case .flags(let names, _) = system.variables[variable.index].domain,
      system.names[names.index].members.indices.contains(bit)
    else { return "1 << \(bit)" }
    return system.names[names.index].members[bit]
  }

  // MARK: Terms

  func text(_ term: Term) -> String {
    switch term {
    case .subject(let number): return clause.view.name(number)
    case .member(let element, let set): return "\(text(element)) in \(text(set))"
    case .size(let set): return "|\(text(set))|"
    case .read(let variable, let steps): return path(system.variables[variable.index], steps)
    }
  }

  private func path(_ variable: Variable, _ steps: [Term.Step]) -> String {
    var result = variable.name
    for step in steps {
      switch step {
      case .own(let number): result += "[\(clause.view.name(number))]"
      case .constant(let value): result += "[\(value)]"
      case .element(let term): result += "[\(text(term))]"
      case .object(let term):
        let field = variable.name.split(separator: ".", maxSplits: 1).last.map(String.init) ?? variable.name
        result = "\(text(term))->\(field)"
      }
    }
    return result
  }

  // MARK: Control points

  private func place(_ number: Int, _ set: LocationSet, _ isPositive: Bool) -> String {
    let kind = system.kinds[set.kind.index]
    let name = clause.view.name(number)
    var members = set.members
    var isPositive = isPositive
    if members.count * 2 > kind.locationCount + 1 {
      members = (0...kind.locationCount).filter { !set.contains($0) }
      isPositive.toggle()
    }
    if members == [kind.locationCount] { return "\(name) has \(isPositive ? "" : "not ")ended" }
    return "\(name) \(isPositive ? "" : "not ")at \(lines(members, kind))"
  }

  /// `lines 3-5, 8 of lock, line 7 of unlock`; one line may hold several control points.
  private func lines(_ members: [Int], _ kind: ProcessKind) -> String {
    var functions: [(name: String, lines: [Int])] = []
    var hasEnded = false
    for member in members {
      guard member < kind.locationCount else {
        hasEnded = true
        continue
      }
      let site = system.sites[system.locations[kind.firstLocation + member].site.index]
      if let known = functions.firstIndex(where: { $0.name == site.function }) {
        functions[known].lines.append(site.line)
      } else {
        functions.append((site.function, [site.line]))
      }
    }
    var parts = functions.map { function in
      let lines = Array(Set(function.lines)).sorted()
      return "line\(lines.count == 1 ? "" : "s") \(ranges(lines)) of \(function.name)"
    }
    if hasEnded { parts.append("its end") }
    return parts.isEmpty ? "no line" : parts.joined(separator: ", ")
  }

  private func ranges(_ numbers: [Int]) -> String {
    var runs: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = runs.last, last.last + 1 == number {
        runs[runs.count - 1].last = number
      } else {
        runs.append((number, number))
      }
    }
    return runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
      .joined(separator: ", ")
  }
}
