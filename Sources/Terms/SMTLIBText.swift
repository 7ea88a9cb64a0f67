/// Terms as SMT-LIB 2 text, for other solvers and for people.
///
/// Terms that are used more than once get names (`define-fun`), so the text is as large as the graph, not as the tree.
public struct SMTLIBText {
  private let store: TermStore
  public private(set) var text = ""
  /// What each term that was defined or declared is called.
  private var names: [Term: String] = [:]
  private var usedNames: Set<String> = []

  public init(_ store: TermStore) { self.store = store }

  public mutating func line(_ text: String) { self.text += text + "\n" }

  /// Declares the variables inside, and defines what is shared; gives the term as text that uses these names.
  public mutating func expression(_ term: Term) -> String {
    let cone = store.cone(of: [term])
    var uses: [Term: Int] = [:]
    for part in cone { for operand in store.operands(of: part) { uses[operand, default: 0] += 1 } }
    for part in cone where names[part] == nil {
      switch store.operator(of: part) {
      case .constant: continue
      case .variable: declare(part)
      default:
        if part != term, uses[part, default: 0] > 1 { define(part) }
      }
    }
    return spelled(term)
  }

  public mutating func assert(_ term: Term) {
    let body = expression(term)
    line("(assert \(body))")
  }

  private mutating func declare(_ variable: Term) {
    let name = unique(store.name(ofVariable: variable))
    names[variable] = name
    line("(declare-const \(name) \(Self.spelled(store.sort(of: variable))))")
  }

  private mutating func define(_ term: Term) {
    let body = spelled(term)
    let name = unique("t\(term.index)")
    names[term] = name
    line("(define-fun \(name) () \(Self.spelled(store.sort(of: term))) \(body))")
  }

  private mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 1
    while !usedNames.insert(candidate).inserted {
      number += 1
      candidate = "\(name)~\(number)"
    }
    return Self.quoted(candidate)
  }

  /// A symbol in bars, unless it is a simple one.
  static func quoted(_ name: String) -> String {
    let isSimple = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
        true
      default: false
      }
    }
    let startsWithDigit = name.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? true
    if isSimple, !startsWithDigit { return name }
    return "|" + name.filter { $0 != "|" && $0 != "\\" } + "|"
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

  private func spelled(_ term: Term) -> String {
    if let name = names[term] { return name }
    if let value = store.constantValue(term) { return Self.spelled(value, store.sort(of: term)) }
    let operands = store.operands(of: term)
    let parts = operands.map { spelled($0) }.joined(separator: " ")
    return "(\(symbol(term, operands)) \(parts))"
  }

  private func symbol(_ term: Term, _ operands: [Term]) -> String {
    let extra = { store.sort(of: term).width - store.sort(of: operands[0]).width }
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
