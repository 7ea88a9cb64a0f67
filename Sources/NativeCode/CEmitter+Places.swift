import TransitionIR

/// Where a place is in a packed state.
extension CEmitter {
  enum Address {
    /// The variable has one value only, and takes no bits.
    case nowhere
    /// In one word, at the bit that this expression gives.
    case word(Int, shift: String, mask: UInt64, lower: Int)
    /// By the number of its slot, looked up in a table.
    case slot(String)
  }

  struct Target {
    let address: Address
    let mayFail: Bool
    let free: Set<BoundID>
    /// It is the same whatever the state.
    var isFixed: Bool { !mayFail && free.isEmpty }
  }

  mutating func read(_ place: Place) -> Term {
    let range = ranges.range(of: place.variable)
    let target = self.target(of: place)
    var term: Term
    switch target.address {
    case .nowhere: term = Term(Term.literal(range.lowerBound), range, mayFail: target.mayFail)
    case .word(let word, let shift, let mask, let lower):
      let bits = "G(w, \(word), \(shift), \(Term.literal(mask)))"
      let text =
        lower == 0
        ? bits : "(\(bits) \(lower < 0 ? "-" : "+") \(Term.literal(lower < 0 ? 0 - lower : lower)))"
      term = Term(text, range, mayFail: target.mayFail)
    case .slot(let slot): term = Term("get(w, \(slot))", range, mayFail: target.mayFail)
    }
    if term.constant == nil { term.free = target.free }
    return term
  }

  /// The target of a place; every index on the way is checked that needs it.
  mutating func target(of place: Place) -> Target {
    let variable = system.variables[place.variable.index]
    let run = packing.run(of: place.variable)
    var stride = variable.slotCount
    var slots = (constant: variable.slot, terms: [String]())
    var bits = (constant: run?.shift ?? 0, terms: [String]())
    var parts: [Term] = []
    for (number, (index, dimension)) in zip(place.indices, variable.dimensions).enumerated() {
      stride /= max(1, dimension.count)
      let part = offset(index, dimension, variable, place.site)
      parts.append(part)
      add(part, stride, to: &slots)
      add(part, run?.strides[number] ?? 0, to: &bits)
    }
    let address: Address
    if let run {
      address = .word(run.word, shift: sum(bits), mask: run.mask, lower: run.lower)
    } else if ranges.range(of: place.variable) == 0...0, !parts.contains(where: \.mayFail) {
      address = .nowhere
    } else {
      address = .slot(sum(slots))
    }
    return Target(
      address: address, mayFail: parts.contains(where: \.mayFail),
      free: parts.reduce(into: []) { $0.formUnion($1.free) })
  }

  private func add(_ part: Term, _ stride: Int, to sum: inout (constant: Int, terms: [String])) {
    if let value = part.constant {
      sum.constant += value * stride
    } else if stride != 0 || part.mayFail {
      sum.terms.append(stride == 1 ? part.text : "\(part.text) * \(stride)")
    }
  }

  private func sum(_ sum: (constant: Int, terms: [String])) -> String {
    let terms = sum.constant != 0 || sum.terms.isEmpty ? ["\(sum.constant)"] + sum.terms : sum.terms
    return terms.joined(separator: " + ")
  }

  // MARK: Indices

  /// How many rows of the dimension lie before the one that the index means.
  private mutating func offset(
    _ index: Index, _ dimension: Dimension, _ variable: Variable, _ site: SiteID
  ) -> Term {
    switch index {
    case .element(let expression):
      let lower = if case .array(_, let lower) = dimension { lower } else { 0 }
      return element(term(expression), lower, dimension.count, site)
    case .object(let pointer): return object(pointer, variable, site)
    case .current: return ownRow(dimension)
    case .process(let process):
      let process = term(process)
      let first = firstProcess(of: dimension) + 1
      let row = Term(offset(process, first), shifted(process.range, first), of: [process])
      // One of another kind has no such variable; the interpreter does not look either.
      return row.range.lowerBound >= 0 && row.range.upperBound < dimension.count
        ? row : Term("row(\(row.text), \(dimension.count))", 0...max(0, dimension.count - 1), of: [row])
    }
  }

  private mutating func element(_ index: Term, _ lower: Int, _ count: Int, _ site: SiteID) -> Term {
    let row = Term(offset(index, lower), shifted(index.range, lower), of: [index])
    if row.range.lowerBound >= 0, row.range.upperBound < count { return row }
    let failure = number(of: .index, site)
    return Term(
      "element(s, \(row.text), \(count), \(failure))", 0...max(1, count - 1), mayFail: true, of: [row])
  }

  private mutating func object(_ pointer: Expression, _ variable: Variable, _ site: SiteID) -> Term {
    let pointer = term(pointer)
    if case .field(let id) = variable.role {
      let pool = system.pools[id.index]
      if !pool.isProcessPool || pointer.range.upperBound > pool.capacity {
        let (null, stale) = (number(of: .null, site), number(of: .useAfterFree, site))
        return Term(
          "object_\(id.index)(s, w, \(pointer.text), \(null), \(stale))", 0...max(1, pool.capacity - 1),
          mayFail: true, of: [pointer])
      }
    }
    let range = shifted(pointer.range, 1)
    if range.lowerBound >= 0 { return Term(offset(pointer, 1), range, of: [pointer]) }
    let failure = number(of: .null, site)
    return Term(
      "not_null(s, \(pointer.text), \(failure))", 0...max(1, range.upperBound), mayFail: true, of: [pointer])
  }

  /// The running process among those of its kind.
  private func ownRow(_ dimension: Dimension) -> Term {
    Term(offset(Term("s->p", 0...62), firstProcess(of: dimension)), 0...max(0, dimension.count - 1))
  }

  func firstProcess(of dimension: Dimension?) -> Int {
    guard case .process(let kind, _)? = dimension else { return 0 }
    return system.kinds[kind.index].firstProcess
  }

  private func shifted(_ range: ClosedRange<Int>, _ lower: Int) -> ClosedRange<Int> {
    let low = range.lowerBound.subtractingReportingOverflow(lower)
    let high = range.upperBound.subtractingReportingOverflow(lower)
    return low.overflow || high.overflow ? Int.min...Int.max : low.partialValue...high.partialValue
  }
}
