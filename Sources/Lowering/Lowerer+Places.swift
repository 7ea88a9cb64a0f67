import Diagnostics
import SpecSemantics
import TransitionIR

/// From variables of the source to scalar places, with the checks that touching them needs.
extension Lowerer {
  /// The variable that an expression names.
  func place(_ expression: TypedExpression) -> PlaceRef {
    switch expression.kind {
    case .global(let index):
      let global = program.globals[index]
      return PlaceRef(
        path: "g\(index)", indices: [], type: expression.type,
        lock: global.guardedBy.flatMap { guardRef($0, structure: nil, pointer: nil) })
    case .local(let index):
      if case .place(let place)? = frames.last?.bindings[index] { return place }
      return spill(expression)
    case .objectField(let base, let structure, let field):
      let pointer = value(base)
      let info = program.structs[structure].fields[field]
      return PlaceRef(
        path: "s\(structure).\(info.name)", indices: [.object(pointer)], type: expression.type,
        lock: info.guardedBy.flatMap { guardRef($0, structure: structure, pointer: pointer) })
    case .valueField(let base, let structure, let field):
      let outer = place(base)
      return PlaceRef(
        path: "\(outer.path).\(program.structs[structure].fields[field].name)", indices: outer.indices,
        type: expression.type, lock: outer.lock)
    case .element(let base, let index):
      let outer = place(base)
      return PlaceRef(
        path: outer.path, indices: outer.indices + [.element(value(index))], type: expression.type,
        lock: outer.lock)
    default: return spill(expression)
    }
  }

  /// A value where a place is needed: kept in a temporary.
  private func spill(_ expression: TypedExpression) -> PlaceRef {
    let temporary = declareLocal("value", expression.type)
    pending.append(.assign(scalar(temporary), value(expression)))
    return temporary
  }

  private func guardRef(
    _ lock: TypedProgram.Guard, structure: Int?, pointer: Expression?
  ) -> PlaceRef.GuardRef? {
    switch lock {
    case .global(let index):
      return .init(
        path: "g\(index)", indices: [],
        object: pointer.flatMap { pointer in structure.map { (pointer: pointer, structure: $0) } })
    case .field(let field):
      guard let structure, let pointer else { return nil }
      return .init(
        path: "s\(structure).\(program.structs[structure].fields[field].name)", indices: [.object(pointer)],
        object: (pointer, structure))
    }
  }

  /// The scalar place of a path; `suffix` picks a part of a lock.
  func scalar(_ place: PlaceRef, suffix: String = "") -> Place {
    guard let id = variableIDs[place.path + suffix] else {
      preconditionFailure("no variable for path \(place.path + suffix)")
    }
    return Place(id, place.indices, failureSite)
  }

  /// A scalar below a struct or array: the path to its variable, and the array indices on the way.
  struct Part {
    var suffix = ""
    var indices: [Index] = []
  }

  /// All scalars of a struct or array, in order; the value itself if it is scalar.
  func parts(of type: Type, below part: Part = Part()) -> [Part] {
    switch type {
    case .structure(let index):
      return program.structs[index].fields.flatMap { field in
        parts(of: field.type, below: Part(suffix: "\(part.suffix).\(field.name)", indices: part.indices))
      }
    case .array(let element, let by):
      return (by.lower..<by.lower + by.count).flatMap { number in
        parts(
          of: element, below: Part(suffix: part.suffix, indices: part.indices + [.element(.constant(number))])
        )
      }
    default: return [part]
    }
  }

  /// The scalar place of a part of a place.
  func scalar(_ place: PlaceRef, _ part: Part) -> Place {
    let whole = scalar(place, suffix: part.suffix)
    return Place(whole.variable, whole.indices + part.indices, whole.site)
  }

  /// Reports touching a guarded variable without its lock, as part of the pending statement.
  func checkGuard(_ place: PlaceRef, isWrite: Bool) {
    guard let lock = place.lock, !isProperty, kind != nil, let lockID = lockIDs[lock.path] else { return }
    let lockPlace = PlaceRef(path: lock.path, indices: lock.indices, type: .void, lock: nil)
    var condition = isHeld(lockPlace, lockID, forWrite: isWrite, by: .current)
    if let object = lock.object {
      let pool = PoolID(object.structure)
      condition = .binary(
        .or, .unary(.not, .live(object.pointer, pool), mask: 1),
        .binary(.or, condition, .exclusive(object.pointer, pool), .integer, failureSite), .integer,
        failureSite)
    }
    let what = system.variables[scalarID(place).index].name
    let verb = isWrite ? "is needed to write" : "is needed to read"
    pending.append(
      .check(
        guarded(condition),
        Failure(
          .unguarded, failureSite, "\(verb) \(what), but is not held",
          subject: lockSubject(lockPlace, lockID),
          isFatal: false)))
  }

  private func scalarID(_ place: PlaceRef) -> VariableID {
    if let id = variableIDs[place.path] { return id }
    let match = variableIDs.filter { $0.key.hasPrefix(place.path + ".") }.min {
      $0.value.index < $1.value.index
    }
    return match?.value ?? VariableID(0)
  }

  /// A check that belongs to a part of an expression that is evaluated only if the conditions around it hold.
  private func guarded(_ condition: Expression) -> Expression {
    pathConditions.reversed().reduce(condition) { .binary(.implies, $1, $0, .integer, failureSite) }
  }

  func lockSubject(_ place: PlaceRef, _ lock: LockClassID) -> Place {
    Place(system.lockClasses[lock.index].owner, place.indices, failureSite)
  }

  /// Whether a process holds a lock; for reading or writing, or for writing only.
  func isHeld(_ place: PlaceRef, _ lock: LockClassID, forWrite: Bool, by process: Expression) -> Expression {
    let owns = Expression.binary(
      .equal, .read(scalar(place, suffix: ".owner")), process, .integer, failureSite)
    guard !forWrite, system.lockClasses[lock.index].readers != nil else { return owns }
    let reads = Expression.member(
      process, set: .read(scalar(place, suffix: ".readers")),
      of: .pointer(system.processPool, capacity: max(1, program.processCount)))
    return .binary(.or, owns, reads, .integer, failureSite)
  }

  /// Freezes the indices of a place, so that it stays the same variable while its indices' inputs change.
  func frozen(_ place: PlaceRef) -> PlaceRef {
    var result = place
    let dimensions = system.variables[scalarID(place).index].dimensions
    result.indices = zip(place.indices, dimensions).map { index, dimension in
      switch index {
      case .element(let expression): .element(frozen(expression, dimension))
      case .object(let expression): .object(frozen(expression, dimension))
      case .current, .process: index
      }
    }
    return result
  }

  private func frozen(_ expression: Expression, _ dimension: Dimension) -> Expression {
    if isStable(expression) { return expression }
    let type: Type
    switch dimension {
    case .pool(let pool, _): type = .pointer(pool.index)
    case .process: type = .pointer(program.processStruct)
    case .array(let count, let lower):
      type = .range(lower, lower + count - 1)
      let isAbove = Expression.binary(.lessEqual, .constant(lower), expression, .integer, failureSite)
      let isBelow = Expression.binary(
        .lessEqual, expression, .constant(lower + count - 1), .integer, failureSite)
      pending.append(
        .check(
          .binary(.and, isAbove, isBelow, .integer, failureSite),
          Failure(.index, failureSite, "the index is out of bounds", subject: nil, isFatal: true)))
    }
    let temporary = declareLocal("target", type)
    pending.append(.assign(scalar(temporary), expression))
    return .read(scalar(temporary))
  }

  /// Whether an expression keeps its value while the code that uses it runs.
  func isStable(_ expression: Expression) -> Bool {
    switch expression {
    case .constant, .current, .bound: true
    case .read(let place): stableVariables.contains(place.variable) && place.indices.count <= 1
    default: false
    }
  }
}
