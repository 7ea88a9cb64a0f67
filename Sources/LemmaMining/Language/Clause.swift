import TransitionIR

/// Something that never happens: no instance of the view makes all literals true.
///
/// A claim about every system that corresponds to the one it was learnt from, and no more than a guess there: it has to be proved.
/// Two clauses are equal if they have the same view and literals, in any order.
public struct Clause: Hashable, Sendable {
  public let view: View
  /// Control points first; what reads best as a conclusion, negated, last.
  public let literals: [Literal]

  public init(_ view: View, _ literals: [Literal]) {
    self.view = view
    self.literals = literals
  }

  public static func == (a: Clause, b: Clause) -> Bool {
    a.view == b.view && Set(a.literals) == Set(b.literals)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(view)
    hasher.combine(Set(literals))
  }

  /// It speaks of globals, objects and indices alone.
  public var isAboutNoProcess: Bool { view.subjects.indices.allSatisfy { view.kind($0) == nil } }
}

/// A clause compiled for one system.
public struct ClauseCheck {
  public let clause: Clause
  private let system: TransitionSystem
  private let program: TermProgram
  private let predicates: [(predicate: Predicate, isPositive: Bool)]
  private var values: [Int]

  public init(_ clause: Clause, in system: TransitionSystem) {
    self.init(clause, in: system, ScopeTable(system))
  }

  init(_ clause: Clause, in system: TransitionSystem, _ scopes: ScopeTable) {
    self.clause = clause
    self.system = system
    let types = TypeTable(clause.view, system)
    var program = TermProgram(system, scopes)
    predicates = clause.literals.map { (Predicate($0.atom, &program, types, system), $0.isPositive) }
    self.program = program
    values = [Int](repeating: 0, count: program.count)
  }

  /// Whether all literals are true of these subjects: what the clause denies.
  @inline(__always)
  mutating func isBroken<S: StateSource>(_ state: S, _ tuple: Tuple) -> Bool {
    program.run(state, tuple, into: &values)
    return predicates.allSatisfy { $0.predicate.isTrue(values, state, tuple) == $0.isPositive }
  }

  /// The value of the clause in a state of its system.
  public func isTrue(in state: [Int]) -> Bool {
    let source = PlainState(slots: state)
    var copy = self
    return system.tuples(of: clause.view, in: source).allSatisfy { !copy.isBroken(source, $0) }
  }
}

extension TransitionSystem {
  /// All instances of a view in a state.
  func tuples<S: StateSource>(of view: View, in state: S) -> [Tuple] {
    guard let subject = view.subjects.first else { return [Tuple()] }
    return values(of: subject, in: state).flatMap { first -> [Tuple] in
      guard view.subjects.count == 2 else { return [Tuple(first: first)] }
      return values(of: view.subjects[1], in: state)
        .filter { !(view.isOfTwins && $0 == first) }
        .map { Tuple(first: first, second: $0) }
    }
  }
}
