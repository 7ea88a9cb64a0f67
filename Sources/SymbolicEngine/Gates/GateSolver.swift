import SATSolver
import Terms

/// The gates of all terms that solvers were asked about: common to many `GateSolver`s, so that no term is taken apart twice.
final class GateNetwork {
  fileprivate var blaster: BitBlaster

  init(_ store: TermStore) { blaster = BitBlaster(growing: store) }

  /// Requires: `term` is a truth value.
  fileprivate func literal(of term: Term) -> AndGraph.Literal { blaster.literals(of: [term])[0][0] }
}

/// Answers the same questions as `Solver`, bit by bit, with clauses that are added only for what is asked about.
///
/// Most questions about a step are small: what takes time in Z3 is to simplify and to take apart what it is told, again and again.
final class GateSolver {
  enum Answer {
    /// Values of variables, by number; others do not matter.
    case sat([Int: UInt64])
    case unsat(core: [Term])
    case unknown(String)
  }

  private let network: GateNetwork
  private let clauses = ClauseSolver()
  /// The literals of nodes that the solver knows.
  private var known: [Int: Literal] = [:]
  /// Leaves among them: which bit of which variable.
  private var leaves: [(literal: Literal, variable: Int, bit: Int)] = []

  init(_ network: GateNetwork) { self.network = network }

  func assert(_ term: Term) {
    switch network.literal(of: term) {
    case AndGraph.yes: return
    case AndGraph.no: clauses.add([])
    case let root: clauses.add([literal(root)])
    }
  }

  /// Where `condition` is true, `term` is.
  func assert(_ term: Term, if condition: Term) {
    let (condition, root) = (network.literal(of: condition), network.literal(of: term))
    if root == AndGraph.yes || condition == AndGraph.no { return }
    var clause = condition == AndGraph.yes ? [] : [!literal(condition)]
    if root != AndGraph.no { clause.append(literal(root)) }
    clauses.add(clause)
  }

  /// Whether all that was asserted can be true together with the assumptions.
  func check(assuming assumptions: [Term], conflictLimit: Int) -> Answer {
    var literals: [Literal] = []
    var terms: [Literal: Term] = [:]
    for term in assumptions {
      switch network.literal(of: term) {
      case AndGraph.yes: continue
      case AndGraph.no: return .unsat(core: [term])
      case let root:
        literals.append(literal(root))
        terms[literals[literals.count - 1]] = term
      }
    }
    switch clauses.solve(assuming: literals, conflictLimit: conflictLimit) {
    case .sat:
      var values: [Int: UInt64] = [:]
      for leaf in leaves {
        values[leaf.variable, default: 0] |= clauses.isTrue(leaf.literal) ? 1 << UInt64(leaf.bit) : 0
      }
      return .sat(values)
    case .unsat(let core): return .unsat(core: core.compactMap { terms[$0] })
    case .unknown: return .unknown("more than \(conflictLimit) conflicts")
    }
  }

  /// The solver's literal for one of the graph that is no constant; defines all gates below.
  private func literal(_ root: AndGraph.Literal) -> Literal {
    let graph = network.blaster.graph
    var stack = [root / 2]
    while let node = stack.last {
      if known[node] != nil {
        stack.removeLast()
        continue
      }
      guard let gate = graph.gate(ofNode: node) else {
        stack.removeLast()
        let made = clauses.newVariable()
        known[node] = made
        let owner = network.blaster.owner(ofLeaf: node)
        leaves.append((made, owner.variable, owner.bit))
        continue
      }
      let missing = [gate.left / 2, gate.right / 2].filter { known[$0] == nil }
      if missing.isEmpty {
        stack.removeLast()
        define(node, gate)
      } else {
        stack += missing
      }
    }
    return signed(root)
  }

  private func signed(_ literal: AndGraph.Literal) -> Literal {
    guard let made = known[literal / 2] else { preconditionFailure("a node without a literal") }
    return literal & 1 == 0 ? made : !made
  }

  private func define(_ node: Int, _ gate: AndGraph.Gate) {
    let made = clauses.newVariable()
    let (a, b) = (signed(gate.left), signed(gate.right))
    known[node] = made
    clauses.add([!made, a])
    clauses.add([!made, b])
    clauses.add([made, !a, !b])
  }
}
