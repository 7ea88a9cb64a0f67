import Diagnostics
import SpecSyntax

/// Resolves names and types of all files of a spec for one scope.
///
/// `trees[0]` is the root file, which names the spec and owns scopes and expectations; the others are its imports.
/// Never fails: what could not be understood is diagnosed and typed as `error`, so that one run reports all mistakes.
public func analyze(_ trees: [SyntaxTree], settings: Settings) -> (
  analysis: Analysis, diagnostics: [Diagnostic]
) {
  let checker = Checker(settings: settings)
  checker.run(trees)
  return (checker.analysis, checker.diagnostics)
}

/// The state of one analysis.
///
/// Extensions hold one language area each.
final class Checker {
  let settings: Settings
  var analysis = Analysis()
  var diagnostics: [Diagnostic] = []
  /// Every top-level name and what it stands for.
  var symbols: [String: Symbol] = [:]
  var constants: [String: ConstantState] = [:]
  var boundCount = 0
  /// What is being checked now, if it is code.
  var frame: Frame?
  /// Variables bound by quantifiers around the current expression, innermost last.
  var bindings: [(name: String, id: Int, type: Type)] = []
  /// Where the current expression stands: decides what may occur in it.
  var context = Context.code
  /// Function bodies in the order of declaration, checked after all signatures are known.
  var pendingFunctions: [(index: Int, syntax: FunctionDeclaration)] = []
  /// Conditions of `choose` cases; looked at when it is known which functions are pure.
  var caseConditions: [TypedExpression] = []
  /// Labels of all functions and processes; false for those inside of `atomic`, where nobody ever stands.
  var allLabels: [String: Bool] = [:]
  /// Fields guarded by a global lock, resolved once globals are known: struct, field, lock.
  var pendingGuards: [(structure: Int, field: Int, lock: Name)] = []
  /// Functions called by each function, for the search for recursion.
  var calls: [Int: [(callee: Int, range: SourceRange)]] = [:]

  init(settings: Settings) {
    self.settings = settings
  }

  enum Context { case constant, code, property, stepProperty }

  enum Symbol {
    case constant
    case enumeration(Int)
    case flags(Int)
    case structure(Int)
    case alias(Type)
    case member(Type, Int)
    case global(Int)
    case function(Int)
    case kind(Int)
    case property
    case scope
  }

  enum ConstantState {
    case unevaluated(Expression)
    case evaluating
    case value(ConstantValue)
    case failed
  }

  /// The locals of the function or process that is being checked.
  struct Frame {
    var locals: [TypedProgram.LocalInfo] = []
    /// Visible names, innermost block last.
    var blocks: [[String: Int]] = [[:]]
    var returnType: Type?
    var functionIndex: Int?
    var loopDepth = 0
    var labels: [String: Label] = [:]
    var gotos: [(name: Name, atomics: [Int])] = []
    var isInitial = false
    /// The body of a process kind that has no process in this scope: it never runs.
    var isAbsent = false
    /// The `atomic` blocks around the current statement, by number.
    var atomics: [Int] = []
    var atomicCount = 0

    struct Label {
      let range: SourceRange
      let atomics: [Int]
    }
  }

  var program: TypedProgram {
    get { analysis.program }
    set { analysis.program = newValue }
    _modify { yield &analysis.program }
  }

  func run(_ trees: [SyntaxTree]) {
    let declarations = trees.flatMap(\.declarations)
    collectOutline(trees)
    collectConstants(declarations)
    applySettings(declarations)
    declareTypes(declarations)
    declareKinds(declarations)
    declareFields(declarations)
    declareVariables(declarations)
    declareFunctions(declarations)
    checkBodies(declarations)
    checkProperties(declarations)
    selectExpectations()
    findRecursion()
  }

  func report(_ diagnostic: Diagnostic) {
    if diagnostics.count < 200, !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  func error(
    _ code: String, _ message: String, _ range: SourceRange, suggestion: String? = nil,
    notes: [Diagnostic.Note] = []
  ) {
    report(Diagnostic(code: code, message: message, range: range, suggestion: suggestion, notes: notes))
  }

  /// Enters a top-level name; a second declaration of the same name is an error.
  func declare(_ name: Name, _ symbol: Symbol) {
    if symbols[name.text] != nil || Builtin(rawValue: name.text) != nil {
      error("E0301", "'\(name.text)' is declared twice", name.range)
    } else {
      symbols[name.text] = symbol
    }
  }

  func suggestion(for name: String, among candidates: [String]) -> String? {
    nearest(name, in: candidates).map { "did you mean '\($0)'?" }
  }

  /// Every name that an expression may use here.
  var visibleNames: [String] {
    (frame?.blocks.flatMap(\.keys) ?? []) + bindings.map(\.name) + symbols.keys + constants.keys
      + Builtin.allCases.map(\.rawValue)
  }
}
