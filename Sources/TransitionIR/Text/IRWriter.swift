/// Writes a transition system as text: declarations here, bodies in `IRWriter+Bodies.swift`.
struct IRWriter {
  let system: TransitionSystem
  let names: SystemNames
  private(set) var output = ""
  private var indentation = 0

  init(_ system: TransitionSystem) {
    self.system = system
    names = SystemNames(system)
  }

  mutating func writeSystem() {
    line("(system \(quoted(system.name)) \(quoted(system.title))")
    nested { writer in
      writer.line("(process-pool \(writer.names.pool(writer.system.processPool)))")
      writer.line("(bounds \(writer.system.boundCount))")
      writer.line("(slots \(writer.system.slotCount)))")
    }
    section(system.files) { writer, _, file in writer.line("(file \(writer.quoted(file)))") }
    section(system.names) { writer, _, names in
      writer.line(writer.form("names", [writer.declared(names.name)] + names.members.map(writer.declared)))
    }
    section(system.pools) { writer, _, pool in writer.write(pool) }
    section(system.kinds) { writer, _, kind in writer.write(kind) }
    section(system.variables) { writer, _, variable in writer.write(variable) }
    section(system.lockClasses) { writer, _, lock in writer.write(lock) }
    writeBehaviour()
    section(system.properties) { writer, _, property in writer.write(property) }
    if !system.builtins.isEmpty {
      line("")
      line(form("builtins", system.builtins.map(\.rawValue)))
    }
    section(system.coverPoints) { writer, index, point in
      writer.line("(cover-point \(writer.quoted(point.kind.rawValue)) @\(point.site.index)) ; \(index)")
    }
    section(system.sites) { writer, index, site in
      let texts = [site.text, site.function, site.origin].map(writer.quoted).joined(separator: " ")
      writer.line("(site \(site.file) \(site.line) \(site.column) \(texts)) ; @\(index)")
    }
  }

  // MARK: Lines

  mutating func line(_ text: String) {
    if !text.isEmpty { output += String(repeating: "  ", count: indentation) + text }
    output += "\n"
  }

  mutating func nested(_ content: (inout IRWriter) -> Void) {
    indentation += 1
    content(&self)
    indentation -= 1
  }

  /// Replaces the end of the last line by that line's end and closing parentheses.
  mutating func close() {
    output.removeLast()
    output += ")\n"
  }

  private mutating func section<T>(_ items: [T], _ write: (inout IRWriter, Int, T) -> Void) {
    if !items.isEmpty { line("") }
    for (index, item) in items.enumerated() { write(&self, index, item) }
  }

  func quoted(_ text: String) -> String { ReferenceTable.quoted(text) }
  func declared(_ name: String) -> String { ReferenceTable.declaration(name) }

  func form(_ head: String, _ parts: [String]) -> String {
    "(" + ([head] + parts).joined(separator: " ") + ")"
  }

  // MARK: Declarations

  private mutating func write(_ pool: Pool) {
    var parts = [declared(pool.name), "\(pool.capacity)"]
    if pool.isProcessPool { parts.append("processes") }
    parts.append(form("fields", pool.fields.map(names.variable)))
    if let live = pool.live { parts.append("(live \(names.variable(live)))") }
    line(form("pool", parts))
  }

  private mutating func write(_ kind: ProcessKind) {
    var parts = [
      declared(kind.name), "(processes \(kind.firstProcess) \(kind.count))",
      "(control \(names.variable(kind.control)))", "(locations \(kind.firstLocation) \(kind.locationCount))",
    ]
    if kind.isSymmetric { parts.append("symmetric") }
    if kind.isDaemon { parts.append("daemon") }
    if kind.isEnvironment { parts.append("environment") }
    line(form("kind", parts))
  }

  private mutating func write(_ variable: Variable) {
    var parts = [
      declared(variable.name), text(variable.domain), text(variable.role),
      form("dimensions", variable.dimensions.map(text)), "(initial \(variable.initial))",
    ]
    switch variable.lockPart {
    case .owner(let lock): parts.append("(lock owner \(names.lockClass(lock)))")
    case .readers(let lock): parts.append("(lock readers \(names.lockClass(lock)))")
    case nil: break
    }
    parts.append("(slot \(variable.slot))")
    line(form("variable", parts))
  }

  func text(_ domain: Domain) -> String {
    switch domain {
    case .bool: "bool"
    case .range(let low, let high): "(range \(low) \(high))"
    case .wrapping(let bits): "(word \(bits))"
    case .enumeration(let id, let count): "(enum \(names.valueNames(id)) \(count))"
    case .flags(let id, let count): "(flags \(names.valueNames(id)) \(count))"
    case .pointer(let pool, let capacity): "(pointer \(names.pool(pool)) \(capacity))"
    case .set(let element): "(set \(text(element)))"
    case .location(let kind, let count): "(location \(names.kind(kind)) \(count))"
    }
  }

  private func text(_ role: Variable.Role) -> String {
    switch role {
    case .global: "global"
    case .field(let pool): "(field \(names.pool(pool)))"
    case .local(let kind): "(local \(names.kind(kind)))"
    case .control(let kind): "(control \(names.kind(kind)))"
    case .live(let pool): "(live \(names.pool(pool)))"
    case .hidden(let kind): "(hidden \(names.kind(kind)))"
    }
  }

  private func text(_ dimension: Dimension) -> String {
    switch dimension {
    case .array(let count, let lower): "(array \(count) \(lower))"
    case .pool(let pool, let capacity): "(pool \(names.pool(pool)) \(capacity))"
    case .process(let kind, let count): "(process \(names.kind(kind)) \(count))"
    }
  }

  private mutating func write(_ lock: LockClass) {
    var parts = [declared(lock.name), lock.kind.rawValue, "(owner \(names.variable(lock.owner)))"]
    if let readers = lock.readers { parts.append("(readers \(names.variable(readers)))") }
    line(form("class", parts))
  }

  private mutating func write(_ property: Property) {
    let head = [declared(property.name), property.group.rawValue, quoted(property.documentation)]
    line("(property \(head.joined(separator: " ")) @\(property.site.index)")
    nested { writer in
      writer.line("(holds \(writer.text(property.body)))")
      for antecedent in property.antecedents {
        writer.line("(antecedent @\(antecedent.site.index) \(writer.text(antecedent.expression)))")
      }
    }
    close()
  }
}
