// The text form of a transition system, for people (`mmck compile --ir`), for tests, and for keeping.
//
// S-expressions, one form for each part. Forms of one sort are numbered in the order in which they stand; different
// sorts may be mixed. `;` starts a comment, which the parser skips and the writer makes anew.
//
//   (system NAME TITLE (process-pool POOL) (bounds N) (slots N))
//   (file TEXT)  (names NAME MEMBER…)  (site FILE LINE COLUMN TEXT FUNCTION ORIGIN)
//   (pool NAME CAPACITY [processes] (fields VARIABLE…) [(live VARIABLE)])
//   (kind NAME (processes FIRST COUNT) (control VARIABLE) (locations FIRST COUNT)
//         [symmetric] [daemon] [environment])
//   (variable NAME DOMAIN ROLE (dimensions DIMENSION…) (initial N) [(lock owner|readers CLASS)] (slot N))
//   (class NAME mutex|spinlock|rwsem (owner VARIABLE) [(readers VARIABLE)])
//   (location KIND SITE (locals VARIABLE…) (labels NAME…))
//   (step LOCATION STATEMENT…)  (start STATEMENT…)  (initial STATEMENT…)
//   (property NAME GROUP TEXT SITE (holds EXPRESSION) (antecedent SITE EXPRESSION)…)
//   (builtins NAME…)  (cover-point TEXT SITE)
//
// References: `total` is the only variable of that name, `host#12` is number 12 where several have the name, and `#12`
// where the name cannot be written bare. Control points are `KIND/N`, counted from the kind's first. `@12` is site 12,
// `$3` bound variable 3. A place is `VARIABLE[INDEX…]@SITE`. Statements and expressions: see `IRWriter+Bodies.swift`.

/// Why a text is not a transition system.
public struct IRTextError: Error, Hashable, Sendable {
  /// 1-based.
  public let line: Int
  /// A sentence for people, without the line.
  public let message: String

  /// An error at `line` of the text.
  public init(line: Int, message: String) {
    self.line = line
    self.message = message
  }
}

/// Writes every field of a system as text that people can read and `parseIR` understands.
///
/// Deterministic, and the inverse of `parseIR`: `renderIR(parseIR(renderIR(s)))` is `renderIR(s)`. Works for systems
/// that `validate` refuses, too, so that they can be looked at. Time: linear in the size of the system, but for
/// the reads and writes shown with steps that free objects, which list every variable with pointers.
public func renderIR(_ system: TransitionSystem) -> String {
  var writer = IRWriter(system)
  writer.writeSystem()
  return writer.output
}

/// Reads what `renderIR` writes.
///
/// Accepts any text: the first mistake is reported with its line. In a system that it returns all identifiers are in
/// range and all domains and counts have a size that can be computed with; everything else is for `validate`
/// to judge. Nesting is limited to `IRTextLimits.depth`. Time: linear in the length of the text.
public func parseIR(_ text: String) -> Result<TransitionSystem, IRTextError> {
  do throws(IRTextError) {
    var reader = TextReader(text)
    var parser = IRParser(try reader.readForms())
    return .success(try parser.parseSystem())
  } catch {
    return .failure(error)
  }
}

/// Bounds on what the parser accepts, so that no text can exhaust stack or memory.
public enum IRTextLimits {
  /// How deep parentheses and brackets may nest.
  public static let depth = 512
  /// The largest count of anything: objects, processes, elements, slots, bound variables.
  public static let count = 1 << 20
}
