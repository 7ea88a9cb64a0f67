import TransitionIR

/// Prints a transition system as C that computes successors of packed states.
///
/// Every name in the text is generated; nothing that an author of a spec wrote reaches it except as a number. The order of
/// successors, and which violations they have, is that of the reference interpreter: the tests compare them state by state.
public struct CEmitter {
  let system: TransitionSystem
  let packing: StatePacking
  /// The (property, site) pairs that the generated code names by number.
  private(set) var failures: [FailureKey] = []
  private var failureNumbers: [FailureKey: Int] = [:]
  /// How many statements take locks; each has a number.
  private(set) var orderCount = 0
  var text = ""
  var indentation = 1
  var temporaryCount = 0
  /// Where a failing expression goes: out of the step, or out of a property.
  var isProperty = false
  /// The state that reads refer to: `w`, or `old` inside of `old(...)`.
  var stateName = "w"

  public struct FailureKey: Hashable, Sendable {
    public let property: BuiltinProperty
    public let site: SiteID
  }

  /// A compiled form of the system, as text.
  public struct Output: Sendable {
    public let text: String
    public let failures: [FailureKey]
    public let orderCount: Int
    public var orders: [(lock: LockClassID, subclass: Int, site: SiteID)] { [] }
  }

  /// Nil if the system is beyond what the generated code can represent (more than 62 processes, 64 lock classes, properties or pools).
  public static func emit(_ system: TransitionSystem) -> Output? {
    guard system.processCount <= 62, system.lockClasses.count <= 64, system.properties.count <= 64,
      system.pools.count <= 64
    else { return nil }
    var emitter = CEmitter(system: system, packing: StatePacking(system))
    emitter.emitAll()
    return Output(text: emitter.text, failures: emitter.failures, orderCount: emitter.orderCount)
  }

  private init(system: TransitionSystem, packing: StatePacking) {
    self.system = system
    self.packing = packing
  }

  private mutating func emitAll() {
    text += String(decoding: PackageResources.step_abi_h, as: UTF8.self)
    emitTables()
    text += StepRuntime.source
    for step in system.steps { emitStep(step) }
    emitExpand()
    emitProperties()
  }

  mutating func line(_ code: String) {
    text += String(repeating: "  ", count: indentation) + code + "\n"
  }

  mutating func number(of property: BuiltinProperty, _ site: SiteID) -> Int {
    let key = FailureKey(property: property, site: site)
    if let known = failureNumbers[key] { return known }
    failureNumbers[key] = failures.count
    failures.append(key)
    return failures.count - 1
  }

  mutating func nextOrder() -> Int {
    orderCount += 1
    return orderCount - 1
  }

  mutating func temporary() -> String {
    temporaryCount += 1
    return "t\(temporaryCount)"
  }

  /// The statement that ends the evaluation of an expression with a failure.
  mutating func fail(_ property: BuiltinProperty, _ site: SiteID) -> String {
    isProperty ? "goto undefined;" : "FATAL(\(number(of: property, site)));"
  }

  // MARK: Steps

  private mutating func emitStep(_ step: Step) {
    text +=
      "\nstatic void step_\(step.location.index)(mmck_batch *batch, const uint64_t *in, const uint32_t p) {\n"
    temporaryCount = 0
    line("BEGIN_STEP")
    emitBounds()
    emit(step.body)
    line("END_STEP")
    text += "}\n"
  }

  mutating func emitBounds() {
    guard system.boundCount > 0 else { return }
    let names = (0..<system.boundCount).map { "b\($0) = 0" }.joined(separator: ", ")
    line("int64_t \(names);")
    line((0..<system.boundCount).map { "(void)b\($0);" }.joined(separator: " "))
  }

  private mutating func emitExpand() {
    text += "\ntypedef void (*step_fn)(mmck_batch *, const uint64_t *, uint32_t);\n"
    text += "static const step_fn steps[] = {"
    text += system.steps.map { "step_\($0.location.index)" }.joined(separator: ", ")
    text += system.steps.isEmpty ? "0};\n" : "};\n"
    text += """
      void mmck_expand(const uint64_t *state, mmck_batch *batch) {
        batch->count = 0;
        batch->overflow = 0;
        batch->movable = 0;
        for (uint32_t p = 0; p < PROCESSES; p++) {
          int64_t at = get(state, control_slot[p]);
          if (at == location_count[p]) continue;
          uint32_t before = batch->count;
          steps[first_location[p] + at](batch, state, p);
          if (batch->overflow) return;
          if (batch->count > before) batch->movable |= UINT64_C(1) << p;
        }
      }

      """
  }

  // MARK: Properties

  private mutating func emitProperties() {
    isProperty = true
    for (index, property) in system.properties.enumerated() {
      emitPredicate("property_\(index)", property.body)
      for (number, antecedent) in property.antecedents.enumerated() {
        emitPredicate("antecedent_\(index)_\(number)", antecedent.expression)
      }
    }
    text += "\nvoid mmck_check(const uint64_t *w, mmck_verdict *verdict, uint8_t *tried) {\n"
    line("verdict->properties = 0;")
    line("verdict->leaks = leaks(w);")
    line("(void)tried;")
    var antecedents = 0
    for (index, property) in system.properties.enumerated() {
      let bit = "verdict->properties |= UINT64_C(1) << \(index);"
      switch property.group {
      case .invariant: line("if (!property_\(index)(w, w, 0)) \(bit)")
      case .reachable: line("if (property_\(index)(w, w, 0)) \(bit)")
      case .step: break
      }
      for number in property.antecedents.indices {
        line(
          "if (!tried[\(antecedents)] && antecedent_\(index)_\(number)(w, w, 0)) tried[\(antecedents)] = 1;")
        antecedents += 1
      }
    }
    text += "}\n\nuint64_t mmck_check_step(const uint64_t *old, const uint64_t *w, uint32_t p) {\n"
    line("uint64_t broken = 0;")
    line("(void)old, (void)w, (void)p;")
    for (index, property) in system.properties.enumerated() where property.group == .step {
      line("if (!property_\(index)(old, w, p)) broken |= UINT64_C(1) << \(index);")
    }
    line("return broken;")
    text += "}\n"
  }

  private mutating func emitPredicate(_ name: String, _ expression: Expression) {
    text += "\nstatic int64_t \(name)(const uint64_t *old, const uint64_t *w, const uint32_t p) {\n"
    temporaryCount = 0
    line("(void)old, (void)w, (void)p;")
    emitBounds()
    line("return \(value(expression)) != 0;")
    line("goto undefined;")
    line("undefined: return 0;")
    text += "}\n"
  }
}
