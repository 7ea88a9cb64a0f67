import TransitionIR

/// Steps as rules.
extension MurphiWriter {
  mutating func rules(of step: Model.ModelStep) throws(ExportRefusal) {
    line("")
    line(stepComment(step, model, open: "-- ", close: ""))
    // Too many alternatives are no failure here: there is another way to print them.
    let alternatives = try? Alternatives(
      expandsPicks: false, limit: Self.alternativeLimit, stepName: step.name
    ).expand(step.body)
    guard let alternatives, alternatives.allSatisfy({ $0.pickCombinations <= 4096 }) else {
      return try numberedRule(step)
    }
    for (number, body) in alternatives.enumerated() {
      try rule(body, step, name: alternatives.count > 1 ? "\(step.name)_\(number)" : step.name)
    }
  }

  /// A rule without forks: picks are parameters.
  private mutating func rule(
    _ body: [Action], _ step: Model.ModelStep, name: String
  ) throws(ExportRefusal) {
    let condition = Guard(of: body, from: step.atLocation)
    if case .truth(false) = condition.condition { return }
    let parameters = [step.process].compactMap { $0 } + body.picks
    var test = try value(condition.condition)
    if !condition.isComplete {
      guardBegins("can_\(name)", parameters, body.temporaries)
      for action in body { try emit(action) }
      guardEnds("true")
      test += " & \(Self.call("can_\(name)", parameters))"
    }
    ruleBegins(name, parameters, test, body.temporaries)
    for action in body.withoutRequirements() { try emit(action) }
    ruleEnds(parameters)
  }

  private static func call(_ name: String, _ parameters: [Local]) -> String {
    "\(name)(\(parameters.map(\.name).joined(separator: ", ")))"
  }

  private mutating func ruleBegins(
    _ name: String, _ parameters: [Local], _ test: String, _ variables: [Local]
  ) {
    for parameter in parameters {
      line("ruleset \(parameter.name): \(Self.type(of: parameter)) do")
      indentation += 1
    }
    line("rule \"\(name)\"")
    indentation += 1
    line(test)
    line("==>")
    declare(variables)
    line("begin")
    indentation += 1
  }

  private mutating func ruleEnds(_ parameters: [Local]) {
    indentation -= 1
    line("end;")
    indentation -= 1
    for _ in parameters {
      indentation -= 1
      line("end;")
    }
  }

  /// A function that runs a body on a copy of the state: whether it gets to its end.
  private mutating func guardBegins(_ name: String, _ parameters: [Local], _ variables: [Local]) {
    let list = parameters.map { "\($0.name): \(Self.type(of: $0))" }.joined(separator: "; ")
    line("function \(name)(\(list)): boolean;")
    line("var n: state_t;")
    if !variables.isEmpty { declare(variables) }
    line("begin")
    indentation += 1
    (record, isGuard) = ("n", true)
    line("n := s;")
  }

  private mutating func guardEnds(_ result: String) {
    line("return \(result);")
    (record, isGuard) = ("s", false)
    indentation -= 1
    line("end;")
  }

  private mutating func declare(_ variables: [Local]) {
    if variables.isEmpty { return }
    line("var")
    for local in variables { line("  \(local.name): \(Self.type(of: local));") }
  }

  // MARK: Numbered ways

  /// How many ways through one step a numbered rule tries; more are an error when the model runs.
  static let wayLimit = 64

  /// A rule for all ways through a step: the number of the way says, digit by digit, what is chosen.
  private mutating func numberedRule(_ step: Model.ModelStep) throws(ExportRefusal) {
    let way = Local(name: "way", kind: .number, lower: 0, upper: Self.wayLimit - 1)
    let parameters = [step.process].compactMap { $0 } + [way]
    let picks = step.body.picks.flatMap { pick in
      [pick, Local(name: "number_\(pick.name)", kind: .number, lower: 0, upper: 8192)]
    }
    let left = Local(name: "left", kind: .number, lower: 0, upper: Self.wayLimit - 1)
    let ways = Local(name: "ways", kind: .number, lower: 1, upper: Self.wayLimit * 8193)
    let found = Local(name: "found", kind: .number, lower: 0, upper: 8193)
    let variables = [left, found] + picks + step.body.temporaries
    isNumbered = true
    guardBegins("can_\(step.name)", parameters, variables)
    line("left := way;")
    for action in step.body { try emit(action) }
    guardEnds("left = 0")
    let test = "\(try value(step.atLocation)) & \(Self.call("can_\(step.name)", parameters))"
    ruleBegins(step.name, parameters, test, variables + [ways])
    line("left := way;")
    line("ways := 1;")
    for action in step.body { try emit(action) }
    ruleEnds(parameters)
    isNumbered = false
  }

  /// Takes the next digit of the way.
  private mutating func digit(_ count: String) {
    line("left := left / \(count);")
    if isGuard { return }
    line("ways := ways * \(count);")
    line("assert ways <= \(Self.wayLimit) \"a step has more ways than this model tries\";")
  }

  private mutating func fork(_ branches: [[Action]]) throws(ExportRefusal) {
    line("found := left % \(branches.count);")
    digit("\(branches.count)")
    for (number, branch) in branches.enumerated() {
      line(number == 0 ? "switch found case 0:" : "case \(number):")
      try nested(branch)
    }
    line("end;")
  }

  /// Counts the candidates, takes the digit, and walks to the candidate with that number.
  private mutating func pick(_ local: Local, _ filter: Term) throws(ExportRefusal) {
    let loop = Local(name: "x\(local.name)", kind: local.kind, lower: local.lower, upper: local.upper)
    let test = try value(filter.replacing(local, with: .local(loop)))
    let head = "for \(loop.name): \(Self.type(of: loop)) do"
    line("found := 0;")
    line("\(head) if \(test) then found := found + 1; end; end;")
    if isGuard { line("if found = 0 then return false; end;") }
    line("number_\(local.name) := left % found;")
    digit("found")
    line("found := 0;")
    line(head)
    line("  if \(test) then")
    line("    if found = number_\(local.name) then \(local.name) := \(loop.name); end;")
    line("    found := found + 1;")
    line("  end;")
    line("end;")
  }

  // MARK: Statements

  private mutating func emit(_ action: Action) throws(ExportRefusal) {
    switch action {
    case .require(let term): if isGuard { try require(term) }
    case .set(let storage, let index, let term):
      line("\(try place(storage, index)) := \(try value(term));")
    case .branch(let condition, let then, let otherwise):
      line("if \(try value(condition)) then")
      try nested(then)
      if !otherwise.isEmpty {
        line("else")
        try nested(otherwise)
      }
      line("end;")
    case .define(let local, let term): line("\(local.name) := \(try value(term));")
    case .replace(let storage, let slots, let pointer, let number):
      let index = Local(name: "i", kind: .number, lower: slots.lowerBound, upper: slots.upperBound - 1)
      let place = try place(storage, .local(index))
      let after = try value(Term.read(storage, .local(index)).replaced(pointer, by: number))
      let loop = "for i: \(Self.type(of: index)) do \(place) := \(after); end;"
      line(storage.isScalar ? "\(place) := \(after);" : loop)
    case .fork(let branches): try fork(branches)
    case .pick(let local, let filter):
      if isNumbered { try pick(local, filter) } else if isGuard { try require(filter) }
    case .finish: throw ExportRefusal("a step that ends early")
    }
  }

  private mutating func require(_ term: Term) throws(ExportRefusal) {
    line("if \(try value(!term)) then return false; end;")
  }

  private mutating func nested(_ body: [Action]) throws(ExportRefusal) {
    indentation += 1
    for action in body { try emit(action) }
    indentation -= 1
  }
}
