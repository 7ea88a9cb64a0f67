import TransitionIR

/// A smallest part of a property that decides its value, with the values of the variables around it.
struct Blame {
  let text: String
  /// `line 41`, with the file if it is not the root of the spec.
  let place: String
  let isTrue: Bool
  let witnesses: [(name: String, value: String)]
  let facts: [String]

  /// All parts in text, such as `v->vm_mm == m` is false (line 41) for m = mm_struct#0: vma#1.vm_mm = null.
  ///
  /// Facts about the same part are joined; witnesses are not repeated from line to line.
  static func lines(_ blames: [Blame]) -> [String] {
    var heads: [(text: String, witnesses: String)] = []
    var facts: [[String]] = []
    for blame in blames {
      let text = SourceWords.cut(SourceWords.statement(blame.text), to: 64)
      let head = "`\(text)` is \(blame.isTrue ? "true" : "false") (\(blame.place))"
      let known = heads.firstIndex { $0 == (head, blame.witnessText) }
      if known == nil {
        heads.append((head, blame.witnessText))
        facts.append([])
      }
      let index = known ?? heads.count - 1
      for fact in blame.facts where !facts[index].contains(fact) { facts[index].append(fact) }
    }
    let common = blames.first?.witnessText ?? ""
    return zip(heads, facts).enumerated().flatMap { index, entry in
      let (head, witnesses) = entry.0
      var tail = index > 0 && witnesses == common ? "" : witnesses
      let details = entry.1.prefix(FactCollector.factLimit).joined(separator: ", ")
      if !details.isEmpty { tail += ": \(details)" }
      if head.count + tail.count <= widthLimit { return [head + tail] }
      return [head, "  " + tail.drop { $0 == " " || $0 == ":" }]
    }
  }

  /// Columns of a line, without its indentation.
  private static let widthLimit = 104

  private var witnessText: String {
    witnesses.isEmpty ? "" : " for " + witnesses.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
  }
}

/// Descends from a property to the parts that decide its value...
///
/// From `a && b` to the false side, from `a ==> b` to b, from a quantifier to the first value that decides it, and
/// so on, down to a part without connectives. The text of the innermost label around that part stands for it.
struct BlameFinder {
  let interpreter: Interpreter
  let state: [Int]
  let old: [Int]?
  let process: Int?
  private var bound: [Int: Int] = [:]
  private var witnesses: [(name: String, value: String)] = []
  /// Names of bound variables that the label around a quantifier declares and that are not yet used.
  private var pendingNames: [String] = []
  private var facts = FactCollector()

  init(interpreter: Interpreter, state: [Int], old: [Int]?, process: Int?) {
    self.interpreter = interpreter
    self.state = state
    self.old = old
    self.process = process
  }

  private var system: TransitionSystem { interpreter.system }

  /// The label of an expression, if it has one.
  func site(of expression: Expression) -> SiteID? {
    if case .labelled(let site, _) = expression { site } else { nil }
  }

  /// The parts that make `expression` have the value `isTrue`; it must have that value.
  mutating func blame(_ expression: Expression, isTrue: Bool, at site: SiteID) -> [Blame] {
    switch expression {
    case .labelled(let inner, let operand):
      let names = QuantifierNames.declared(in: SourcePlace(inner, in: system).text)
      if !names.isEmpty { pendingNames = names }
      return blame(operand, isTrue: isTrue, at: inner)
    case .unary(.not, let operand, _): return blame(operand, isTrue: !isTrue, at: site)
    case .binary(let op, let left, let right, _, _):
      switch op {
      case .and:
        return connective(left, right, isTrue: isTrue, decidedBy: false, leftNegated: false, at: site)
      case .or: return connective(left, right, isTrue: isTrue, decidedBy: true, leftNegated: false, at: site)
      case .implies:
        return connective(left, right, isTrue: isTrue, decidedBy: true, leftNegated: true, at: site)
      default: return [leaf(expression, isTrue: isTrue, at: site)]
      }
    case .select(let condition, let then, let otherwise):
      guard let value = evaluate(condition) else { return [leaf(expression, isTrue: isTrue, at: site)] }
      return blame(value ? then : otherwise, isTrue: isTrue, at: site)
    case .quantified(let quantifier, let id, let iteration, let body):
      return quantified(quantifier, id, iteration, body, whole: expression, isTrue: isTrue, at: site)
    default: return [leaf(expression, isTrue: isTrue, at: site)]
    }
  }

  /// `&&`, `||` and `==>`: a side with the value `decidedBy` decides alone; otherwise both sides do.
  private mutating func connective(
    _ left: Expression, _ right: Expression, isTrue: Bool, decidedBy: Bool, leftNegated: Bool, at site: SiteID
  ) -> [Blame] {
    let saved = (bound, witnesses, pendingNames)
    guard let leftValue = evaluate(left) else { return [failure(left, at: site)] }
    let leftCounts = leftNegated ? !leftValue : leftValue
    if isTrue == decidedBy {
      return leftCounts == decidedBy
        ? blame(left, isTrue: leftValue, at: self.site(of: left) ?? site)
        : blame(right, isTrue: isTrue, at: self.site(of: right) ?? site)
    }
    guard evaluate(right) != nil else { return [failure(right, at: site)] }
    let second = blame(right, isTrue: isTrue, at: self.site(of: right) ?? site)
    (bound, witnesses, pendingNames) = saved
    let first = blame(left, isTrue: leftValue, at: self.site(of: left) ?? site)
    (bound, witnesses, pendingNames) = saved
    return leftNegated ? second + first : first + second
  }

  private mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression, whole: Expression,
    isTrue: Bool, at site: SiteID
  ) -> [Blame] {
    let name = pendingNames.isEmpty ? nil : pendingNames.removeFirst()
    let decides: Bool
    switch quantifier {
    case .forall where !isTrue: decides = false
    case .exists where isTrue: decides = true
    default: return [leaf(whole, isTrue: isTrue, at: site)]
    }
    let (values, domain) = elements(of: iteration)
    for value in values {
      bound[id.index] = value
      let outcome = evaluate(body)
      guard outcome == nil || outcome == decides else { continue }
      let text = domain.map { system.stateValue(of: value, in: $0).description } ?? String(value)
      witnesses.append((name ?? "one", text))
      if outcome == nil { return [failure(body, at: self.site(of: body) ?? site)] }
      return blame(body, isTrue: decides, at: self.site(of: body) ?? site)
    }
    return [leaf(whole, isTrue: isTrue, at: site)]
  }

  private mutating func leaf(_ expression: Expression, isTrue: Bool, at site: SiteID) -> Blame {
    Blame(
      text: SourcePlace(site, in: system).text, place: system.shortPlace(of: site), isTrue: isTrue,
      witnesses: witnesses,
      facts: FactCollector.facts(of: expression) { place in fact(place) })
  }

  /// A part whose evaluation is itself a violation.
  private mutating func failure(_ expression: Expression, at site: SiteID) -> Blame {
    var why = "it cannot be evaluated"
    do throws(EvaluationFailure) {
      _ = try interpreter.value(expression, in: state, old: old, process: process, bound: bound)
    } catch {
      why = error.violation.message
    }
    return Blame(
      text: SourcePlace(site, in: system).text, place: system.shortPlace(of: site), isTrue: false,
      witnesses: witnesses, facts: [why])
  }

  private func evaluate(_ expression: Expression) -> Bool? {
    (try? interpreter.value(expression, in: state, old: old, process: process, bound: bound)).map { $0 != 0 }
  }

  /// `mm_struct#0.mm_users = 2`; nil for a place that cannot be named from outside (an index bound further in).
  private func fact(_ read: FactCollector.Read) -> String? {
    let now = read.isOld ? old ?? state : state
    guard
      let value = try? interpreter.value(.read(read.place), in: now, old: old, process: process, bound: bound)
    else { return nil }
    let variable = system.variables[read.place.variable.index]
    guard let name = placeName(read.place, in: now) else { return nil }
    return "\(read.isOld ? "old " : "")\(name) = \(system.stateValue(of: value, in: variable.domain))"
  }

  private func placeName(_ place: Place, in now: [Int]) -> String? {
    let variable = system.variables[place.variable.index]
    var owner: String?
    var suffix = ""
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      switch (index, dimension) {
      case (.element(let expression), _):
        guard let number = value(expression, in: now) else { return nil }
        suffix += "[\(number)]"
      case (.object(let expression), .pool(let pool, _)):
        guard let pointer = value(expression, in: now) else { return nil }
        owner = system.stableName(ofObject: pointer - 1, in: pool)
      case (.process(let expression), _):
        guard let pointer = value(expression, in: now) else { return nil }
        owner = system.processName(pointer - 1)
      default: owner = process.map(system.processName)
      }
    }
    guard let owner else { return variable.name + suffix }
    let isField = if case .field = variable.role { true } else { false }
    let name = isField ? variable.name.split(separator: ".", maxSplits: 1).last.map(String.init) : nil
    return "\(owner).\(name ?? variable.name)\(suffix)"
  }

  private func value(_ expression: Expression, in now: [Int]) -> Int? {
    try? interpreter.value(expression, in: now, old: old, process: process, bound: bound)
  }

  /// The values that a quantifier visits, in order, and how to print them.
  private func elements(of iteration: Iteration) -> ([Int], Domain?) {
    switch iteration {
    case .values(.pointer(let pool, let capacity)):
      let domain = Domain.pointer(pool, capacity: capacity)
      guard let live = system.pools[pool.index].live else { return (Array(1...max(1, capacity)), domain) }
      let first = system.variables[live.index].slot
      return ((0..<capacity).filter { state[first + $0] != 0 }.map { $0 + 1 }, domain)
    case .values(let domain): return (Array(domain.bounds), domain)
    case .span(let low, let high):
      guard let low = value(low, in: state), let high = value(high, in: state), low <= high else {
        return ([], nil)
      }
      return (Array(low...high), nil)
    case .members(let set, let domain):
      let mask = value(set, in: state) ?? 0
      return (
        (0..<domain.elementCount).filter { (mask >> $0) & 1 == 1 }.map(domain.element(ofBit:)), domain
      )
    case .processes(let id):
      let kind = system.kinds[id.index]
      let domain = Domain.pointer(system.processPool, capacity: system.processCount)
      return ((0..<kind.count).map { kind.firstProcess + $0 + 1 }, domain)
    }
  }
}
