/// Actions as statements inside of a `d_step`, where nothing may block or be chosen.
extension PromelaWriter {
  mutating func emit(_ actions: [Action]) throws(ExportRefusal) {
    for action in actions { try emit(action, failure: nil) }
    if actions.isEmpty { line("skip") }
  }

  /// A body whose requirements could not all be hoisted: what it wrote is restored if one of them is false.
  ///
  /// SPIN sees a step that leads to the state it came from, which it has stored already.
  mutating func emitLate(_ body: [Action]) throws(ExportRefusal) {
    let written = body.written.sorted { $0.firstSlot < $1.firstSlot }
    saved.formUnion(written)
    for storage in written { copy(storage, from: storage.name, to: "old_\(storage.name)") }
    labelCount += 1
    let number = labelCount
    for action in body { try emit(action, failure: "undo_\(number)") }
    line("goto done_\(number);")
    line("undo_\(number):")
    for storage in written { copy(storage, from: "old_\(storage.name)", to: storage.name) }
    line("done_\(number): skip")
  }

  private mutating func copy(_ storage: Storage, from source: String, to target: String) {
    if storage.isScalar { return line("\(target) = \(source);") }
    temporaries.insert("i0")
    line("for (i0 : 0 .. \(storage.count - 1)) { \(target)[i0] = \(source)[i0] }")
  }

  private mutating func emit(_ action: Action, failure: String?) throws(ExportRefusal) {
    switch action {
    case .require(let term):
      guard let failure else { return }
      line("if :: \(try value(term)) :: else -> goto \(failure) fi;")
    case .set(let storage, let index, let term):
      line("\(try place(storage, index)) = \(try value(term));")
    case .branch(let condition, let then, let otherwise):
      line("if")
      line(":: \(try value(condition)) ->")
      try nested(then, failure)
      line(":: else ->")
      try nested(otherwise, failure)
      line("fi;")
    case .define(let local, let term):
      temporaries.insert(local.name)
      line("\(local.name) = \(try value(term));")
    case .replace(let storage, let slots, let pointer, let number):
      let index = Local(name: "i0", kind: .number, lower: slots.lowerBound, upper: slots.upperBound - 1)
      let isLoop = slots.count > 1
      let place = try place(storage, isLoop ? .local(index) : .number(slots.lowerBound))
      let before = Term.read(storage, isLoop ? .local(index) : .number(slots.lowerBound))
      let code = "\(place) = \(try value(before.replaced(pointer, by: number)))"
      if isLoop { temporaries.insert("i0") }
      line(isLoop ? "for (i0 : \(slots.lowerBound) .. \(slots.upperBound - 1)) { \(code) }" : "\(code);")
    case .fork, .pick, .finish: throw ExportRefusal("a choice inside of a step")
    }
  }

  private mutating func nested(_ actions: [Action], _ failure: String?) throws(ExportRefusal) {
    indentation += 1
    for action in actions { try emit(action, failure: failure) }
    if actions.isEmpty { line("skip") }
    indentation -= 1
  }
}
