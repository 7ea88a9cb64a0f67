/// Values of each type.
extension SpecGenerator {
  /// Something that is always of the type and never fails.
  mutating func constant(_ type: SpecType) -> String {
    switch type {
    case .bool: random.pick(["true", "false"])
    case .range(let low, let high): "\(random.pick([low, high, random.between(low, high)]))"
    case .word(let bits):
      random.pick([
        "0", "1", "3", bits == 64 ? "18446744073709551615" : "\((1 << bits) - 1)",
        "\(1 << (bits - 1 - bits / 64))",
      ])
    case .enumeration: random.pick(["RED", "GREEN", "BLUE"])
    case .flags: random.pick(["READ", "WRITE", "(READ | WRITE)"])
    case .pointer, .task: "null"
    case .set: "{}"
    }
  }

  /// An expression of a type; numbers may be outside of a range.
  mutating func value(_ type: SpecType, _ scope: SpecScope, _ depth: Int) -> String {
    switch type {
    case .bool: return condition(scope, depth)
    case .range: return number(scope, depth)
    case .word(let bits): return word(bits, scope, depth)
    case .enumeration, .flags, .pointer, .task: return simple(type, scope, depth)
    case .set(let element): return set(element, scope, depth)
    }
  }

  /// What can be assigned to a variable of the type without failing, unless the spec dares.
  mutating func fitting(_ type: SpecType, _ scope: SpecScope, _ depth: Int) -> String {
    guard case .range(let low, let high) = type else { return value(type, scope, depth) }
    if random.chance(25) { return constant(type) }
    if random.chance(30), let place = read(type, scope) { return place }
    if random.chance(10), scope.allowsEffects, high < 1 << 10 {
      return "any \(freshName("v")) in \(low)..\(high)"
    }
    if dares() { return nonConstant(number(scope, depth), type) }
    let sum = number(scope.pure, depth)
    if Int(sum) != nil { return constant(type) }
    return "(\(sum) < \(low) || \(sum) > \(high) ? \(constant(type)) : \(sum))"
  }

  /// A constant that does not fit would be refused when the spec is compiled.
  private mutating func nonConstant(_ number: String, _ type: SpecType) -> String {
    if number.contains(where: \.isLetter) { return number }
    return constant(type)
  }

  // MARK: Numbers

  mutating func number(_ scope: SpecScope, _ depth: Int) -> String {
    let type = random.pick(ranges)
    if depth <= 0 || random.chance(35) { return read(type, scope) ?? constant(type) }
    switch random.below(15) {
    case 0, 1, 2:
      return "(\(number(scope, depth - 1)) \(random.pick(["+", "-", "+"])) \(number(scope, depth - 1)))"
    case 3: return "(\(number(scope, depth - 1)) * \(number(scope, depth - 1)))"
    case 4:
      let right = dares() ? variable(scope) : "\(random.between(2, 3))"
      return "(\(variable(scope)) \(random.pick(["/", "%"])) \(right))"
    case 5: return "(\(variable(scope)) \(random.pick(["&", "|", "^"])) \(number(scope, depth - 1)))"
    case 6:
      let right = dares() ? variable(scope) : "\(random.below(3))"
      return "(\(variable(scope)) \(random.pick(["<<", ">>"])) \(right))"
    case 7: return "(\(random.pick(["-", "~"]))\(variable(scope)))"
    case 8: return "(\(condition(scope, depth - 1)) ? \(variable(scope)) : \(number(scope, depth - 1)))"
    case 9: return quantified("count", scope, depth)
    case 10:
      if hasSets, let set = readSet(scope) { return "size(\(set))" }
      return number(scope, depth - 1)
    case 11:
      if let count = readCount(scope) { return "refcount_read(&\(count))" }
      return number(scope, depth - 1)
    case 12:
      return call(scope, depth) { $0.isRange } ?? number(scope, depth - 1)
    case 13:
      guard scope.allowsEffects else { return number(scope, depth - 1) }
      return anyNumber(scope, depth)
    default: return read(type, scope) ?? constant(type)
    }
  }

  /// Never a constant, so that nothing is folded.
  private mutating func variable(_ scope: SpecScope) -> String {
    read(ranges[0], scope) ?? read(ranges[1], scope)
      ?? "(\(ticker) ? \(random.below(3)) : \(random.below(3)))"
  }

  private mutating func anyNumber(_ scope: SpecScope, _ depth: Int) -> String {
    let name = freshName("v")
    guard case .range(let low, let high) = random.pick(ranges) else { return "0" }
    let inner = scope.pure.with(SpecVariable(name: name, type: .range(low, high), isAssignable: false))
    let filter = random.chance(40) ? " where \(condition(inner, depth - 1))" : ""
    return "(any \(name) in \(low)..\(high)\(filter))"
  }

  private mutating func word(_ bits: Int, _ scope: SpecScope, _ depth: Int) -> String {
    let type = SpecType.word(bits)
    guard let place = read(type, scope), depth > 0, random.chance(75) else { return constant(type) }
    switch random.below(8) {
    case 0, 1: return "(\(place) \(random.pick(["+", "-", "*", "&", "|", "^"])) \(constant(type)))"
    case 2: return "(\(place) \(random.pick(["+", "-", "*", "^"])) \(read(type, scope) ?? place))"
    case 3: return "(\(random.pick(["-", "~"]))\(place))"
    case 4: return "(\(place) \(random.pick(["<<", ">>"])) \(random.below(bits)))"
    case 5, 6: return "u\(bits)(\(number(scope, depth - 1)))"
    default: return "(\(place) \(random.pick(["/", "%"])) \(dares() ? "(\(place) >> 1)" : "3"))"
    }
  }

  // MARK: Values without arithmetic

  private mutating func simple(_ type: SpecType, _ scope: SpecScope, _ depth: Int) -> String {
    if depth > 0, random.chance(12) {
      let first = read(type, scope) ?? definite(type, scope)
      return "(\(condition(scope, depth - 1)) ? \(first) : \(simple(type, scope, depth - 1)))"
    }
    if depth > 0, random.chance(10), let called = call(scope, depth, { $0 == type }) { return called }
    if scope.allowsEffects, random.chance(15), let domain = domainText(type) {
      let name = freshName("v")
      let inner = scope.pure.with(SpecVariable(name: name, type: type, isAssignable: false))
      let filter = random.chance(40) ? " where \(condition(inner, depth - 1))" : ""
      return "(any \(name) in \(domain)\(filter))"
    }
    if random.chance(70), let place = read(type, scope) {
      if type == .flags, random.chance(50) {
        return "(\(place) \(random.pick(["|", "&", "^"])) \(random.pick(["READ", "WRITE", "~READ"])))"
      }
      return place
    }
    return definite(type, scope)
  }

  private mutating func definite(_ type: SpecType, _ scope: SpecScope) -> String {
    guard type == .task else { return constant(type) }
    var tasks = ["null"]
    if scope.hasCurrent { tasks += ["current", "current"] }
    for kind in kinds where !kind.isSymmetric {
      tasks.append(kind.count == 1 ? kind.name : "\(kind.name)[\(random.below(kind.count))]")
    }
    return random.pick(tasks)
  }

  /// What `any` and quantifiers range over for values of a type.
  mutating func domainText(_ type: SpecType) -> String? {
    switch type {
    case .bool: "bool"
    case .range(let low, let high): high < 1 << 10 ? "\(low)..\(high)" : nil
    case .enumeration: "color"
    case .pointer(let pool): "obj\(pool)"
    case .task: random.chance(30) ? "task" : random.pick(kinds).name
    case .word, .flags, .set: nil
    }
  }

  private mutating func set(_ element: SpecType, _ scope: SpecScope, _ depth: Int) -> String {
    let type = SpecType.set(element)
    if depth > 0, random.chance(60), let place = read(type, scope) {
      let other = random.chance(75) ? literal(element, scope) : set(element, scope, depth - 1)
      return "(\(place) \(random.pick(["|", "|", "-", "&", "^"])) \(other))"
    }
    if random.chance(50), let place = read(type, scope) { return place }
    return random.chance(30) ? "{}" : literal(element, scope)
  }

  private mutating func literal(_ element: SpecType, _ scope: SpecScope) -> String {
    if element.isRange { return "{\(constant(element))}" }
    // Null cannot be in a set; a pointer that may be null is for those that dare.
    if case .pointer = element, !dares() { return "{}" }
    if element == .task, !dares() { return scope.hasCurrent ? "{current}" : "{}" }
    return "{\(simple(element, scope.pure, 0))}"
  }
}
