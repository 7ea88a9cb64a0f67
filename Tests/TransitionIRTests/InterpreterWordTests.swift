import Testing
import TransitionIR

/// Machine words against Swift's own.
@Suite("Word arithmetic")
struct InterpreterWordTests {
  private let bench = Bench()

  private func check<Word: FixedWidthInteger & UnsignedInteger & Sendable>(_: Word.Type) {
    var random = SeededGenerator(seed: UInt64(Word.bitWidth))
    let corners: [Word] = [
      0, 1, 2, .max, .max - 1, 1 << Word(Word.bitWidth - 1), (1 << Word(Word.bitWidth - 1)) - 1,
    ]
    var pairs = corners.flatMap { a in corners.map { (a, $0) } }
    for _ in 0..<400 {
      let shift = Word(Int.random(in: 0..<Word.bitWidth, using: &random))
      let (a, b) = (Word.random(in: 0 ... .max, using: &random), Word.random(in: 0 ... .max, using: &random))
      pairs += [(a >> shift, b), (a, b >> shift), (a, shift)]
    }
    for (a, b) in pairs { check(a, b) }
  }

  private func pattern<Word: FixedWidthInteger>(_ word: Word) -> Int { Int(truncatingIfNeeded: word) }

  private func check<Word: FixedWidthInteger & UnsignedInteger & Sendable>(_ a: Word, _ b: Word) {
    var expected: [(BinaryOperator, Bench.Outcome)] = [
      (.add, .value(pattern(a &+ b))), (.subtract, .value(pattern(a &- b))),
      (.multiply, .value(pattern(a &* b))),
      (.bitAnd, .value(pattern(a & b))), (.bitOr, .value(pattern(a | b))), (.bitXor, .value(pattern(a ^ b))),
      (.without, .value(pattern(a & ~b))), (.equal, .value(a == b ? 1 : 0)),
      (.notEqual, .value(a != b ? 1 : 0)),
      (.less, .value(a < b ? 1 : 0)), (.lessEqual, .value(a <= b ? 1 : 0)),
      (.divide, b == 0 ? .fails(.division) : .value(b == 0 ? 0 : pattern(a / b))),
      (.remainder, b == 0 ? .fails(.division) : .value(b == 0 ? 0 : pattern(a % b))),
    ]
    let isShift = b < Word(Word.bitWidth)
    expected.append((.shiftLeft, isShift ? .value(pattern(a << b)) : .fails(.division)))
    expected.append((.shiftRight, isShift ? .value(pattern(a >> b)) : .fails(.division)))
    for (op, outcome) in expected {
      let expression = bench.b.op(op, .constant(pattern(a)), .constant(pattern(b)), .wrapping(Word.bitWidth))
      let value = bench.value(expression)
      if value != outcome {
        Issue.record("\(a) \(op) \(b) of \(Word.bitWidth) bits: \(value), not \(outcome)")
      }
    }
    let mask = pattern(Word.max)
    #expect(bench.value(.unary(.complement, .constant(pattern(a)), mask: mask)) == .value(pattern(~a)))
    #expect(bench.value(.unary(.negate, .constant(pattern(a)), mask: mask)) == .value(pattern(0 &- a)))
  }

  @Test("of 8 bits") func word8() { check(UInt8.self) }
  @Test("of 16 bits") func word16() { check(UInt16.self) }
  @Test("of 32 bits") func word32() { check(UInt32.self) }
  @Test("of 64 bits") func word64() { check(UInt64.self) }

  @Test("stored in a word, a value keeps its lowest bits")
  func storing() throws {
    for value in [0, 255, 256, -1, 1 << 40 | 7, Int.min] {
      let after = try bench.runOnce([.assign(bench.b.place(bench.small), .constant(value))])
      #expect(bench.get(bench.small, in: after.state) == value & 255)
    }
  }
}
