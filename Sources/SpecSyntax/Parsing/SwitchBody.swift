import Diagnostics

/// The `break`s of a `switch`.
///
/// In the tree a `switch` is no target of `break`: each case ends by itself. So the `break` that ends a case is taken
/// out, a case that would run into the next one is refused, and so is a `break` in the middle of a case, which a
/// reader of C takes for a jump behind the `switch`.
enum SwitchBody {
  /// The statements of a case without the `break`s at its ends, and what is wrong with them.
  static func check(_ body: [Statement], label: SourceRange) -> ([Statement], [Diagnostic]) {
    var kept = body
    let ends = stripEnd(&kept)
    var problems: [Diagnostic] = []
    if !ends { problems.append(.fallThrough(label)) }
    for statement in kept { findBreaks(statement, &problems) }
    return (kept, problems)
  }

  /// Takes out the `break`s at the ends; whether every path through the statements ends with a jump.
  private static func stripEnd(_ statements: inout [Statement]) -> Bool {
    guard let last = statements.last else { return false }
    switch last.kind {
    case .breakLoop:
      statements.removeLast()
      return true
    case .returnValue, .goto, .continueLoop, .exit: return true
    case .block(var inner):
      let ends = stripEnd(&inner)
      statements[statements.count - 1] = Statement(.block(inner), last.range)
      return ends
    case .ifElse(let condition, let then, let otherwise?):
      let (first, firstEnds) = stripped(then)
      let (second, secondEnds) = stripped(otherwise)
      guard firstEnds, secondEnds else { return false }
      let kind = Statement.Kind.ifElse(condition, then: first, otherwise: second)
      statements[statements.count - 1] = Statement(kind, last.range)
      return true
    default: return false
    }
  }

  private static func stripped(_ statement: Statement) -> (Statement, ends: Bool) {
    var list = [statement]
    let ends = stripEnd(&list)
    return (list.first ?? Statement(.block([]), statement.range), ends)
  }

  /// Reports the `break`s that would leave the `switch`; those of inner loops and switches are theirs.
  private static func findBreaks(_ statement: Statement, _ problems: inout [Diagnostic]) {
    switch statement.kind {
    case .breakLoop: problems.append(.breakInsideCase(statement.range))
    case .ifElse(_, let then, let otherwise):
      findBreaks(then, &problems)
      if let otherwise { findBreaks(otherwise, &problems) }
    case .block(let inner), .atomic(let inner):
      for statement in inner { findBreaks(statement, &problems) }
    case .choose(let choice):
      for statement in choice.cases.flatMap(\.body) { findBreaks(statement, &problems) }
      if case .run(let body)? = choice.otherwise {
        for statement in body { findBreaks(statement, &problems) }
      }
    default: break
    }
  }
}
