import Diagnostics

/// The top level of a file.
extension Parser {
  /// Reads all declarations of the file.
  mutating func parseFile() -> [Declaration] {
    var declarations: [Declaration] = []
    while !at(.endOfFile) {
      let start = position
      noteAnchor(levels: 0)
      owning { $0.parseDeclaration(into: &declarations) }
      if isPanicking { synchronizeDeclaration(from: start) }
      if position == start { advance() }
    }
    return declarations
  }

  private mutating func parseDeclaration(into declarations: inout [Declaration]) {
    let start = token.start
    if let kind = parseWordDeclaration() {
      declarations.append(Declaration(kind, range(from: start)))
      return
    }
    switch kind {
    case .semicolon: advance()
    case .rightBrace: fail(.strayBrace(here))
    default:
      guard beginsTypedDeclaration else { return fail(.expectedDeclaration(found: describeToken(), here)) }
      parseTypedDeclaration(into: &declarations)
    }
  }

  /// Reads a declaration that begins with its keyword; nil if none does.
  private mutating func parseWordDeclaration() -> Declaration.Kind? {
    switch kind {
    case .spec where peek().isName: parseSpec()
    case .origin where peek() == .string: parseOrigin()
    case .importWord where !peek().isName: parseImport()
    case .param where peek().isName: parseParam()
    case .option where peek().isName: parseOption()
    case .const where peek().isName && peek(2) == .assign: parseConstant()
    case .typedef: parseTypedef()
    case .enumWord where peek(2) == .leftBrace || peek() == .leftBrace: parseEnumeration()
    case .flags where peek(2) == .leftBrace || peek() == .leftBrace: parseFlags()
    case .struct where beginsStruct: parseStruct()
    case .initWord where peek() == .leftBrace: parseInitial()
    case .process: parseProcess()
    case .invariant: parseProperty(.invariant)
    case .step: parseProperty(.step)
    case .reachable: parseProperty(.reachable)
    case .liveness: parseProperty(.liveness)
    case .scope: parseScope()
    case .expect: parseExpect()
    default: nil
    }
  }

  private mutating func parseSpec() -> Declaration.Kind {
    advance()
    let name = expectName("of the spec")
    let title = acceptString()
    expectSemicolon("`spec`")
    return .spec(name, title: title)
  }

  private mutating func parseOrigin() -> Declaration.Kind {
    advance()
    let text = expectString("after `origin`")
    expectSemicolon("`origin`")
    return .origin(text)
  }

  private mutating func parseImport() -> Declaration.Kind {
    advance()
    let path = expectString("after `import`")
    expectSemicolon("`import`")
    return .importFile(path)
  }

  private mutating func parseParam() -> Declaration.Kind {
    advance()
    let name = expectName("of the parameter")
    let value = parseValue()
    expectSemicolon("`param`")
    return .param(name, value)
  }

  private mutating func parseOption() -> Declaration.Kind {
    advance()
    let name = expectName("of the option")
    let value = parseValue()
    let documentation = acceptString()
    expectSemicolon("`option`")
    return .option(name, value, documentation: documentation)
  }

  private mutating func parseConstant() -> Declaration.Kind {
    advance()
    let name = expectName("of the constant")
    let value = parseValue()
    expectSemicolon("`const`")
    return .constant(name, value)
  }

  /// Reads `= e`.
  mutating func parseValue() -> Expression {
    guard expect(.assign, "and a value") else { return missingExpression }
    return parseExpression()
  }

  private mutating func parseTypedef() -> Declaration.Kind {
    advance()
    let start = token.start
    let type = parseType()
    let declared = parseDeclarators(type, start: start, role: "of the type", [])
    expectSemicolon("`typedef`")
    return .typedef(declared[0])
  }

  private mutating func parseEnumeration() -> Declaration.Kind {
    advance()
    let name = expectName("of the enum")
    let cases = parseNames("of a value")
    expectSemicolon("`enum`")
    return .enumeration(name, cases: cases)
  }

  private mutating func parseFlags() -> Declaration.Kind {
    advance()
    let name = expectName("of the flags")
    let members = parseNames("of a flag")
    expectSemicolon("`flags`")
    return .flags(name, members: members)
  }

  /// Reads `{ A, B }`.
  private mutating func parseNames(_ role: String) -> [Name] {
    let open = token
    guard openBrace("before the names") else { return [] }
    var names: [Name] = []
    while !at(.rightBrace), !isPanicking {
      noteAnchor(levels: 1)
      names.append(expectName(role))
      if at(.assign) {
        report(.numberedName(here))
        advance()
        _ = parseExpression()
      }
      guard accept(.comma) else { break }
    }
    closeBrace(open)
    return names
  }
}

// MARK: Structs

extension Parser {
  /// `struct S {`, `struct S pool N {` and `struct S per process {`, as opposed to a variable of the type.
  private var beginsStruct: Bool {
    guard peek().isName else { return peek() == .leftBrace }
    switch peek(2) {
    case .leftBrace: return true
    case .pool: return ![.semicolon, .comma, .assign, .leftBracket, .guardedBy].contains(peek(3))
    case .per: return peek(3) == .process
    default: return false
    }
  }

  private mutating func parseStruct() -> Declaration.Kind {
    advance()
    let name = expectName("of the struct")
    var storage = StructDeclaration.Storage.value
    if accept(.pool) {
      storage = .pool(parseExpression())
    } else if accept(.per) {
      expect(.process, "after `per`")
      storage = .perProcess
    }
    let fields = parseFields()
    if kind.isName, !isOnNewLine { fail(.variableBehindStruct(here)) }
    expectSemicolon("`struct`")
    return .structure(StructDeclaration(name: name, storage: storage, fields: fields))
  }

  private mutating func parseFields() -> [VariableDeclaration] {
    let open = token
    guard openBrace("before the fields") else { return [] }
    var fields: [VariableDeclaration] = []
    while !at(.rightBrace), !at(.endOfFile), !beginsDeclarationLine {
      let start = position
      let offset = token.start
      noteAnchor(levels: 1)
      let type = parseType()
      if !isPanicking {
        let options: DeclaratorOptions = [.initializer, .guardedBy, .several]
        fields += parseDeclarators(type, start: offset, role: "of the field", options)
        expectSemicolon("a field")
      }
      if isPanicking { synchronizeStatement(from: start) }
      if position == start { advance() }
    }
    closeBrace(open)
    return fields
  }
}

// MARK: Variables and functions

extension Parser {
  private var beginsTypedDeclaration: Bool {
    if beginsBuiltInType || at(.integer) || at(.minus) || at(.leftParen) { return true }
    guard kind.isName else { return false }
    switch peek() {
    case .star, .span, .plus, .minus, .slash, .percent, .shiftLeft, .shiftRight: return true
    case .struct, .set, .bool, .void, .u8, .u16, .u32, .u64, .mutex, .spinlock, .rwsem, .refcount: return true
    default: return peek().isName || peek().isForeignType || peek().isForeignQualifier || at(.entry)
    }
  }

  /// Reads a function or global variables.
  private mutating func parseTypedDeclaration(into declarations: inout [Declaration]) {
    let start = token.start
    // `entry f(...)` lacks a type; `entry x;` has a type of that name.
    let hasType = peek().isReservedWord || peek(2).isName || peek(2) == .star || peek(2) == .span
    let isEntry = at(.entry) && hasType
    if isEntry { advance() }
    let type = parseType()
    guard !isPanicking else { return }
    if beginsFunction(after: 0) {
      let function = parseFunction(type, isEntry: isEntry, start: start)
      if let function { declarations.append(Declaration(.function(function), function.range)) }
      return
    }
    if isEntry { report(.entryVariable(range(from: start))) }
    let options: DeclaratorOptions = [.initializer, .guardedBy, .several]
    let variables = parseDeclarators(type, start: start, role: "of the variable", options)
    expectSemicolon("a declaration")
    declarations += variables.map { Declaration(.variable($0), $0.range) }
  }

  private mutating func parseFunction(
    _ type: TypeSyntax, isEntry: Bool, start: Int
  ) -> FunctionDeclaration? {
    let depth = parseStars()
    let name = expectName("of the function")
    let parameters = parseParameters()
    let origin = parseOriginMark()
    if at(.semicolon), !isPanicking {
      report(.prototype(name.text, range(from: start)))
      advance()
      return nil
    }
    note(.functionBrace)
    let body = parseBlock("before the body of the function")
    return FunctionDeclaration(
      isEntry: isEntry, returnType: type, returnPointerDepth: depth, name: name, parameters: parameters,
      origin: origin, body: body, range: range(from: start))
  }

  /// Reads the parameters; C's `(void)` is none.
  private mutating func parseParameters() -> [VariableDeclaration] {
    note(.callParenthesis)
    let open = advance()
    if at(.void), peek() == .rightParen { advance() }
    var parameters: [VariableDeclaration] = []
    while !at(.rightParen), !isPanicking {
      let start = token.start
      let type = parseType()
      guard !isPanicking else { break }
      parameters += parseDeclarators(type, start: start, role: "of the parameter", [])
      guard accept(.comma) else { break }
    }
    closeBracket(.rightParen, open: open)
    return parameters
  }

  /// Reads `@ "file function"`.
  mutating func parseOriginMark() -> StringLiteral? {
    accept(.at) ? expectString("after `@`") : nil
  }
}
