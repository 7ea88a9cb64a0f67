/// A variable of a `ClauseSolver`, or its negation.
public struct Literal: Hashable, Sendable {
  /// Twice the number of the variable, plus one if it is negated.
  let code: Int32

  init(code: Int32) { self.code = code }

  public static prefix func ! (literal: Literal) -> Literal { Literal(code: literal.code ^ 1) }

  var variable: Int { Int(code >> 1) }
  var index: Int { Int(code) }
}
