import TransitionIR

/// Expressions as C expressions. What fails notes so in `s->failed` and goes on with some value, which nobody uses.
///
/// clang evaluates operands and arguments from left to right, which decides which of two failures is the first.
extension CEmitter {
  /// Longer terms become functions.
  private static var lengthLimit: Int { 140 }

  mutating func term(_ expression: Expression) -> Term {
    let term = whole(expression)
    return term.text.utf8.count > Self.lengthLimit ? outlined(term) : term
  }

  /// A call of a function that computes the term.
  func isCall(_ term: Term) -> Bool { term.text.hasPrefix("f") && term.text.utf8.count < 40 }

  mutating func outlined(_ term: Term) -> Term {
    outlined("return \(term.text);", term.range, mayFail: term.mayFail, free: term.free)
  }

  /// A call of a function with this body.
  mutating func outlined(
    _ body: String, _ range: ClosedRange<Int>, mayFail: Bool, free: Set<BoundID>
  ) -> Term {
    let names = free.map(\.index).sorted().map { "b\($0)" }
    let name = function("int64_t", names.map { ", int64_t \($0)" }.joined(), body)
    var call = Term("\(name)(s\(names.map { ", " + $0 }.joined()))", range, mayFail: mayFail)
    if call.constant == nil { call.free = free }
    return call
  }

  private mutating func whole(_ expression: Expression) -> Term {
    switch expression {
    case .constant(let value): return Term(constant: value)
    case .read(let place): return read(place)
    case .bound(let id):
      var term = Term("b\(id.index)", bound[id] ?? Int.min...Int.max)
      if term.constant == nil { term.free = [id] }
      return term
    case .current: return current
    case .unary(let op, let operand, let mask): return unary(op, term(operand), mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      return binary(op, term(left), term(right), arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, let site):
      return samePointer(term(left), term(right), pool, strict, site)
    case .member(let element, let set, let domain): return member(term(element), term(set), domain)
    case .singleton(let element, let domain):
      let element = term(element)
      let range = ValueRanges.singleton(element.range, domain)
      let first = domain.element(ofBit: 0)
      let isInside = isBit(element, of: domain)
      let text =
        isInside
        ? "(INT64_C(1) << \(offset(element, first)))"
        : "singleton(\(offset(element, first)), \(domain.elementCount))"
      return Term(text, range, of: [element])
    case .cardinality(let set):
      let set = term(set)
      return Term("(int64_t)__builtin_popcountll((uint64_t)\(set.text))", 0...64, of: [set])
    case .select(let condition, let then, let otherwise):
      let (condition, then, otherwise) = (term(condition), term(then), term(otherwise))
      if let value = condition.constant { return value != 0 ? then : otherwise }
      return Term(
        "(\(condition.text) ? \(then.text) : \(otherwise.text))",
        min(
          then.range.lowerBound, otherwise.range.lowerBound)...max(
            then.range.upperBound, otherwise.range.upperBound), of: [condition, then, otherwise])
    case .quantified(let quantifier, let id, let iteration, let body):
      return quantified(quantifier, id, iteration, body)
    case .old(let operand):
      let wasOld = isOld
      isOld = true
      defer { isOld = wasOld }
      return outlined(term(operand))
    case .live(let pointer, let pool):
      let pointer = term(pointer)
      return Term("live_\(pool.index)(w, \(pointer.text))", 0...1, of: [pointer])
    case .exclusive(let pointer, let pool):
      let pointer = term(pointer)
      return Term("is_exclusive(w, \(pool.index), \(pointer.text), s->p)", 0...1, of: [pointer])
    case .isAt(let process, let locations): return isAt(term(process), locations)
    case .hasEnded(let process):
      let process = term(process)
      return Term("has_ended(w, \(process.text))", 0...1, of: [process])
    case .heldLockCount: return Term("held_count(w, s->p)", 0...max(1, lockSlotCount))
    case .labelled(_, let operand): return whole(operand)
    }
  }

  /// The running process as a pointer; a number where its kind has no other.
  private var current: Term {
    guard let kind else { return Term("(s->p + 1)", 1...max(1, system.processCount)) }
    let description = system.kinds[kind.index]
    let first = description.firstProcess + 1
    return Term("(s->p + 1)", first...first + max(1, description.count) - 1)
  }

  /// The element is in the domain, whatever its value.
  private func isBit(_ element: Term, of domain: Domain) -> Bool {
    let first = domain.element(ofBit: 0)
    return element.range.lowerBound >= first && element.range.upperBound - first < domain.elementCount
  }

  func offset(_ term: Term, _ lower: Int) -> String {
    if let value = term.constant { return Term.literal(value &- lower) }
    return lower == 0 ? term.text : lower > 0 ? "(\(term.text) - \(lower))" : "(\(term.text) + \(-lower))"
  }

  /// The set is looked at only if the element can be in it.
  private mutating func member(_ element: Term, _ set: Term, _ domain: Domain) -> Term {
    let bit = offset(element, domain.element(ofBit: 0))
    if isBit(element, of: domain) {
      return Term("(\(set.text) >> \(bit) & 1)", 0...1, of: [element, set])
    }
    let count = domain.elementCount
    guard set.mayFail else {
      return Term("member(\(bit), \(count), \(set.text))", 0...1, of: [element, set])
    }
    return outlined(
      "int64_t i = \(bit); if (i < 0 || i >= \(count)) return 0; return \(set.text) >> i & 1;", 0...1,
      mayFail: true,
      free: element.free.union(set.free))
  }

  private mutating func samePointer(
    _ a: Term, _ b: Term, _ pool: PoolID, _ strict: Bool, _ site: SiteID
  ) -> Term {
    let stale = system.pools[pool.index].capacity + 1
    let mayBeStale = [a, b].contains { $0.range.contains(stale) } && a.range != 0...0 && b.range != 0...0
    guard strict, mayBeStale else {
      return Term("(\(a.text) == \(b.text))", a.range.overlaps(b.range) ? 0...1 : 0...0, of: [a, b])
    }
    return Term(
      "same(s, \(a.text), \(b.text), \(stale), \(number(of: .staleCompare, site)))", 0...1, mayFail: true,
      of: [a, b])
  }

  private mutating func isAt(_ process: Term, _ locations: [LocationID]) -> Term {
    guard !locations.isEmpty else { return Term("((void)\(process.text), 0)", 0...1, of: [process]) }
    let tests = locations.map { "x == \($0.index)" }.joined(separator: " || ")
    return outlined(
      "int64_t x = location(w, \(process.text)); return \(tests);", 0...1, mayFail: process.mayFail,
      free: process.free)
  }

  // MARK: Iteration

  private mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression
  ) -> Term {
    let loop = self.loop(over: iteration, into: id)
    let test = term(body)
    let code: String
    switch quantifier {
    case .forall: code = "\(loop.head) if (!\(test.text)) return 0; } return 1;"
    case .exists: code = "\(loop.head) if (\(test.text)) return 1; } return 0;"
    case .count: code = "int64_t n = 0; \(loop.head) n += \(test.text) != 0; } return n;"
    }
    let values = bound[id] ?? 0...0
    let count = values.upperBound.subtractingReportingOverflow(values.lowerBound)
    let most = count.overflow || count.partialValue == Int.max ? Int.max : count.partialValue + 1
    return outlined(
      code, quantifier == .count ? 0...most : 0...1, mayFail: loop.mayFail || test.mayFail,
      free: test.free.subtracting([id]).union(loop.free))
  }

  /// A loop over an iteration.
  struct Loop {
    /// Up to and with what skips a value that is not in it; the caller closes the brace.
    let head: String
    let mayFail: Bool
    let free: Set<BoundID>
  }

  mutating func loop(over iteration: Iteration, into id: BoundID) -> Loop {
    let name = "b\(id.index)"
    bound[id] = ranges.range(of: iteration, bound)
    func span(_ low: String, _ high: String) -> String {
      "for (int64_t \(name) = \(low); \(name) <= \(high); \(name)++) {"
    }
    func loop(_ head: String, _ parts: [Term] = []) -> Loop {
      Loop(
        head: head, mayFail: parts.contains(where: \.mayFail),
        free: parts.reduce(into: []) { $0.formUnion($1.free) })
    }
    switch iteration {
    case .values(.pointer(let pool, let capacity)):
      let test =
        system.pools[pool.index].isProcessPool ? "" : " if (!live_\(pool.index)(w, \(name))) continue;"
      return loop(span("1", "\(capacity)") + test)
    case .values(let domain):
      return loop(span(Term.literal(domain.bounds.lowerBound), Term.literal(domain.bounds.upperBound)))
    case .span(let low, let high):
      let (first, last) = (term(low), term(high))
      let mayTouch = [first, last].contains { $0.constant == nil }
      guard mayTouch else { return loop(span(first.text, last.text)) }
      let (from, to) = ("from\(id.index)", "to\(id.index)")
      return loop(
        "const int64_t \(from) = \(first.text), \(to) = \(last.text); " + span(from, to), [first, last])
    case .members(let set, let domain):
      let set = term(set)
      let limit = domain.elementCount > 63 ? UInt64.max : UInt64(1) << UInt64(domain.elementCount) - 1
      let mask = "m\(id.index)"
      let isInside = set.range.lowerBound >= 0 && UInt64(set.range.upperBound) <= limit
      let first = domain.element(ofBit: 0)
      return loop(
        "for (uint64_t \(mask) = (uint64_t)\(set.text)\(isInside ? "" : " & " + Term.literal(limit)); \(mask); \(mask) &= \(mask) - 1) { "
          + "const int64_t \(name) = __builtin_ctzll(\(mask))\(first == 0 ? "" : " + " + Term.literal(first));",
        [set])
    case .processes(let kind):
      let kind = system.kinds[kind.index]
      return loop(span("\(kind.firstProcess + 1)", "\(kind.firstProcess + kind.count)"))
    }
  }
}
