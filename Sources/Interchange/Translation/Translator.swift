import TransitionIR

/// Makes terms and actions out of expressions and statements, for one step or property.
struct Translator {
  let system: TransitionSystem
  let layout: StorageLayout
  /// The running process by number; nil in a property of states.
  let process: Term?
  /// Values of the variables that are bound around the expression at hand.
  var bound: [BoundID: Term] = [:]
  private var counters: [Character: Int] = [:]

  init(_ system: TransitionSystem, _ layout: StorageLayout, process: Term?) {
    self.system = system
    self.layout = layout
    self.process = process
  }

  /// A name that this step has not used: a letter for its purpose, and a number.
  mutating func fresh(_ letter: Character, _ kind: ValueKind, _ range: ClosedRange<Int>) -> Local {
    let number = counters[letter, default: 0]
    counters[letter] = number + 1
    return Local(name: "\(letter)\(number)", kind: kind, lower: range.lowerBound, upper: range.upperBound)
  }

  /// The running process as a pointer.
  func currentPointer() throws(ExportRefusal) -> Term {
    guard let process else { throw ExportRefusal("'current' outside of a step") }
    return .computed(.add, process, .number(1))
  }

  /// Where the process with this number stands, as the slot's value.
  func controlSlot(of process: Term, _ kind: KindID) throws(ExportRefusal) -> Term {
    let description = system.kinds[kind.index]
    let first = system.variables[description.control.index].slot
    guard let storage = layout.storage(ofSlot: first) else {
      throw ExportRefusal("a kind of process without control points (\(description.name))")
    }
    return .read(
      storage,
      .computed(.subtract, process, .number(description.firstProcess - (first - storage.firstSlot))))
  }

  /// The pointer names an object that exists.
  func isObject(_ pointer: Term, _ pool: PoolID) -> Term {
    let description = system.pools[pool.index]
    let inRange =
      Term.comparison(.less, .number(0), pointer)
      && .comparison(.lessEqual, pointer, .number(description.capacity))
    guard let live = description.live, description.capacity > 0 else { return inRange }
    let first = system.variables[live.index].slot
    guard let storage = layout.storage(ofSlot: first) else { return .truth(false) }
    return inRange
      && .read(storage, .computed(.add, pointer, .number(first - storage.firstSlot - 1)))
  }

  /// What a site is called in messages.
  func place(_ id: SiteID) -> String {
    guard system.sites.indices.contains(id.index) else { return "" }
    let site = system.sites[id.index]
    guard system.files.indices.contains(site.file) else { return "" }
    return " (\(system.files[site.file]):\(site.line))"
  }

  /// A property: it does not hold where it has no value.
  mutating func property(_ body: Expression) throws(ExportRefusal) -> Term {
    let result = try evaluate(body).as(.truth)
    return result.defined && result.value
  }
}

/// The value of an expression, and the condition under which it has one.
struct Evaluated {
  var value: Term
  var defined: Term

  init(_ value: Term, defined: Term = .truth(true)) {
    self.value = value
    self.defined = defined
  }

  func `as`(_ kind: ValueKind) -> Evaluated {
    Evaluated(.convert(value, to: kind), defined: defined)
  }
}
