/// Makes a transition system of the forms of its text.
///
/// Two passes, since every part may refer to every other: the first collects the declared names, the second
/// reads the forms.
struct IRParser {
  private let forms: [TextNode]
  var names = SystemNames(TransitionSystem())
  private var system = TransitionSystem()
  private var siteCount = 0
  private var locationCount = 0
  private var coverCount = 0

  init(_ forms: [TextNode]) { self.forms = forms }

  mutating func parseSystem() throws(IRTextError) -> TransitionSystem {
    try collectNames()
    var isNamed = false
    for form in forms {
      var (head, parts) = try Self.open(form)
      if head == "system", isNamed { throw parts.error("a second (system …)") }
      isNamed = isNamed || head == "system"
      if try !parseDeclaration(head, &parts), try !parseBehaviour(head, &parts) {
        throw parts.error("unknown form '\(head)'")
      }
      try parts.end()
    }
    guard isNamed else { throw IRTextError(line: 1, message: "(system …) is missing") }
    return system
  }

  private static func open(_ form: TextNode) throws(IRTextError) -> (head: String, parts: NodeCursor) {
    var cursor = NodeCursor([form], line: form.line)
    return try cursor.form("a form in parentheses")
  }

  // MARK: Names

  private mutating func collectNames() throws(IRTextError) {
    var draft = TransitionSystem()
    for form in forms {
      var (head, parts) = try Self.open(form)
      switch head {
      case "pool": draft.pools.append(Pool(name: try parts.name("a name"), capacity: 0, isProcessPool: false))
      case "kind": draft.kinds.append(try kindDraft(&parts))
      case "variable":
        let name = try parts.name("a name")
        draft.variables.append(
          Variable(name: name, domain: .bool, dimensions: [], role: .global, initial: 0, slot: 0))
      case "class":
        let name = try parts.name("a name")
        draft.lockClasses.append(LockClass(name: name, kind: .mutex, owner: VariableID(0), readers: nil))
      case "names": draft.names.append(ValueNames(name: try parts.name("a name"), members: []))
      case "site": siteCount += 1
      case "location": locationCount += 1
      case "cover-point": coverCount += 1
      default: break
      }
    }
    names = SystemNames(draft)
  }

  private func kindDraft(_ parts: inout NodeCursor) throws(IRTextError) -> ProcessKind {
    let name = try parts.name("a name")
    var processes = try parts.list("processes")
    let first = try processes.count("the first process")
    let count = try processes.count("the number of processes")
    try processes.end()
    _ = try parts.list("control")
    var locations = try parts.list("locations")
    let firstLocation = try locations.count("the first control point")
    let locationCount = try locations.count("the number of control points")
    try locations.end()
    return ProcessKind(
      name: name, count: count, firstProcess: first, isSymmetric: false, isDaemon: false,
      isEnvironment: false,
      control: VariableID(0), firstLocation: firstLocation, locationCount: locationCount)
  }

  // MARK: References

  private func resolve(
    _ parts: inout NodeCursor, _ table: ReferenceTable, _ what: String
  ) throws(IRTextError) -> Int {
    let word = try parts.word(what)
    guard let index = table.index(of: word) else { throw parts.error("'\(word)' is not the name of \(what)") }
    return index
  }

  func pool(_ parts: inout NodeCursor) throws(IRTextError) -> PoolID {
    PoolID(try resolve(&parts, names.pools, "a pool"))
  }
  func kind(_ parts: inout NodeCursor) throws(IRTextError) -> KindID {
    KindID(try resolve(&parts, names.kinds, "a kind of process"))
  }
  func variable(_ parts: inout NodeCursor) throws(IRTextError) -> VariableID {
    VariableID(try resolve(&parts, names.variables, "a variable"))
  }
  func lockClass(_ parts: inout NodeCursor) throws(IRTextError) -> LockClassID {
    LockClassID(try resolve(&parts, names.classes, "a lock class"))
  }
  func valueNames(_ parts: inout NodeCursor) throws(IRTextError) -> NamesID {
    NamesID(try resolve(&parts, names.names, "an enum or flags type"))
  }
  func site(_ parts: inout NodeCursor) throws(IRTextError) -> SiteID {
    SiteID(try number(&parts, after: "@", below: siteCount, "a site"))
  }
  func bound(_ parts: inout NodeCursor) throws(IRTextError) -> BoundID {
    BoundID(try number(&parts, after: "$", below: IRTextLimits.count, "a bound variable"))
  }
  func cover(_ parts: inout NodeCursor) throws(IRTextError) -> CoverID {
    let index = try parts.count("a cover point")
    guard index < coverCount else { throw parts.error("there is no cover point \(index)") }
    return CoverID(index)
  }

  private func number(
    _ parts: inout NodeCursor, after prefix: Character, below limit: Int, _ what: String
  ) throws(IRTextError) -> Int {
    let word = try parts.word(what)
    guard word.first == prefix, let index = Int(word.dropFirst()), (0..<limit).contains(index) else {
      throw parts.error("'\(word)' is not \(what)")
    }
    return index
  }

  /// `KIND/N`, or `#N` counted over all kinds.
  func location(_ parts: inout NodeCursor) throws(IRTextError) -> LocationID {
    let word = try parts.word("a control point")
    var index: Int?
    if let slash = word.utf8.lastIndex(of: UInt8(ascii: "/")) {
      let offset = Int(word[word.utf8.index(after: slash)...])
      if let kind = names.kinds.index(of: String(word[..<slash])), let offset, offset >= 0,
        offset < names.locations[kind].count
      {
        index = names.locations[kind].first + offset
      }
    } else if word.utf8.first == UInt8(ascii: "#") {
      index = Int(word.dropFirst())
    }
    guard let index, (0..<locationCount).contains(index) else {
      throw parts.error("there is no control point '\(word)'")
    }
    return LocationID(index)
  }

  // MARK: Forms

  private mutating func parseBehaviour(
    _ head: String, _ parts: inout NodeCursor
  ) throws(IRTextError) -> Bool {
    switch head {
    case "location": system.locations.append(try parseLocation(&parts))
    case "step":
      let location = try location(&parts)
      system.steps.append(Step(location: location, body: try parseBody(&parts)))
    case "start": system.startBodies.append(try parseBody(&parts))
    case "initial": system.initialBody += try parseBody(&parts)
    case "property": system.properties.append(try parseProperty(&parts))
    default: return false
    }
    return true
  }

  private mutating func parseDeclaration(
    _ head: String, _ parts: inout NodeCursor
  ) throws(IRTextError) -> Bool {
    switch head {
    case "system": try parseHeader(&parts)
    case "file": system.files.append(try parts.name("a file name"))
    case "names":
      let name = try parts.name("a name")
      var members: [String] = []
      while !parts.isAtEnd { members.append(try parts.name("a member")) }
      system.names.append(ValueNames(name: name, members: members))
    case "site": system.sites.append(try parseSite(&parts))
    case "pool": system.pools.append(try parsePool(&parts))
    case "kind": system.kinds.append(try parseKind(&parts))
    case "variable": system.variables.append(try parseVariable(&parts))
    case "class": system.lockClasses.append(try parseClass(&parts))
    case "builtins":
      while !parts.isAtEnd { system.builtins.append(try parseBuiltin(&parts)) }
    case "cover-point":
      let name = try parts.name("a kind of cover point")
      guard let kind = CoverPoint.Kind(rawValue: name) else {
        throw parts.error("unknown cover point '\(name)'")
      }
      system.coverPoints.append(CoverPoint(kind: kind, site: try site(&parts)))
    default: return false
    }
    return true
  }

  private mutating func parseHeader(_ parts: inout NodeCursor) throws(IRTextError) {
    system.name = try parts.name("the name of the system")
    system.title = try parts.name("the title of the system")
    var pool = try parts.list("process-pool")
    // A system without any pool names number 0, too.
    let word = try pool.word("a pool")
    guard let index = names.pools.index(of: word) ?? (names.pools.count == 0 && word == "#0" ? 0 : nil)
    else { throw pool.error("'\(word)' is not the name of a pool") }
    system.processPool = PoolID(index)
    try pool.end()
    var bounds = try parts.list("bounds")
    system.boundCount = try bounds.count("the number of bound variables")
    try bounds.end()
    var slots = try parts.list("slots")
    system.slotCount = try slots.count("the number of slots")
    try slots.end()
  }
}
