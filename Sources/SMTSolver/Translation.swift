import CZ3
import Terms

/// Terms as terms of Z3, each translated once.
///
/// Memory grows with the number of terms ever translated and is given back with the context.
struct Translation {
  private let store: TermStore
  private let context: Context
  /// By number of the term.
  private var known: [FormulaHandle?] = []
  /// Which variable, by number, a symbol in a model stands for.
  private(set) var variables: [SymbolHandle: Int] = [:]

  init(_ store: TermStore, _ context: Context) {
    self.store = store
    self.context = context
  }

  /// Walks with a stack of its own: terms may be deeper than the stack of a thread.
  mutating func formula(_ term: Term) throws(Failure) -> FormulaHandle {
    if known.count < store.count {
      known.append(contentsOf: repeatElement(nil, count: store.count - known.count))
    }
    var open = [term]
    while let next = open.last {
      if known[Int(next.index)] == nil {
        let missing = store.operands(of: next).filter { known[Int($0.index)] == nil }
        guard missing.isEmpty else {
          open += missing
          continue
        }
        known[Int(next.index)] = try make(next)
      }
      open.removeLast()
    }
    guard let made = known[Int(term.index)] else { preconditionFailure("a term was not translated") }
    return made
  }

  private mutating func make(_ term: Term) throws(Failure) -> FormulaHandle {
    let sort = try sort(of: term)
    let payload = store.payload(of: term)
    switch store.operator(of: term) {
    case .constant:
      if store.sort(of: term) == .bool {
        return try context.formula { payload == 0 ? Z3_mk_false($0) : Z3_mk_true($0) }
      }
      return try context.formula { Z3_mk_unsigned_int64($0, payload, sort.raw) }
    case .variable: return try makeVariable(Int(payload), sort)
    default:
      let operands = store.operandsForSolvers(of: term).map { known[Int($0.index)]?.raw }
      return try context.formula { apply(term, operands, in: $0) }
    }
  }

  /// Variables are told apart by number: names need not be different.
  private mutating func makeVariable(_ number: Int, _ sort: SortHandle) throws(Failure) -> FormulaHandle {
    let variable = try context.formula { Z3_mk_const($0, Z3_mk_int_symbol($0, Int32(number)), sort.raw) }
    variables[try context.symbol(of: variable)] = number
    return variable
  }

  private func sort(of term: Term) throws(Failure) -> SortHandle {
    switch store.sort(of: term) {
    case .bool: try context.boolSort()
    case .bits(let width): try context.wordSort(width)
    }
  }

  private func apply(_ term: Term, _ x: [OpaquePointer?], in z3: OpaquePointer) -> OpaquePointer? {
    switch store.operator(of: term) {
    case .constant, .variable: preconditionFailure("a leaf is applied to nothing")
    case .not: return Z3_mk_not(z3, x[0])
    case .and: return Z3_mk_and(z3, 2, x)
    case .or: return Z3_mk_or(z3, 2, x)
    case .equal: return Z3_mk_eq(z3, x[0], x[1])
    case .select: return Z3_mk_ite(z3, x[0], x[1], x[2])
    case .less: return Z3_mk_bvult(z3, x[0], x[1])
    case .lessEqual: return Z3_mk_bvule(z3, x[0], x[1])
    case .signedLess: return Z3_mk_bvslt(z3, x[0], x[1])
    case .signedLessEqual: return Z3_mk_bvsle(z3, x[0], x[1])
    case .add: return Z3_mk_bvadd(z3, x[0], x[1])
    case .subtract: return Z3_mk_bvsub(z3, x[0], x[1])
    case .multiply: return Z3_mk_bvmul(z3, x[0], x[1])
    case .divide: return Z3_mk_bvudiv(z3, x[0], x[1])
    case .remainder: return Z3_mk_bvurem(z3, x[0], x[1])
    case .signedDivide: return Z3_mk_bvsdiv(z3, x[0], x[1])
    case .signedRemainder: return Z3_mk_bvsrem(z3, x[0], x[1])
    case .bitAnd: return Z3_mk_bvand(z3, x[0], x[1])
    case .bitOr: return Z3_mk_bvor(z3, x[0], x[1])
    case .bitXor: return Z3_mk_bvxor(z3, x[0], x[1])
    case .bitNot: return Z3_mk_bvnot(z3, x[0])
    case .shiftLeft: return Z3_mk_bvshl(z3, x[0], x[1])
    case .shiftRight: return Z3_mk_bvlshr(z3, x[0], x[1])
    case .signedShiftRight: return Z3_mk_bvashr(z3, x[0], x[1])
    case .zeroExtend: return Z3_mk_zero_ext(z3, addedBits(term), x[0])
    case .signExtend: return Z3_mk_sign_ext(z3, addedBits(term), x[0])
    case .extract:
      let low = UInt32(store.payload(of: term))
      return Z3_mk_extract(z3, low + UInt32(store.sort(of: term).width) - 1, low, x[0])
    }
  }

  private func addedBits(_ term: Term) -> UInt32 {
    UInt32(store.sort(of: term).width - store.sort(of: store.operands(of: term)[0]).width)
  }
}
