/// Statements and expressions. Recursion is bounded by the depth limit of `TextReader`.
extension IRParser {
  /// All that is left of a form, as statements.
  func parseBody(_ parts: inout NodeCursor) throws(IRTextError) -> [Statement] {
    var body: [Statement] = []
    while !parts.isAtEnd { body.append(try parseStatement(&parts)) }
    return body
  }

  private func parseStatement(_ parts: inout NodeCursor) throws(IRTextError) -> Statement {
    var (head, inner) = try parts.form("a statement")
    var parsed = try parseSimple(head, &inner)
    if parsed == nil { parsed = try parseBranching(head, &inner) }
    guard let statement = parsed else { throw inner.error("unknown statement '\(head)'") }
    try inner.end()
    return statement
  }

  private func parseBranching(_ head: String, _ parts: inout NodeCursor) throws(IRTextError) -> Statement? {
    switch head {
    case "if":
      let condition = try parseExpression(&parts)
      var then = try parts.list("then")
      var otherwise = try parts.list("else")
      let thenBody = try parseBody(&then)
      return .branch(condition, then: thenBody, otherwise: try parseBody(&otherwise))
    case "fork":
      var branches: [[Statement]] = []
      while var branch = parts.takeList("branch") { branches.append(try parseBody(&branch)) }
      return .fork(branches)
    case "pick":
      let place = try parsePlace(&parts)
      let id = try bound(&parts)
      let iteration = try parseIteration(&parts)
      var filter = try parts.list("where")
      let condition = try parseExpression(&filter)
      try filter.end()
      return .pick(place, id, iteration, filter: condition)
    case "check":
      let condition = try parseExpression(&parts)
      return .check(condition, try parseFailure(&parts))
    default: return nil
    }
  }

  private func parseSimple(_ head: String, _ parts: inout NodeCursor) throws(IRTextError) -> Statement? {
    switch head {
    case "assign":
      let place = try parsePlace(&parts)
      return .assign(place, try parseExpression(&parts))
    case "wait": return .wait(try parseExpression(&parts))
    case "allocate":
      let place = try parsePlace(&parts)
      return .allocate(place, try pool(&parts))
    case "free":
      let id = try pool(&parts)
      let pointer = try parseExpression(&parts)
      return .free(pointer, id, try site(&parts))
    case "acquiring":
      let lock = try lockClass(&parts)
      let subclass = try parts.count("a subclass")
      return .acquiring(lock, subclass: subclass, try parsePlace(&parts))
    case "cover": return .cover(try cover(&parts))
    case "clear": return .clear(try variables(&parts))
    case "jump": return .jump(try location(&parts))
    case "end": return .end
    default: return nil
    }
  }

  private func parseFailure(_ parts: inout NodeCursor) throws(IRTextError) -> Failure {
    let property = try parseBuiltin(&parts)
    let site = try site(&parts)
    let message = try parts.name("a message")
    var place: Place?
    if var subject = parts.takeList("subject") {
      place = try parsePlace(&subject)
      try subject.end()
    }
    return Failure(property, site, message, subject: place, isFatal: parts.take("fatal"))
  }

  private func parsePlace(_ parts: inout NodeCursor) throws(IRTextError) -> Place {
    let variable = try variable(&parts)
    var indices: [Index] = []
    if var brackets = parts.takeBrackets() {
      while !brackets.isAtEnd { indices.append(try parseIndex(&brackets)) }
    }
    return Place(variable, indices, try site(&parts))
  }

  private func parseIndex(_ parts: inout NodeCursor) throws(IRTextError) -> Index {
    if parts.take("current") { return .current }
    var (head, inner) = try parts.form("an index")
    let expression = try parseExpression(&inner)
    try inner.end()
    switch head {
    case "element": return .element(expression)
    case "object": return .object(expression)
    case "process": return .process(expression)
    default: throw inner.error("unknown index '\(head)'")
    }
  }

  private func parseIteration(_ parts: inout NodeCursor) throws(IRTextError) -> Iteration {
    var (head, inner) = try parts.form("an iteration")
    let iteration: Iteration
    switch head {
    case "values": iteration = .values(try parseDomain(&inner))
    case "span":
      let low = try parseExpression(&inner)
      iteration = .span(low, try parseExpression(&inner))
    case "members":
      let set = try parseExpression(&inner)
      iteration = .members(set, of: try parseElements(&inner))
    case "processes": iteration = .processes(try kind(&inner))
    default: throw inner.error("unknown iteration '\(head)'")
    }
    try inner.end()
    return iteration
  }

  func parseExpression(_ parts: inout NodeCursor) throws(IRTextError) -> Expression {
    guard case .word(let word)? = parts.peek?.content else {
      var (head, inner) = try parts.form("an expression")
      var parsed = try parseOperator(head, &inner)
      if parsed == nil { parsed = try parseSpecial(head, &inner) }
      if parsed == nil { parsed = try parseProcess(head, &inner) }
      guard let expression = parsed else { throw inner.error("unknown expression '\(head)'") }
      try inner.end()
      return expression
    }
    if parts.take("current") { return .current }
    if parts.take("held-locks") { return .heldLockCount }
    switch word.utf8.first ?? 0 {
    case UInt8(ascii: "$"): return .bound(try bound(&parts))
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .constant(try parts.integer("a constant"))
    default: return .read(try parsePlace(&parts))
    }
  }

  /// Unary and binary operators and quantifiers, which are spelled as the raw values of their enums.
  private func parseOperator(_ head: String, _ parts: inout NodeCursor) throws(IRTextError) -> Expression? {
    if let op = UnaryOperator(rawValue: head) {
      let operand = try parseExpression(&parts)
      guard var mask = parts.takeList("mask") else { return .unary(op, operand, mask: 0) }
      let value = try mask.integer("a mask")
      try mask.end()
      return .unary(op, operand, mask: value)
    }
    if let quantifier = Quantifier(rawValue: head) {
      let id = try bound(&parts)
      let iteration = try parseIteration(&parts)
      return .quantified(quantifier, id, iteration, try parseExpression(&parts))
    }
    let pieces = head.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count <= 2, let op = BinaryOperator(rawValue: String(pieces[0])) else { return nil }
    var arithmetic = Arithmetic.integer
    if pieces.count == 2 {
      guard let bits = Self.widths[String(pieces[1])] else {
        throw parts.error("unknown width '\(pieces[1])'")
      }
      arithmetic = .wrapping(bits)
    }
    let left = try parseExpression(&parts)
    let right = try parseExpression(&parts)
    return .binary(op, left, right, arithmetic, try site(&parts))
  }

  private static let widths = ["u8": 8, "u16": 16, "u32": 32, "u64": 64]

  private func parseSpecial(_ head: String, _ parts: inout NodeCursor) throws(IRTextError) -> Expression? {
    switch head {
    case "member":
      let element = try parseExpression(&parts)
      let set = try parseExpression(&parts)
      return .member(element, set: set, of: try parseElements(&parts))
    case "singleton":
      let element = try parseExpression(&parts)
      return .singleton(element, of: try parseElements(&parts))
    case "cardinality": return .cardinality(try parseExpression(&parts))
    case "select":
      let condition = try parseExpression(&parts)
      let then = try parseExpression(&parts)
      return .select(condition, then, try parseExpression(&parts))
    case "old": return .old(try parseExpression(&parts))
    case "label":
      let site = try site(&parts)
      return .labelled(site, try parseExpression(&parts))
    default: return nil
    }
  }

  /// The element domain of a set.
  private func parseElements(_ parts: inout NodeCursor) throws(IRTextError) -> Domain {
    let domain = try parseDomain(&parts)
    if let problem = Domain.set(domain).sizeProblem { throw parts.error(problem) }
    return domain
  }

  /// What is asked about pointers and processes.
  private func parseProcess(_ head: String, _ parts: inout NodeCursor) throws(IRTextError) -> Expression? {
    switch head {
    case "same", "same-lax":
      let pool = try pool(&parts)
      let left = try parseExpression(&parts)
      let right = try parseExpression(&parts)
      return .samePointer(left, right, pool, strict: head == "same", try site(&parts))
    case "live":
      let pool = try pool(&parts)
      return .live(try parseExpression(&parts), pool)
    case "exclusive":
      let pool = try pool(&parts)
      return .exclusive(try parseExpression(&parts), pool)
    case "at":
      let process = try parseExpression(&parts)
      var locations: [LocationID] = []
      while !parts.isAtEnd { locations.append(try location(&parts)) }
      return .isAt(process, locations)
    case "ended": return .hasEnded(try parseExpression(&parts))
    default: return nil
    }
  }
}
