/// What holds statements: `init`, functions and processes.
extension SpecGenerator {
  mutating func writeInit() {
    line("init {")
    depth += 1
    var scope = SpecScope(place: .initial)
    // Locks, calls and waiting have no place here.
    scope.isAtomic = true
    for pool in pools {
      if let place = target(.pointer(pool.number), scope), random.chance(70) {
        line("\(place) = alloc_nofail(struct obj\(pool.number));")
      }
    }
    if random.chance(50) {
      budget = 1
      assignment(scope)
    }
    line("\(ticker) = \(random.chance(20) ? "maybe" : "false");")
    depth -= 1
    line("}")
  }

  mutating func writeFunction() {
    let name = freshName("fun")
    let isPure = random.chance(30)
    let parameters = (0..<random.below(3)).map { _ in parameter(isPure: isPure) }
    let result: SpecType? =
      isPure || random.chance(60)
      ? random.pick([.bool, ranges[0], .bool] + pools.map { .pointer($0.number) }) : nil
    let isEntry = !isPure && result == nil && random.chance(50)
    let list = parameters.map { parameter in
      parameter.isReference
        ? parameter.type.declaration("*\(parameter.name)") : parameter.type.declaration(parameter.name)
    }
    let type =
      result.map { if case .pointer(let pool) = $0 { "struct obj\(pool) *" } else { $0.text + " " } }
      ?? "void "
    line("\(isEntry ? "entry " : "")\(type)\(name)(\(list.joined(separator: ", ")))")
    hasLoop = false
    var scope = SpecScope(
      locals: parameters, isInFunction: true, result: result, functionLimit: functions.count)
    line("{")
    depth += 1
    if isPure, let result {
      scope.place = .property
      scope.allowsEffects = false
      line("return \(fitting(result, scope, 2));")
    } else {
      budget = 1 + size
      statements(scope, random.between(1, 1 + size))
      if let result { line("return \(fitting(result, scope, 2));") }
    }
    depth -= 1
    line("}")
    functions.append(
      SpecFunction(
        name: name, parameters: parameters, result: result, isPure: isPure, isEntry: isEntry,
        hasLoop: hasLoop))
  }

  private mutating func parameter(isPure: Bool) -> SpecVariable {
    let isReference = !isPure && random.chance(35)
    let known = (globals.map(\.type) + [ranges[0]]).filter { if case .word = $0 { false } else { true } }
    let type = random.pick(known)
    // `set of T *x` is a set of pointers.
    if type.isSet, isReference { return parameter(isPure: isPure) }
    return SpecVariable(
      name: freshName("a"), type: type, isAssignable: !isPure, isReference: isReference)
  }

  mutating func writeProcess(_ number: Int) {
    let kind = kinds[number]
    var head = "process \(kind.name)"
    if kind.count > 1 { head += "[\(kind.count)]" }
    if kind.isSymmetric { head += " symmetric" }
    if kind.isDaemon { head += " daemon" }
    if kind.isEnvironment { head += " environment" }
    line(head + " {")
    depth += 1
    let scope = SpecScope(kind: number)
    // Many processes with long bodies have too many states.
    let total = kinds.reduce(0) { $0 + $1.count }
    budget = max(2, (2 + 3 * size) / max(1, total - 1))
    let isLooping = random.chance(25)
    // What processes choose before their first steps multiplies, so that only one may.
    if !isLooping, number > 0 || kind.count > 1 {
      line("\(ticker) = \(random.pick(["true", "!\(ticker)"]));")
    }
    if isLooping {
      line("loop {")
      depth += 1
      line("\(ticker) = !\(ticker);")
    }
    var inner = scope
    if isLooping { inner.loopDepth = 1 }
    statements(inner, random.between(1, 2 + size))
    if !isLooping, random.chance(30) {
      let label = freshName("label")
      kinds[number].labels.append(label)
      line("\(label):")
      assignment(scope)
    }
    if isLooping {
      depth -= 1
      line("}")
    }
    depth -= 1
    line("}")
  }
}
