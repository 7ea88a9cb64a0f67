import Diagnostics
import SpecSemantics
import SpecSyntax
import TransitionIR

/// `for`: unrolled over its domain, so that bodies of steps stay free of loops.
extension Lowerer {
  /// A `for` over more elements than this is refused.
  private static let unrollLimit = 64

  func lowerForEach(_ binder: TypedBinder, _ local: Int, _ body: [TypedStatement], _ range: SourceRange) {
    flush()
    switch binder.elementType {
    case .pointer(let structure): lowerUnordered(binder, local, body, structure)
    default: lowerOrdered(binder, local, body, range)
    }
  }

  // MARK: In order

  private func lowerOrdered(
    _ binder: TypedBinder, _ local: Int, _ body: [TypedStatement], _ range: SourceRange
  ) {
    let domain = self.domain(of: binder.elementType)
    let bounds = domain.bounds
    guard bounds.upperBound - bounds.lowerBound < Self.unrollLimit else {
      error(
        "E0503",
        "a `for` over \(bounds.upperBound - bounds.lowerBound + 1) values is too long to be unrolled", range,
        suggestion: "use at most \(Self.unrollLimit) values, or a `while` loop with a step in it")
      return
    }
    let members = memberTest(binder.domain, domain)
    var ends: [FlowGraph.Edge] = []
    for element in bounds {
      enterScope()
      boundValues[binder.id] = .constant(element)
      var tests = [members(element)].compactMap { $0 }
      if let filter = binder.filter { tests.append(value(filter)) }
      let skipped = skip(unless: tests)
      bindElement(local, .constant(element), binder.elementType)
      iterate(body, &ends)
      graph.open += skipped
      leaveScope()
    }
    boundValues[binder.id] = nil
    graph.open += ends
  }

  /// Branches over the body unless all tests hold; returns the edges that skip it.
  private func skip(unless tests: [Expression]) -> [FlowGraph.Edge] {
    var skipped: [FlowGraph.Edge] = []
    for test in tests {
      if case .constant(let known) = test, pending.isEmpty {
        if known == 0 {
          skipped += graph.open
          graph.open = []
        }
        continue
      }
      let statements = pending
      pending = []
      let index = graph.append(
        FlowGraph.Node(
          operation: .branch(statements, test), successors: [], site: stepSite, locals: localsInScope,
          touchesShared: touchesShared(.branch(statements, test)), isInterior: atomicDepth > 0 || kind == nil),
        successorCount: 2)
      graph.open = [.init(node: index, position: 0)]
      skipped.append(.init(node: index, position: 1))
    }
    return skipped
  }

  /// For each value of the element's domain, the test whether the loop visits it; bounds and sets are evaluated once, before the loop.
  private func memberTest(_ domain: TypedDomain, _ element: Domain) -> (Int) -> Expression? {
    switch domain {
    case .type, .kind: return { _ in nil }
    case .span(let low, let high):
      let first = captured(low)
      let last = captured(high)
      return { value in
        let isAbove = self.fold(.lessEqual, first, .constant(value), .integer)
        let isBelow = self.fold(.lessEqual, .constant(value), last, .integer)
        if case .constant(1) = isAbove { return isBelow }
        if case .constant(1) = isBelow { return isAbove }
        return .binary(.and, isAbove, isBelow, .integer, self.failureSite)
      }
    case .set(let set):
      let members = captured(set)
      return { .member(.constant($0), set: members, of: element) }
    }
  }

  private func captured(_ expression: TypedExpression) -> Expression {
    let result = value(expression)
    if isStable(result) { return result }
    let type: Type = if case .integer = expression.type { .range(-4096, 4096) } else { expression.type }
    let temporary = declareLocal("bound", type)
    pending.append(.assign(scalar(temporary), result))
    flush()
    return .read(scalar(temporary))
  }

  private func bindElement(_ local: Int, _ element: Expression, _ type: Type) {
    guard let info = frames.last?.locals[local] else { return }
    guard info.isReassigned else {
      frames[frames.count - 1].bindings[local] = .value(element)
      return
    }
    let place = declareLocal(info.name, type)
    frames[frames.count - 1].bindings[local] = .place(place)
    pending.append(.assign(scalar(place), element))
    flush()
  }

  /// One copy of the body; `break` leaves the whole loop, `continue` goes to what follows the copy.
  private func iterate(_ body: [TypedStatement], _ ends: inout [FlowGraph.Edge]) {
    frames[frames.count - 1].loops.append(.init())
    lower(body)
    flush()
    let loop = frames[frames.count - 1].loops.removeLast()
    graph.open += loop.continueEdges
    ends += loop.breakEdges
  }

  // MARK: In any order

  /// Objects and processes have no order, so that they stay interchangeable: each round takes any one that is left.
  private func lowerUnordered(_ binder: TypedBinder, _ local: Int, _ body: [TypedStatement], _ structure: Int)
  {
    let domain = self.domain(of: binder.elementType)
    let left = declareLocal("left", .set(binder.elementType))
    pending.append(.assign(scalar(left), elements(of: binder.domain, domain, structure)))
    flush()
    var ends: [FlowGraph.Edge] = []
    let rounds = structure == program.processStruct ? domain.elementCount - 1 : domain.elementCount
    for _ in 0..<max(0, rounds) {
      enterScope()
      let remaining = Iteration.members(.read(scalar(left)), of: domain)
      let test: Expression =
        binder.filter == nil
        ? .binary(.notEqual, .read(scalar(left)), .constant(0), .integer, failureSite)
        : withBound(binder) { id in
          .quantified(.exists, id, remaining, lowerFilter(of: binder, id, remaining))
        }
      let done = skip(unless: [test])
      let element = declareLocal(binder.name, binder.elementType)
      frames[frames.count - 1].bindings[local] = .place(element)
      if let id = variableIDs[element.path], frames.last?.locals[local].isReassigned == false {
        stableVariables.insert(id)
      }
      withBound(binder) { id in
        let filter = lowerFilter(of: binder, id, remaining)
        pending.append(.pick(scalar(element), id, remaining, filter: filter))
      }
      pending.append(
        .assign(
          scalar(left),
          .binary(
            .without, .read(scalar(left)), .singleton(.read(scalar(element)), of: domain), .integer,
            failureSite)))
      flush()
      iterate(body, &ends)
      ends += done
      leaveScope()
    }
    graph.open += ends
  }

  private func elements(of domain: TypedDomain, _ element: Domain, _ structure: Int) -> Expression {
    switch domain {
    case .set(let set): return value(set)
    case .kind(let kind):
      let info = program.kinds[kind]
      return .constant(((1 << info.count) - 1) << info.firstProcess)
    case .type, .span:
      if structure == program.processStruct { return .constant((1 << program.processCount) - 1) }
      return (0..<capacity(of: structure)).reduce(.constant(0)) { set, object in
        let bit = Expression.select(
          .live(.constant(object + 1), PoolID(structure)), .constant(1 << object), .constant(0))
        return fold(.bitOr, set, bit, .integer)
      }
    }
  }
}
