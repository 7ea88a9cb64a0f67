/// Terms over truth values and machine words, each stored once.
///
/// A term is made once and shared by all terms that contain it, so equal terms have equal numbers and a large formula is a
/// graph of moderate size. Making a term simplifies it: constants are folded, what decides itself is decided. Widths are
/// checked when a term is made; a mistake is a bug of ours and traps.
///
/// Not thread-safe. Memory grows with the number of different terms: about 100 bytes for each.
public final class TermStore {
  var nodes: [TermNode] = []
  /// The numbers of terms by the hash of their nodes, with linear probing; -1 is empty, at most half is full.
  private var slots = [Int32](repeating: -1, count: 1 << 10)
  /// Room for walks over terms, by number: when a term was last met, and what it was worth then.
  var scratchStamps: [UInt32] = []
  var scratchValues: [UInt64] = []
  var stamp: UInt32 = 0
  /// The names of variables, by number.
  public private(set) var variableNames: [String] = []
  /// The terms that are variables, by number.
  public private(set) var variables: [Term] = []

  public let yes: Term
  public let no: Term

  public init() {
    no = Term(0)
    yes = Term(1)
    _ = intern(TermNode(.constant, .bool, payload: 0))
    _ = intern(TermNode(.constant, .bool, payload: 1))
  }

  /// How many different terms there are.
  public var count: Int { nodes.count }

  func intern(_ node: TermNode) -> Term {
    var place = node.hash & (slots.count - 1)
    while slots[place] >= 0 {
      if nodes[Int(slots[place])] == node { return Term(slots[place]) }
      place = (place + 1) & (slots.count - 1)
    }
    let number = Int32(nodes.count)
    nodes.append(node)
    slots[place] = number
    if nodes.count * 2 > slots.count { grow() }
    return Term(number)
  }

  private func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (number, node) in nodes.enumerated() {
      var place = node.hash & (slots.count - 1)
      while slots[place] >= 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = Int32(number)
    }
  }

  func node(_ term: Term) -> TermNode { nodes[Int(term.index)] }

  // MARK: Looking at terms

  public func sort(of term: Term) -> Sort { node(term).sort }
  public func `operator`(of term: Term) -> Operator { node(term).op }
  /// The value of a constant, the number of a variable, the first bit of an extract.
  public func payload(of term: Term) -> UInt64 { node(term).payload }

  public func operands(of term: Term) -> [Term] {
    let node = node(term)
    return [node.a, node.b, node.c].prefix(node.arity).map { Term($0) }
  }

  /// The operands in the order in which solvers should get them: of two that may be exchanged, what was made last.
  ///
  /// Z3 hashes a term by its operands, and little is left of the last one. So chains whose first operands are a few
  /// variables in turn get some thirty hashes for any number of terms, and merely making them takes time that grows with
  /// the square.
  public func operandsForSolvers(of term: Term) -> [Term] {
    let operands = operands(of: term)
    guard node(term).op.isCommutative, operands.contains(where: { node($0).arity > 0 }) else {
      return operands
    }
    return operands.sorted { (node($0).arity > 0 ? 1 : 0, $0) > (node($1).arity > 0 ? 1 : 0, $1) }
  }

  /// The value of a constant term.
  public func constantValue(_ term: Term) -> UInt64? {
    let node = node(term)
    return node.op == .constant ? node.payload : nil
  }

  public func name(ofVariable term: Term) -> String { variableNames[Int(node(term).payload)] }

  // MARK: Leaves

  public func bool(_ value: Bool) -> Term { value ? yes : no }

  /// A word; higher bits of the value are cut off.
  public func word(_ value: UInt64, width: Int) -> Term {
    precondition((1...64).contains(width), "a word has 1 to 64 bits")
    let node = TermNode(.constant, .bits(width), payload: value & (.max >> UInt64(64 - width)))
    return intern(node)
  }

  public func constant(_ value: UInt64, _ sort: Sort) -> Term {
    switch sort {
    case .bool: bool(value & 1 != 0)
    case .bits(let width): word(value, width: width)
    }
  }

  /// A new variable, different from all others even if the name is not.
  public func variable(_ name: String, _ sort: Sort) -> Term {
    if case .bits(let width) = sort { precondition((1...64).contains(width), "a word has 1 to 64 bits") }
    let term = intern(TermNode(.variable, sort, payload: UInt64(variables.count)))
    variables.append(term)
    variableNames.append(name)
    return term
  }
}
