/// A script that cannot be asked: Z3 cannot read it, or it holds more than one question.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
  public let reason: String
  public var description: String { reason }
}

/// Whether what an SMT-LIB script asserts can hold.
///
/// For what terms cannot say: quantifiers, uninterpreted sorts and functions, unbounded numbers. The script declares and
/// asserts, and ends with `(check-sat)`; other commands are refused, none is ignored. The limits come from the options, the
/// logic from them too, whatever the script says.
public func check(
  smtlib script: String, options: SolverOptions = SolverOptions(.general),
  interrupter: Interrupter = Interrupter()
) throws(ScriptError) -> Satisfiability {
  try ScriptCommands.check(script)
  let context = Context()
  do throws(Failure) {
    let session = try Session(context, options)
    try session.assert(script: script)
    return session.check([], interrupter)
  } catch {
    if error.isRefusal { throw ScriptError(reason: error.reason) }
    return .unknown(error.reason)
  }
}
