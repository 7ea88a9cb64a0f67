import Diagnostics
import SpecSemantics
import TransitionIR

/// Turns a typed program into a transition system.
///
/// Functions are inlined, loops over constant domains unrolled; each process kind becomes a control-flow graph of small
/// nodes (`FlowGraph`), which `StepBuilder` cuts into steps at the statements that touch shared state.
///
/// Requires: a program without errors. Establishes: everything `validate(_:)` of TransitionIR asks for.
public func lower(
  _ program: TypedProgram, sources: SourceMap, settings: Settings
) -> (system: TransitionSystem, diagnostics: [Diagnostic]) {
  let lowerer = Lowerer(program, sources: sources, settings: settings)
  lowerer.run()
  return (lowerer.system, lowerer.diagnostics)
}

/// The state of one lowering.
///
/// Extensions hold one area each: variables, expressions, statements, calls, properties.
final class Lowerer {
  let program: TypedProgram
  let sources: SourceMap
  let settings: Settings
  var system = TransitionSystem()
  var diagnostics: [Diagnostic] = []

  /// Scalar variables by their path: `g3.mm`, `s1.mmap_lock.readers`, `l17`.
  var variableIDs: [String: VariableID] = [:]
  /// Which lock a path is.
  var lockIDs: [String: LockClassID] = [:]
  /// Variables that other processes may see change: touching them makes a step.
  var sharedVariables = Set<VariableID>()
  let usage: Usage
  var siteIDs: [Site: SiteID] = [:]
  var coverIDs: [CoverKey: CoverID] = [:]
  /// Locations at which a label stands, for `at`.
  var labelLocations: [String: [LocationID]] = [:]

  // What is being lowered now.
  var graph = FlowGraph()
  var kind: KindID?
  var frames: [CallFrame] = []
  var slots = SlotAllocator()
  var localCount = 0
  /// Locals in scope, innermost scope last.
  var scopes: [[VariableID]] = [[]]
  /// Statements that belong to the next node.
  var pending: [Statement] = []
  /// Pure functions inlined into the current statement or property.
  var inlinedCount = 0
  var atomicDepth = 0
  /// Inside a property: nothing is checked for guards, and pointers may be compared freely.
  var isProperty = false
  var boundValues: [Int: Expression] = [:]
  /// Bound variables are numbered from 0 in each statement and property.
  var nextBound = 0
  /// Inside of quantifiers, reads cannot be hoisted out.
  var binderDepth = 0
  /// What must hold for the part of the expression that is being lowered to be evaluated.
  var pathConditions: [Expression] = []
  /// Locals that are assigned once, before anything reads them.
  var stableVariables = Set<VariableID>()
  var stepSite = SiteID(0)
  var failureSite = SiteID(0)
  var blame: BlameState?

  struct CoverKey: Hashable {
    let kind: CoverPoint.Kind
    let range: SourceRange
  }

  init(_ program: TypedProgram, sources: SourceMap, settings: Settings) {
    self.program = program
    self.sources = sources
    self.settings = settings
    usage = Usage(program)
  }

  func run() {
    system.name = program.name
    system.title = program.title
    system.files = sources.files.map(\.path)
    _ = site(program.structs[program.processStruct].range, function: "", origin: "")
    declareNames()
    declareKinds()
    declareVariables()
    if slots.count > 1 << 16 {
      let range = program.structs[program.processStruct].range
      return error(
        "E0507", "a state of this spec would have \(slots.count) variables; 65536 is the most", range)
    }
    lowerInitial()
    for index in program.kinds.indices { lowerKind(index) }
    lowerProperties()
    system.builtins = applicableBuiltins()
    system.slotCount = slots.count
  }

  func site(_ range: SourceRange, function: String, origin: String) -> SiteID {
    let text = sources[range.file]
    let line = text.line(at: range.start)
    let source = text.text(from: range.start, to: range.end)
    var first = source.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
    while let last = first.last, last == "{" || last == " " || last == "\t" || last == "\r" {
      first.removeLast()
    }
    let site = Site(
      file: range.file.index, line: line, column: text.column(at: range.start), text: first,
      function: function,
      origin: origin)
    if let known = siteIDs[site] { return known }
    let id = SiteID(system.sites.count)
    system.sites.append(site)
    siteIDs[site] = id
    return id
  }

  /// The statement that counts an execution of this part of the spec.
  func cover(_ kind: CoverPoint.Kind, _ range: SourceRange) -> Statement {
    let key = CoverKey(kind: kind, range: range)
    if let known = coverIDs[key] { return .cover(known) }
    let id = CoverID(system.coverPoints.count)
    let frame = frames.last
    system.coverPoints.append(
      CoverPoint(kind: kind, site: site(range, function: frame?.name ?? "", origin: frame?.origin ?? "")))
    coverIDs[key] = id
    return .cover(id)
  }

  func isLibrary(_ range: SourceRange) -> Bool {
    let path = sources[range.file].path
    return path.hasPrefix("lib/") || path.contains("/lib/")
  }

  func error(_ code: String, _ message: String, _ range: SourceRange, suggestion: String? = nil) {
    let diagnostic = Diagnostic(code: code, message: message, range: range, suggestion: suggestion)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }
}

/// One inlined call, or the body of a process.
struct CallFrame {
  let name: String
  let origin: String
  let locals: [TypedProgram.LocalInfo]
  let returnType: Type
  var bindings: [Int: LocalBinding] = [:]
  var result: PlaceRef?
  var returnEdges: [FlowGraph.Edge] = []
  var labelNodes: [String: Int] = [:]
  var loops: [LoopFrame] = []
  var isEntry = false
  /// A library function of one statement: steps and violations are said to be at its call.
  var isTransparent = false
  /// Library code below a call in the spec: violations are said to be at that call.
  var isCalledFromSpec = false
  /// How many locks were held when the call began; only where returns are watched for leaks.
  var heldAtEntry: PlaceRef?
  var firstBlame = 0

  struct LoopFrame {
    var breakEdges: [FlowGraph.Edge] = []
    var continueEdges: [FlowGraph.Edge] = []
  }
}

/// What a local of the source is in the transition system.
enum LocalBinding {
  case place(PlaceRef)
  /// Never changes while it is visible, so it needs no slot.
  case value(Expression)
}

/// A variable of the source on its way to scalar places: a path and the indices collected so far.
struct PlaceRef {
  var path: String
  var indices: [Index]
  let type: Type
  /// The lock that must be held to touch it.
  var lock: GuardRef?

  struct GuardRef {
    let path: String
    let indices: [Index]
    /// The pointer through which the guarded field is reached, and its struct.
    let object: (pointer: Expression, structure: Int)?
  }
}

/// Which returns leave more locks held than the function began with; see `Lowerer+Blame`.
struct BlameState {
  let place: PlaceRef
  let variable: VariableID
  var sites: [SiteID] = []
}
