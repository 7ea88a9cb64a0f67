import Terms

/// A solver for terms of one store: what is asserted, in nested scopes, and questions about it.
///
/// Requires: used by one thread at a time, the same that uses the store; only `interrupter` is for other threads. What is
/// asserted is kept here as well, so that every query can be written down, and so that Z3's side can be made anew.
public final class Solver {
  public let store: TermStore
  public let options: SolverOptions
  /// Stops queries from other threads.
  public let interrupter: Interrupter
  /// Receives each query as SMT-LIB text before it is asked.
  public var onQuery: ((String) -> Void)?

  private let context: Context
  private var translation: Translation
  private var scopes = [Scope()]
  /// Z3's side; nil if it has to be made before the next query.
  ///
  /// So after each `unknown`, since Z3 may have been stopped anywhere.
  private var session: Session?
  /// The variables of Z3 that stand for compound assumptions.
  private var literals: [Term: FormulaHandle] = [:]
  private var definedLiterals: Set<Term> = []

  /// What is forgotten by one `pop`.
  private struct Scope {
    var assertions: [Term] = []
    /// Compound assumptions whose literals are defined in this scope, oldest first.
    var definitions: [Term] = []
  }

  public init(
    store: TermStore, options: SolverOptions = SolverOptions(), interrupter: Interrupter = Interrupter()
  ) {
    self.store = store
    self.options = options
    self.interrupter = interrupter
    context = Context()
    translation = Translation(store, context)
  }

  // MARK: What is asserted

  /// All assertions of all open scopes, oldest first.
  public var assertions: [Term] { scopes.flatMap(\.assertions) }

  /// How many scopes are open.
  public var depth: Int { scopes.count - 1 }

  /// Asserts a truth value until the innermost scope is left.
  public func assert(_ term: Term) {
    precondition(store.sort(of: term) == .bool, "a word is asserted")
    scopes[scopes.count - 1].assertions.append(term)
    attempt { session throws(Failure) in try session.assert(self.translation.formula(term)) }
  }

  /// Opens a scope.
  public func push() {
    scopes.append(Scope())
    attempt { session throws(Failure) in try session.push() }
  }

  /// Leaves the innermost scope and forgets what was asserted in it.
  public func pop() {
    precondition(depth > 0, "there is no scope to leave")
    definedLiterals.subtract(scopes.removeLast().definitions)
    attempt { session throws(Failure) in try session.pop() }
  }

  /// Lets Z3 know, if it has begun.
  ///
  /// A change that fails is not lost: all is tried once more before the next query.
  private func attempt(_ change: (Session) throws(Failure) -> Void) {
    guard let session else { return }
    do throws(Failure) { try change(session) } catch { self.session = nil }
  }

  // MARK: Asking

  /// Whether all that is asserted can hold, together with the assumptions, which are any truth values.
  public func check(assuming assumptions: [Term] = []) -> Answer {
    precondition(assumptions.allSatisfy { store.sort(of: $0) == .bool }, "a word is assumed")
    onQuery?(smtlib(assuming: assumptions))
    do throws(Failure) { return try answer(assumptions) } catch {
      session = nil
      return .unknown(error.reason)
    }
  }

  private func answer(_ assumptions: [Term]) throws(Failure) -> Answer {
    if interrupter.isInterrupted { return .unknown("interrupted") }
    let session = try readySession()
    let literals = try assumptions.map { term throws(Failure) in try literal(term, session) }
    switch session.check(literals, interrupter) {
    case .sat:
      let model = Model(store, try session.values(of: translation.variables))
      if options.verifiesModels, !model.satisfies(assertions + assumptions) {
        throw Failure(reason: "the model that Z3 gave does not satisfy the query")
      }
      return .sat(model)
    case .unsat:
      let core = try session.core()
      var seen: Set<Term> = []
      let members = zip(assumptions, literals).filter { core.contains($1) && seen.insert($0).inserted }
      return .unsat(core: members.map(\.0))
    case .unknown(let reason):
      self.session = nil
      return .unknown(reason)
    }
  }

  /// Z3's side of all that is asserted.
  private func readySession() throws(Failure) -> Session {
    if let session { return session }
    let made = try Session(context, options)
    definedLiterals = []
    for index in scopes.indices {
      if index > 0 { try made.push() }
      for term in scopes[index].assertions { try made.assert(translation.formula(term)) }
      for term in scopes[index].definitions { try define(term, made) }
    }
    session = made
    return made
  }

  // MARK: Literals

  /// A variable of Z3, or its negation, which implies the assumption.
  private func literal(_ term: Term, _ session: Session) throws(Failure) -> FormulaHandle {
    let inner = store.operator(of: term) == .not ? store.operands(of: term)[0] : term
    if store.operator(of: inner) == .variable { return try translation.formula(term) }
    if !definedLiterals.contains(term) {
      try define(term, session)
      scopes[scopes.count - 1].definitions.append(term)
    }
    guard let known = literals[term] else { preconditionFailure("a literal is defined but not made") }
    return known
  }

  private func define(_ term: Term, _ session: Session) throws(Failure) {
    // No `??`: it would lose the type of the error.
    let literal = if let known = literals[term] { known } else { try context.freshTruth() }
    literals[term] = literal
    let formula = try translation.formula(term)
    try session.assert(context.implication(literal, formula))
    definedLiterals.insert(term)
  }

  // MARK: Text

  /// The query as a script that any solver for QF_BV can read.
  ///
  /// Scopes are left out: it holds what is asserted now. Assumptions are assertions there.
  public func smtlib(assuming assumptions: [Term] = []) -> String {
    var text = SMTLIBText(store)
    text.line("(set-logic QF_BV)")
    text.assert(assertions)
    if !assumptions.isEmpty { text.line("; assumed:") }
    text.assert(assumptions)
    text.line("(check-sat)")
    return text.text
  }
}
