import TransitionIR

/// Choices: what follows one is a function, called once for each alternative with a copy of the run so far.
///
/// This is depth first, the last choice turns fastest, and so the order is that of the interpreter's odometer. But nothing
/// before a choice is done again for each of its alternatives.
extension CEmitter {
  /// Prints a statement with a choice in it, and the end of the path; `continuation` runs what follows the statement.
  mutating func choose(_ statement: Statement, into code: inout Code, then continuation: String?) {
    code.flushCovers()
    switch statement {
    case .branch(let condition, let then, let otherwise):
      let condition = term(condition)
      branch(condition, alternative(then, continuation), alternative(otherwise, continuation), into: &code)
      code.add("return 1;")
    case .fork(let branches):
      for (index, body) in branches.enumerated() {
        let name = self.continuation(body[...], continuation)
        code.add(index + 1 < branches.count ? "{ run t = *s; \(name)(&t); }" : "return \(name)(s);")
      }
    case .pick(let place, let id, let iteration, let filter):
      pick(place, id, iteration, filter, into: &code, then: continuation)
    default: break
    }
  }

  private mutating func alternative(_ body: [Statement], _ continuation: String?) -> String {
    let name = body.isEmpty ? continuation : self.continuation(body[...], continuation)
    return name.map { "return \($0)(s);" } ?? "return 1;"
  }

  /// All values are found before the first is taken, since the filter may fail for any of them.
  private mutating func pick(
    _ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression, into code: inout Code,
    then continuation: String?
  ) {
    let loop = self.loop(over: iteration, into: id)
    let range = bound[id] ?? 0...0
    let test = term(filter)
    let mayFail = loop.mayFail || test.mayFail
    var inner = Code()
    assign(place, Term("x", range), into: &inner)
    inner.flushCovers()
    inner.add(continuation.map { "return \($0)(s);" } ?? "return 1;")
    let name = function("int", ", int64_t x", inner.text)
    let bits = "b\(id.index)\(range.lowerBound == 0 ? "" : " - \(Term.literal(range.lowerBound))")"
    if range.upperBound - max(range.lowerBound, range.upperBound - 64) < 64 {
      // Equal sets of candidates are often picked from in many places: they have a function of their own.
      let candidates = outlined(
        "uint64_t m = 0; \(loop.head) m |= (uint64_t)(\(test.text) != 0) << (\(bits)); } return (int64_t)m;",
        Int.min...Int.max, mayFail: mayFail, free: [])
      code.add("uint64_t m = \(candidates.text);")
      if mayFail { code.add("TRY") }
      let value = "__builtin_ctzll(m)\(range.lowerBound == 0 ? "" : " + \(Term.literal(range.lowerBound))")"
      code.add("for (; m; m &= m - 1) { run t = *s; \(name)(&t, \(value)); }")
    } else {
      let limit = Self.pickLimit
      code.add("int64_t values[\(limit)]; uint32_t n = 0;")
      code.add("\(loop.head) if (n < \(limit) && \(test.text)) values[n++] = b\(id.index); }")
      if mayFail { code.add("TRY") }
      code.add("for (uint32_t j = 0; j < n; j++) { run t = *s; \(name)(&t, values[j]); }")
    }
    code.add("return 1;")
  }

  /// The type checker lets a binder range over at most 4096 values, or -4096...4096.
  private static var pickLimit: Int { 8193 }
}
