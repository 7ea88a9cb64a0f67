import Terms

/// A term as it was asked for, before anything was simplified.
public indirect enum Tree {
  case constant(UInt64, Sort)
  /// By number.
  case variable(Int, Sort)
  case apply(Operator, [Tree], Sort, low: Int)

  public var sort: Sort {
    switch self {
    case .constant(_, let sort), .variable(_, let sort), .apply(_, _, let sort, _): sort
    }
  }

  /// The term, by the constructors that simplify.
  public func term(in store: TermStore) -> Term {
    switch self {
    case .constant(let value, let sort): return store.constant(value, sort)
    case .variable(let number, _): return store.variables[number]
    case .apply(let op, let operands, let sort, let low):
      let x = operands.map { $0.term(in: store) }
      return store.apply(op, x, sort, low: low)
    }
  }
}

extension TermStore {
  /// Makes a term of any operator.
  public func apply(_ op: Operator, _ x: [Term], _ sort: Sort, low: Int = 0) -> Term {
    switch op {
    case .constant, .variable: preconditionFailure("a leaf has no operands")
    case .not: not(x[0])
    case .and: and(x[0], x[1])
    case .or: or(x[0], x[1])
    case .equal: equal(x[0], x[1])
    case .select: select(x[0], x[1], x[2])
    case .less: less(x[0], x[1])
    case .lessEqual: lessEqual(x[0], x[1])
    case .signedLess: signedLess(x[0], x[1])
    case .signedLessEqual: signedLessEqual(x[0], x[1])
    case .add: add(x[0], x[1])
    case .subtract: subtract(x[0], x[1])
    case .multiply: multiply(x[0], x[1])
    case .divide: divide(x[0], x[1])
    case .remainder: remainder(x[0], x[1])
    case .signedDivide: signedDivide(x[0], x[1])
    case .signedRemainder: signedRemainder(x[0], x[1])
    case .bitAnd: bitAnd(x[0], x[1])
    case .bitOr: bitOr(x[0], x[1])
    case .bitXor: bitXor(x[0], x[1])
    case .bitNot: bitNot(x[0])
    case .shiftLeft: shiftLeft(x[0], x[1])
    case .shiftRight: shiftRight(x[0], x[1])
    case .signedShiftRight: signedShiftRight(x[0], x[1])
    case .zeroExtend: zeroExtend(x[0], to: sort.width)
    case .signExtend: signExtend(x[0], to: sort.width)
    case .extract: extract(x[0], low: low, width: sort.width)
    }
  }
}
