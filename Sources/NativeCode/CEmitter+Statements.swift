import TransitionIR

/// Bodies of steps, as functions of a run that return whether its path is over: it has been written as a successor, or it was
/// blocked, or it ended in a fatal failure.
extension CEmitter {
  /// Statements in the text of one function, under a few that are still to come.
  struct Code {
    var text = ""
    /// Cover points that were passed, but not printed yet: for each word of 64 the bits.
    var covers: [Int: UInt64] = [:]

    mutating func add(_ code: String) { text += text.isEmpty ? code : " " + code }

    mutating func flushCovers() {
      for (word, bits) in covers.sorted(by: { $0.key < $1.key }) {
        add("V(\(word), \(Term.literal(bits)));")
      }
      covers = [:]
    }
  }

  /// A longer branch becomes a function, which other steps may share.
  private static var lengthLimit: Int { 300 }

  /// The function for a step.
  mutating func step(_ step: Step) -> String {
    kind = system.locations[step.location.index].kind
    defer { kind = nil }
    var code = Code()
    print(step.body[...], into: &code, then: nil)
    return function("int", "", code.text)
  }

  /// Prints statements and, where they do not end the path, the call of `continuation`.
  ///
  /// At a choice, the function of the rest is called once for each alternative.
  mutating func print(_ body: ArraySlice<Statement>, into code: inout Code, then continuation: String?) {
    for (index, statement) in zip(body.indices, body) {
      if statement.hasChoice {
        let rest = body[(index + 1)...]
        choose(
          statement, into: &code, then: rest.isEmpty ? continuation : self.continuation(rest, continuation))
        return
      }
      print(statement, into: &code)
      if statement.endsPath { return }
    }
    code.flushCovers()
    if let continuation { code.add("return \(continuation)(s);") } else { code.add("return 0;") }
  }

  /// The function that runs the rest of a body.
  mutating func continuation(_ rest: ArraySlice<Statement>, _ next: String?) -> String {
    var code = Code()
    print(rest, into: &code, then: next)
    return function("int", "", code.text)
  }

  private mutating func print(_ statement: Statement, into code: inout Code) {
    switch statement {
    case .cover(let id): code.covers[id.index / 64, default: 0] |= 1 << UInt64(id.index % 64)
    case .assign(let place, let expression): assign(place, term(expression), into: &code)
    case .branch(let condition, let then, let otherwise):
      code.flushCovers()
      var inner = Code()
      branch(
        term(condition), arm(then[...]), otherwise.isEmpty ? nil : arm(otherwise[...]), into: &inner)
      code.add(outlined(inner.text, isLast: statement.endsPath))
    case .wait(let condition):
      let condition = term(condition)
      if condition.mayFail {
        code.flushCovers()
        code.add("{ LET v = \(condition.text); TRY if (!v) return 1; }")
      } else if condition.constant == nil || condition.constant == 0 {
        code.add("if (!\(condition.text)) return 1;")
      }
    case .check(let condition, let failure): check(term(condition), failure, into: &code)
    case .allocate(let place, let pool): allocate(place, pool, into: &code)
    case .free(let pointer, let pool, let site): free(term(pointer), pool, site, into: &code)
    case .acquiring(let lock, let subclass, let place):
      let number = number(of: Order(lock: lock, subclass: subclass, site: place.site))
      code.add("take_order(s, \(number));")
    case .clear(let variables): clear(variables, into: &code)
    case .jump(let location):
      let first = system.kinds[system.locations[location.index].kind.index].firstLocation
      arrive(location.index - first, into: &code)
    case .end: arrive(kind.map { system.kinds[$0.index].locationCount } ?? 0, into: &code)
    case .fork, .pick: break
    }
  }

  /// A long statement as the call of a function.
  private mutating func outlined(_ text: String, isLast: Bool) -> String {
    guard text.utf8.count > Self.lengthLimit else { return text }
    let name = function("int", "", isLast ? text : text + " return 0;")
    return isLast ? "return \(name)(s);" : "if (\(name)(s)) return 1;"
  }

  /// An arm of a branch: statements that go on with what follows the branch.
  private mutating func arm(_ body: ArraySlice<Statement>) -> String {
    var code = Code()
    for statement in body {
      print(statement, into: &code)
      if statement.endsPath { break }
    }
    code.flushCovers()
    return outlined(code.text, isLast: body.last?.endsPath ?? false)
  }

  mutating func branch(_ condition: Term, _ then: String, _ otherwise: String?, into code: inout Code) {
    code.flushCovers()
    if let value = condition.constant { return code.add("{ \(value != 0 ? then : otherwise ?? "") }") }
    let other = otherwise.map { " else { \($0) }" } ?? ""
    if condition.mayFail {
      code.add("{ LET v = \(condition.text); TRY if (v) { \(then) }\(other) }")
    } else {
      code.add("if (\(condition.text)) { \(then) }\(other)")
    }
  }

  private mutating func check(_ condition: Term, _ failure: Failure, into code: inout Code) {
    if let value = condition.constant, value != 0 { return }
    let number = number(of: failure.property, failure.site)
    let name = failure.isFatal ? "CHECK" : "WARN"
    if failure.isFatal || condition.mayFail { code.flushCovers() }
    code.add(
      condition.mayFail
        ? "TRY_\(name)(\(condition.text), \(number))" : "\(name)(\(condition.text), \(number))")
  }

  private mutating func arrive(_ control: Int, into code: inout Code) {
    code.flushCovers()
    if let kind {
      let place = Place(system.kinds[kind.index].control, [.current], SiteID(0))
      store(Term(constant: control), in: target(of: place).address, into: &code)
    }
    code.add("return emit(s);")
  }

  // MARK: Stores

  mutating func assign(_ place: Place, _ value: Term, into code: inout Code) {
    let domain = system.variables[place.variable.index].domain
    let target = self.target(of: place)
    var value = value
    var check = ""
    if case .wrapping(let bits) = domain {
      if bits < 64, value.range.lowerBound < 0 || value.range.upperBound >= 1 << bits {
        value = Term("(\(value.text) & \(Term.literal((1 << bits) - 1)))", 0...(1 << bits) - 1, of: [value])
      }
    } else if value.range.lowerBound < domain.bounds.lowerBound
      || value.range.upperBound > domain.bounds.upperBound
    {
      let failure = number(of: .overflow, place.site)
      check =
        " within(s, v, \(Term.literal(domain.bounds.lowerBound)), \(Term.literal(domain.bounds.upperBound)), \(failure));"
    }
    guard value.mayFail || target.mayFail || !check.isEmpty else {
      return store(value, in: target.address, into: &code)
    }
    code.flushCovers()
    var inner = Code()
    // The value comes first, then the place, then whether the one fits into the other.
    inner.add("LET v = \(value.text);")
    let address = target.mayFail ? fixed(target.address, into: &inner) : target.address
    inner.add("\(check)TRY")
    store(Term("v", Int.min...Int.max), in: address, into: &inner)
    code.add("{ \(inner.text) }")
  }

  /// The address with its expression evaluated.
  func fixed(_ address: Address, into code: inout Code) -> Address {
    switch address {
    case .nowhere: return .nowhere
    case .word(let word, let shift, let mask, let lower):
      code.add("LET i = \(shift);")
      return .word(word, shift: "i", mask: mask, lower: lower)
    case .slot(let slot):
      code.add("LET i = \(slot);")
      return .slot("i")
    }
  }

  func store(_ value: Term, in address: Address, into code: inout Code) {
    switch address {
    case .nowhere: break
    case .word(let word, let shift, let mask, let lower):
      code.add("P(\(word), \(shift), \(Term.literal(mask)), \(offset(value, lower)));")
    case .slot(let slot): code.add("put(w, \(slot), \(value.text));")
    }
  }

  /// Slots that lie in one word and move alike from process to process are cleared together.
  private func clear(_ variables: [VariableID], into code: inout Code) {
    var masks: [ClearedBits: UInt64] = [:]
    for id in variables {
      let variable = system.variables[id.index]
      var count = 1
      if case .process(_, let processes)? = variable.dimensions.first { count = max(1, processes) }
      let size = variable.slotCount / count
      let row = count > 1 ? "(s->p - \(firstProcess(of: variable.dimensions.first)))" : "0"
      for slot in variable.slot..<variable.slot + size {
        guard let field = fields[slot] else { continue }
        if let run = packing.run(of: id), run.lower == 0 {
          let shift = count > 1 && run.strides[0] != 0 ? "\(row) * \(run.strides[0])" : "0"
          masks[ClearedBits(word: run.word, shift: shift), default: 0] |= field.mask << field.shift
        } else {
          code.add("put(w, \(slot) + \(row) * \(size), 0);")
        }
      }
    }
    for (bits, mask) in masks.sorted(by: { $0.key < $1.key }) {
      code.add("w[\(bits.word)] &= ~(UINT64_C(\(mask)) << (\(bits.shift)));")
    }
  }

  private struct ClearedBits: Hashable, Comparable {
    let word: Int
    let shift: String
    static func < (a: ClearedBits, b: ClearedBits) -> Bool { (a.word, a.shift) < (b.word, b.shift) }
  }

  // MARK: Objects

  private mutating func allocate(_ place: Place, _ pool: PoolID, into code: inout Code) {
    guard system.pools[pool.index].live != nil else { return }
    let target = self.target(of: place)
    code.flushCovers()
    var inner = Code()
    inner.add("LET v = first_free(w, \(pool.index));")
    let address = fixed(target.address, into: &inner)
    if target.mayFail { inner.add("TRY") }
    inner.add("if (v) new_object(w, \(pool.index), v);")
    store(Term("v", Int.min...Int.max), in: address, into: &inner)
    code.add("{ \(inner.text) }")
  }

  private mutating func free(_ pointer: Term, _ pool: PoolID, _ site: SiteID, into code: inout Code) {
    let (twice, held) = (number(of: .doubleFree, site), number(of: .freedWhileHeld, site))
    code.flushCovers()
    code.add(
      "{ LET v = \(pointer.text); if (v && !live_\(pool.index)(w, v)) fail(s, \(twice)); TRY "
        + "if (v) free_object(s, \(pool.index), v, \(held)); }")
  }
}
