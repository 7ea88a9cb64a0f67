import TransitionIR

/// A C expression and what is known about it.
struct Term {
  /// A primary expression, or one in parentheses.
  var text: String
  var range: ClosedRange<Int>
  /// It may have no value; then it has any value in C, and `s->failed` says why.
  var mayFail = false
  /// The bound variables in it.
  var free: Set<BoundID> = []

  /// Always and without a doubt this value.
  var constant: Int? { !mayFail && range.lowerBound == range.upperBound ? range.lowerBound : nil }

  /// An operation on terms.
  init(_ text: String, _ range: ClosedRange<Int>, mayFail: Bool = false, of parts: [Term] = []) {
    self.text = text
    self.range = range
    self.mayFail = mayFail || parts.contains(where: \.mayFail)
    free = parts.reduce(into: []) { $0.formUnion($1.free) }
    if let value = constant { self = Term(constant: value) }
  }

  init(constant value: Int) {
    text = Self.literal(value)
    range = value...value
  }

  static func literal(_ value: Int) -> String {
    switch value {
    case Int.min: "INT64_MIN"
    case ..<0: value >= Int(Int32.min) + 1 ? "(\(value))" : "(-INT64_C(\(-value)))"
    default: value <= Int(Int32.max) ? "\(value)" : "INT64_C(\(value))"
    }
  }

  static func literal(_ value: UInt64) -> String { value <= 0x7fff_ffff ? "\(value)" : "UINT64_C(\(value))" }
}
