// Bodies in the text form. E, F: expressions; P: a place; D: a domain; S: a statement; N: a number.
//
//   statements   (assign P E)  (if E (then S…) (else S…))  (fork (branch S…)…)  (pick P $N ITERATION (where E))
//                (wait E)  (check E PROPERTY SITE TEXT [(subject P)] [fatal])  (allocate P POOL)  (free POOL E SITE)
//                (acquiring CLASS N P)  (cover N)  (clear VARIABLE…)  (jump LOCATION)  (end)
//   expressions  N  P  $N  current  held-locks  (not E [(mask N)])  (add[.uBITS] E F SITE)  (same POOL E F SITE)
//                (same-lax POOL E F SITE)  (member E F D)  (singleton E D)  (cardinality E)  (select E F E)
//                (forall $N ITERATION E)  (old E)  (live POOL E)  (exclusive POOL E)  (at E LOCATION…)  (ended E)
//                (label SITE E); unary and binary operators and quantifiers by their names
//   iterations   (values D)  (span E F)  (members E D)  (processes KIND)
//   indices      (element E)  (object E)  current  (process E)
extension IRWriter {
  mutating func writeBehaviour() {
    for index in 0..<max(system.locations.count, system.steps.count) {
      line("")
      if index < system.locations.count { write(system.locations[index]) }
      if index < system.steps.count { write(system.steps[index]) }
    }
    for (index, body) in system.startBodies.enumerated() {
      line("")
      line("; \(names.kind(KindID(index)))")
      line("(start")
      write(body)
    }
    line("")
    line("(initial")
    write(system.initialBody)
  }

  private mutating func write(_ location: Location) {
    if let site = system.sites.indices.contains(location.site.index) ? system.sites[location.site.index] : nil
    {
      let file = system.files.indices.contains(site.file) ? system.files[site.file] : "?"
      line("; \(oneLine("\(file):\(site.line):\(site.column): \(site.text)"))")
    }
    let parts = [
      names.kind(location.kind), "@\(location.site.index)",
      form("locals", location.locals.map(names.variable)),
      form("labels", location.labels.map(declared)),
    ]
    line(form("location", parts))
  }

  private mutating func write(_ step: Step) {
    let footprint = footprint(of: step, in: system)
    line("; reads  \(oneLine(text(footprint.reads, footprint.readsOwnLocks)))")
    line("; writes \(oneLine(text(footprint.writes, false)))")
    line("(step \(names.location(step.location))")
    write(step.body)
  }

  /// A comment must not break.
  private func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
  }

  private func text(_ accesses: Set<Footprint.Access>, _ readsOwnLocks: Bool) -> String {
    let texts = accesses.map { access in
      let indices = access.indices.map { index in
        switch index {
        case .constant(let position): "[\(position)]"
        case .current: "[current]"
        case .unknown: "[*]"
        }
      }
      return names.variable(access.variable) + indices.joined()
    }
    let sorted = Set(texts).sorted() + (readsOwnLocks ? ["own locks"] : [])
    return sorted.isEmpty ? "nothing" : sorted.joined(separator: ", ")
  }

  /// Writes the statements of a form whose head is the last line, and closes the form.
  private mutating func write(_ body: [Statement]) {
    nested { writer in
      for statement in body { writer.write(statement) }
    }
    close()
  }

  private mutating func write(_ statement: Statement) {
    switch statement {
    case .branch(let condition, let then, let otherwise):
      line("(if \(text(condition))")
      nested { writer in
        writer.line("(then")
        writer.write(then)
        writer.line("(else")
        writer.write(otherwise)
      }
      close()
    case .fork(let branches):
      line("(fork")
      nested { writer in
        for branch in branches {
          writer.line("(branch")
          writer.write(branch)
        }
      }
      close()
    default: line(text(statement))
    }
  }

  /// A statement without statements inside.
  private func text(_ statement: Statement) -> String {
    switch statement {
    case .assign(let place, let value): "(assign \(text(place)) \(text(value)))"
    case .pick(let place, let bound, let iteration, let filter):
      "(pick \(text(place)) $\(bound.index) \(text(iteration)) (where \(text(filter))))"
    case .wait(let condition): "(wait \(text(condition)))"
    case .check(let condition, let failure): "(check \(text(condition)) \(text(failure)))"
    case .allocate(let place, let pool): "(allocate \(text(place)) \(names.pool(pool)))"
    case .free(let pointer, let pool, let site): "(free \(names.pool(pool)) \(text(pointer)) @\(site.index))"
    case .acquiring(let lock, let subclass, let place):
      "(acquiring \(names.lockClass(lock)) \(subclass) \(text(place)))"
    case .cover(let id): "(cover \(id.index))"
    case .clear(let variables): form("clear", variables.map(names.variable))
    case .jump(let location): "(jump \(names.location(location)))"
    case .end, .branch, .fork: "(end)"
    }
  }

  private func text(_ failure: Failure) -> String {
    var parts = [failure.property.rawValue, "@\(failure.site.index)", quoted(failure.message)]
    if let subject = failure.subject { parts.append("(subject \(text(subject)))") }
    if failure.isFatal { parts.append("fatal") }
    return parts.joined(separator: " ")
  }

  func text(_ place: Place) -> String {
    let indices = place.indices.map { index in
      switch index {
      case .element(let expression): "(element \(text(expression)))"
      case .object(let expression): "(object \(text(expression)))"
      case .current: "current"
      case .process(let expression): "(process \(text(expression)))"
      }
    }
    let brackets = indices.isEmpty ? "" : "[\(indices.joined(separator: " "))]"
    return "\(names.variable(place.variable))\(brackets)@\(place.site.index)"
  }

  private func text(_ iteration: Iteration) -> String {
    switch iteration {
    case .values(let domain): "(values \(text(domain)))"
    case .span(let low, let high): "(span \(text(low)) \(text(high)))"
    case .members(let set, let domain): "(members \(text(set)) \(text(domain)))"
    case .processes(let kind): "(processes \(names.kind(kind)))"
    }
  }

  func text(_ expression: Expression) -> String {
    switch expression {
    case .constant(let value): "\(value)"
    case .read(let place): text(place)
    case .bound(let id): "$\(id.index)"
    case .current: "current"
    case .heldLockCount: "held-locks"
    case .unary(let op, let operand, let mask):
      mask == 0 ? "(\(op.rawValue) \(text(operand)))" : "(\(op.rawValue) \(text(operand)) (mask \(mask)))"
    case .binary(let op, let left, let right, let arithmetic, let site):
      "(\(op.rawValue)\(suffix(arithmetic)) \(text(left)) \(text(right)) @\(site.index))"
    case .samePointer(let left, let right, let pool, let strict, let site):
      "(\(strict ? "same" : "same-lax") \(names.pool(pool)) \(text(left)) \(text(right)) @\(site.index))"
    case .member(let element, let set, let domain): "(member \(text(element)) \(text(set)) \(text(domain)))"
    case .singleton(let element, let domain): "(singleton \(text(element)) \(text(domain)))"
    case .cardinality(let set): "(cardinality \(text(set)))"
    case .select(let condition, let then, let otherwise):
      "(select \(text(condition)) \(text(then)) \(text(otherwise)))"
    case .quantified(let quantifier, let bound, let iteration, let body):
      "(\(quantifier.rawValue) $\(bound.index) \(text(iteration)) \(text(body)))"
    case .old(let operand): "(old \(text(operand)))"
    case .live(let pointer, let pool): "(live \(names.pool(pool)) \(text(pointer)))"
    case .exclusive(let pointer, let pool): "(exclusive \(names.pool(pool)) \(text(pointer)))"
    case .isAt(let process, let locations): form("at", [text(process)] + locations.map(names.location))
    case .hasEnded(let process): "(ended \(text(process)))"
    case .labelled(let site, let operand): "(label @\(site.index) \(text(operand)))"
    }
  }

  private func suffix(_ arithmetic: Arithmetic) -> String {
    switch arithmetic {
    case .integer: ""
    case .wrapping(let bits): ".u\(bits)"
    }
  }
}
