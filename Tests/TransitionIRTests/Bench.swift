import Testing
import TransitionIR

/// A system with one of everything to evaluate expressions and run statements in.
final class Bench {
  let b: SystemBuilder
  let node: PoolID
  let pointer: Domain
  let task: Domain
  let value: VariableID
  let next: VariableID
  let table: VariableID
  let head: VariableID
  let tail: VariableID
  let set: VariableID
  let number: VariableID
  let small: VariableID
  let mine: VariableID
  let mask: VariableID
  let lock: LockClassID
  let bounds: [BoundID]
  /// p[0], p[1] are processes 0 and 1, q is process 2.
  private(set) var state: [Int]
  private var interpreter: Interpreter

  init() {
    b = SystemBuilder("bench", kinds: [("p", 2), ("q", 1)])
    node = b.pool("node", capacity: 3)
    pointer = b.pointer(to: node)
    task = b.pointer(to: b.processPool)
    value = b.field(node, "value", .range(-5, 5), initial: 2)
    next = b.field(node, "next", pointer)
    lock = b.lock("lock", .mutex, in: node)
    table = b.global(
      "table", .range(0, 9), [.array(count: 2, lower: -1), .array(count: 3, lower: 0)], initial: 7)
    head = b.global("head", pointer)
    tail = b.global("tail", pointer)
    set = b.global("set", .set(pointer))
    number = b.global("number", .range(0, 100))
    small = b.global("small", .wrapping(8))
    mine = b.local(KindID(0), "mine", pointer)
    mask = b.local(KindID(0), "mask", .range(0, 9))
    bounds = (0..<4).map { [b] _ in b.bound() }
    b.steps(locals: [mine, mask]) { at in [[at(1)], [.end]] }
    b.steps { _ in [[.end]] }
    interpreter = Interpreter(b.system)
    state = interpreter.initialStates()[0].state
  }

  func slot(_ variable: VariableID, _ offset: Int = 0) -> Int {
    b.system.variables[variable.index].slot + offset
  }
  func set(_ variable: VariableID, _ value: Int) { set(variable, 0, value) }
  func set(_ variable: VariableID, _ offset: Int, _ value: Int) { state[slot(variable, offset)] = value }
  func get(_ variable: VariableID, _ offset: Int = 0, in state: [Int]? = nil) -> Int {
    (state ?? self.state)[slot(variable, offset)]
  }
  /// Makes objects 0..<count exist.
  func makeLive(_ count: Int) {
    for object in 0..<count { set(b.system.pools[node.index].live!, object, 1) }
  }
  func replaceState(_ state: [Int]) { self.state = state }

  /// The value of an expression for process `process`, or the property that evaluating it violates.
  func value(_ expression: Expression, process: Int? = 0, old: [Int]? = nil) -> Outcome {
    do throws(EvaluationFailure) {
      return .value(try interpreter.value(expression, in: state, old: old, process: process))
    } catch {
      #expect(error.violation.isFatal)
      return .fails(error.violation.property)
    }
  }

  enum Outcome: Equatable, ExpressibleByIntegerLiteral {
    case value(Int)
    case fails(BuiltinProperty)
    init(integerLiteral value: Int) { self = .value(value) }
  }

  /// All ways to run `body` (an `end` is added) as the step that `process` is at.
  func run(_ body: [Statement], process: Int = 0) -> [Successor] {
    var system = b.system
    let first = system.kinds[system.kind(ofProcess: process).index].firstLocation
    system.steps[first] = Step(location: LocationID(first), body: body + [.end])
    return Interpreter(system).successors(of: state, process: process)
  }

  /// The only way to run `body`.
  func runOnce(_ body: [Statement], process: Int = 0, _ location: SourceLocation = #_sourceLocation) throws
    -> Successor
  {
    let successors = run(body, process: process)
    #expect(successors.count == 1, sourceLocation: location)
    return try #require(successors.first, sourceLocation: location)
  }
}
