import Diagnostics

/// The wording for what is put together wrongly (`E0200` to `E0231`), sorted by code.
///
/// What is right in C but not here has its codes in `HabitMessages.swift`.
extension Diagnostic {
  /// E0200: the rest of the file is not looked at.
  static func tooManyErrors(_ range: SourceRange) -> Diagnostic {
    Diagnostic(code: "E0200", message: "too many errors; the rest of the file was not read", range: range)
  }

  /// E0201: the range is the last character of what lacks its semicolon.
  static func missingSemicolon(_ what: String, found: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0201", message: "\(what) ends with `;`, here is \(found)", range: range,
      suggestion: "write `;` after this")
  }

  /// E0202: something else than what must stand here.
  static func expected(
    _ what: String, found: String, _ range: SourceRange, suggestion: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      code: "E0202", message: "expected \(what), found \(found)", range: range, suggestion: suggestion)
  }

  /// E0203: limits that keep every stage from overflowing its stack.
  static func tooDeep(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0203",
      message: "nested more than \(Parser.nestingLimit) deep, or more than \(Parser.operatorLimit) operators "
        + "in one expression; the rest of the file was not read",
      range: range, suggestion: "give a part of it a name: a function or a constant")
  }

  /// E0204: a bracket that is not closed.
  static func unclosed(
    _ closing: String, found: String, _ range: SourceRange, opening: String, at open: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: "E0204", message: "expected \(closing), found \(found)", range: range,
      notes: [Note(message: "the `\(opening)` that it closes", range: open)])
  }

  /// E0205: a word of the language (or of C) as a name.
  static func reservedWord(_ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0205", message: "`\(word)` is a word of the language, not a name", range: range,
      suggestion: "choose another name, such as `\(word)_`")
  }

  /// E0206: no expression.
  static func expectedExpression(found: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(code: "E0206", message: "expected an expression, found \(found)", range: range)
  }

  /// E0207: no declaration at the top level.
  static func expectedDeclaration(found: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0207", message: "expected a declaration, found \(found)", range: range,
      suggestion: "statements stand in functions, processes and `init`")
  }

  /// E0208: one `}` too many.
  static func strayBrace(_ range: SourceRange) -> Diagnostic {
    Diagnostic(code: "E0208", message: "this `}` closes nothing", range: range)
  }

  /// E0209: `else` without `if`.
  static func strayElse(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0209", message: "this `else` belongs to no `if`", range: range,
      suggestion: "in a `choose` write `else:`")
  }

  /// E0210: `case` or `default` outside of their statements.
  static func strayCase(_ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0210", message: "`\(word)` stands in no `choose` or `switch`", range: range)
  }

  /// E0213: as in C, `&` binds looser than `==`; here that is refused.
  static func bitwiseComparison(_ infix: String, operand: SourceRange, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0213", message: "`\(infix)` binds looser than this comparison", range: range,
      suggestion: "write parentheses: `(x & F) == 0`; for conditions write `&&` or `||`",
      notes: [Note(message: "this would be compared first", range: operand)])
  }

  /// E0214: `any x in S == y`.
  static func bareAny(_ range: SourceRange, found: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0214",
      message: "`any` reaches as far to the right as it can; this operator is not part of its domain",
      range: found, suggestion: "write parentheses around the `any`, or around its domain",
      notes: [Note(message: "the `any`", range: range)])
  }

  /// E0215: `a < b < c`.
  static func comparisonChain(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0215", message: "comparisons do not chain", range: range,
      suggestion: "write `a < b && b < c`, or parentheses if a truth value is compared")
  }

  /// E0223: a choose that may have no case to take.
  static func guardedChoose(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0223", message: "every case of this `choose` has a condition: say what happens if none holds",
      range: range, suggestion: "add `else: wait;` to wait for one, or `else: ;` to go on")
  }

  /// E0224: a choose without a case.
  static func emptyChoose(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0224", message: "this `choose` has no case", range: range, suggestion: "add `case: …`")
  }

  /// E0225: statements before the first case.
  static func statementBeforeCase(_ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0225", message: "a `\(word)` holds only cases", range: range,
      suggestion: "write `case …:` before this")
  }

  /// E0226: `default` in a choose.
  static func defaultInChoose(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0226", message: "a `choose` has no `default`", range: range, suggestion: "write `else:`")
  }

  /// E0227: `else` is no alternative of its own, so it stands last.
  static func caseAfterElse(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0227", message: "this case stands behind `else`", range: range, suggestion: "write `else:` last"
    )
  }

  /// E0228: a second `else`.
  static func secondElse(_ range: SourceRange) -> Diagnostic {
    Diagnostic(code: "E0228", message: "this `choose` has an `else` already", range: range)
  }

  /// E0229: an else that never runs.
  static func uselessElse(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0229", message: "the `else` of this `choose` never runs: a case without a condition always can",
      range: range, suggestion: "remove the `else`, or give every case a condition")
  }

  /// E0230: a case that runs into the next one.
  static func fallThrough(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0230", message: "this case runs into the next one", range: range,
      suggestion: "end it with `break;`, `return`, `goto`, `continue` or `exit`")
  }

  /// E0231: `break` that is not at the end of a case.
  static func breakInsideCase(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0231", message: "`break` only ends a case: it cannot leave the `switch` from inside",
      range: range,
      suggestion: "use `if … else …`, or `goto` to a label behind the `switch`")
  }
}
