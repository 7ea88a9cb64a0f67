import Diagnostics
import SpecSemantics
import SpecSyntax
import TransitionIR

/// Statements: nodes of the control-flow graph.
extension Lowerer {
  func lower(_ body: [TypedStatement]) {
    enterScope()
    for statement in body { lower(statement) }
    leaveScope()
  }

  /// Code of more nodes than this is refused: it could neither be built nor searched in reasonable time.
  private static let nodeLimit = 60_000

  private func lower(_ statement: TypedStatement) {
    if graph.nodes.count > Self.nodeLimit {
      return error(
        "E0505", "inlined and unrolled, the program has more than \(Self.nodeLimit) statements",
        statement.range)
    }
    let (savedStep, savedFailure) = (stepSite, failureSite)
    defer { (stepSite, failureSite) = (savedStep, savedFailure) }
    setSites(statement.range)
    if case .declare(let local, let initial) = statement.kind {
      pending.append(cover(.statement, statement.range))
      return declare(local, initial)
    }
    enterScope()
    defer { leaveScope() }
    switch statement.kind {
    case .block, .label, .atomic, .loop: break
    default: pending.append(cover(.statement, statement.range))
    }
    switch statement.kind {
    case .declare: break
    case .assign(let target, let value): assign(target, value)
    case .evaluate(let expression):
      _ = value(expression)
      flush()
    case .ifElse(let condition, let then, let otherwise): lowerIf(condition, then, otherwise)
    case .whileLoop(let condition, let body): lowerWhile(condition, body)
    case .doWhile(let body, let condition): lowerDoWhile(body, condition)
    case .forEach(let binder, let local, let body): lowerForEach(binder, local, body, statement.range)
    case .loop(let body):
      let head = joinNode()
      loopBody(body) {
        self.graph.open += $0; self.graph.connect(to: head)
      }
    case .choose(let cases, let otherwise): lowerChoose(cases, otherwise)
    case .switchOn(let subject, let cases, let otherwise): lowerSwitch(subject, cases, otherwise)
    case .block(let body): lower(body)
    case .atomic(let body): lowerAtomic(body, statement.range)
    case .returnValue(let value): lowerReturn(value)
    case .breakLoop: leaveLoop(isBreak: true)
    case .continueLoop: leaveLoop(isBreak: false)
    case .goto(let label):
      flush()
      graph.connect(to: labelNode(label))
    case .label(let label): placeLabel(label)
    case .exit: endProcess()
    }
  }

  /// Where the following steps and violations are said to be.
  ///
  /// Library wrappers are transparent: the caller's statement counts.
  func setSites(_ range: SourceRange) {
    guard let frame = frames.last else { return }
    let here = site(range, function: frame.name, origin: frame.origin)
    if !frame.isTransparent {
      stepSite = here
      if !isLibrary(range) || !frame.isCalledFromSpec { failureSite = here }
    }
  }

  // MARK: Nodes

  /// Turns the pending statements into a node.
  func flush() {
    let statements = pending
    pending = []
    if binderDepth == 0 {
      nextBound = 0
      inlinedCount = 0
    }
    guard !statements.isEmpty else { return }
    let onlyCovers = statements.allSatisfy { if case .cover = $0 { true } else { false } }
    _ = graph.append(node(.plain(statements)), successorCount: 1, takesLabels: !onlyCovers)
  }

  private func node(_ operation: FlowGraph.Operation) -> FlowGraph.Node {
    FlowGraph.Node(
      operation: operation, successors: [], site: stepSite, locals: localsInScope,
      touchesShared: touchesShared(operation), isInterior: atomicDepth > 0 || kind == nil)
  }

  /// A node that does nothing, to jump to.
  func joinNode() -> Int {
    flush()
    return graph.append(node(.plain([])), successorCount: 1, takesLabels: false)
  }

  private func labelNode(_ name: String) -> Int {
    if let known = frames.last?.labelNodes[name] { return known }
    let index = graph.nodes.count
    var placeholder = node(.plain([]))
    placeholder.successors = [-1]
    graph.nodes.append(placeholder)
    frames[frames.count - 1].labelNodes[name] = index
    return index
  }

  private func placeLabel(_ name: String) {
    flush()
    let index = labelNode(name)
    graph.connect(to: index)
    graph.nodes[index].locals = localsInScope
    graph.nodes[index].site = stepSite
    if graph.start == nil { graph.start = index }
    graph.open = [FlowGraph.Edge(node: index, position: 0)]
    if program.observedLabels.contains(name), atomicDepth == 0 { graph.pendingLabels.append(name) }
  }

  // MARK: Assignments

  private func declare(_ local: Int, _ initial: TypedExpression?) {
    guard let info = frames.last?.locals[local] else { return }
    let isTransparentValue: Bool
    if let initial, !info.isReassigned, case .constant = initial.kind, info.type.isScalar {
      isTransparentValue = true
    } else {
      isTransparentValue = false
    }
    if isTransparentValue, let initial {
      frames[frames.count - 1].bindings[local] = .value(value(initial))
      return flush()
    }
    let place = declareLocal(info.name, info.type)
    frames[frames.count - 1].bindings[local] = .place(place)
    if !info.isReassigned, let id = variableIDs[place.path] { stableVariables.insert(id) }
    enterScope()
    if let initial {
      assign(initial, to: place, isFresh: true)
    } else {
      setDefault(place)
      flush()
    }
    leaveScope()
  }

  private func setDefault(_ place: PlaceRef) {
    for part in parts(of: place.type) {
      let target = scalar(place, part)
      pending.append(.assign(target, .constant(system.variables[target.variable.index].domain.defaultValue)))
    }
  }

  private func assign(_ target: TypedExpression, _ value: TypedExpression) {
    if case .local = target.kind, target.type.isScalar {
      return assign(value, to: place(target), isFresh: false)
    }
    if case .structure = target.type {
      let source = place(value)
      let destination = place(target)
      checkGuard(source, isWrite: false)
      checkGuard(destination, isWrite: true)
      for part in parts(of: target.type) {
        pending.append(.assign(scalar(destination, part), .read(scalar(source, part))))
      }
      return flush()
    }
    let result = self.value(value)
    let destination = place(target)
    checkGuard(destination, isWrite: true)
    pending.append(.assign(scalar(destination), result))
    flush()
  }

  /// Assigns to a local; choices and results of calls go there directly where nothing can see the difference.
  private func assign(_ value: TypedExpression, to place: PlaceRef, isFresh: Bool) {
    if case .structure = place.type {
      let source = self.place(value)
      checkGuard(source, isWrite: false)
      for part in parts(of: place.type) {
        pending.append(.assign(scalar(place, part), .read(scalar(source, part))))
      }
      return flush()
    }
    switch value.kind {
    case .any, .allocate, .maybe:
      choose(value, into: place)
    case .call(let index, let arguments) where isFresh && program.functions[index].pureValue == nil:
      _ = call(index, arguments, value, into: place)
    default:
      pending.append(.assign(scalar(place), self.value(value)))
    }
    flush()
  }

  // MARK: Branches

  typealias Exits = (whenTrue: [FlowGraph.Edge], whenFalse: [FlowGraph.Edge])

  /// Control flow of a condition.
  ///
  /// `&&`, `||` and `!` with effects in them become control flow themselves.
  func branch(on condition: TypedExpression, _ range: SourceRange) -> Exits {
    switch condition.kind {
    case .maybe:
      flush()
      let index = graph.append(node(.fork), successorCount: 2)
      graph.open = []
      return ([.init(node: index, position: 0)], [.init(node: index, position: 1)])
    case .prefix(.not, let operand):
      let exits = branch(on: operand, range)
      return (exits.whenFalse, exits.whenTrue)
    case .infix(let op, let left, let right) where op == .and || op == .or || op == .implies:
      guard needsControlFlow(right) else { break }
      let first = branch(on: left, range)
      graph.open = op == .or ? first.whenFalse : first.whenTrue
      let second = branch(on: right, range)
      switch op {
      case .and: return (second.whenTrue, first.whenFalse + second.whenFalse)
      case .or: return (first.whenTrue + second.whenTrue, second.whenFalse)
      default: return (first.whenFalse + second.whenTrue, second.whenFalse)
      }
    default: break
    }
    let test = value(condition)
    if case .constant(let known) = test {
      flush()
      let here = graph.open
      graph.open = []
      return known != 0 ? (here, []) : ([], here)
    }
    let statements = pending
    pending = []
    let index = graph.append(node(.branch(statements, test)), successorCount: 2)
    graph.open = []
    return ([.init(node: index, position: 0)], [.init(node: index, position: 1)])
  }

  private func lowerIf(_ condition: TypedExpression, _ then: [TypedStatement], _ otherwise: [TypedStatement]?)
  {
    let exits = branch(on: condition, condition.range)
    let isDecided = exits.whenTrue.isEmpty || exits.whenFalse.isEmpty
    var ends: [FlowGraph.Edge] = []
    if !exits.whenTrue.isEmpty {
      graph.open = exits.whenTrue
      if !isDecided { pending.append(cover(.branchTaken, condition.range)) }
      lower(then)
      flush()
      ends += graph.open
    }
    if !exits.whenFalse.isEmpty {
      graph.open = exits.whenFalse
      if !isDecided { pending.append(cover(.branchNotTaken, condition.range)) }
      lower(otherwise ?? [])
      flush()
      ends += graph.open
    }
    graph.open = ends
  }

  private func lowerSwitch(
    _ subject: TypedExpression, _ cases: [(values: [TypedExpression], body: [TypedStatement])],
    _ otherwise: [TypedStatement]?
  ) {
    let temporary = declareLocal(
      "switch", subject.type == .integer ? .range(-(1 << 40), 1 << 40) : subject.type)
    pending.append(.assign(scalar(temporary), value(subject)))
    flush()
    var ends: [FlowGraph.Edge] = []
    for item in cases {
      let test = item.values.reduce(Expression.constant(0)) { sum, label in
        let isEqual = fold(.equal, .read(scalar(temporary)), value(label), .integer)
        if case .constant(0) = sum { return isEqual }
        return .binary(.or, sum, isEqual, .integer, failureSite)
      }
      let index = graph.append(node(.branch([], test)), successorCount: 2)
      graph.open = [.init(node: index, position: 0)]
      lower(item.body)
      flush()
      ends += graph.open
      graph.open = [.init(node: index, position: 1)]
    }
    lower(otherwise ?? [])
    flush()
    graph.open += ends
  }

  private func lowerChoose(_ cases: [TypedStatement.ChooseCase], _ otherwise: [TypedStatement]?) {
    flush()
    let alternatives = cases.count + (otherwise == nil ? 0 : 1)
    var decision = node(.fork)
    decision.isForced = atomicDepth == 0 && kind != nil
    let index = graph.append(decision, successorCount: alternatives)
    var ends: [FlowGraph.Edge] = []
    atomicDepth += 1
    var noGuard: Expression?
    for (number, item) in cases.enumerated() {
      graph.open = [.init(node: index, position: number)]
      if let condition = item.guardExpression {
        let test = value(condition)
        pending.append(.wait(test))
        let negated = Expression.unary(.not, test, mask: 1)
        noGuard = noGuard.map { .binary(.and, $0, negated, .integer, failureSite) } ?? negated
      }
      pending.append(cover(.statement, item.range))
      flush()
      atomicDepth -= 1
      lower(item.body)
      flush()
      atomicDepth += 1
      ends += graph.open
    }
    if let otherwise {
      graph.open = [.init(node: index, position: cases.count)]
      if let noGuard { pending.append(.wait(noGuard)) }
      flush()
      atomicDepth -= 1
      lower(otherwise)
      flush()
      atomicDepth += 1
      ends += graph.open
    }
    atomicDepth -= 1
    graph.open = ends
  }

  /// One step: a first node that begins it, and nodes inside that do not.
  private func lowerAtomic(_ body: [TypedStatement], _ range: SourceRange) {
    if atomicDepth > 0 || kind == nil { return lower(body) }
    pending.append(cover(.statement, range))
    let statements = pending
    pending = []
    let first = graph.append(node(.plain(statements)), successorCount: 1)
    atomicDepth += 1
    lower(body)
    flush()
    atomicDepth -= 1
    let inside = graph.nodes[(first + 1)...]
    graph.nodes[first].touchesShared = inside.contains { $0.touchesShared }
  }

  // MARK: Loops

  private func lowerWhile(_ condition: TypedExpression, _ body: [TypedStatement]) {
    let head = joinNode()
    let exits = branch(on: condition, condition.range)
    graph.open = exits.whenTrue
    if !exits.whenTrue.isEmpty {
      loopBody(body) {
        self.graph.open += $0; self.graph.connect(to: head)
      }
    }
    graph.open += exits.whenFalse
  }

  private func lowerDoWhile(_ body: [TypedStatement], _ condition: TypedExpression) {
    let head = joinNode()
    loopBody(body) { continues in
      self.graph.open += continues
      let exits = self.branch(on: condition, condition.range)
      self.graph.open = exits.whenTrue
      self.graph.connect(to: head)
      self.graph.open = exits.whenFalse
    }
  }

  /// Lowers the body of a loop; `close` gets the edges of `continue` and links the end of the body to wherever it goes on.
  func loopBody(_ body: [TypedStatement], close: ([FlowGraph.Edge]) -> Void) {
    frames[frames.count - 1].loops.append(.init())
    lower(body)
    flush()
    let loop = frames[frames.count - 1].loops.removeLast()
    close(loop.continueEdges)
    graph.open += loop.breakEdges
  }

  private func leaveLoop(isBreak: Bool) {
    flush()
    guard let last = frames.last?.loops.indices.last else { return }
    if isBreak {
      frames[frames.count - 1].loops[last].breakEdges += graph.open
    } else {
      frames[frames.count - 1].loops[last].continueEdges += graph.open
    }
    graph.open = []
  }

  // MARK: What touches shared state

  func endProcess() {
    checkNothingHeld()
    let statements = pending
    pending = []
    _ = graph.append(node(.end(statements)), successorCount: 0)
  }
}
