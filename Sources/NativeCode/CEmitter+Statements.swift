import TransitionIR

/// Bodies of steps. A body leaves by `goto emit` (it happened) or `goto blocked` (it cannot happen now).
extension CEmitter {
  mutating func emit(_ body: [Statement]) {
    for statement in body { emit(statement) }
  }

  private mutating func emit(_ statement: Statement) {
    switch statement {
    case .assign(let place, let expression):
      let stored = value(expression)
      line("{ int64_t v = \(stored), at;")
      assign("v", to: place)
      line("}")
    case .branch(let condition, let then, let otherwise):
      line("if (\(value(condition))) {")
      nested(then)
      if !otherwise.isEmpty {
        line("} else {")
        nested(otherwise)
      }
      line("}")
    case .fork(let branches):
      line("switch (choose(&script, \(branches.count))) {")
      for (index, branch) in branches.enumerated() {
        line(index + 1 == branches.count ? "default: {" : "case \(index): {")
        nested(branch)
        line("} break;")
      }
      line("}")
    case .pick(let place, let id, let iteration, let filter): pick(place, id, iteration, filter)
    case .wait(let condition): line("if (!\(value(condition))) goto blocked;")
    case .check(let condition, let failure):
      let number = number(of: failure.property, failure.site)
      line("if (!\(value(condition))) \(failure.isFatal ? "FATAL(\(number));" : "note(&fx, \(number));")")
    case .allocate(let place, let pool): allocate(place, pool)
    case .free(let pointer, let pool, let site): free(pointer, pool, site)
    case .acquiring(_, _, _): line("take_order(batch, &fx, \(nextOrder()), held_classes(w, p));")
    case .cover(let id): line("fx.covers[fx.cover_count++] = \(id.index);")
    case .clear(let variables): variables.forEach { clear($0) }
    case .jump(let location): arrive(location.index - system.kinds[kind(of: location)].firstLocation)
    case .end: line("put(w, control_slot[p], location_count[p]); goto emit;")
    }
  }

  private mutating func nested(_ body: [Statement]) {
    indentation += 1
    emit(body)
    indentation -= 1
  }

  private func kind(of location: LocationID) -> Int { system.locations[location.index].kind.index }

  private mutating func arrive(_ control: Int) { line("put(w, control_slot[p], \(control)); goto emit;") }

  /// Stores the C expression `stored` (a plain name) in a place; `at` must be declared around.
  private mutating func assign(_ stored: String, to place: Place) {
    let domain = system.variables[place.variable.index].domain
    line("at = \(slot(of: place));")
    if case .wrapping(let bits) = domain {
      line("put(w, at, \(bits == 64 ? stored : "\(stored) & INT64_C(\((1 << bits) - 1))"));")
      return
    }
    let bounds = domain.bounds
    line(
      "if (\(stored) < \(literal(bounds.lowerBound)) || \(stored) > \(literal(bounds.upperBound))) "
        + fail(.overflow, place.site))
    line("put(w, at, \(stored));")
  }

  private mutating func pick(_ place: Place, _ id: BoundID, _ iteration: Iteration, _ filter: Expression) {
    line("{ int64_t values[\(Self.pickLimit)], v, at; uint32_t n = 0;")
    line("{ \(loop(over: iteration, into: id))")
    line("if (n < \(Self.pickLimit) && \(value(filter))) values[n++] = b\(id.index); } }")
    line("if (!n) goto blocked;")
    line("v = values[choose(&script, n)];")
    assign("v", to: place)
    line("}")
  }

  /// The type checker lets a binder range over at most 4096 values, or -4096...4096.
  private static var pickLimit: Int { 8193 }

  private mutating func allocate(_ place: Place, _ pool: PoolID) {
    line("{ int64_t v = first_free(w, \(pool.index)), at;")
    line("if (v) {")
    indentation += 1
    line("at = \(slot(of: place));")
    line("reset_object(w, \(pool.index), v - 1);")
    line("put(w, pools[\(pool.index)].live + v - 1, 1);")
    line("put(w, at, v);")
    indentation -= 1
    line("} else {")
    indentation += 1
    assign("v", to: place)
    indentation -= 1
    line("} }")
  }

  private mutating func free(_ pointer: Expression, _ pool: PoolID, _ site: SiteID) {
    let held = number(of: .freedWhileHeld, site)
    line("{ int64_t v = \(value(pointer));")
    line("if (v) {")
    line("  if (!is_object(w, \(pool.index), v)) \(fail(.doubleFree, site))")
    line("  free_object(w, \(pool.index), v, &fx, \(held));")
    line("} }")
  }

  private mutating func clear(_ id: VariableID) {
    let variable = system.variables[id.index]
    guard case .process(let kind, let count)? = variable.dimensions.first else { return }
    let size = variable.slotCount / max(1, count)
    let first = system.kinds[kind.index].firstProcess
    for offset in 0..<size {
      line("put(w, \(variable.slot + offset) + (p - \(first)) * \(size), 0);")
    }
  }
}
