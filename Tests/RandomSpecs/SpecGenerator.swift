/// A random spec: the same text for the same seed and size.
public struct RandomSpec: Sendable {
  public let seed: UInt64
  /// 1 to 4: how much code it has.
  public let size: Int
  public let text: String

  public static let largestSize = 4

  public init(seed: UInt64, size: Int? = nil) {
    self.seed = seed
    self.size = size ?? 1 + Int(seed % UInt64(Self.largestSize))
    var generator = SpecGenerator(seed: seed, size: self.size)
    text = generator.makeSpec()
  }

  /// Smaller specs with the same seed, the smallest first.
  public var smaller: [RandomSpec] { (1..<max(1, size)).map { RandomSpec(seed: seed, size: $0) } }
}

/// Writes specs that always compile; what they do is left to chance.
///
/// Each spec uses only some parts of the language, drawn at its beginning, so that what it does use
/// meets often.
struct SpecGenerator {
  var random: RandomSource
  let size: Int
  var text = ""
  var depth = 0

  var globals: [SpecVariable] = []
  var processFields: [SpecVariable] = []
  var valueFields: [SpecVariable] = []
  var pools: [SpecPool] = []
  var kinds: [SpecKind] = []
  var locks: [SpecLock] = []
  var counts: [String] = []
  var functions: [SpecFunction] = []
  var ranges: [SpecType] = []
  /// Always shared, always written: what makes an iteration a step.
  let ticker = "tick"

  /// In percent, how often something is written that may fail.
  var risk = 0
  var hasEnums = false
  var hasFlags = false
  var hasSets = false
  var hasOption = false
  /// What a spec is about, and therefore has more of.
  enum Theme: CaseIterable { case anything, locks, objects, choices }
  var theme = Theme.anything
  /// Whether the body that is being written has a loop with steps, which no `atomic` can have.
  var hasLoop = false
  /// Statements that may still be written in this body.
  var budget = 0
  private var nameCount = 0

  init(seed: UInt64, size: Int) {
    random = RandomSource(seed: seed)
    self.size = size
  }

  mutating func freshName(_ prefix: String) -> String {
    nameCount += 1
    return "\(prefix)\(nameCount)"
  }

  mutating func line(_ code: String) {
    text += String(repeating: "    ", count: depth) + code + "\n"
  }

  /// Something that may fail is to be written here.
  mutating func dares() -> Bool { random.chance(risk) }

  mutating func makeSpec() -> String {
    line("spec random \"a random spec\";")
    drawFeatures()
    declareTypes()
    declareKinds()
    declareStructs()
    declareGlobals()
    if random.chance(30) || !pools.isEmpty && random.chance(60) { writeInit() }
    for _ in 0..<random.below(min(4, size + 1)) { writeFunction() }
    for kind in kinds.indices { writeProcess(kind) }
    writeProperties()
    return text
  }

  // MARK: Declarations

  private mutating func drawFeatures() {
    risk = random.pick([0, 2, 5, 15, 40])
    theme = random.pick(Theme.allCases)
    hasEnums = random.chance(40)
    hasFlags = random.chance(25)
    hasSets = random.chance(40)
    hasOption = random.chance(15)
    ranges = [.range(0, random.between(1, 3))]
    ranges.append(random.pick([.range(-1, 1), .range(0, 2), .range(1, 3), .range(-2, -1), .range(0, 1)]))
  }

  private mutating func declareTypes() {
    if hasEnums { line("enum color { RED, GREEN, BLUE };") }
    if hasFlags { line("flags mode { READ, WRITE };") }
    if hasOption { line("option EXTRA = \(random.pick(["true", "false"])) \"something more\";") }
    if case .range(let low, let high) = ranges[0] { line("typedef \(low)..\(high) small;") }
  }

  private mutating func declareKinds() {
    let total = random.pick([1, 2, 2, 3, 3, 4])
    var left = total
    while left > 0, kinds.count < 3 {
      let count = random.chance(40) ? 1 : random.between(1, left)
      kinds.append(
        SpecKind(
          number: kinds.count, count: count, isSymmetric: count > 1 && random.chance(65),
          isDaemon: random.chance(20), isEnvironment: random.chance(8)))
      left -= count
    }
  }

  /// A type that variables have.
  mutating func anyType() -> SpecType {
    var types: [SpecType] = [.bool, ranges[0], ranges[0], ranges[1]]
    if hasEnums { types.append(.enumeration) }
    if hasFlags { types.append(.flags) }
    for pool in pools.indices { types += [.pointer(pool), .pointer(pool)] }
    if random.chance(30) { types.append(.task) }
    if hasSets { types.append(.set(setElement())) }
    if random.chance(16) { types.append(.word(random.pick([8, 16, 32, 64]))) }
    if random.chance(3) { types.append(.range(-(1 << 40), 1 << 40)) }
    return random.pick(types)
  }

  private mutating func setElement() -> SpecType {
    var types: [SpecType] = [ranges[0], .task]
    if hasEnums { types.append(.enumeration) }
    for pool in pools.indices { types.append(.pointer(pool)) }
    if random.chance(10) { types.append(.bool) }
    return random.pick(types)
  }

  private mutating func declareStructs() {
    let poolCount = theme == .objects ? random.pick([1, 1, 2]) : random.pick([0, 1, 1, 2])
    for number in 0..<poolCount {
      pools.append(
        SpecPool(
          number: number, capacity: random.pick([1, 2, 2, 3]), fields: [],
          lock: random.chance(25) ? "lock" : nil, hasCount: random.chance(30)))
    }
    for pool in pools.indices {
      line("struct obj\(pool) pool \(pools[pool].capacity) {")
      depth += 1
      let isGuarding = pools[pool].lock != nil
      if isGuarding { line("\(random.pick(SpecLock.Sort.allCases.prefix(2).map(\.rawValue))) lock;") }
      if pools[pool].hasCount { line("refcount_t count\(random.chance(50) ? " = 1" : "");") }
      for _ in 0..<random.between(1, 2) {
        let field = SpecVariable(name: freshName("f"), type: anyType())
        pools[pool].fields.append(field)
        declare(field, guardedBy: isGuarding && random.chance(40) ? "lock" : nil)
      }
      depth -= 1
      line("};")
    }
    if random.chance(30) {
      line("struct state per process {")
      depth += 1
      for _ in 0..<random.between(1, 2) {
        let field = SpecVariable(name: freshName("f"), type: anyType())
        processFields.append(field)
        declare(field, guardedBy: nil)
      }
      depth -= 1
      line("};")
    }
    if random.chance(20) {
      line("struct pair {")
      depth += 1
      for _ in 0..<2 {
        let field = SpecVariable(name: freshName("f"), type: anyType())
        valueFields.append(field)
        declare(field, guardedBy: nil)
      }
      depth -= 1
      line("};")
    }
  }

  private mutating func declareGlobals() {
    for _ in 0..<(theme == .locks ? random.between(1, 3) : random.pick([0, 1, 1, 2])) {
      let lock = SpecLock(name: freshName("lock"), sort: random.pick(SpecLock.Sort.allCases))
      locks.append(lock)
      line("\(lock.sort.rawValue) \(lock.name);")
    }
    if random.chance(20) {
      counts.append(freshName("count"))
      line("refcount_t \(counts[0]) = \(random.below(3));")
    }
    line("bool \(ticker);")
    for _ in 0..<random.between(1, 2 + size / 2) {
      var variable = SpecVariable(name: freshName("g"), type: anyType())
      if random.chance(20) {
        variable.dimension = random.pick(
          [.count(2), .kind(random.below(kinds.count))] + (hasEnums ? [.enumeration] : []))
      }
      globals.append(variable)
      let guardName = random.chance(theme == .locks ? 50 : 20) ? random.pickIfAny(locks)?.name : nil
      declare(variable, guardedBy: guardName)
    }
    for pool in pools.indices where random.chance(70) {
      let variable = SpecVariable(name: freshName("head"), type: .pointer(pool))
      globals.append(variable)
      declare(variable, guardedBy: nil)
    }
    if !valueFields.isEmpty {
      for name in ["left", "right"] {
        line("struct pair \(name);")
        globals += valueFields.map { SpecVariable(name: "\(name).\($0.name)", type: $0.type) }
      }
    }
  }

  private mutating func declare(_ variable: SpecVariable, guardedBy lock: String?) {
    var code = variable.type.declaration(variable.name)
    switch variable.dimension {
    case .none: break
    case .count(let count): code += "[\(count)]"
    case .enumeration: code += "[color]"
    case .kind(let kind): code += "[\(kinds[kind].name)]"
    }
    if random.chance(25), let initial = initialValue(variable.type) { code += " = \(initial)" }
    if let lock { code += " guarded_by \(lock)" }
    line(code + ";")
  }

  private mutating func initialValue(_ type: SpecType) -> String? {
    switch type {
    case .set, .pointer, .task: nil
    case .flags: random.pick(["READ", "WRITE", "0"])
    // Initial values have 63 bits.
    case .word(64): "7"
    default: constant(type)
    }
  }
}
