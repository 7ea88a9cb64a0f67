import TransitionIR

/// A value that the text of an exported model gives a name to: a parameter, a choice, a temporary, a quantified variable.
struct Local: Hashable, Sendable {
  let name: String
  let kind: ValueKind
  let lower: Int
  let upper: Int
}

enum Comparison: Hashable, Sendable { case equal, notEqual, less, lessEqual }
enum NumberOperator: Hashable, Sendable {
  case add, subtract, multiply, divide, remainder
  case shiftLeft, shiftRight
  case bitAnd, bitOr, bitXor
}
enum MaskOperator: Hashable, Sendable { case union, intersection, difference, symmetricDifference }

/// An expression of an exported model: typed, and always with a value.
///
/// What may fail in the transition system became a condition of its own before.
indirect enum Term: Hashable, Sendable {
  case number(Int)
  case truth(Bool)
  case mask(Int)
  case local(Local)
  /// A slot of a storage; the index counts from 0.
  case read(Storage, Term)
  case not(Term)
  /// Both evaluate the right side only if needed.
  case and(Term, Term)
  case or(Term, Term)
  case compare(Comparison, Term, Term)
  case arithmetic(NumberOperator, Term, Term)
  case combine(MaskOperator, Term, Term)
  /// The bit is one of the mask's.
  case contains(Term, bit: Term)
  case single(bit: Term)
  case size(Term)
  case select(Term, Term, Term)
  /// Over all values from the lower to the upper bound of the variable.
  case quantified(Quantifier, Local, Term)
  /// A mask as a number, or a number as a mask.
  case cast(Term, to: ValueKind)

  /// The numbers that every peer can compute with.
  static let portable = -Int(Int32.max)...Int(Int32.max)

  var kind: ValueKind {
    switch self {
    case .number, .arithmetic, .size: .number
    case .truth, .not, .and, .or, .compare, .contains: .truth
    case .mask, .combine, .single: .mask
    case .local(let local): local.kind
    case .read(let storage, _): storage.kind
    case .select(_, let then, _): then.kind
    case .quantified(let quantifier, _, _): quantifier == .count ? .number : .truth
    case .cast(_, let kind): kind
    }
  }

  /// Terms inside; what a traversal visits.
  var operands: [Term] {
    switch self {
    case .number, .truth, .mask, .local: []
    case .read(let storage, let index): storage.isScalar ? [] : [index]
    case .not(let a), .single(let a), .size(let a), .quantified(_, _, let a), .cast(let a, _): [a]
    case .and(let a, let b), .or(let a, let b), .compare(_, let a, let b), .arithmetic(_, let a, let b),
      .combine(_, let a, let b), .contains(let a, let b):
      [a, b]
    case .select(let a, let b, let c): [a, b, c]
    }
  }

  /// The same term with other operands, simplified.
  func with(_ change: (Term) -> Term) -> Term {
    switch self {
    case .number, .truth, .mask, .local: self
    case .read(let storage, let index): storage.isScalar ? self : .read(storage, change(index))
    case .not(let a): !change(a)
    case .single(let a): Term.singleton(change(a))
    case .size(let a): .size(change(a))
    case .quantified(let quantifier, let local, let body): .quantify(quantifier, local, change(body))
    case .cast(let a, let kind): Term.convert(change(a), to: kind)
    case .and(let a, let b): change(a) && change(b)
    case .or(let a, let b): change(a) || change(b)
    case .compare(let sign, let a, let b): .comparison(sign, change(a), change(b))
    case .arithmetic(let op, let a, let b): .computed(op, change(a), change(b))
    case .combine(let op, let a, let b): .combined(op, change(a), change(b))
    case .contains(let a, let b): .membership(change(b), in: change(a))
    case .select(let a, let b, let c): .selection(change(a), change(b), change(c))
    }
  }

  /// The term with a value in the place of a local.
  func replacing(_ local: Local, with value: Term) -> Term {
    if case .local(local) = self { return value }
    return with { $0.replacing(local, with: value) }
  }

  var constant: Int? {
    switch self {
    case .number(let value), .mask(let value): value
    case .truth(let value): value ? 1 : 0
    default: nil
    }
  }

  static func constant(_ value: Int, _ kind: ValueKind) -> Term {
    switch kind {
    case .number: .number(value)
    case .truth: .truth(value != 0)
    case .mask: .mask(value)
    }
  }
}
