/// Truth values: connectives, equality, choice.
extension TermStore {
  public func not(_ a: Term) -> Term {
    let node = node(a)
    precondition(node.width == 0, "'not' of a word")
    if let value = constantValue(a) { return bool(value == 0) }
    if node.op == .not { return Term(node.a) }
    return intern(TermNode(.not, .bool, a))
  }

  public func and(_ a: Term, _ b: Term) -> Term {
    precondition(node(a).width == 0 && node(b).width == 0, "'and' of a word")
    if a == b || b == yes { return a }
    if a == yes { return b }
    if a == no || b == no || isNegation(a, of: b) { return no }
    if isConjunct(a, of: b) { return b }
    if isConjunct(b, of: a) { return a }
    return intern(TermNode(.and, .bool, min(a, b), max(a, b)))
  }

  public func or(_ a: Term, _ b: Term) -> Term {
    precondition(node(a).width == 0 && node(b).width == 0, "'or' of a word")
    if a == b || b == no { return a }
    if a == no { return b }
    if a == yes || b == yes || isNegation(a, of: b) { return yes }
    return intern(TermNode(.or, .bool, min(a, b), max(a, b)))
  }

  public func implies(_ a: Term, _ b: Term) -> Term { or(not(a), b) }

  public func and(_ terms: some Sequence<Term>) -> Term { balanced(Array(terms)[...], yes) { and($0, $1) } }
  public func or(_ terms: some Sequence<Term>) -> Term { balanced(Array(terms)[...], no) { or($0, $1) } }

  /// As a tree of small depth: whoever walks through terms recursively has only one stack.
  private func balanced(_ terms: ArraySlice<Term>, _ none: Term, _ join: (Term, Term) -> Term) -> Term {
    guard terms.count > 1 else { return terms.first ?? none }
    let middle = terms.startIndex + terms.count / 2
    return join(balanced(terms[..<middle], none, join), balanced(terms[middle...], none, join))
  }

  private func isNegation(_ a: Term, of b: Term) -> Bool {
    let (x, y) = (node(a), node(b))
    return x.op == .not && x.a == b.index || y.op == .not && y.a == a.index
  }

  /// One of the two parts of a conjunction: enough to keep guards that grow step by step from repeating themselves.
  private func isConjunct(_ a: Term, of b: Term) -> Bool {
    let node = node(b)
    return node.op == .and && (node.a == a.index || node.b == a.index)
  }

  public func equal(_ a: Term, _ b: Term) -> Term {
    precondition(sort(of: a) == sort(of: b), "'=' of terms of different sorts")
    if a == b { return yes }
    if let x = constantValue(a), let y = constantValue(b) { return bool(x == y) }
    if node(a).width == 0 { return equalTruths(a, b) }
    if constantValue(a) != nil { return equal(b, a) }
    if let value = constantValue(b), let decided = equalToConstant(a, b, value) { return decided }
    return intern(TermNode(.equal, .bool, min(a, b), max(a, b)))
  }

  private func equalTruths(_ a: Term, _ b: Term) -> Term {
    if a == yes { return b }
    if b == yes { return a }
    if a == no { return not(b) }
    if b == no { return not(a) }
    if isNegation(a, of: b) { return no }
    return intern(TermNode(.equal, .bool, min(a, b), max(a, b)))
  }

  /// Comparing a choice with a constant is a question about the condition, as soon as one arm is constant.
  ///
  /// A loop, since a table that was read is a chain of as many choices as it has entries.
  private func equalToConstant(_ a: Term, _ b: Term, _ value: UInt64) -> Term? {
    var rest = a
    /// What holds if the term is to be equal: `condition`, or the rest too, as `decides` says.
    var questions: [(condition: Term, decides: Bool)] = []
    while node(rest).op == .select {
      let node = node(rest)
      let (condition, x, y) = (Term(node.a), Term(node.b), Term(node.c))
      if let left = constantValue(x) {
        questions.append(left == value ? (condition, true) : (not(condition), false))
        rest = y
      } else if let right = constantValue(y) {
        questions.append(right == value ? (not(condition), true) : (condition, false))
        rest = x
      } else {
        break
      }
    }
    if questions.isEmpty { return equalToExtension(a, value) }
    return questions.reversed().reduce(equal(rest, b)) { rest, question in
      question.decides ? or(question.condition, rest) : and(question.condition, rest)
    }
  }

  private func equalToExtension(_ a: Term, _ value: UInt64) -> Term? {
    guard node(a).op == .zeroExtend else { return nil }
    let inner = Term(node(a).a)
    let width = sort(of: inner).width
    if value >> UInt64(width) != 0 { return no }
    return equal(inner, constant(value, sort(of: inner)))
  }

  /// If-then-else of two terms of one sort.
  public func select(_ condition: Term, _ a: Term, _ b: Term) -> Term {
    precondition(node(condition).width == 0 && sort(of: a) == sort(of: b), "arms of different sorts")
    if condition == yes || a == b { return a }
    if condition == no { return b }
    if node(condition).op == .not { return select(Term(node(condition).a), b, a) }
    if node(a).width == 0 {
      if a == yes { return or(condition, b) }
      if a == no { return and(not(condition), b) }
      if b == yes { return or(not(condition), a) }
      if b == no { return and(condition, a) }
    }
    // An arm that asks the same again knows the answer.
    let (x, y) = (node(a), node(b))
    if x.op == .select, x.a == condition.index { return select(condition, Term(x.b), b) }
    if y.op == .select, y.a == condition.index { return select(condition, a, Term(y.c)) }
    return intern(TermNode(.select, x.sort, condition, a, b))
  }
}
