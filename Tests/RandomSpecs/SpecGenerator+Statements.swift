/// Statements, of every sort.
extension SpecGenerator {
  /// Statements until there are `count` or the budget is spent; at least one.
  mutating func statements(_ scope: SpecScope, _ count: Int) {
    var scope = scope
    for _ in 0..<max(1, count) {
      statement(&scope)
      if budget <= 0 { break }
    }
  }

  mutating func block(_ head: String, _ scope: SpecScope, _ count: Int, end: String = "}") {
    line(head + " {")
    depth += 1
    statements(scope, count)
    depth -= 1
    line(end)
  }

  /// `scope` gets the locals that the statement declares.
  private mutating func statement(_ scope: inout SpecScope) {
    budget -= 1
    if depth > 4 || budget <= 0 { return assignment(scope) }
    switch random.chance(40) ? themed() : random.below(32) {
    case 0, 1, 2, 3: assignment(scope)
    case 4, 5: increment(scope)
    case 6, 7: ifElse(scope)
    case 8: forEach(scope)
    case 9: scope.isAtomic ? assignment(scope) : whileLoop(scope)
    case 10: choose(scope)
    case 11: switchOn(scope)
    case 12, 13:
      var inner = scope
      inner.isAtomic = true
      block("atomic", inner, random.between(1, 3))
    case 14, 15, 16: lockSection(scope)
    case 17: tryLock(scope)
    case 18, 19: objectLock(scope)
    case 20, 21: allocation(&scope)
    case 22: freeing(scope)
    case 23, 24: objectUse(scope)
    case 25: counting(scope)
    case 26: callStatement(scope)
    case 27: waiting(scope)
    case 28: line("assert(\(condition(scope, 2)));")
    case 29: local(&scope)
    case 30: jump(scope)
    default: leave(scope)
    }
  }

  /// The number of a statement that the spec is about.
  private mutating func themed() -> Int {
    switch theme {
    case .anything: random.below(32)
    case .locks: random.pick([14, 15, 16, 17, 18, 26])
    case .objects: random.pick([18, 20, 21, 22, 23, 24, 25])
    case .choices: random.pick([8, 10, 11, 26, 27, 28, 29])
    }
  }

  // MARK: Assignments

  mutating func assignment(_ scope: SpecScope) {
    for _ in 0..<3 {
      guard let type = random.pickIfAny(comparableTypes(scope)), let place = target(type, scope) else {
        continue
      }
      if case .set = type, random.chance(50), let element = random.pickIfAny(["current"]),
        type == .set(.task),
        scope.hasCurrent
      {
        return line("\(place) \(random.pick(["|=", "-="])) {\(element)};")
      }
      if type == .flags, random.chance(50) {
        return line(
          "\(place) \(random.pick(["|=", "&=", "^="])) \(random.pick(["READ", "WRITE", "~WRITE"]));")
      }
      return line("\(place) = \(fitting(type, scope, 2));")
    }
    if globals.contains(where: { $0.name.hasPrefix("left.") }), random.chance(50) {
      return line(random.chance(50) ? "left = right;" : "right = left;")
    }
    line("\(ticker) = \(random.chance(60) ? "!\(ticker)" : condition(scope, 1));")
  }

  private mutating func increment(_ scope: SpecScope) {
    guard case .range(let low, let high) = random.pick(ranges), let place = target(.range(low, high), scope)
    else {
      return assignment(scope)
    }
    let up = random.chance(60)
    let step =
      up ? random.pick(["\(place)++;", "\(place) += 1;"]) : random.pick(["\(place)--;", "\(place) -= 1;"])
    if dares() { return line(step) }
    let test = "if (\(place) \(up ? "< \(high)" : "> \(low)")) \(step)"
    // Somebody may come between the test and the change.
    line(scope.isAtomic || random.chance(15) ? test : "atomic { \(test) }")
  }

  private mutating func local(_ scope: inout SpecScope) {
    let type = anyType()
    let variable = SpecVariable(name: freshName("x"), type: type)
    let initial = random.chance(75) ? " = \(fitting(type, scope, 2))" : ""
    line("\(type.declaration(variable.name))\(initial);")
    scope.locals.append(variable)
  }

  // MARK: Control

  private mutating func ifElse(_ scope: SpecScope) {
    block(
      "if (\(condition(scope, 2)))", scope, random.between(1, 2), end: random.chance(40) ? "} else {" : "}")
    guard text.hasSuffix("} else {\n") else { return }
    depth += 1
    statements(scope, random.between(1, 2))
    depth -= 1
    line("}")
  }

  private mutating func forEach(_ scope: SpecScope) {
    let (name, type, domain) = binder(scope)
    var inner = scope.with(SpecVariable(name: name, type: type, isAssignable: false))
    let filter = random.chance(25) ? " where \(condition(inner.pure, 1))" : ""
    inner.loopDepth += 1
    inner.isInSwitch = false
    block("for (\(name) in \(domain)\(filter))", inner, random.between(1, 2))
  }

  /// Each iteration begins or ends with a step.
  private mutating func whileLoop(_ scope: SpecScope) {
    var inner = scope
    inner.loopDepth += 1
    inner.isInSwitch = false
    hasLoop = true
    let isEndless = random.chance(25)
    let isDo = !isEndless && random.chance(30)
    let test = condition(scope, 1)
    line(isEndless ? "loop {" : isDo ? "do {" : "while (\(test)) {")
    depth += 1
    line("\(ticker) = \(random.pick(["!\(ticker)", "true", "false"]));")
    statements(inner, random.between(1, 2))
    if random.chance(40) { line("if (\(condition(inner, 1))) break;") }
    depth -= 1
    line(isDo ? "} while (\(test));" : "}")
  }

  private mutating func choose(_ scope: SpecScope) {
    line("choose {")
    var hasFree = false
    var inner = scope
    // A `break` in a case is one of a loop around, if there is one.
    inner.isInSwitch = scope.isInSwitch
    for _ in 0..<random.between(1, 3) {
      let isFree = random.chance(45)
      hasFree = hasFree || isFree
      line(isFree ? "case:" : "case \(condition(scope.pure, 2)):")
      depth += 1
      statements(inner, random.between(1, 2))
      depth -= 1
    }
    if !hasFree {
      line("else:")
      depth += 1
      if random.chance(40) { line("wait;") } else { statements(inner, 1) }
      depth -= 1
    }
    line("}")
  }

  private mutating func switchOn(_ scope: SpecScope) {
    let type: SpecType = hasEnums && random.chance(50) ? .enumeration : ranges[0]
    guard let subject = read(type, scope.pure) else { return ifElse(scope) }
    var inner = scope
    inner.isInSwitch = true
    line("switch (\(subject)) {")
    var labels = hasEnums && type == .enumeration ? ["RED", "GREEN"] : ["0", "1"]
    if random.chance(50) { labels.removeLast() }
    for label in labels {
      line("case \(label):")
      depth += 1
      statements(inner, 1)
      line("break;")
      depth -= 1
    }
    if random.chance(60) {
      line("default:")
      depth += 1
      statements(inner, 1)
      line("break;")
      depth -= 1
    }
    line("}")
  }

  private mutating func callStatement(_ scope: SpecScope) {
    let candidates = functions.enumerated().filter { number, function in
      number < scope.functionLimit && scope.place == .code && scope.allowsEffects
        && (!function.isEntry || !scope.isInFunction)
        && !function.isPure && !(scope.isAtomic && function.hasLoop)
    }
    guard let function = random.pickIfAny(candidates)?.element, let call = call(to: function, scope, 1) else {
      return assignment(scope)
    }
    line(call + ";")
  }

  private mutating func waiting(_ scope: SpecScope) {
    guard scope.place == .code else { return assignment(scope) }
    if random.chance(60), let place = read(.bool, scope.pure) { return line("wait_event(\(place));") }
    line("wait_event(\(condition(scope.pure, 2)));")
  }

  private mutating func jump(_ scope: SpecScope) {
    if scope.loopDepth > 0, !scope.isInSwitch {
      return line("if (\(condition(scope, 1))) \(random.pick(["break", "continue"]));")
    }
    if scope.place != .code || scope.isAtomic || scope.isInSwitch { return assignment(scope) }
    let label = freshName("label")
    if random.chance(40) {
      hasLoop = true
      line("\(label):")
      line("\(ticker) = !\(ticker);")
      statements(scope, 1)
      line("if (\(condition(scope, 1))) goto \(label);")
    } else {
      line("if (\(condition(scope, 1))) goto \(label);")
      statements(scope, random.between(1, 2))
      line("\(label):")
      assignment(scope)
    }
  }

  private mutating func leave(_ scope: SpecScope) {
    if scope.place != .code || !scope.held.isEmpty && !dares() { return assignment(scope) }
    let test = condition(scope, 1)
    if scope.isInFunction {
      line("if (\(test)) return\(scope.result.map { " " + fitting($0, scope, 1) } ?? "");")
    } else {
      line("if (\(test)) exit;")
    }
  }
}
