import TransitionIR

/// Finds the parts of the state that an expression without connectives depends on.
struct FactCollector {
  /// One scalar that is read.
  struct Read {
    let place: Place
    let isOld: Bool
  }

  /// At most this many facts: more do not explain.
  static let factLimit = 3

  /// The facts of an expression, in the order of its text, each once.
  static func facts(of expression: Expression, render: (Read) -> String?) -> [String] {
    var reads: [Read] = []
    collect(expression, isOld: false, into: &reads)
    var facts: [String] = []
    for read in reads {
      guard let fact = render(read), !facts.contains(fact) else { continue }
      facts.append(fact)
    }
    return Array(facts.prefix(factLimit))
  }

  private static func collect(_ expression: Expression, isOld: Bool, into reads: inout [Read]) {
    switch expression {
    case .read(let place): reads.append(Read(place: place, isOld: isOld))
    case .unary(_, let operand, _), .cardinality(let operand), .labelled(_, let operand),
      .live(let operand, _),
      .exclusive(let operand, _), .singleton(let operand, _):
      collect(operand, isOld: isOld, into: &reads)
    case .old(let operand): collect(operand, isOld: true, into: &reads)
    case .binary(_, let left, let right, _, _), .samePointer(let left, let right, _, _, _),
      .member(let left, let right, _):
      collect(left, isOld: isOld, into: &reads)
      collect(right, isOld: isOld, into: &reads)
    case .select(let condition, let then, let otherwise):
      for part in [condition, then, otherwise] { collect(part, isOld: isOld, into: &reads) }
    case .quantified(_, _, .members(let set, _), _): collect(set, isOld: isOld, into: &reads)
    case .constant, .bound, .current, .quantified, .isAt, .hasEnded, .heldLockCount: break
    }
  }
}

/// Reads the names of bound variables out of source text; a transition system does not keep them.
enum QuantifierNames {
  /// `forall a in A, b in B: exists c in C: e` declares a, b and c.
  static func declared(in text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text + " " {
      if character == "_" || character.isLetter || character.isNumber {
        word.append(character)
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = ""
      if !character.isWhitespace { words.append(String(character)) }
    }
    var names: [String] = []
    var isDeclaring = false
    for (index, word) in words.enumerated() {
      if ["forall", "exists", "count"].contains(word) {
        isDeclaring = true
      } else if word == ":" {
        isDeclaring = false
      } else if isDeclaring, index + 1 < words.count, words[index + 1] == "in" {
        names.append(word)
      }
    }
    return names
  }
}
