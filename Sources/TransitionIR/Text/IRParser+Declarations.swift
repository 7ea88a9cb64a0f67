/// The forms that declare something.
extension IRParser {
  func parseSite(_ parts: inout NodeCursor) throws(IRTextError) -> Site {
    let file = try parts.integer("a file number")
    let line = try parts.integer("a line")
    let column = try parts.integer("a column")
    let text = try parts.name("a source text")
    let function = try parts.name("a function")
    return Site(
      file: file, line: line, column: column, text: text, function: function,
      origin: try parts.name("an origin"))
  }

  func parsePool(_ parts: inout NodeCursor) throws(IRTextError) -> Pool {
    let name = try parts.name("a name")
    let capacity = try parts.count("the capacity")
    var pool = Pool(name: name, capacity: capacity, isProcessPool: parts.take("processes"))
    var fields = try parts.list("fields")
    pool.fields = try variables(&fields)
    if var live = parts.takeList("live") {
      pool.live = try variable(&live)
      try live.end()
    }
    return pool
  }

  func parseKind(_ parts: inout NodeCursor) throws(IRTextError) -> ProcessKind {
    let name = try parts.name("a name")
    var processes = try parts.list("processes")
    let first = try processes.count("the first process")
    let count = try processes.count("the number of processes")
    var control = try parts.list("control")
    let controlVariable = try variable(&control)
    try control.end()
    var locations = try parts.list("locations")
    let firstLocation = try locations.count("the first control point")
    let locationCount = try locations.count("the number of control points")
    return ProcessKind(
      name: name, count: count, firstProcess: first, isSymmetric: parts.take("symmetric"),
      isDaemon: parts.take("daemon"), isEnvironment: parts.take("environment"), control: controlVariable,
      firstLocation: firstLocation, locationCount: locationCount)
  }

  func parseVariable(_ parts: inout NodeCursor) throws(IRTextError) -> Variable {
    let name = try parts.name("a name")
    let domain = try parseDomain(&parts)
    let role = try parseRole(&parts)
    var dimensions = try parts.list("dimensions")
    var list: [Dimension] = []
    var size = 1
    while !dimensions.isAtEnd {
      list.append(try parseDimension(&dimensions))
      size *= list[list.count - 1].count
      guard size <= IRTextLimits.count else { throw dimensions.error("'\(name)' has too many slots") }
    }
    var initial = try parts.list("initial")
    let value = try initial.integer("the initial value")
    try initial.end()
    let lockPart = try parseLockPart(&parts)
    var slot = try parts.list("slot")
    let first = try slot.count("the first slot")
    try slot.end()
    return Variable(
      name: name, domain: domain, dimensions: list, role: role, initial: value, lockPart: lockPart,
      slot: first)
  }

  private func parseLockPart(_ parts: inout NodeCursor) throws(IRTextError) -> Variable.LockPart? {
    guard var lock = parts.takeList("lock") else { return nil }
    let part: Variable.LockPart
    switch try lock.word("owner or readers") {
    case "owner": part = .owner(try lockClass(&lock))
    case "readers": part = .readers(try lockClass(&lock))
    default: throw lock.error("expected owner or readers")
    }
    try lock.end()
    return part
  }

  func parseDomain(_ parts: inout NodeCursor) throws(IRTextError) -> Domain {
    if parts.take("bool") { return .bool }
    var (head, inner) = try parts.form("a domain")
    let domain: Domain
    switch head {
    case "range":
      let low = try inner.integer("the smallest value")
      domain = .range(low, try inner.integer("the largest value"))
    case "word": domain = .wrapping(try inner.integer("a width"))
    case "enum":
      let id = try valueNames(&inner)
      domain = .enumeration(id, count: try inner.count("the number of values"))
    case "flags":
      let id = try valueNames(&inner)
      domain = .flags(id, count: try inner.count("the number of flags"))
    case "pointer":
      let id = try pool(&inner)
      domain = .pointer(id, capacity: try inner.count("the capacity"))
    case "set": domain = .set(try parseDomain(&inner))
    case "location":
      let id = try kind(&inner)
      domain = .location(id, count: try inner.count("the number of control points"))
    default: throw inner.error("unknown domain '\(head)'")
    }
    try inner.end()
    if let problem = domain.sizeProblem { throw inner.error(problem) }
    return domain
  }

  private func parseRole(_ parts: inout NodeCursor) throws(IRTextError) -> Variable.Role {
    if parts.take("global") { return .global }
    var (head, inner) = try parts.form("a role")
    let role: Variable.Role
    switch head {
    case "field": role = .field(try pool(&inner))
    case "local": role = .local(try kind(&inner))
    case "control": role = .control(try kind(&inner))
    case "live": role = .live(try pool(&inner))
    case "hidden": role = .hidden(try kind(&inner))
    default: throw inner.error("unknown role '\(head)'")
    }
    try inner.end()
    return role
  }

  private func parseDimension(_ parts: inout NodeCursor) throws(IRTextError) -> Dimension {
    var (head, inner) = try parts.form("a dimension")
    let dimension: Dimension
    switch head {
    case "array":
      let count = try inner.count("the number of elements")
      let lower = try inner.integer("the smallest index")
      if lower.addingReportingOverflow(count).overflow {
        throw inner.error("the indices need more than 64 bits")
      }
      dimension = .array(count: count, lower: lower)
    case "pool":
      let id = try pool(&inner)
      dimension = .pool(id, capacity: try inner.count("the capacity"))
    case "process":
      let id = try kind(&inner)
      dimension = .process(id, count: try inner.count("the number of processes"))
    default: throw inner.error("unknown dimension '\(head)'")
    }
    try inner.end()
    return dimension
  }

  func parseClass(_ parts: inout NodeCursor) throws(IRTextError) -> LockClass {
    let name = try parts.name("a name")
    let word = try parts.word("mutex, spinlock or rwsem")
    guard let kind = LockClass.Kind(rawValue: word) else {
      throw parts.error("unknown kind of lock '\(word)'")
    }
    var owner = try parts.list("owner")
    let ownerVariable = try variable(&owner)
    try owner.end()
    var readersVariable: VariableID?
    if var readers = parts.takeList("readers") {
      readersVariable = try variable(&readers)
      try readers.end()
    }
    return LockClass(name: name, kind: kind, owner: ownerVariable, readers: readersVariable)
  }

  func parseLocation(_ parts: inout NodeCursor) throws(IRTextError) -> Location {
    let kind = try kind(&parts)
    let site = try site(&parts)
    var locals = try parts.list("locals")
    var labels = try parts.list("labels")
    let localVariables = try variables(&locals)
    var names: [String] = []
    while !labels.isAtEnd { names.append(try labels.name("a label")) }
    return Location(kind: kind, site: site, locals: localVariables, labels: names)
  }

  func parseBuiltin(_ parts: inout NodeCursor) throws(IRTextError) -> BuiltinProperty {
    let word = try parts.word("a built-in property")
    guard let property = BuiltinProperty(rawValue: word) else {
      throw parts.error("unknown property '\(word)'")
    }
    return property
  }

  func parseProperty(_ parts: inout NodeCursor) throws(IRTextError) -> Property {
    let name = try parts.name("a name")
    let word = try parts.word("invariant, step or reachable")
    guard let group = Property.Group(rawValue: word) else { throw parts.error("unknown group '\(word)'") }
    let documentation = try parts.name("the text of the property")
    let site = try site(&parts)
    var holds = try parts.list("holds")
    let body = try parseExpression(&holds)
    try holds.end()
    var antecedents: [(site: SiteID, expression: Expression)] = []
    while var antecedent = parts.takeList("antecedent") {
      let place = try self.site(&antecedent)
      antecedents.append((place, try parseExpression(&antecedent)))
      try antecedent.end()
    }
    return Property(
      name: name, group: group, documentation: documentation, body: body, site: site, antecedents: antecedents
    )
  }

  /// All that is left of a form, as variables.
  func variables(_ parts: inout NodeCursor) throws(IRTextError) -> [VariableID] {
    var result: [VariableID] = []
    while !parts.isAtEnd { result.append(try variable(&parts)) }
    return result
  }
}
