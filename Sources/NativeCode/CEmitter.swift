import Reductions
import TransitionIR

/// Prints a transition system as C that computes successors of packed states.
///
/// Every name in the text is generated; nothing that an author of a spec wrote reaches it except as a number. The order of
/// successors, and which violations they have, is that of the reference interpreter: the tests compare them state by state.
///
/// Steps become functions of a `run`, the state that they work on. What is long becomes a function of its own, and equal text
/// becomes one function. Of a small system everything is inlined into the code of each process, so that clang can keep states in
/// registers; of a large one nothing is, so that clang gets through with it.
public struct CEmitter {
  let system: TransitionSystem
  let packing: StatePacking
  let ranges: ValueRanges
  /// By slot; nil for one that takes no bits.
  let fields: [StatePacking.Field?]
  let options: Options
  /// The (property, site) pairs that the generated code names by number.
  private(set) var failures: [FailureKey] = []
  private var failureNumbers: [FailureKey: Int] = [:]
  /// Where and what locks are taken, by number.
  private(set) var orders: [Order] = []
  private var orderNumbers: [Order: Int] = [:]
  /// The whole text but for the functions that are collected in `functions`.
  var text = ""
  /// Functions in the order in which C needs them, and each one's name by its text.
  private var functions = ""
  private var functionNames: [String: String] = [:]
  /// How long each function would be with all that it calls written in its place.
  private var inlinedSizes: [String: Int] = [:]

  // MARK: What is being printed

  /// The kind whose step it is; nil in properties.
  var kind: KindID?
  /// Properties have no failures to tell apart: one that cannot be evaluated does not hold.
  var isProperty = false
  /// Whether reads see the state before the step, as in `old`.
  var isOld = false
  /// The values of the variables that are bound around what is being printed.
  var bound: [BoundID: ClosedRange<Int>] = [:]

  public struct FailureKey: Hashable, Sendable {
    public let property: BuiltinProperty
    public let site: SiteID
  }

  /// A place of the spec that takes locks of one class.
  public struct Order: Hashable, Sendable {
    public let lock: LockClassID
    public let subclass: Int
    public let site: SiteID
  }

  /// What the generated code should be able to do beyond what every search needs.
  public struct Options: Sendable {
    /// What `mmck_canonicalize` makes equal; nil: nothing.
    public var symmetry: Symmetry?
    /// Which steps `mmck_expand` with MMCK_REDUCE takes at once; nil: none.
    public var safeSteps: SafeSteps?
    public init() {}
  }

  /// A compiled form of the system, as text.
  public struct Output: Sendable {
    public let text: String
    /// What the numbers in `mmck_event.failures` mean.
    public let failures: [FailureKey]
    /// What the positions in `mmck_batch.orders` mean.
    public let orders: [Order]
  }

  /// Nil if the system is beyond what the generated code can represent: more than 62 processes, 64 lock classes, properties or
  /// pools, or a step with more failures than an event holds.
  public static func emit(_ system: TransitionSystem, options: Options = Options()) -> Output? {
    guard system.processCount <= 62, system.lockClasses.count <= 64, system.properties.count <= 64,
      system.pools.count <= 64, system.steps.allSatisfy({ $0.body.failureLimit(in: system) < eventLimit })
    else { return nil }
    var emitter = CEmitter(system, options)
    emitter.emitAll()
    return Output(text: emitter.text, failures: emitter.failures, orders: emitter.orders)
  }

  private init(_ system: TransitionSystem, _ options: Options) {
    self.system = system
    self.options = options
    packing = StatePacking(system)
    ranges = ValueRanges(system)
    var fields = [StatePacking.Field?](repeating: nil, count: system.slotCount)
    for field in packing.fields { fields[field.slot] = field }
    self.fields = fields
  }

  private mutating func emitAll() {
    let steps = system.steps.map { step($0) }
    let properties = propertyNames()
    let stepSize = steps.reduce(0) { $0 + (inlinedSizes[$1] ?? 0) }
    let isInlined = stepSize * max(1, system.processCount) < Self.inliningLimit
    text += String(decoding: PackageResources.step_abi_h, as: UTF8.self)
    text += "\n#include <stdlib.h>\n#define INLINED \(isInlined ? 1 : 0)\n"
    emitTables()
    text += StepRuntime.values
    emitPoolFunctions()
    emitHeldClasses()
    text += StepRuntime.objects
    text += StepRuntime.paths
    text += functions
    emitStepProperties(properties)
    text += StepRuntime.emission
    emitDispatch(steps, isInlined: isInlined)
    emitSafeSteps()
    text += StepRuntime.expansion
    emitCheck(properties)
    text += SymmetryCode.text(options.symmetry)
  }

  /// `MMCK_FAILURE_LIMIT`.
  private static var eventLimit: Int { 256 }

  /// Characters of text, everything inlined, up to which it is: beyond, clang takes longer than it saves.
  private static var inliningLimit: Int { 600_000 }

  /// Prints one line at the outermost level.
  mutating func line(_ code: String) { text += code + "\n" }

  // MARK: Numbers

  mutating func number(of property: BuiltinProperty, _ site: SiteID) -> Int {
    if isProperty { return 0 }
    let key = FailureKey(property: property, site: site)
    if let known = failureNumbers[key] { return known }
    failureNumbers[key] = failures.count
    failures.append(key)
    return failures.count - 1
  }

  mutating func number(of order: Order) -> Int {
    if let known = orderNumbers[order] { return known }
    orderNumbers[order] = orders.count
    orders.append(order)
    return orders.count - 1
  }

  // MARK: Functions

  /// A function with this text after its name; one that exists already if the text is the same.
  ///
  /// Bodies see the state that they read as `w`.
  mutating func function(_ type: String, _ parameters: String, _ body: String) -> String {
    let state = type == "int64_t" ? (isOld ? "OLD" : "NEW") : "OWN"
    let rest =
      "(run *s\(parameters)) { \(body.contains("w") || body.contains("P(") ? state + " " : "")\(body) }\n"
    let key = type + rest
    let name: String
    if let known = functionNames[key] {
      name = known
    } else {
      name = "f\(functionNames.count)"
      functionNames[key] = name
      functions += "STEP_FN \(type) \(name)\(rest)"
      inlinedSizes[name] = calls(in: rest).reduce(rest.utf8.count) { $0 + (inlinedSizes[$1] ?? 0) }
    }
    return name
  }

  /// The names of the generated functions in a text, each as often as it occurs.
  private func calls(in text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.lazy.filter { $0.hasPrefix("f") }.map(
      String.init)
  }
}
