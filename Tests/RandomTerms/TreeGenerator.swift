import Terms

/// Numbers that look like chance and are the same for the same seed everywhere (SplitMix64).
public struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}

/// Random trees over variables that it makes in a store; every operator and every width occurs.
public struct TreeGenerator {
  public let store: TermStore
  public var numbers: SeededNumbers
  /// The widths that are used; few of them make operands meet more often.
  private let widths: [Int]
  /// How often, in percent, a tree is taken again that was made before.
  private let reuse: Int
  /// How many variables of one sort there are at most.
  private let variableLimit: Int
  private var made: [Size: [Tree]] = [:]
  private var variables: [Sort: [Int]] = [:]

  /// Trees of one sort, and of at most one depth.
  private struct Size: Hashable {
    let sort: Sort
    let depth: Int
  }

  public init(seed: UInt64, widths: [Int] = Array(1...64), reuse: Int = 20, variableLimit: Int = .max) {
    store = TermStore()
    numbers = SeededNumbers(seed: seed)
    self.widths = widths
    self.reuse = reuse
    self.variableLimit = variableLimit
  }

  public mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

  public mutating func width() -> Int { widths[Int.random(in: 0..<widths.count, using: &numbers)] }

  /// A tree of at most that depth.
  public mutating func tree(_ sort: Sort, depth: Int) -> Tree {
    let size = Size(sort: sort, depth: depth)
    if let known = made[size], chance(reuse) {
      return known[Int.random(in: 0..<known.count, using: &numbers)]
    }
    let tree = depth > 0 && !chance(10) ? compound(sort, depth: depth - 1) : leaf(sort)
    made[size, default: []].append(tree)
    return tree
  }

  /// A value that is likely to be a corner: few bits set or few missing, at the ends.
  public mutating func value(_ sort: Sort) -> UInt64 {
    let mask = UInt64.max >> UInt64(64 - sort.width)
    let small = UInt64.random(in: 0...3, using: &numbers)
    let value =
      switch Int.random(in: 0..<5, using: &numbers) {
      case 0: small
      case 1: 0 &- small
      case 2: (1 << UInt64(sort.width - 1)) &+ small &- 1
      case 3: UInt64.random(in: 0...UInt64(sort.width), using: &numbers)
      default: numbers.next()
      }
    return value & mask
  }

  /// Values for all variables, by number.
  public mutating func assignment() -> [UInt64] { store.variables.map { value(store.sort(of: $0)) } }

  private mutating func leaf(_ sort: Sort) -> Tree {
    if chance(30) { return .constant(value(sort), sort) }
    let known = variables[sort, default: []]
    if known.count < 2 || known.count < variableLimit && chance(10) {
      let number = store.variables.count
      _ = store.variable("x\(number % 7)", sort)
      variables[sort, default: []].append(number)
      return .variable(number, sort)
    }
    return .variable(known[Int.random(in: 0..<known.count, using: &numbers)], sort)
  }

  private mutating func compound(_ sort: Sort, depth: Int) -> Tree {
    if chance(12) {
      let operands = [tree(.bool, depth: depth), tree(sort, depth: depth), tree(sort, depth: depth)]
      return .apply(.select, operands, sort, low: 0)
    }
    switch sort {
    case .bool: return truth(depth: depth)
    case .bits(let width): return word(width, depth: depth)
    }
  }

  private mutating func truth(depth: Int) -> Tree {
    let op = pick([.not, .and, .or, .equal, .less, .lessEqual, .signedLess, .signedLessEqual])
    let operandSort: Sort =
      switch op {
      case .not, .and, .or: .bool
      case .equal: chance(30) ? .bool : .bits(width())
      default: .bits(width())
      }
    let operands = (0..<(op == .not ? 1 : 2)).map { _ in tree(operandSort, depth: depth) }
    return .apply(op, operands, .bool, low: 0)
  }

  private mutating func word(_ width: Int, depth: Int) -> Tree {
    let sort = Sort.bits(width)
    let op = pick([
      .add, .subtract, .multiply, .divide, .remainder, .signedDivide, .signedRemainder, .bitAnd, .bitOr,
      .bitXor, .bitNot,
      .shiftLeft, .shiftRight, .signedShiftRight, .zeroExtend, .zeroExtend, .signExtend, .extract, .extract,
    ])
    switch op {
    case .bitNot: return .apply(op, [tree(sort, depth: depth)], sort, low: 0)
    case .zeroExtend, .signExtend:
      let narrow = widths.filter { $0 <= width }
      let inner = narrow[Int.random(in: 0..<narrow.count, using: &numbers)]
      return .apply(op, [tree(.bits(inner), depth: depth)], sort, low: 0)
    case .extract:
      let wide = widths.filter { $0 >= width }
      let inner = wide[Int.random(in: 0..<wide.count, using: &numbers)]
      let low = chance(40) ? 0 : Int.random(in: 0...(inner - width), using: &numbers)
      return .apply(op, [tree(.bits(inner), depth: depth)], sort, low: low)
    default: return .apply(op, [tree(sort, depth: depth), tree(sort, depth: depth)], sort, low: 0)
    }
  }

  private mutating func pick(_ operators: [Operator]) -> Operator {
    operators[Int.random(in: 0..<operators.count, using: &numbers)]
  }
}
