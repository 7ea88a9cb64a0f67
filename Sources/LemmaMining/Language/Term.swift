import TransitionIR

/// A value that a view can see, described without the sizes of a system: a subject, or what a path from one leads to.
///
/// A term has no value where its path cannot be followed: through a null or stale pointer, or from a local that is out of scope.
public indirect enum Term: Hashable, Sendable {
  /// Subject of that number.
  case subject(Int)
  case read(VariableID, [Step])
  /// 1 if the first is in the set, else 0.
  case member(Term, of: Term)
  /// How many elements a set has.
  case size(Term)

  public enum Step: Hashable, Sendable {
    /// The own local of the process that subject number … is.
    case own(Int)
    /// The object that a pointer leads to.
    case object(Term)
    case element(Term)
    case constant(Int)
  }

  /// Whether one of the variables that it reads is such a one.
  func reads(where isSuch: (VariableID) -> Bool) -> Bool {
    switch self {
    case .subject: false
    case .read(let variable, let steps):
      isSuch(variable) || steps.contains { $0.term?.reads(where: isSuch) ?? false }
    case .member(let element, let set): element.reads(where: isSuch) || set.reads(where: isSuch)
    case .size(let set): set.reads(where: isSuch)
    }
  }

  /// How many pointers are followed, those that are subjects not counted.
  var depth: Int {
    switch self {
    case .subject: 0
    case .read(_, let steps):
      steps.reduce(0) { result, step in
        guard let term = step.term else { return result }
        if case .object = step, !term.isSubject { return max(result, term.depth + 1) }
        return max(result, term.depth)
      }
    case .member(let element, let set): max(element.depth, set.depth)
    case .size(let set): set.depth
    }
  }

  var isSubject: Bool { if case .subject = self { true } else { false } }

  /// The locals on which its path depends, each with the number of the process that they belong to.
  var locals: [(variable: VariableID, subject: Int)] {
    switch self {
    case .subject: []
    case .read(let variable, let steps):
      steps.flatMap { step -> [(variable: VariableID, subject: Int)] in
        if case .own(let number) = step { return [(variable, number)] }
        return step.term?.locals ?? []
      }
    case .member(let element, let set): element.locals + set.locals
    case .size(let set): set.locals
    }
  }

  /// Whether it has a value in every state.
  var isTotal: Bool { depth == 0 && locals.isEmpty && !hasPointerIndex }

  private var hasPointerIndex: Bool {
    switch self {
    case .subject: false
    case .read(_, let steps):
      steps.contains { step in
        if case .element(let term) = step { return !term.isSubject }
        return step.term?.hasPointerIndex ?? false
      }
    case .member(let element, let set): element.hasPointerIndex || set.hasPointerIndex
    case .size(let set): set.hasPointerIndex
    }
  }

  /// The same with the two subjects exchanged.
  var swapped: Term {
    switch self {
    case .subject(let number): .subject(1 - number)
    case .read(let variable, let steps): .read(variable, steps.map(\.swapped))
    case .member(let element, let set): .member(element.swapped, of: set.swapped)
    case .size(let set): .size(set.swapped)
    }
  }

  /// A term is about a subject if it cannot be evaluated without it.
  func mentions(_ number: Int) -> Bool {
    switch self {
    case .subject(let own): own == number
    case .read(_, let steps):
      steps.contains { step in
        if case .own(let own) = step { return own == number }
        return step.term?.mentions(number) ?? false
      }
    case .member(let element, let set): element.mentions(number) || set.mentions(number)
    case .size(let set): set.mentions(number)
    }
  }
}

extension Term.Step {
  var term: Term? {
    switch self {
    case .object(let term), .element(let term): term
    case .own, .constant: nil
    }
  }

  var swapped: Term.Step {
    switch self {
    case .own(let number): .own(1 - number)
    case .object(let term): .object(term.swapped)
    case .element(let term): .element(term.swapped)
    case .constant: self
    }
  }
}

/// What kind of value a term has.
enum TermType: Hashable {
  case pointer(PoolID)
  /// Of a variable; the values of variables with equal domains in both systems can be compared.
  case number(VariableID)
  /// An index of an array.
  case index(ArrayAxis)
  case set(VariableID)
  /// 0 or 1.
  case truth
  /// A number of elements.
  case size
}
