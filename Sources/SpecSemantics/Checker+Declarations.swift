import Diagnostics
import SpecSyntax

/// Spec names, params, options, scopes and expectations.
extension Checker {
  func collectOutline(_ trees: [SyntaxTree]) {
    var specName: Name?
    for (index, tree) in trees.enumerated() {
      for declaration in tree.declarations {
        switch declaration.kind {
        case .spec(let name, let title):
          if index > 0 {
            error(
              "E0302", "an imported file must not name a spec", declaration.range,
              suggestion: "remove this line")
          } else if specName != nil {
            error("E0301", "the spec is named twice", declaration.range)
          }
          specName = specName ?? name
          if index == 0 {
            analysis.outline.name = name.text
            analysis.outline.title = title?.text ?? ""
          }
        case .origin(let text): analysis.outline.origins.append(text.text)
        case .scope(let scope):
          declareScope(scope)
        case .expect(let expect): analysis.outline.expectations.append(expect)
        case .param(let name, _): analysis.outline.paramNames.append(name.text)
        case .option(let name, _, _): analysis.outline.optionNames.append(name.text)
        default: break
        }
      }
    }
    if specName == nil, let root = trees.first {
      error(
        "E0303", "the file does not name its spec", SourceRange(file: root.file, start: 0, end: 0),
        suggestion: "begin with: spec NAME \"what it models\";")
    }
    program.name = analysis.outline.name
    program.title = analysis.outline.title
  }

  private func declareScope(_ scope: ScopeDeclaration) {
    if analysis.outline.scopes.contains(where: { $0.name == scope.name.text }) {
      error("E0301", "scope '\(scope.name.text)' is declared twice", scope.name.range)
    }
    analysis.outline.scopes.append(
      .init(name: scope.name.text, isOnRequest: scope.isOnRequest, isSymbolic: scope.isSymbolic))
    if scope.name.text == settings.scope { analysis.isSymbolic = scope.isSymbolic }
  }

  func collectConstants(_ declarations: [Declaration]) {
    for declaration in declarations {
      switch declaration.kind {
      case .param(let name, let value), .constant(let name, let value), .option(let name, let value, _):
        declare(name, .constant)
        constants[name.text] = constants[name.text] ?? .unevaluated(value)
      default: break
      }
    }
  }

  /// Lets the scope and the command line change params and options.
  func applySettings(_ declarations: [Declaration]) {
    for declaration in declarations {
      guard case .scope(let scope) = declaration.kind else { continue }
      for setting in scope.settings {
        guard isAdjustable(setting.name.text) else {
          error(
            "E0304", "'\(setting.name.text)' is neither a param nor an option", setting.name.range,
            suggestion: suggestion(
              for: setting.name.text, among: analysis.outline.paramNames + analysis.outline.optionNames))
          continue
        }
        if scope.name.text == settings.scope { constants[setting.name.text] = .unevaluated(setting.value) }
      }
    }
    for (name, text) in settings.overrides.sorted(by: { $0.key < $1.key }) {
      guard isAdjustable(name) else { continue }
      if let value = parseOverride(text) { constants[name] = .value(value) }
    }
    for declaration in declarations {
      switch declaration.kind {
      case .param(let name, _):
        if case .boolean? = constantValue(of: name.text, at: name.range) {
          error(
            "E0401", "param '\(name.text)' must be an integer", name.range,
            suggestion: "use `option` for a switch")
        }
      case .option(let name, _, _):
        if case .integer? = constantValue(of: name.text, at: name.range) {
          error("E0401", "option '\(name.text)' must be true or false", name.range)
        }
      case .constant(let name, _): _ = constantValue(of: name.text, at: name.range)
      default: break
      }
    }
    for name in analysis.outline.paramNames + analysis.outline.optionNames {
      if case .value(let value)? = constants[name] { analysis.values[name] = value }
    }
  }

  private func isAdjustable(_ name: String) -> Bool {
    analysis.outline.paramNames.contains(name) || analysis.outline.optionNames.contains(name)
  }

  private func parseOverride(_ text: String) -> ConstantValue? {
    switch text {
    case "true": .boolean(true)
    case "false": .boolean(false)
    default: Int(text).map(ConstantValue.integer)
    }
  }

  func selectExpectations() {
    let scopes = Set(analysis.outline.scopes.map(\.name))
    for expect in analysis.outline.expectations {
      for scope in expect.scopes where !scopes.contains(scope.text) {
        error(
          "E0305", "there is no scope '\(scope.text)'", scope.range,
          suggestion: suggestion(for: scope.text, among: Array(scopes)))
      }
      checkExpectedProperty(expect.property)
      var applies = expect.scopes.isEmpty || expect.scopes.contains { $0.text == settings.scope }
      if let condition = expect.condition {
        applies = evaluateBoolean(condition) == true && applies
      }
      if applies { analysis.expectations.append(expect) }
    }
  }

  private func checkExpectedProperty(_ name: Name) {
    let known = knownProperties
    let isKnown =
      name.text == "*" || known.contains(name.text)
      || (name.text.hasSuffix(".*") && known.contains { $0.hasPrefix(name.text.dropLast()) })
    if !isKnown {
      error(
        "E0306", "there is no property '\(name.text)'", name.range,
        suggestion: suggestion(for: name.text, among: known))
    }
  }

  var knownProperties: [String] {
    builtinPropertyNames + program.properties.map(\.name)
  }
}

/// The names of the properties that every spec is checked for.
public let builtinPropertyNames = [
  "lock.unlock_not_held", "lock.held_at_return", "lock.self_deadlock", "lock.order", "lock.unguarded",
  "lock.freed_while_held", "lifetime.null", "lifetime.use_after_free", "lifetime.stale_compare",
  "lifetime.double_free", "lifetime.refcount_from_zero", "lifetime.refcount_underflow",
  "lifetime.never_freed",
  "range.overflow", "range.index", "range.division", "range.pool", "deadlock", "assert",
]
