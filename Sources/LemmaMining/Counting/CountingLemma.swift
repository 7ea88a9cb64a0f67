import TransitionIR

/// A number is a sum of counts.
///
/// `active_readers` is how many readers stand between two statements, a reference count is how many pointers there are to its object.
/// Or whether it is 0 is one: an object whose count is gone is held by the one who is about to free it.
///
/// Clauses cannot say this without knowing how many processes there are. A guess like them: true in all states seen.
public struct CountingLemma: Hashable, Sendable {
  public struct Summand: Hashable, Sendable {
    public var coefficient: Int
    /// What is counted; nil if the literals are about the view alone, and count as one if they are true.
    public let counted: View.Subject?
    /// Over the subjects of the view, and the counted one, whose number comes after theirs.
    public let literals: [Literal]
  }

  /// The left side of the equation, of a term that has a value for every instance of the view.
  public enum Total: Hashable, Sendable {
    case number(Term)
    /// 1 if the number is 0, else 0.
    case isZero(Term)

    var term: Term {
      switch self {
      case .number(let term), .isZero(let term): term
      }
    }

    /// Of the value of the term.
    func value(_ number: Int) -> Int {
      switch self {
      case .number: number
      case .isZero: number == 0 ? 1 : 0
      }
    }
  }

  /// Globals, or one object.
  public let view: View
  /// What is equal to the sum.
  public let total: Total
  public let summands: [Summand]
  public let constant: Int

  /// The view of a summand's literals.
  func view(of summand: Summand) -> View {
    View(view.subjects + (summand.counted.map { [$0] } ?? []))
  }

  /// The equation as a closed expression; see `Clause.expression`.
  public func expression(in system: TransitionSystem, firstBound: BoundID) -> Expression {
    let writer = ExpressionWriter(Clause(view, []), system, firstBound)
    let site = SiteID(0)
    let sum = summands.reduce(Expression.constant(constant)) { sum, summand in
      let inner = ExpressionWriter(Clause(view(of: summand), summand.literals), system, firstBound)
      let count =
        summand.counted == nil
        ? .select(inner.conjunction, .constant(1), .constant(0)) : inner.count
      let product = Expression.binary(.multiply, .constant(summand.coefficient), count, .integer, site)
      return .binary(.add, sum, product, .integer, site)
    }
    return writer.closed(.binary(.equal, left(writer, site), sum, .integer, site))
  }

  private func left(_ writer: ExpressionWriter, _ site: SiteID) -> Expression {
    let value = writer.value(total.term)
    guard case .isZero = total else { return value }
    return .select(
      .binary(.equal, value, .constant(0), .integer, site), .constant(1), .constant(0))
  }

  public func description(in system: TransitionSystem) -> String {
    let writer = ClauseWriter(Clause(view, []), system)
    var parts = summands.map { summand -> String in
      let inner = ClauseWriter(Clause(view(of: summand), summand.literals), system)
      let condition = summand.literals.isEmpty ? "true" : inner.conjunction
      var text = "[\(condition)]"
      if let counted = summand.counted {
        let name = view(of: summand).name(view.subjects.count)
        text = "(count \(name) in \(inner.domain(counted)): \(condition))"
      }
      return summand.coefficient == 1 ? text : "\(summand.coefficient) * \(text)"
    }
    if constant != 0 || parts.isEmpty { parts.append("\(constant)") }
    var left = writer.text(total.term)
    if case .isZero = total { left = "[\(left) == 0]" }
    return writer.quantifiers + left + " == " + parts.joined(separator: " + ")
  }
}

/// A counting lemma compiled for one system.
public struct CountingCheck {
  /// What is checked.
  public let lemma: CountingLemma
  private let system: TransitionSystem
  private var summands: [ClauseCheck]
  private let program: TermProgram
  private let position: Int
  private var values: [Int]

  /// Compiles a lemma for a system that corresponds to the one it was learned from.
  public init(_ lemma: CountingLemma, in system: TransitionSystem) {
    self.init(lemma, in: system, ScopeTable(system))
  }

  init(_ lemma: CountingLemma, in system: TransitionSystem, _ scopes: ScopeTable) {
    self.lemma = lemma
    self.system = system
    summands = lemma.summands.map {
      ClauseCheck(Clause(lemma.view(of: $0), $0.literals), in: system, scopes)
    }
    var program = TermProgram(system, scopes)
    position = program.add(lemma.total.term)
    self.program = program
    values = [Int](repeating: 0, count: program.count)
  }

  /// The value of the lemma in a state of its system.
  public func isTrue(in state: [Int]) -> Bool {
    var copy = self
    return copy.isTrue(PlainState(slots: state))
  }

  mutating func isTrue<S: StateSource>(_ state: S) -> Bool {
    for tuple in system.tuples(of: lemma.view, in: state) {
      program.run(state, tuple, into: &values)
      var sum = lemma.constant
      for (index, summand) in lemma.summands.enumerated() {
        guard let counted = summand.counted else {
          // `isBroken` says that all literals are true.
          if summands[index].isBroken(state, tuple) { sum += summand.coefficient }
          continue
        }
        var tuple = tuple
        for value in system.values(of: counted, in: state) {
          tuple[lemma.view.subjects.count] = value
          if summands[index].isBroken(state, tuple) { sum += summand.coefficient }
        }
      }
      if lemma.total.value(values[position]) != sum { return false }
    }
    return true
  }
}
