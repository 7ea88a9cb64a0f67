/// Bodies as conjunctions.
///
/// What follows a statement stands inside of it, so that a choice is followed by the rest of the step for each of its values;
/// what follows a branch is an operator that both arms apply. Intermediate values are bound by a quantifier over a set of one,
/// because TLC would evaluate a LET definition more than once.
extension TLAWriter {
  /// A record by name, and writes to it that were not given a name yet.
  ///
  /// Writes that follow each other become one `EXCEPT`, as long as none reads what another has written.
  struct Record {
    var name: String
    var updates: [String] = []
    var changed = Set<Storage>()

    var text: String { updates.isEmpty ? name : "[\(name) EXCEPT \(updates.joined(separator: ", "))]" }
  }

  mutating func emit(
    _ body: ArraySlice<Action>, from start: String, then continuation: String?
  ) throws(ExportRefusal) {
    let outer = indentation
    defer { indentation = outer }
    var state = Record(name: start)
    var body = body
    while let action = body.popFirst() {
      switch action {
      case .require(let term):
        name(&state, for: [term])
        line("/\\ \(try test(term, state.name))")
      case .set(let storage, let index, let term):
        name(&state, for: [index, term])
        let place = storage.isScalar ? storage.name : "\(storage.name)[\(try value(index, state.name))]"
        state.updates.append("!.\(place) = \(try value(term, state.name))")
        state.changed.insert(storage)
      case .define(let local, let term):
        name(&state, for: [term])
        line("/\\ \\E \(local.name) \\in {\(try value(term, state.name))}:")
        indentation += 1
      case .replace(let storage, let slots, let pointer, let number):
        name(&state, for: [pointer, .read(storage, .number(0))])
        state.updates.append(try replaced(storage, slots, pointer, number, state.name))
        state.changed.insert(storage)
      case .pick(let local, let filter):
        name(&state, for: [filter])
        line("/\\ \\E \(local.name) \\in \(Self.range(local)):")
        indentation += 1
        line("/\\ \(try test(filter, state.name))")
      case .fork(let branches):
        nameNow(&state)
        let rest = try follow(body, continuation)
        for (number, branch) in branches.enumerated() {
          line(number == 0 ? "/\\ \\/" : "   \\/")
          indentation += 3
          try emit(branch[...], from: state.name, then: rest)
          indentation -= 3
        }
        return
      case .branch(let condition, let then, let otherwise):
        nameNow(&state)
        let rest = try follow(body, continuation)
        line("/\\ IF \(try value(condition, state.name))")
        try arm("THEN", then, state.name, rest)
        try arm("ELSE", otherwise, state.name, rest)
        return
      case .finish: throw ExportRefusal("a step that ends early")
      }
    }
    // TLC evaluates an argument anew wherever it is used.
    nameNow(&state)
    line("/\\ \(continuation ?? "Become")(\(state.name))")
  }

  private mutating func arm(
    _ word: String, _ body: [Action], _ state: String, _ continuation: String?
  ) throws(ExportRefusal) {
    indentation += 2
    line(word)
    indentation += 1
    try emit(body[...], from: state, then: continuation)
    indentation -= 3
  }

  /// A condition as a conjunct of an action, where TLC would take a disjunction for a choice and count states twice.
  private mutating func test(_ term: Term, _ state: String) throws(ExportRefusal) -> String {
    let text = try value(term, state)
    return term.looksLikeChoice ? "(\(text)) = TRUE" : text
  }

  /// Gives the record a name if one of the terms reads what was written since it last got one.
  private mutating func name(_ state: inout Record, for terms: [Term]) {
    if terms.contains(where: { $0.reads(state.changed) }) { nameNow(&state) }
  }

  private mutating func nameNow(_ state: inout Record) {
    if state.updates.isEmpty { return }
    stateCount += 1
    line("/\\ \\E s\(stateCount) \\in {\(state.text)}:")
    indentation += 1
    state = Record(name: "s\(stateCount)")
  }

  /// The rest of a body as an operator on the record; nothing to define if the rest is empty.
  private mutating func follow(
    _ rest: ArraySlice<Action>, _ continuation: String?
  ) throws(ExportRefusal) -> String? {
    if rest.isEmpty { return continuation }
    continuationCount += 1
    stateCount += 1
    let (name, parameter) = ("Then\(continuationCount)", "s\(stateCount)")
    line("/\\ LET \(name)(\(parameter)) ==")
    indentation += 4
    try emit(rest, from: parameter, then: continuation)
    indentation -= 4
    line("   IN")
    indentation += 1
    return name
  }

  /// The update that makes a number of some pointers.
  private mutating func replaced(
    _ storage: Storage, _ slots: Range<Int>, _ pointer: Term, _ number: Int, _ state: String
  ) throws(ExportRefusal) -> String {
    if storage.isScalar {
      let after = Term.read(storage, .number(0)).replaced(pointer, by: number)
      return "!.\(storage.name) = \(try value(after, state))"
    }
    let index = Local(name: "i", kind: .number, lower: 0, upper: storage.count - 1)
    let inside =
      Term.comparison(.lessEqual, .number(slots.lowerBound), .local(index))
      && .comparison(.less, .local(index), .number(slots.upperBound))
    let before = Term.read(storage, .local(index))
    let after = Term.selection(inside, before.replaced(pointer, by: number), before)
    return "!.\(storage.name) = [i \\in \(Self.range(index)) |-> \(try value(after, state))]"
  }
}

extension Term {
  func reads(_ storages: Set<Storage>) -> Bool {
    if storages.isEmpty { return false }
    if case .read(let storage, _) = self, storages.contains(storage) { return true }
    return operands.contains { $0.reads(storages) }
  }

  /// A disjunction, or a conjunction with one: as an action it would be several.
  fileprivate var looksLikeChoice: Bool {
    switch self {
    case .or, .quantified(.exists, _, _): true
    case .and(let a, let b): a.looksLikeChoice || b.looksLikeChoice
    case .quantified(.forall, _, let body): body.looksLikeChoice
    case .select(_, let a, let b): a.looksLikeChoice || b.looksLikeChoice
    default: false
    }
  }
}
