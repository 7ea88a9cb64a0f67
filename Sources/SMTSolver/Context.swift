import CZ3

/// A context of Z3 and everything made in it: sorts and terms live until it is dropped.
///
/// Requires: used by one thread at a time. No error handler is installed, since one that unwinds would jump over Swift's
/// frames: each call that can fail is followed by a look at the error code.
final class Context {
  let handle: ContextHandle
  /// All that a reference was taken to.
  private var kept: [OpaquePointer] = []
  private var wordSorts: [Int: SortHandle] = [:]

  var raw: OpaquePointer { handle.raw }

  init() {
    let configuration = Z3_mk_config()
    defer { Z3_del_config(configuration) }
    guard let raw = Z3_mk_context_rc(configuration) else {
      preconditionFailure("no memory is left for a context of Z3")
    }
    Z3_set_error_handler(raw, nil)
    handle = ContextHandle(raw: raw)
  }

  deinit {
    for raw in kept { Z3_dec_ref(self.raw, raw) }
    Z3_del_context(raw)
  }

  // MARK: Errors

  /// Throws if the last call failed.
  func check() throws(Failure) {
    let code = Z3_get_error_code(raw)
    if code != Z3_OK { throw Failure(reason: message(code), isRefusal: code == Z3_PARSER_ERROR) }
  }

  private func message(_ code: Z3_error_code) -> String {
    let text = Z3_get_error_msg(raw, code).map { String(cString: $0) } ?? ""
    if code == Z3_MEMOUT_FAIL { return text.isEmpty ? "out of memory" : "out of memory: \(text)" }
    return text.isEmpty ? "error \(code.rawValue) of Z3" : text
  }

  // MARK: Making things

  /// Takes a reference to what was just made: the only place that takes references to terms and sorts.
  private func keep(_ made: OpaquePointer?) throws(Failure) -> OpaquePointer {
    try check()
    guard let made else { throw Failure(reason: "Z3 made nothing and gave no reason") }
    Z3_inc_ref(raw, made)
    kept.append(made)
    return made
  }

  /// A term, by a call of Z3 that makes one.
  func formula(_ make: (OpaquePointer) -> OpaquePointer?) throws(Failure) -> FormulaHandle {
    FormulaHandle(raw: try keep(make(raw)))
  }

  func boolSort() throws(Failure) -> SortHandle { try wordSort(0) }

  /// The sort of words of so many bits; 0 stands for truth values.
  func wordSort(_ width: Int) throws(Failure) -> SortHandle {
    if let known = wordSorts[width] { return known }
    let made = width == 0 ? Z3_mk_bool_sort(raw) : Z3_mk_bv_sort(raw, UInt32(width))
    let sort = SortHandle(raw: try keep(made))
    wordSorts[width] = sort
    return sort
  }

  /// A truth value that nothing else mentions.
  func freshTruth() throws(Failure) -> FormulaHandle {
    let sort = try boolSort()
    return try formula { Z3_mk_fresh_const($0, "assumed", sort.raw) }
  }

  func implication(_ condition: FormulaHandle, _ result: FormulaHandle) throws(Failure) -> FormulaHandle {
    try formula { Z3_mk_implies($0, condition.raw, result.raw) }
  }

  /// The symbol of a variable.
  func symbol(of variable: FormulaHandle) throws(Failure) -> SymbolHandle {
    let declaration = Z3_get_app_decl(raw, Z3_to_app(raw, variable.raw))
    try check()
    guard let declaration else { throw Failure(reason: "a variable has no symbol") }
    return SymbolHandle(raw: declaration)
  }
}
