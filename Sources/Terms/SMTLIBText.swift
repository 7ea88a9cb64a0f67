/// Terms as SMT-LIB 2 text, for other solvers and for people.
///
/// Terms that are used more than once get names (`define-fun`), so the text is as large as the graph, not as the tree. So do
/// terms of great depth: no line is nested deeper than `depthLimit`, since readers may have one stack only, as people do.
public struct SMTLIBText {
  private static let depthLimit = 40

  private let store: TermStore
  public private(set) var text = ""
  /// What each term that was defined or declared is called.
  private var names: [Term: String] = [:]
  private var usedNames: Set<String> = []
  /// Names that one expression gives to its parts, oldest first; nil: names are defined for the whole text.
  private var bindings: [String]?

  public init(_ store: TermStore) { self.store = store }

  public mutating func line(_ text: String) { self.text += text + "\n" }

  /// Declares the variables inside, and defines what is shared; gives the term as text that uses these names.
  public mutating func expression(_ term: Term) -> String { expressions([term])[0] }

  /// As `expression`; what several of the terms use is defined once.
  public mutating func expressions(_ terms: [Term]) -> [String] {
    let parts = unnamedParts(of: terms)
    var uses: [Term: Int] = [:]
    for term in terms { uses[term, default: 0] += 1 }
    for part in parts { for operand in store.operands(of: part) { uses[operand, default: 0] += 1 } }
    var pieces = Pieces()
    for part in parts { spell(part, isShared: uses[part, default: 0] > 1, &pieces) }
    return terms.map { piece($0, pieces) }
  }

  /// The term as text that stands for itself: what is shared inside is bound by `let`, nothing is defined.
  ///
  /// So it can be the body of a function whose parameters have the names of the variables. Requires: these have been declared.
  public func closedExpression(_ term: Term) -> String {
    var inner = self
    inner.bindings = []
    let body = inner.expression(term)
    let bindings = inner.bindings ?? []
    return bindings.map { "(let (\($0)) " }.joined() + body + String(repeating: ")", count: bindings.count)
  }

  public mutating func assert(_ term: Term) { assert([term]) }

  public mutating func assert(_ terms: [Term]) {
    for body in expressions(terms) { line("(assert \(body))") }
  }

  // MARK: Spelling

  /// The text of terms without a name, and how deep it is nested.
  private struct Pieces {
    var text: [Term: String] = [:]
    var depth: [Term: Int] = [:]
  }

  /// What is left to be spelled, operands first.
  private func unnamedParts(of terms: [Term]) -> [Term] {
    var seen: Set<Term> = []
    var open = terms
    while let term = open.popLast() {
      if names[term] == nil, seen.insert(term).inserted { open += store.operands(of: term) }
    }
    return seen.sorted()
  }

  private mutating func spell(_ term: Term, isShared: Bool, _ pieces: inout Pieces) {
    switch store.operator(of: term) {
    case .constant: return
    case .variable: declare(term)
    default:
      let operands = store.operandsForSolvers(of: term)
      let body = operands.map { piece($0, pieces) }.joined(separator: " ")
      let depth = 1 + (operands.map { pieces.depth[$0, default: 0] }.max() ?? 0)
      let text = "(\(Self.operatorSymbol(of: term, in: store)) \(body))"
      for operand in operands { pieces.text[operand] = nil }
      if isShared || depth >= Self.depthLimit {
        define(term, text)
      } else {
        pieces.text[term] = text
        pieces.depth[term] = depth
      }
    }
  }

  private func piece(_ term: Term, _ pieces: Pieces) -> String {
    if let name = names[term] { return name }
    if let value = store.constantValue(term) { return Self.spelled(value, store.sort(of: term)) }
    guard let text = pieces.text[term] else { preconditionFailure("a term is used before it is spelled") }
    return text
  }

  // MARK: Names

  private mutating func declare(_ variable: Term) {
    precondition(bindings == nil, "a closed expression has a variable without a name")
    let name = unique(store.name(ofVariable: variable))
    names[variable] = name
    line("(declare-const \(name) \(Self.spelled(store.sort(of: variable))))")
  }

  private mutating func define(_ term: Term, _ body: String) {
    let name = unique("t\(term.index)")
    names[term] = name
    if bindings != nil {
      bindings?.append("(\(name) \(body))")
    } else {
      line("(define-fun \(name) () \(Self.spelled(store.sort(of: term))) \(body))")
    }
  }

  /// A symbol that is not taken yet, in bars where it has to be.
  private mutating func unique(_ name: String) -> String {
    Self.uniqueSymbol(name, &usedNames)
  }

  public static func spelled(_ sort: Sort) -> String {
    switch sort {
    case .bool: "Bool"
    case .bits(let width): "(_ BitVec \(width))"
    }
  }

  public static func spelled(_ value: UInt64, _ sort: Sort) -> String {
    switch sort {
    case .bool: value == 0 ? "false" : "true"
    case .bits(let width): "(_ bv\(value) \(width))"
    }
  }

  /// What an operator is called, with its indices.
  public static func operatorSymbol(of term: Term, in store: TermStore) -> String {
    let extra = { store.sort(of: term).width - store.sort(of: store.operands(of: term)[0]).width }
    switch store.operator(of: term) {
    case .not: return "not"
    case .and: return "and"
    case .or: return "or"
    case .equal: return "="
    case .select: return "ite"
    case .less: return "bvult"
    case .lessEqual: return "bvule"
    case .signedLess: return "bvslt"
    case .signedLessEqual: return "bvsle"
    case .add: return "bvadd"
    case .subtract: return "bvsub"
    case .multiply: return "bvmul"
    case .divide: return "bvudiv"
    case .remainder: return "bvurem"
    case .signedDivide: return "bvsdiv"
    case .signedRemainder: return "bvsrem"
    case .bitAnd: return "bvand"
    case .bitOr: return "bvor"
    case .bitXor: return "bvxor"
    case .bitNot: return "bvnot"
    case .shiftLeft: return "bvshl"
    case .shiftRight: return "bvlshr"
    case .signedShiftRight: return "bvashr"
    case .zeroExtend: return "(_ zero_extend \(extra()))"
    case .signExtend: return "(_ sign_extend \(extra()))"
    case .extract:
      let low = Int(store.payload(of: term))
      return "(_ extract \(low + store.sort(of: term).width - 1) \(low))"
    case .constant, .variable: return ""
    }
  }
}
