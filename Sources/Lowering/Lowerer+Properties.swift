import Diagnostics
import SpecSemantics
import SpecSyntax
import TransitionIR

/// Declared properties, and which built-in ones apply.
extension Lowerer {
  func lowerProperties() {
    isProperty = true
    kind = nil
    defer { isProperty = false }
    for property in program.properties {
      let here = site(property.range, function: "", origin: "")
      nextBound = 0
      inlinedCount = 0
      stepSite = here
      failureSite = here
      let group: Property.Group =
        switch property.group {
        case .step: .step
        case .reachable: .reachable
        case .invariant, .liveness: .invariant
        }
      let body = labelled(property.body)
      system.properties.append(
        Property(
          name: property.name, group: group, documentation: property.documentation, body: body, site: here,
          antecedents: antecedents(property.body, around: { $0 })))
    }
  }

  /// Lowers a condition with its parts labelled by their source text.
  private func labelled(_ expression: TypedExpression) -> Expression {
    let lowered: Expression
    switch expression.kind {
    case .infix(let op, let left, let right) where op == .and || op == .or || op == .implies:
      let operation: BinaryOperator = op == .and ? .and : op == .or ? .or : .implies
      lowered = .binary(operation, labelled(left), labelled(right), .integer, failureSite)
    case .prefix(.not, let operand): lowered = .unary(.not, labelled(operand), mask: 1)
    case .quantified(let keyword, let binder, let body) where keyword != .count:
      let range = iteration(binder.domain)
      lowered = withBound(binder) { id in
        var condition = labelled(body)
        if let filter = binder.filter {
          condition = .binary(
            keyword == .forall ? .implies : .and, labelled(filter), condition, .integer, failureSite)
        }
        return .quantified(keyword == .forall ? .forall : .exists, id, range, condition)
      }
    default: lowered = value(expression)
    }
    return .labelled(site(expression.range, function: "", origin: ""), lowered)
  }

  /// For each `==>`: the condition, closed over the quantifiers around it, under which it was tried.
  private func antecedents(
    _ expression: TypedExpression, around wrap: @escaping (Expression) -> Expression
  ) -> [(site: SiteID, expression: Expression)] {
    switch expression.kind {
    case .infix(.implies, let left, let right):
      let premise = value(left)
      let here = (site: site(expression.range, function: "", origin: ""), expression: wrap(premise))
      let site = failureSite
      return [here] + antecedents(right) { wrap(.binary(.and, premise, $0, .integer, site)) }
    case .infix(let op, let left, let right) where op == .and || op == .or:
      return antecedents(left, around: wrap) + antecedents(right, around: wrap)
    case .quantified(let keyword, let binder, let body) where keyword != .count:
      let range = iteration(binder.domain)
      let site = failureSite
      return withBound(binder) { id in
        let filter = binder.filter.map { value($0) }
        return antecedents(body) { inner in
          let condition = filter.map { .binary(.and, $0, inner, .integer, site) } ?? inner
          return wrap(.quantified(.exists, id, range, condition))
        }
      }
    default: return []
    }
  }

  /// The built-in properties for which there is anything to check in this spec.
  func applicableBuiltins() -> [BuiltinProperty] {
    var found: Set<BuiltinProperty> = [.deadlock, .overflow, .index, .division]
    if !system.lockClasses.isEmpty { found.formUnion([.lockOrder, .heldAtReturn]) }
    if system.pools.contains(where: { $0.live != nil }) {
      found.formUnion([.null, .useAfterFree, .neverFreed])
    }
    func visit(_ body: [Statement]) {
      for statement in body {
        switch statement {
        case .check(_, let failure): found.insert(failure.property)
        case .branch(_, let then, let otherwise):
          visit(then)
          visit(otherwise)
        case .fork(let branches): branches.forEach(visit)
        case .free:
          found.formUnion([.doubleFree, .staleCompare])
          if system.lockClasses.contains(where: { isField($0.owner) }) { found.insert(.freedWhileHeld) }
        default: break
        }
      }
    }
    visit(system.initialBody)
    system.startBodies.forEach(visit)
    system.steps.forEach { visit($0.body) }
    return BuiltinProperty.allCases.filter(found.contains)
  }

  private func isField(_ id: VariableID) -> Bool {
    if case .field = system.variables[id.index].role { return true }
    return false
  }
}
