import Diagnostics
import SpecSyntax

/// Types, structs, globals and processes: everything that gives the state its shape.
extension Checker {
  /// Enters all type names, so that they may be used before their declaration.
  func declareTypes(_ declarations: [Declaration]) {
    for declaration in declarations {
      switch declaration.kind {
      case .enumeration(let name, let cases): declareEnumeration(name, cases)
      case .flags(let name, let members): declareFlags(name, members)
      case .structure(let structure): declareStruct(structure, declaration.range)
      default: break
      }
    }
    if !program.structs.contains(where: { $0.storage == .perProcess }) {
      let range = declarations.first?.range ?? SourceRange(file: FileID(index: 0), start: 0, end: 0)
      program.processStruct = program.structs.count
      program.structs.append(.init(name: "task", storage: .perProcess, range: range))
    }
    for declaration in declarations {
      guard case .typedef(let alias) = declaration.kind else { continue }
      declare(alias.name, .alias(resolve(alias)))
    }
  }

  private func declareEnumeration(_ name: Name, _ cases: [Name]) {
    let index = program.enums.count
    program.enums.append(.init(name: name.text, members: cases.map(\.text)))
    declare(name, .enumeration(index))
    if cases.isEmpty { error("E0406", "an enum needs at least one value", name.range) }
    for (value, member) in cases.enumerated() { declare(member, .member(.enumeration(index), value)) }
  }

  private func declareFlags(_ name: Name, _ members: [Name]) {
    let index = program.flagTypes.count
    program.flagTypes.append(.init(name: name.text, members: members.map(\.text)))
    declare(name, .flags(index))
    if members.count > 32 { error("E0407", "a flags type has at most 32 bits", name.range) }
    for (bit, member) in members.prefix(32).enumerated() { declare(member, .member(.flags(index), 1 << bit)) }
  }

  private func declareStruct(_ structure: StructDeclaration, _ range: SourceRange) {
    let storage: TypedProgram.StructInfo.Storage
    switch structure.storage {
    case .value: storage = .value
    case .perProcess:
      storage = .perProcess
      if program.structs.contains(where: { $0.storage == .perProcess }) {
        error("E0309", "there can be only one `per process` struct", structure.name.range)
      }
      program.processStruct = program.structs.count
    case .pool(let size):
      var count = evaluateInteger(size) ?? 1
      if !(1...60).contains(count) {
        error("E0408", "a pool holds 1 to 60 objects, not \(count)", size.range)
        count = 1
      }
      storage = .pool(count)
    }
    declare(structure.name, .structure(program.structs.count))
    program.structs.append(.init(name: structure.name.text, storage: storage, range: structure.name.range))
  }

  func declareKinds(_ declarations: [Declaration]) {
    var first = 0
    for declaration in declarations {
      guard case .process(let process) = declaration.kind else { continue }
      var count = process.count.map { evaluateInteger($0) ?? 1 } ?? 1
      if !(0...16).contains(count) {
        error(
          "E0409", "a process kind has 0 to 16 processes, not \(count)",
          process.count?.range ?? declaration.range)
        count = 1
      }
      declare(process.name, .kind(program.kinds.count))
      program.kinds.append(
        .init(
          name: process.name.text, count: count, firstProcess: first, isSymmetric: process.isSymmetric,
          isDaemon: process.isDaemon, isEnvironment: process.isEnvironment,
          origin: process.origin?.text ?? "",
          range: process.name.range))
      first += count
    }
    if first == 0, let range = declarations.last?.range {
      error("E0310", "the spec has no process", range, suggestion: "add: process NAME { … }")
    }
    if first > 30 { error("E0409", "more than 30 processes", declarations[0].range) }
  }

  func declareFields(_ declarations: [Declaration]) {
    var index = 0
    for declaration in declarations {
      guard case .structure(let structure) = declaration.kind else { continue }
      defer { index += 1 }
      var seen = Set<String>()
      for field in structure.fields {
        if !seen.insert(field.name.text).inserted {
          error("E0301", "field '\(field.name.text)' is declared twice", field.name.range)
        }
        let type = resolve(field)
        checkStorable(type, field)
        let info = TypedProgram.FieldInfo(
          name: field.name.text, type: type, initial: initialValue(field, type), guardedBy: nil,
          range: field.name.range)
        program.structs[index].fields.append(info)
      }
      resolveGuards(structure, index)
    }
    findNestedStructs()
  }

  private func resolveGuards(_ structure: StructDeclaration, _ index: Int) {
    for (number, field) in structure.fields.enumerated() {
      guard let expression = field.guardedBy, number < program.structs[index].fields.count else { continue }
      guard case .name(let name) = expression.kind else {
        error("E0410", "a guard is a lock field of the same struct or a global lock", expression.range)
        continue
      }
      let old = program.structs[index].fields[number]
      var lock: TypedProgram.Guard?
      if let sibling = program.structs[index].fields.firstIndex(where: { $0.name == name.text }) {
        lock = .field(sibling)
        if !program.structs[index].fields[sibling].type.isLock {
          error("E0410", "'\(name.text)' is not a lock", name.range)
          lock = nil
        }
      } else {
        pendingGuards.append((index, number, name))
      }
      program.structs[index].fields[number] = .init(
        name: old.name, type: old.type, initial: old.initial, guardedBy: lock, range: old.range)
    }
  }

  /// A struct value must not contain itself.
  private func findNestedStructs() {
    func contains(_ type: Type, _ path: Set<Int>) -> Bool {
      switch type {
      case .array(let element, _): return contains(element, path)
      case .structure(let index):
        if path.contains(index) { return true }
        return program.structs[index].fields.contains { contains($0.type, path.union([index])) }
      default: return false
      }
    }
    for (index, structure) in program.structs.enumerated() {
      if structure.fields.contains(where: { contains($0.type, [index]) }) {
        error(
          "E0411", "struct '\(structure.name)' contains itself", structure.range,
          suggestion: "give it a pool and use a pointer")
        program.structs[index].fields = []
      }
    }
  }

  func declareVariables(_ declarations: [Declaration]) {
    for declaration in declarations {
      guard case .variable(let variable) = declaration.kind else { continue }
      let type = resolve(variable)
      checkStorable(type, variable)
      declare(variable.name, .global(program.globals.count))
      program.globals.append(
        .init(
          name: variable.name.text, type: type, initial: initialValue(variable, type), guardedBy: nil,
          range: variable.name.range))
    }
    var index = 0
    for declaration in declarations {
      guard case .variable(let variable) = declaration.kind else { continue }
      if let lock = variable.guardedBy, case .name(let name) = lock.kind {
        program.globals[index].guardedBy = globalLock(name)
      } else if let lock = variable.guardedBy {
        error("E0410", "a global is guarded by a global lock", lock.range)
      }
      index += 1
    }
    for (structure, field, name) in pendingGuards {
      let old = program.structs[structure].fields[field]
      program.structs[structure].fields[field] = .init(
        name: old.name, type: old.type, initial: old.initial, guardedBy: globalLock(name), range: old.range)
    }
  }

  private func globalLock(_ name: Name) -> TypedProgram.Guard? {
    guard case .global(let index)? = symbols[name.text], program.globals[index].type.isLock else {
      error("E0410", "'\(name.text)' is not a lock", name.range)
      return nil
    }
    return .global(index)
  }

  private func checkStorable(_ type: Type, _ variable: VariableDeclaration) {
    if case .void = type { error("E0412", "a variable cannot be void", variable.range) }
  }

  func checkElement(_ element: Type, _ range: SourceRange) {
    let count: Int
    switch element {
    case .bool: count = 2
    case .range(let low, let high): count = high - low + 1
    case .enumeration(let index): count = program.enums[index].members.count
    case .pointer(let index): count = capacity(of: index) + 1
    case .error: return
    default:
      error("E0413", "a set holds bools, small ranges, enum values, pointers or processes", range)
      return
    }
    if count > 62 { error("E0413", "a set has at most 62 possible elements, not \(count)", range) }
  }

  func capacity(of structure: Int) -> Int {
    switch program.structs[structure].storage {
    case .value: 0
    case .pool(let count): count
    case .perProcess: program.processCount
    }
  }

  /// The initial value of a global or field, as the state holds it; nil if there is none.
  private func initialValue(_ variable: VariableDeclaration, _ type: Type) -> Int? {
    guard let expression = variable.initializer else { return nil }
    var element = type
    while case .array(let inner, _) = element { element = inner }
    switch (expression.kind, element) {
    case (.null, .pointer): return 0
    case (.setLiteral(let elements), .set) where elements.isEmpty: return 0
    case (.name(let name), .enumeration), (.name(let name), .flags):
      if case .member(element, let value)? = symbols[name.text] { return value }
      error("E0414", "'\(name.text)' is not a value of this type", name.range)
      return nil
    case (_, .bool): return evaluateBoolean(expression).map { $0 ? 1 : 0 }
    case (.integer(0), .flags): return 0
    case (_, .range(let low, let high)):
      guard let value = evaluateInteger(expression) else { return nil }
      if !(low...high).contains(value) {
        error("E0415", "\(value) is outside of \(low)..\(high)", expression.range)
        return nil
      }
      return value
    case (_, .word(let bits)):
      guard let value = evaluateInteger(expression) else { return nil }
      return bits == 64 ? value : value & ((1 << bits) - 1)
    case (_, .refcount):
      guard let value = evaluateInteger(expression) else { return nil }
      if !(0...refcountLimit).contains(value) {
        error("E0415", "a refcount is 0..\(refcountLimit)", expression.range)
      }
      return min(max(0, value), refcountLimit)
    case (_, .error): return nil
    default:
      error(
        "E0416", "a variable of this type cannot have an initial value here", expression.range,
        suggestion: "set it in `init { … }`")
      return nil
    }
  }

  /// The type of a declaration: its base type, stars and array bounds.
  func resolve(_ variable: VariableDeclaration) -> Type {
    var type = pointer(to: resolve(variable.type), depth: variable.pointerDepth, variable.range)
    if variable.dimensions.count > 8 {
      error("E0417", "an array has at most 8 dimensions", variable.range)
      return .error
    }
    var count = 1
    for dimension in variable.dimensions.reversed() {
      let index = arrayIndex(dimension)
      count *= index.count
      if count > 1 << 16 {
        error("E0417", "an array has at most 65536 elements in all", dimension.range)
        return .error
      }
      type = .array(type, index)
    }
    return type
  }

  private func arrayIndex(_ expression: Expression) -> Type.ArrayIndex {
    if case .name(let name) = expression.kind, let type = typeNamed(name.text) {
      switch type {
      case .bool: return .init(type: type, lower: 0, count: 2)
      case .range(let low, let high): return .init(type: type, lower: low, count: high - low + 1)
      case .enumeration(let index):
        return .init(type: type, lower: 0, count: program.enums[index].members.count)
      default:
        error("E0417", "an array cannot be indexed by '\(name.text)'", name.range)
        return .init(type: .error, lower: 0, count: 1)
      }
    }
    if case .name(let name) = expression.kind, case .kind(let kind)? = symbols[name.text] {
      let info = program.kinds[kind]
      return .init(
        type: .pointer(program.processStruct), lower: info.firstProcess + 1, count: info.count, kind: kind)
    }
    var count = evaluateInteger(expression) ?? 1
    if !(1...4096).contains(count) {
      error("E0417", "an array has 1 to 4096 elements, not \(count)", expression.range)
      count = 1
    }
    return .init(type: .range(0, count - 1), lower: 0, count: count)
  }

  func pointer(to type: Type, depth: Int, _ range: SourceRange) -> Type {
    if depth == 0 {
      if case .structure(let index) = type, program.structs[index].storage != .value {
        error(
          "E0418", "objects of struct '\(program.structs[index].name)' live in a pool", range,
          suggestion: "use a pointer: struct \(program.structs[index].name) *")
        return .error
      }
      return type
    }
    guard case .structure(let index) = type, program.structs[index].storage != .value, depth == 1 else {
      if case .error = type { return .error }
      error(
        "E0419", "a pointer points to an object of a struct with a pool", range,
        suggestion: "only parameters may be references to other variables")
      return .error
    }
    return .pointer(index)
  }

  func resolve(_ type: TypeSyntax) -> Type {
    switch type.kind {
    case .void: return .void
    case .missing: return .error
    case .span(let low, let high):
      guard let first = evaluateInteger(low), let last = evaluateInteger(high) else { return .error }
      if first > last || first < -(1 << 40) || last > 1 << 40 {
        error("E0420", "the range \(first)..\(last) is empty or too wide", type.range)
        return .error
      }
      return .range(first, last)
    case .set(let element, let depth):
      let resolved = pointer(to: resolve(element), depth: depth, element.range)
      checkElement(resolved, element.range)
      return .set(resolved)
    case .structure(let name):
      if case .structure(let index)? = symbols[name.text] { return .structure(index) }
      if name.text == "task", typeNamed("task") != nil { return .structure(program.processStruct) }
      return unknownType(name)
    case .named(let name), .tagged(let name): return typeNamed(name.text) ?? unknownType(name)
    }
  }

  private func unknownType(_ name: Name) -> Type {
    if case .structure(let index)? = symbols[name.text] {
      return .structure(index)
    }
    let names = symbols.compactMap { key, symbol in
      switch symbol {
      case .enumeration, .flags, .structure, .alias: key
      default: nil
      }
    }
    error(
      "E0311", "there is no type '\(name.text)'", name.range,
      suggestion: suggestion(
        for: name.text, among: names + ["bool", "mutex", "spinlock", "rwsem", "refcount_t", "task"]))
    return .error
  }

  /// The type that a name stands for outside of `struct NAME`; nil if it stands for none.
  func typeNamed(_ name: String) -> Type? {
    switch name {
    case "bool": return .bool
    case "u8": return .word(8)
    case "u16": return .word(16)
    case "u32": return .word(32)
    case "u64": return .word(64)
    case "mutex": return .mutex
    case "spinlock": return .spinlock
    case "rwsem": return .rwsem
    case "refcount_t": return .refcount
    case "task": return .pointer(program.processStruct)
    default: break
    }
    switch symbols[name] {
    case .enumeration(let index): return .enumeration(index)
    case .flags(let index): return .flags(index)
    case .alias(let type): return type
    default: return nil
    }
  }
}

/// Reference counts are 0..this.
public let refcountLimit = 7
