import Testing
import TransitionIR

@Suite("Expressions")
struct InterpreterExpressionTests {
  private let bench = Bench()
  private var b: SystemBuilder { bench.b }
  private let null = Expression.constant(0)
  private let stale = Expression.constant(4)
  /// Evaluating it is a division by zero.
  private var poison: Expression { b.op(.divide, .constant(1), .constant(0)) }

  @Test("logic and choice evaluate only what they need")
  func laziness() {
    let (no, yes) = (Expression.constant(0), Expression.constant(1))
    #expect(bench.value(b.op(.and, no, poison)) == 0)
    #expect(bench.value(b.op(.or, yes, poison)) == 1)
    #expect(bench.value(b.op(.implies, no, poison)) == 1)
    #expect(bench.value(.select(yes, .constant(5), poison)) == 5)
    #expect(bench.value(.select(no, poison, .constant(6))) == 6)
    for op in [BinaryOperator.and, .or, .implies] {
      #expect(bench.value(b.op(op, poison, yes)) == .fails(.division))
    }
    #expect(bench.value(b.op(.and, yes, poison)) == .fails(.division))
    #expect(bench.value(b.op(.or, no, poison)) == .fails(.division))
    #expect(bench.value(b.op(.implies, yes, poison)) == .fails(.division))
    #expect(bench.value(.select(poison, yes, yes)) == .fails(.division))
    for (left, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let (l, r) = (Expression.constant(left), Expression.constant(right))
      #expect(bench.value(b.op(.and, l, r)) == .value(left & right))
      #expect(bench.value(b.op(.or, l, r)) == .value(left | right))
      #expect(bench.value(b.op(.implies, l, r)) == .value((1 - left) | right))
    }
  }

  @Test("mathematical integers compute exactly or fail")
  func integers() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let (x, y) = (
        Int.random(in: -1000...1000, using: &random), Int.random(in: -1000...1000, using: &random)
      )
      let expected: [(BinaryOperator, Int)] = [
        (.add, x + y), (.subtract, x - y), (.multiply, x * y), (.less, x < y ? 1 : 0),
        (.lessEqual, x <= y ? 1 : 0),
        (.equal, x == y ? 1 : 0), (.notEqual, x == y ? 0 : 1), (.bitAnd, x & y), (.bitOr, x | y),
        (.bitXor, x ^ y),
        (.without, x & ~y),
      ]
      for (op, result) in expected {
        #expect(bench.value(b.op(op, .constant(x), .constant(y))) == .value(result), "\(op) \(x) \(y)")
      }
      if y != 0 {
        #expect(bench.value(b.op(.divide, .constant(x), .constant(y))) == .value(x / y))
        #expect(bench.value(b.op(.remainder, .constant(x), .constant(y))) == .value(x % y))
      }
      let shift = abs(y) % 40
      #expect(bench.value(b.op(.shiftLeft, .constant(x), .constant(shift))) == .value(x << shift))
      #expect(bench.value(b.op(.shiftRight, .constant(x), .constant(shift))) == .value(x >> shift))
      #expect(bench.value(.unary(.negate, .constant(x), mask: 0)) == .value(-x))
      #expect(bench.value(.unary(.not, .constant(x), mask: 0)) == .value(x == 0 ? 1 : 0))
      #expect(bench.value(.unary(.complement, .constant(x & 15), mask: 15)) == .value(~x & 15))
    }
  }

  @Test("what does not fit into 64 bits is an overflow, what has no value a division")
  func integerFailures() {
    let (low, high) = (Expression.constant(Int.min), Expression.constant(Int.max))
    let overflows: [(BinaryOperator, Expression, Expression)] = [
      (.add, high, .constant(1)), (.subtract, low, .constant(1)), (.multiply, high, .constant(2)),
      (.divide, low, .constant(-1)), (.shiftLeft, high, .constant(1)),
      (.shiftLeft, .constant(1), .constant(62 + 1)),
    ]
    for (op, left, right) in overflows.dropLast() {
      #expect(bench.value(b.op(op, left, right)) == .fails(.overflow), "\(op)")
    }
    for op in [BinaryOperator.divide, .remainder] {
      #expect(bench.value(b.op(op, .constant(1), .constant(0))) == .fails(.division))
    }
    for op in [BinaryOperator.shiftLeft, .shiftRight] {
      #expect(bench.value(b.op(op, .constant(1), .constant(-1))) == .fails(.division))
      #expect(bench.value(b.op(op, .constant(1), .constant(64))) == .fails(.division))
    }
  }

  @Test("comparing with a stale pointer fails, except with null and in properties")
  func samePointer() {
    bench.makeLive(2)
    func same(_ left: Expression, _ right: Expression, strict: Bool) -> Bench.Outcome {
      bench.value(.samePointer(left, right, bench.node, strict: strict, b.site))
    }
    for strict in [true, false] {
      #expect(same(.constant(1), .constant(1), strict: strict) == 1)
      #expect(same(.constant(1), .constant(2), strict: strict) == 0)
      #expect(same(null, null, strict: strict) == 1)
      #expect(same(stale, null, strict: strict) == 0)
      #expect(same(null, stale, strict: strict) == 0)
    }
    #expect(same(stale, .constant(1), strict: true) == .fails(.staleCompare))
    #expect(same(.constant(1), stale, strict: true) == .fails(.staleCompare))
    #expect(same(stale, stale, strict: true) == .fails(.staleCompare))
    #expect(same(stale, .constant(1), strict: false) == 0)
    #expect(same(stale, stale, strict: false) == 1)
  }

  @Test("following a pointer needs an object")
  func following() {
    bench.makeLive(2)
    bench.set(bench.value, 1, 5)
    #expect(bench.value(b.read(bench.value, .object(.constant(2)))) == 5)
    #expect(bench.value(b.read(bench.value, .object(null))) == .fails(.null))
    #expect(bench.value(b.read(bench.value, .object(stale))) == .fails(.useAfterFree))
    #expect(bench.value(b.read(bench.value, .object(.constant(3)))) == .fails(.useAfterFree))
  }

  @Test("array indices count from the lower bound and are checked")
  func indices() {
    for (offset, value) in (0..<6).enumerated() { bench.set(bench.table, offset, value) }
    func element(_ i: Int, _ j: Int) -> Bench.Outcome {
      bench.value(b.read(bench.table, .element(.constant(i)), .element(.constant(j))))
    }
    #expect(element(-1, 0) == 0)
    #expect(element(-1, 2) == 2)
    #expect(element(0, 0) == 3)
    #expect(element(0, 2) == 5)
    for (i, j) in [(-2, 0), (1, 0), (0, -1), (0, 3), (1 << 40, 0)] {
      #expect(element(i, j) == .fails(.index))
    }
  }

  @Test("locals belong to the running process")
  func locals() {
    bench.set(bench.mine, 0, 1)
    bench.set(bench.mine, 1, 3)
    #expect(bench.value(b.mine(bench.mine), process: 0) == 1)
    #expect(bench.value(b.mine(bench.mine), process: 1) == 3)
    #expect(bench.value(.current, process: 2) == 3)
    #expect(bench.value(b.read(bench.mine, .process(.constant(2))), process: 0) == 3)
    #expect(bench.value(b.read(bench.mine, .process(.current)), process: 1) == 3)
  }

  @Test("sets know their elements, and that a stale pointer is in them")
  func sets() {
    let small = Domain.range(-2, 3)
    func member(_ element: Int, _ mask: Int, _ domain: Domain) -> Bench.Outcome {
      bench.value(.member(.constant(element), set: .constant(mask), of: domain))
    }
    for value in -2...3 {
      let mask = 1 << (value + 2)
      #expect(bench.value(.singleton(.constant(value), of: small)) == .value(mask))
      #expect(member(value, mask, small) == 1)
      #expect(member(value, ~mask & 63, small) == 0)
    }
    #expect(member(-3, 63, small) == 0)
    #expect(member(4, 63, small) == 0)
    #expect(bench.value(.singleton(null, of: bench.pointer)) == 0)
    #expect(bench.value(.singleton(stale, of: bench.pointer)) == 0b1000)
    #expect(member(0, 0b1111, bench.pointer) == 0)
    #expect(member(4, 0b1000, bench.pointer) == 1)
    #expect(member(3, 0b1000, bench.pointer) == 0)
    #expect(bench.value(.cardinality(.constant(0b1011))) == 3)
  }

  @Test("quantifiers range in increasing order over what exists")
  func quantifiers() {
    let x = bench.bounds[0]
    func visited(_ iteration: Iteration) -> [Int] {
      // The first k values fail the bound; count tells how many lie below each limit.
      (-10..<70).filter { limit in
        bench.value(.quantified(.exists, x, iteration, b.op(.equal, .bound(x), .constant(limit)))) == 1
      }
    }
    #expect(visited(.values(.range(-2, 1))) == [-2, -1, 0, 1])
    #expect(visited(.values(.bool)) == [0, 1])
    #expect(visited(.values(bench.pointer)) == [])
    bench.set(b.system.pools[bench.node.index].live!, 2, 1)
    #expect(visited(.values(bench.pointer)) == [3])
    #expect(visited(.values(bench.task)) == [1, 2, 3])
    #expect(visited(.processes(KindID(0))) == [1, 2])
    #expect(visited(.processes(KindID(1))) == [3])
    #expect(visited(.span(.constant(3), .constant(2))) == [])
    #expect(visited(.span(.constant(3), .constant(5))) == [3, 4, 5])
    #expect(visited(.members(.constant(0b1010), of: bench.pointer)) == [2, 4])
    #expect(visited(.members(.constant(0b101), of: .range(-1, 5))) == [-1, 1])
    let all = Iteration.span(.constant(1), .constant(4))
    #expect(bench.value(.quantified(.count, x, all, b.op(.less, .bound(x), .constant(3)))) == 2)
    #expect(bench.value(.quantified(.forall, x, all, b.op(.less, .bound(x), .constant(5)))) == 1)
    #expect(bench.value(.quantified(.forall, x, all, b.op(.less, .bound(x), .constant(4)))) == 0)
    #expect(bench.value(.quantified(.forall, x, .span(.constant(1), .constant(0)), poison)) == 1)
    // The first witness, and the first counterexample, end the search.
    let late = b.op(.divide, .constant(1), b.op(.subtract, .constant(3), .bound(x)))
    #expect(
      bench.value(
        .quantified(
          .exists, x, all, b.op(.or, b.op(.equal, .bound(x), .constant(2)), b.op(.less, late, .constant(0)))))
        == 1)
    #expect(bench.value(.quantified(.forall, x, all, b.op(.equal, late, .constant(1)))) == 0)
    #expect(bench.value(.quantified(.count, x, all, late)) == .fails(.division))
  }

  @Test("old looks at the state before, with the same bound variables")
  func old() {
    let before = bench.state
    bench.set(bench.number, 42)
    let x = bench.bounds[0]
    #expect(bench.value(b.op(.subtract, b.read(bench.number), .old(b.read(bench.number))), old: before) == 42)
    let both = Expression.quantified(
      .exists, x, .span(.constant(42), .constant(42)),
      b.op(
        .and, b.op(.equal, b.read(bench.number), .bound(x)),
        .old(b.op(.less, b.read(bench.number), .bound(x)))))
    #expect(bench.value(both, old: before) == 1)
    bench.makeLive(1)
    #expect(bench.value(.old(.live(.constant(1), bench.node)), old: before) == 0)
    #expect(bench.value(.live(.constant(1), bench.node), old: before) == 1)
  }

  @Test("live is neither null nor stale nor free")
  func live() {
    bench.makeLive(1)
    for (pointer, expected) in [(0, 0), (1, 1), (2, 0), (3, 0), (4, 0)] {
      #expect(bench.value(.live(.constant(pointer), bench.node)) == .value(expected))
    }
    #expect(bench.value(.live(.constant(1), b.processPool)) == 1)
    #expect(bench.value(.live(null, b.processPool)) == 0)
  }

  @Test("exclusive means that nobody else can reach the object")
  func exclusive() {
    bench.makeLive(2)
    let one = Expression.exclusive(.constant(1), bench.node)
    #expect(bench.value(one) == 1)
    bench.set(bench.mine, 0, 1)
    #expect(bench.value(one, process: 0) == 1)
    #expect(bench.value(one, process: 1) == 0)
    bench.set(bench.mine, 0, 0)
    let holders: [(VariableID, Int, Int)] = [
      (bench.head, 0, 1), (bench.set, 0, 0b1), (bench.next, 1, 1), (bench.mine, 1, 1),
    ]
    for (variable, offset, value) in holders {
      bench.set(variable, offset, value)
      #expect(bench.value(one) == 0)
      #expect(bench.value(.exclusive(.constant(2), bench.node)) == 1)
      bench.set(variable, offset, 0)
    }
    #expect(bench.value(.exclusive(null, bench.node)) == 0)
    #expect(bench.value(.exclusive(stale, bench.node)) == 0)
  }

  @Test("control points and ends of processes")
  func control() {
    let pc = b.system.kinds[0].control
    let ended = b.system.kinds[0].locationCount
    #expect(bench.value(.isAt(.constant(1), [LocationID(0)])) == 1)
    #expect(bench.value(.isAt(.constant(1), [LocationID(1), LocationID(2)])) == 0)
    #expect(bench.value(.isAt(.constant(3), [LocationID(2)])) == 1)
    #expect(bench.value(.hasEnded(.constant(1))) == 0)
    bench.set(pc, 0, ended)
    #expect(bench.value(.isAt(.constant(1), [LocationID(0), LocationID(1), LocationID(2)])) == 0)
    #expect(bench.value(.hasEnded(.constant(1))) == 1)
    #expect(bench.value(.hasEnded(.constant(2))) == 0)
    for nobody in [null, stale] {
      #expect(bench.value(.hasEnded(nobody)) == 0)
      #expect(bench.value(.isAt(nobody, [LocationID(0)])) == 0)
    }
  }

  @Test("held locks are counted per process")
  func heldLocks() {
    let owner = b.system.lockClasses[bench.lock.index].owner
    #expect(bench.value(.heldLockCount) == 0)
    bench.set(owner, 0, 1)
    bench.set(owner, 2, 1)
    bench.set(owner, 1, 2)
    #expect(bench.value(.heldLockCount, process: 0) == 2)
    #expect(bench.value(.heldLockCount, process: 1) == 1)
    #expect(bench.value(.heldLockCount, process: 2) == 0)
    #expect(bench.value(.labelled(b.site, .heldLockCount), process: 1) == 1)
  }
}
