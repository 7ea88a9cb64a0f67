import CZ3

/// Whether a query has a model.
public enum Satisfiability: Hashable, Sendable {
  case sat
  case unsat
  /// With Z3's reason, or ours.
  case unknown(String)
}

/// One solver object of Z3 in a context.
final class Session {
  private let context: Context
  private let handle: SolverHandle
  private var raw: OpaquePointer { context.raw }

  init(_ context: Context, _ options: SolverOptions) throws(Failure) {
    self.context = context
    let made =
      options.logicName.map { Z3_mk_solver_for_logic(context.raw, Z3_mk_string_symbol(context.raw, $0)) }
      ?? Z3_mk_solver(context.raw)
    try context.check()
    guard let made else { throw Failure(reason: "Z3 has no solver for this logic") }
    Z3_solver_inc_ref(context.raw, made)
    handle = SolverHandle(raw: made)
    try set(options)
  }

  deinit { Z3_solver_dec_ref(raw, handle.raw) }

  private func set(_ options: SolverOptions) throws(Failure) {
    let parameters = Z3_mk_params(raw)
    Z3_params_inc_ref(raw, parameters)
    defer { Z3_params_dec_ref(raw, parameters) }
    for (name, value) in options.parameters {
      let symbol = Z3_mk_string_symbol(raw, name)
      switch value {
      case .number(let number): Z3_params_set_uint(raw, parameters, symbol, number)
      case .truth(let truth): Z3_params_set_bool(raw, parameters, symbol, truth)
      }
    }
    Z3_solver_set_params(raw, handle.raw, parameters)
    try context.check()
  }

  // MARK: What is asserted

  func assert(_ formula: FormulaHandle) throws(Failure) {
    Z3_solver_assert(raw, handle.raw, formula.raw)
    try context.check()
  }

  func push() throws(Failure) {
    Z3_solver_push(raw, handle.raw)
    try context.check()
  }

  func pop() throws(Failure) {
    Z3_solver_pop(raw, handle.raw, 1)
    try context.check()
  }

  /// Asserts what a script asserts.
  func assert(script: String) throws(Failure) {
    let formulas = Z3_parse_smtlib2_string(raw, script, 0, nil, nil, 0, nil, nil)
    try context.check()
    guard let formulas else { throw Failure(reason: "Z3 read nothing and gave no reason") }
    Z3_ast_vector_inc_ref(raw, formulas)
    defer { Z3_ast_vector_dec_ref(raw, formulas) }
    for index in 0..<Z3_ast_vector_size(raw, formulas) {
      Z3_solver_assert(raw, handle.raw, Z3_ast_vector_get(raw, formulas, index))
      try context.check()
    }
  }

  // MARK: Asking

  /// Whether all that is asserted and the literals can hold together.
  ///
  /// The literals are variables or negations of variables.
  func check(_ literals: [FormulaHandle], _ interrupter: Interrupter) -> Satisfiability {
    let assumptions: [OpaquePointer?] = literals.map(\.raw)
    let answer = interrupter.run(in: context.handle) {
      Z3_solver_check_assumptions(raw, handle.raw, UInt32(assumptions.count), assumptions)
    }
    guard let answer else { return .unknown("interrupted") }
    do throws(Failure) { try context.check() } catch { return .unknown(reason(error.reason, interrupter)) }
    switch answer {
    case Z3_L_TRUE: return .sat
    case Z3_L_FALSE: return .unsat
    default:
      let text = Z3_solver_get_reason_unknown(raw, handle.raw).map { String(cString: $0) } ?? ""
      return .unknown(reason(text, interrupter))
    }
  }

  private func reason(_ text: String, _ interrupter: Interrupter) -> String {
    if interrupter.isInterrupted { return text.isEmpty ? "interrupted" : "interrupted: \(text)" }
    return text.isEmpty ? "Z3 gave no reason" : text
  }

  /// Asks a query of another thread to stop.
  static func interrupt(_ context: ContextHandle) { Z3_interrupt(context.raw) }

  // MARK: Looking at the answer

  /// The assumptions that the last `unsat` rests on.
  func core() throws(Failure) -> Set<FormulaHandle> {
    let vector = Z3_solver_get_unsat_core(raw, handle.raw)
    try context.check()
    guard let vector else { throw Failure(reason: "Z3 gave no core") }
    Z3_ast_vector_inc_ref(raw, vector)
    defer { Z3_ast_vector_dec_ref(raw, vector) }
    let members = (0..<Z3_ast_vector_size(raw, vector)).compactMap { Z3_ast_vector_get(raw, vector, $0) }
    return Set(members.map { FormulaHandle(raw: $0) })
  }

  /// The values that the model of the last `sat` gives to variables, by their number; what it leaves open is missing.
  func values(of variables: [SymbolHandle: Int]) throws(Failure) -> [Int: UInt64] {
    let model = Z3_solver_get_model(raw, handle.raw)
    try context.check()
    guard let model else { throw Failure(reason: "Z3 gave no model") }
    Z3_model_inc_ref(raw, model)
    defer { Z3_model_dec_ref(raw, model) }
    var values: [Int: UInt64] = [:]
    for index in 0..<Z3_model_get_num_consts(raw, model) {
      guard let symbol = Z3_model_get_const_decl(raw, model, index) else { continue }
      guard let number = variables[SymbolHandle(raw: symbol)] else { continue }
      if let value = Z3_model_get_const_interp(raw, model, symbol) { values[number] = try numeral(value) }
    }
    return values
  }

  private func numeral(_ value: OpaquePointer) throws(Failure) -> UInt64 {
    switch Z3_get_bool_value(raw, value) {
    case Z3_L_TRUE: return 1
    case Z3_L_FALSE: return 0
    default: break
    }
    var number: UInt64 = 0
    guard Z3_get_numeral_uint64(raw, value, &number) else { throw Failure(reason: "a value is no number") }
    return number
  }
}
