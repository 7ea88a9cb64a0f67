import TransitionIR

/// Quantifiers, and what they and picks range over.
extension Translator {
  /// A range of constants that contains everything an iteration visits, and the condition that tells which of it.
  struct Candidates {
    let local: Local
    /// The value of the iteration, as a term of the local.
    let value: Term
    let condition: Term
    /// The iteration itself can be evaluated.
    let defined: Term
  }

  mutating func candidates(
    of iteration: Iteration, named letter: Character
  ) throws(ExportRefusal) -> Candidates {
    switch iteration {
    case .values(.pointer(let pool, let capacity)):
      // The interpreter looks at the objects 1...max(1, capacity), of which none exists in an empty pool.
      let local = fresh(letter, .number, 1...max(1, capacity))
      return Candidates(
        local: local, value: .local(local), condition: isObject(.local(local), pool), defined: .truth(true))
    case .values(let domain):
      let bounds = domain.bounds
      guard Term.portable.contains(bounds.lowerBound), Term.portable.contains(bounds.upperBound) else {
        throw ExportRefusal("a binder over values of more than 32 bits")
      }
      let local = fresh(letter, domain.kind == .truth ? .number : domain.kind, bounds)
      return Candidates(local: local, value: .local(local), condition: .truth(true), defined: .truth(true))
    case .span(let low, let high):
      let first = try evaluate(low).as(.number)
      let last = try evaluate(high).as(.number)
      let defined = first.defined && last.defined
      guard let a = first.value.interval, let b = last.value.interval else {
        throw ExportRefusal("a binder whose range is not known")
      }
      let local = fresh(letter, .number, a.lowerBound...max(a.lowerBound, b.upperBound))
      let value = Term.local(local)
      return Candidates(
        local: local, value: value,
        condition: .comparison(.lessEqual, first.value, value) && .comparison(.lessEqual, value, last.value),
        defined: defined)
    case .members(let set, let domain):
      let set = try evaluate(set).as(.mask)
      let base = domain.element(ofBit: 0)
      let local = fresh(letter, .number, base...base + domain.elementCount - 1)
      let bit = try computed(.subtract, .local(local), .number(base), "")
      return Candidates(
        local: local, value: .local(local), condition: .membership(bit, in: set.value), defined: set.defined)
    case .processes(let kind):
      let description = system.kinds[kind.index]
      let first = description.firstProcess + 1
      let local = fresh(letter, .number, first...first + max(1, description.count) - 1)
      return Candidates(
        local: local, value: .local(local), condition: .truth(description.count > 0), defined: .truth(true))
    }
  }

  mutating func quantified(
    _ quantifier: Quantifier, _ id: BoundID, _ iteration: Iteration, _ body: Expression
  ) throws(ExportRefusal) -> Evaluated {
    let candidates = try candidates(of: iteration, named: "k")
    let outer = bound[id]
    bound[id] = candidates.value
    defer { bound[id] = outer }
    let inner = try evaluate(body).as(.truth)
    let test: Term =
      quantifier == .forall ? !candidates.condition || inner.value : candidates.condition && inner.value
    if case .truth(true) = inner.defined {
      return Evaluated(.quantify(quantifier, candidates.local, test), defined: candidates.defined)
    }
    if quantifier == .count {
      let each = Term.quantify(.forall, candidates.local, !candidates.condition || inner.defined)
      return Evaluated(.quantify(.count, candidates.local, test), defined: candidates.defined && each)
    }
    return try ordered(quantifier, test, defined: !candidates.condition || inner.defined, in: candidates)
  }

  /// A quantifier whose body may fail, written out: the values are visited in order, up to the first that decides, and what
  /// comes after need not have a value.
  private func ordered(
    _ quantifier: Quantifier, _ test: Term, defined: Term, in candidates: Candidates
  ) throws(ExportRefusal) -> Evaluated {
    guard candidates.local.upper - candidates.local.lower < 256 else {
      throw ExportRefusal("a quantifier over many values whose body may fail")
    }
    var result = Evaluated(.truth(quantifier == .forall))
    for number in (candidates.local.lower...candidates.local.upper).reversed() {
      let constant = Term.constant(number, candidates.local.kind)
      let here = test.replacing(candidates.local, with: constant)
      let decides = quantifier == .forall ? !here : here
      result.defined = defined.replacing(candidates.local, with: constant) && (decides || result.defined)
      result.value = quantifier == .forall ? here && result.value : here || result.value
    }
    result.defined = candidates.defined && result.defined
    return result
  }
}
