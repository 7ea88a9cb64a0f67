/// What a term's value is.
public enum Sort: Hashable, Sendable {
  case bool
  /// A word of so many bits, 1 to 64.
  case bits(Int)

  /// 1 for a truth value.
  public var width: Int {
    switch self {
    case .bool: 1
    case .bits(let width): width
    }
  }
}

/// Names a term of a `TermStore`.
///
/// Operands have smaller numbers than what is made of them, so a pass in order of numbers meets operands first.
public struct Term: Hashable, Sendable, Comparable {
  public let index: Int32
  public init(_ index: Int32) { self.index = index }
  public static func < (a: Term, b: Term) -> Bool { a.index < b.index }
}

/// What a term is made with; the names follow SMT-LIB's theories Core and FixedSizeBitVectors.
public enum Operator: UInt8, Sendable {
  /// `payload` is the value.
  case constant
  /// `payload` is the number of the variable.
  case variable
  case not, and, or
  /// Of two terms of one sort.
  case equal
  /// If-then-else.
  case select
  /// Unsigned.
  case less, lessEqual
  case signedLess, signedLessEqual
  case add, subtract, multiply
  /// Unsigned; by zero as SMT-LIB has it: all ones, and the dividend.
  case divide, remainder
  /// Towards zero; the remainder has the sign of the dividend.
  case signedDivide, signedRemainder
  case bitAnd, bitOr, bitXor, bitNot
  /// By as many bits as the second operand says, all if it says more.
  case shiftLeft, shiftRight, signedShiftRight
  case zeroExtend, signExtend
  /// As many bits as the sort has, from bit `payload` on.
  case extract

  /// Whether the operands may be exchanged.
  public var isCommutative: Bool {
    switch self {
    case .and, .or, .equal, .add, .multiply, .bitAnd, .bitOr, .bitXor: true
    case .constant, .variable, .not, .select, .less, .lessEqual, .signedLess, .signedLessEqual, .subtract,
      .divide,
      .remainder, .signedDivide, .signedRemainder, .bitNot, .shiftLeft, .shiftRight, .signedShiftRight,
      .zeroExtend, .signExtend, .extract:
      false
    }
  }
}

/// One term: an operator and what it is applied to.
struct TermNode: Equatable, Sendable {
  let op: Operator
  /// 0: a truth value.
  let width: UInt8
  let a: Int32
  let b: Int32
  let c: Int32
  let payload: UInt64

  init(
    _ op: Operator, _ sort: Sort, _ a: Term? = nil, _ b: Term? = nil, _ c: Term? = nil, payload: UInt64 = 0
  ) {
    self.op = op
    if case .bits(let bits) = sort { width = UInt8(bits) } else { width = 0 }
    self.a = a?.index ?? -1
    self.b = b?.index ?? -1
    self.c = c?.index ?? -1
    self.payload = payload
  }

  var sort: Sort { width == 0 ? .bool : .bits(Int(width)) }

  /// The low bits that a value of the sort has.
  var mask: UInt64 { width == 0 ? 1 : .max >> UInt64(64 - Int(width)) }

  /// Spreads nodes over a table; all fields count.
  var hash: Int {
    var bits = UInt64(op.rawValue) << 8 | UInt64(width)
    for part in [
      UInt64(UInt32(bitPattern: a)), UInt64(UInt32(bitPattern: b)), UInt64(UInt32(bitPattern: c)), payload,
    ] {
      bits = (bits ^ part) &* 0x9E37_79B9_7F4A_7C15
      bits ^= bits >> 29
    }
    return Int(truncatingIfNeeded: bits >> 1)
  }

  /// How many operands there are.
  var arity: Int { a < 0 ? 0 : b < 0 ? 1 : c < 0 ? 2 : 3 }
}
