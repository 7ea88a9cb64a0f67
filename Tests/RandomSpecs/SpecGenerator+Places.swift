/// Variables that are there to be read or written.
extension SpecGenerator {
  /// Reads some variable or field of exactly this type, if there is one; does not fail unless the spec dares.
  mutating func read(_ type: SpecType, _ scope: SpecScope) -> String? {
    var candidates = directPlaces(type, scope, isWritten: false)
    if random.chance(50) || candidates.isEmpty { candidates += fieldReads(type, scope) }
    return random.pickIfAny(candidates)
  }

  /// A variable that can be assigned in one statement, or passed by reference.
  mutating func target(_ type: SpecType, _ scope: SpecScope) -> String? {
    random.pickIfAny(directPlaces(type, scope, isWritten: true))
  }

  private mutating func directPlaces(_ type: SpecType, _ scope: SpecScope, isWritten: Bool) -> [String] {
    var result: [String] = []
    for variable in globals where variable.type == type {
      if let index = index(of: variable, scope) { result.append(variable.name + index) }
    }
    for variable in scope.locals where variable.type == type && (variable.isAssignable || !isWritten) {
      result.append(variable.isReference ? "(*\(variable.name))" : variable.name)
    }
    for field in processFields where field.type == type {
      if scope.hasCurrent { result.append("current->\(field.name)") }
      for task in scope.locals where task.type == .task && !task.isAssignable && !isWritten {
        result.append("\(task.name)->\(field.name)")
      }
    }
    return result
  }

  /// Empty if the variable is no array; nil if nothing sure is known to index it.
  private mutating func index(of variable: SpecVariable, _ scope: SpecScope) -> String? {
    switch variable.dimension {
    case .none: return ""
    case .count(let count):
      if dares(), let index = read(ranges[0], scope.pure) { return "[\(index)]" }
      return "[\(random.below(count))]"
    case .enumeration:
      return "[\(random.chance(50) ? constant(.enumeration) : read(.enumeration, scope.pure) ?? "RED")]"
    case .kind(let kind):
      if scope.kind == kind, scope.hasCurrent { return "[current]" }
      if let task = scope.locals.last(where: { $0.type == .task && $0.name.hasPrefix("\(kinds[kind].name)_") }
      ) {
        return "[\(task.name)]"
      }
      if !kinds[kind].isSymmetric {
        return "[\(kinds[kind].count == 1 ? kinds[kind].name : "\(kinds[kind].name)[0]")]"
      }
      if dares(), let task = scope.locals.last(where: { $0.type == .task }), !task.isReference {
        return "[\(task.name)]"
      }
      return nil
    }
  }

  private mutating func fieldReads(_ type: SpecType, _ scope: SpecScope) -> [String] {
    var result: [String] = []
    for pool in pools {
      for field in pool.fields where field.type == type {
        guard let pointer = random.pickIfAny(directPlaces(.pointer(pool.number), scope, isWritten: false))
        else { continue }
        if dares() {
          result.append("\(pointer)->\(field.name)")
        } else {
          result.append("(live(\(pointer)) ? \(pointer)->\(field.name) : \(constant(type)))")
        }
      }
    }
    return result
  }

  /// The text of a pointer to an object of a pool.
  mutating func pointer(_ pool: Int, _ scope: SpecScope) -> String? {
    random.pickIfAny(directPlaces(.pointer(pool), scope, isWritten: false))
  }

  mutating func readSet(_ scope: SpecScope) -> String? {
    let types = (globals + scope.locals + processFields).map(\.type).filter {
      if case .set = $0 { true } else { false }
    }
    return random.pickIfAny(types).flatMap { read($0, scope) }
  }

  mutating func readCount(_ scope: SpecScope) -> String? { random.pickIfAny(counts) }

  /// A lock, and whether it is a field of an object that must be live.
  mutating func lock(_ scope: SpecScope) -> (text: String, sort: SpecLock.Sort)? {
    random.pickIfAny(locks).map { ($0.name, $0.sort) }
  }

  /// A call of a function with such a result.
  mutating func call(_ scope: SpecScope, _ depth: Int, _ isWanted: (SpecType) -> Bool) -> String? {
    let candidates = functions.enumerated().filter { number, function in
      number < scope.functionLimit && (function.isPure || scope.allowsEffects && scope.place == .code)
        && !(scope.isAtomic && function.hasLoop) && !function.isEntry && function.result.map(isWanted) == true
    }
    return random.pickIfAny(candidates).flatMap { call(to: $0.element, scope, depth) }
  }

  /// Nil if there is no variable for a parameter.
  mutating func call(to function: SpecFunction, _ scope: SpecScope, _ depth: Int) -> String? {
    if function.hasLoop { hasLoop = true }
    var arguments: [String] = []
    for parameter in function.parameters {
      if parameter.isReference {
        guard let place = target(parameter.type, scope) else { return nil }
        arguments.append(place.hasPrefix("(*") ? String(place.dropFirst(2).dropLast()) : "&\(place)")
      } else {
        let isDeep = function.isPure ? scope.pure : scope
        arguments.append(fitting(parameter.type, isDeep, depth - 1))
      }
    }
    return "\(function.name)(\(arguments.joined(separator: ", ")))"
  }
}
