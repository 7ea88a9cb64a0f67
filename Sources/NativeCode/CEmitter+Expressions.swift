import TransitionIR

/// Expressions as C expressions. What may fail is a statement expression that leaves by `goto`.
extension CEmitter {
  mutating func value(_ expression: Expression) -> String {
    switch expression {
    case .constant(let value): return literal(value)
    case .read(let place): return "get(\(stateName), \(slot(of: place)))"
    case .bound(let id): return "b\(id.index)"
    case .current: return "((int64_t)p + 1)"
    case .unary(let op, let operand, let mask):
      let inner = value(operand)
      switch op {
      case .not: return "(int64_t)!\(inner)"
      case .negate:
        let negated = "(int64_t)(0 - (uint64_t)\(inner))"
        return mask == 0 ? negated : "(\(negated) & \(literal(mask)))"
      case .complement: return "(~\(inner) & \(literal(mask)))"
      }
    case .binary(let op, let left, let right, let arithmetic, let site):
      return binary(op, left, right, arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, let site):
      return samePointer(left, right, pool, strict, site)
    case .member(let element, let set, let domain):
      let bits = domain.elementCount
      return "member(\(bit(element, domain)), \(bits), \(value(set)))"
    case .singleton(let element, let domain):
      return "singleton(\(bit(element, domain)), \(domain.elementCount))"
    case .cardinality(let set): return "(int64_t)__builtin_popcountll((uint64_t)\(value(set)))"
    case .select(let condition, let then, let otherwise):
      return "(\(value(condition)) ? \(value(then)) : \(value(otherwise)))"
    case .quantified(let quantifier, let id, let iteration, let body):
      return quantified(quantifier, id, iteration, body)
    case .old(let operand):
      let saved = stateName
      stateName = "old"
      defer { stateName = saved }
      return value(operand)
    case .live(let pointer, let pool): return "is_object(\(stateName), \(pool.index), \(value(pointer)))"
    case .exclusive(let pointer, let pool):
      return "is_exclusive(\(stateName), \(pool.index), \(value(pointer)), p)"
    case .isAt(let process, let locations):
      let tests = locations.map { "x == \($0.index)" }.joined(separator: " || ")
      return
        "({ int64_t x = location(\(stateName), \(value(process))); (int64_t)(\(tests.isEmpty ? "(void)x, 0" : tests)); })"
    case .hasEnded(let process): return "has_ended(\(stateName), \(value(process)))"
    case .heldLockCount: return "held_count(\(stateName), p)"
    case .labelled(_, let operand): return value(operand)
    }
  }

  func literal(_ value: Int) -> String {
    value == Int.min ? "INT64_MIN" : value < 0 ? "(-INT64_C(\(-value)))" : "INT64_C(\(value))"
  }

  /// The bit of an element in a set; -1 for one that cannot be in it.
  private mutating func bit(_ element: Expression, _ domain: Domain) -> String {
    "(\(value(element)) - \(literal(domain.element(ofBit: 0))))"
  }

  private mutating func samePointer(
    _ left: Expression, _ right: Expression, _ pool: PoolID, _ strict: Bool, _ site: SiteID
  ) -> String {
    let a = value(left)
    let b = value(right)
    guard strict else { return "(int64_t)(\(a) == \(b))" }
    let stale = system.pools[pool.index].capacity + 1
    let (x, y) = (temporary(), temporary())
    return "({ int64_t \(x) = \(a), \(y) = \(b); if ((\(x) == \(stale) || \(y) == \(stale)) && \(x) && \(y)) "
      + "\(fail(.staleCompare, site)) (int64_t)(\(x) == \(y)); })"
  }

  private mutating func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ arithmetic: Arithmetic, _ site: SiteID
  ) -> String {
    let a = value(left)
    let b = value(right)
    switch op {
    case .and: return "(int64_t)(\(a) && \(b))"
    case .or: return "(int64_t)(\(a) || \(b))"
    case .implies: return "(int64_t)(!\(a) || \(b))"
    case .equal: return "(int64_t)(\(a) == \(b))"
    case .notEqual: return "(int64_t)(\(a) != \(b))"
    case .bitAnd: return "(\(a) & \(b))"
    case .bitOr: return "(\(a) | \(b))"
    case .bitXor: return "(\(a) ^ \(b))"
    case .without: return "(\(a) & ~\(b))"
    default: break
    }
    if case .wrapping(let bits) = arithmetic { return wrapping(op, a, b, bits, site) }
    switch op {
    case .less: return "(int64_t)(\(a) < \(b))"
    case .lessEqual: return "(int64_t)(\(a) <= \(b))"
    case .add: return checked("__builtin_add_overflow", a, b, site)
    case .subtract: return checked("__builtin_sub_overflow", a, b, site)
    case .multiply: return checked("__builtin_mul_overflow", a, b, site)
    default: return divisionOrShift(op, a, b, site)
    }
  }

  private mutating func checked(_ builtin: String, _ a: String, _ b: String, _ site: SiteID) -> String {
    let result = temporary()
    return
      "({ int64_t \(result); if (\(builtin)(\(a), \(b), &\(result))) \(fail(.overflow, site)) \(result); })"
  }

  private mutating func divisionOrShift(_ op: BinaryOperator, _ a: String, _ b: String, _ site: SiteID)
    -> String
  {
    let (x, y, z) = (temporary(), temporary(), temporary())
    let head = "({ int64_t \(x) = \(a), \(y) = \(b), \(z); "
    switch op {
    case .divide, .remainder:
      let sign = op == .divide ? "/" : "%"
      return head + "if (!\(y)) \(fail(.division, site)) "
        + "if (\(x) == INT64_MIN && \(y) == -1) \(fail(.overflow, site)) \(z) = \(x) \(sign) \(y); \(z); })"
    case .shiftRight:
      return head + "if (\(y) < 0 || \(y) >= 63) \(fail(.division, site)) \(z) = \(x) >> \(y); \(z); })"
    default:
      return head + "if (\(y) < 0 || \(y) >= 63) \(fail(.division, site)) "
        + "if (__builtin_mul_overflow(\(x), INT64_C(1) << \(y), &\(z))) \(fail(.overflow, site)) \(z); })"
    }
  }

  private mutating func wrapping(
    _ op: BinaryOperator, _ a: String, _ b: String, _ bits: Int, _ site: SiteID
  ) -> String {
    let mask = bits == 64 ? "UINT64_MAX" : "UINT64_C(\((1 << bits) - 1))"
    let (x, y) = (temporary(), temporary())
    let head = "({ uint64_t \(x) = (uint64_t)\(a) & \(mask), \(y) = (uint64_t)\(b) & \(mask); "
    switch op {
    case .less: return head + "(int64_t)(\(x) < \(y)); })"
    case .lessEqual: return head + "(int64_t)(\(x) <= \(y)); })"
    case .add: return head + "(int64_t)((\(x) + \(y)) & \(mask)); })"
    case .subtract: return head + "(int64_t)((\(x) - \(y)) & \(mask)); })"
    case .multiply: return head + "(int64_t)((\(x) * \(y)) & \(mask)); })"
    case .divide: return head + "if (!\(y)) \(fail(.division, site)) (int64_t)(\(x) / \(y)); })"
    case .remainder: return head + "if (!\(y)) \(fail(.division, site)) (int64_t)(\(x) % \(y)); })"
    case .shiftLeft:
      return head + "if (\(y) >= \(bits)) \(fail(.division, site)) (int64_t)((\(x) << \(y)) & \(mask)); })"
    default: return head + "if (\(y) >= \(bits)) \(fail(.division, site)) (int64_t)(\(x) >> \(y)); })"
    }
  }

  // MARK: Iteration

  private mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression
  ) -> String {
    let result = temporary()
    let head = "({ int64_t \(result) = \(quantifier == .forall ? 1 : 0); "
    let loop = self.loop(over: iteration, into: id)
    let test = value(body)
    switch quantifier {
    case .forall: return head + "\(loop) if (!\(test)) { \(result) = 0; break; } } \(result); })"
    case .exists: return head + "\(loop) if (\(test)) { \(result) = 1; break; } } \(result); })"
    case .count: return head + "\(loop) if (\(test)) \(result)++; } \(result); })"
    }
  }

  /// The head of a loop over an iteration, up to and with what skips a value that is not in it; the caller closes the brace.
  mutating func loop(over iteration: Iteration, into id: BoundID) -> String {
    let bound = "b\(id.index)"
    let counter = temporary()
    func span(_ low: String, _ high: String) -> String {
      "for (int64_t \(counter) = \(low); \(counter) <= \(high); \(counter)++) { \(bound) = \(counter);"
    }
    switch iteration {
    case .values(.pointer(let pool, let capacity)):
      return span("1", "\(capacity)") + " if (!is_object(\(stateName), \(pool.index), \(bound))) continue;"
    case .values(let domain):
      return span(literal(domain.bounds.lowerBound), literal(domain.bounds.upperBound))
    case .span(let low, let high):
      let (first, last) = (temporary(), temporary())
      return "const int64_t \(first) = \(value(low)), \(last) = \(value(high)); " + span(first, last)
    case .members(let set, let domain):
      let mask = temporary()
      let limit = UInt64(1) << UInt64(domain.elementCount) - 1
      return "uint64_t \(mask) = (uint64_t)\(value(set)) & UINT64_C(\(limit)); "
        + "for (; \(mask); \(mask) &= \(mask) - 1) { "
        + "\(bound) = __builtin_ctzll(\(mask)) + \(literal(domain.element(ofBit: 0)));"
    case .processes(let kind):
      let kind = system.kinds[kind.index]
      return span("\(kind.firstProcess + 1)", "\(kind.firstProcess + kind.count)")
    }
  }

  // MARK: Places

  /// The slot number of a place, as a C expression that checks every index on the way.
  mutating func slot(of place: Place) -> String {
    let variable = system.variables[place.variable.index]
    var stride = variable.slotCount
    var constant = variable.slot
    var terms: [String] = []
    for (index, dimension) in zip(place.indices, variable.dimensions) {
      stride /= max(1, dimension.count)
      switch index {
      case .element(.constant(let fixed)) where (0..<dimension.count).contains(fixed - lower(dimension)):
        constant += (fixed - lower(dimension)) * stride
      case .element(let expression): terms.append(scaled(element(expression, dimension, place.site), stride))
      case .object(let pointer): terms.append(scaled(object(pointer, variable, place.site), stride))
      case .current:
        terms.append(scaled("(p - \(firstProcess(of: variable)))", stride))
      case .process(let process):
        terms.append(scaled("(\(value(process)) - 1 - \(firstProcess(of: variable)))", stride))
      }
    }
    return ([terms.isEmpty || constant > 0 ? "\(constant)" : nil] + terms).compactMap { $0 }.joined(
      separator: " + ")
  }

  private func scaled(_ term: String, _ stride: Int) -> String { stride == 1 ? term : "\(term) * \(stride)" }

  private func lower(_ dimension: Dimension) -> Int {
    if case .array(_, let lower) = dimension { return lower }
    return 0
  }

  private func firstProcess(of variable: Variable) -> Int {
    guard case .process(let kind, _)? = variable.dimensions.first else { return 0 }
    return system.kinds[kind.index].firstProcess
  }

  private mutating func element(_ expression: Expression, _ dimension: Dimension, _ site: SiteID) -> String {
    let index = temporary()
    return "({ int64_t \(index) = \(value(expression)) - \(literal(lower(dimension))); "
      + "if (\(index) < 0 || \(index) >= \(dimension.count)) \(fail(.index, site)) \(index); })"
  }

  private mutating func object(_ pointer: Expression, _ variable: Variable, _ site: SiteID) -> String {
    guard case .field(let pool) = variable.role else { return "(\(value(pointer)) - 1)" }
    if case .current = pointer { return "p" }
    let object = temporary()
    let isProcess = system.pools[pool.index].isProcessPool
    let stale =
      isProcess ? "" : "if (!is_object(\(stateName), \(pool.index), \(object))) \(fail(.useAfterFree, site)) "
    return
      "({ int64_t \(object) = \(value(pointer)); if (!\(object)) \(fail(.null, site)) \(stale)\(object) - 1; })"
  }
}
