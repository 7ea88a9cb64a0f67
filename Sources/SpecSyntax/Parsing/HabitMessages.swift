import Diagnostics

/// The wording for what C allows and a spec does not, sorted by code.
///
/// These are `E0211`, `E0212`, `E0216` to `E0222`, and `E0232` on.
extension Diagnostic {
  /// E0211: `if (x = 1)`.
  static func assignmentInExpression(_ spelling: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0211", message: "an assignment is a statement, not part of an expression", range: range,
      suggestion: spelling == "="
        ? "write `==` to compare, or assign in a statement before this one"
        : "assign in a statement before this one")
  }

  /// E0212: `x = y = 0`.
  static func chainedAssignment(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0212", message: "one statement assigns to one variable", range: range,
      suggestion: "write a statement for each; `atomic { }` around them makes one step")
  }

  /// E0216: `f(x++)`.
  static func incrementInExpression(_ spelling: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0216", message: "`\(spelling)` is a statement, not part of an expression", range: range,
      suggestion: "write `x\(spelling);` before or after this statement")
  }

  /// E0217: `(type)x`.
  static func cast(isWord: Bool, _ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0217", message: "there are no casts", range: range,
      suggestion: isWord ? "write `\(word)(…)` to convert between machine words" : "leave the cast out")
  }

  /// E0218: `int` and the like.
  static func foreignType(_ spelling: String, _ range: SourceRange) -> Diagnostic {
    let suggestion =
      switch spelling {
      case "char": "write `u8` for a byte, or the values that occur, such as `0..7`"
      case let words where words.contains("long"): "write `u64`, or the values that occur, such as `0..7`"
      case let words where words.contains("unsigned"): "write `u32`, or the values that occur, such as `0..7`"
      case "float", "double": "write the values that occur, such as `0..7`"
      default: "write the values that occur, such as `0..7` or `-1..1`; `bool` for a truth value"
      }
    return Diagnostic(
      code: "E0218", message: "there is no `\(spelling)`: every type says which values it has", range: range,
      suggestion: suggestion)
  }

  /// E0219: `NULL`.
  static func nullWord(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0219", message: "the null pointer is written in small letters", range: range,
      suggestion: "write `null`")
  }

  /// E0220: `and`, `or`, `not`.
  static func operatorWord(_ word: String, write spelling: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0220", message: "`\(word)` is not an operator", range: range, suggestion: "write `\(spelling)`")
  }

  /// E0221: `for (i = 0; i < n; i++)`.
  static func foreignFor(_ variable: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0221", message: "a `for` takes each value of a range, a type or a set", range: range,
      suggestion: "write `for (\(variable) in 0..n-1)`")
  }

  /// E0222: `for (;;)`.
  static func endlessFor(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0222", message: "a `for` takes each value of a range, a type or a set", range: range,
      suggestion: "write `loop`")
  }

  /// E0232: `x *= 2`.
  static func unknownAssignment(_ spelling: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0232", message: "there is no `\(spelling)`", range: range,
      suggestion: "write `x = x \(spelling.dropLast()) …`")
  }

  /// E0233: `a + b = c`.
  static func oddAssignment(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0233", message: "this is not a place that can be assigned to", range: range,
      suggestion: "assign to a variable, a field, an element or `*pointer`")
  }

  /// E0234: `x == 1;`.
  static func comparisonStatement(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0234", message: "this compares and then does nothing", range: range,
      suggestion: "write `=` to assign, or `assert(…)`")
  }

  /// E0235: `static`, `inline`, `const` and the like.
  static func qualifier(_ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0235", message: "there is no `\(word)` here", range: range, suggestion: "leave it out")
  }

  /// E0236: a function without body.
  static func prototype(_ name: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0236", message: "`\(name)` has no body: there are no prototypes", range: range,
      suggestion: "leave it out; a name may be used before its declaration")
  }

  /// E0237: `enum { A = 1 }`.
  static func numberedName(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0237", message: "the names of an `enum` or of `flags` have no numbers", range: range,
      suggestion: "leave the number out, or use `const NAME = value;`")
  }

  /// E0238: `p = &x;`.
  static func strayAddressOf(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0238", message: "an address can only be passed to a function", range: range,
      suggestion: "use the variable itself; pointers lead to objects of a pool only")
  }

  /// E0239: `f(x) in 0..3`.
  static func repeatedOperand(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0239", message: "the left side of `in lo..hi` is read twice: it cannot be a call or a choice",
      range: range, suggestion: "assign it to a variable first")
  }

  /// E0240: `forall m in struct mm`.
  static func structInExpression(_ name: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0240", message: "in an expression a struct is named without `struct`", range: range,
      suggestion: "write `\(name)`")
  }

  /// E0241: `a.b(c)`.
  static func callOfExpression(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0241", message: "only functions can be called, by their name: there are no function pointers",
      range: range)
  }

  /// E0242: `count a in A, b in B: e`.
  static func countOfSeveral(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0242", message: "`count` counts the values of one name", range: range,
      suggestion: "write `count a in A: (exists b in B: e)`, or count inside a `for`")
  }

  /// E0243: `struct s { } x;`.
  static func variableBehindStruct(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0243", message: "a `struct` declares no variable", range: range,
      suggestion: "end it with `;` and write `struct NAME variable;` after it")
  }

  /// E0244: `entry` before a variable.
  static func entryVariable(_ range: SourceRange) -> Diagnostic {
    Diagnostic(code: "E0244", message: "only a function can be an `entry`", range: range)
  }

  /// E0245: `if x == 1 {`.
  static func missingParentheses(_ word: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0245", message: "what follows `\(word)` stands in parentheses", range: range,
      suggestion: "write `\(word) (…)`")
  }

  /// E0246: a function in a function.
  static func nestedFunction(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0246", message: "a function cannot stand inside another one", range: range,
      suggestion: "look for a missing `}` before it")
  }

  /// E0247: `guarded_by` on a local.
  static func guardedLocal(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: "E0247", message: "only globals and fields are `guarded_by` a lock", range: range,
      suggestion: "leave it out: a local is seen by its process only")
  }
}
