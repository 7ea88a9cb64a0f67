import Testing
import TransitionIR

@Suite("Wide choices")
struct WideChoiceTests {
  @Test("are those among more than 4096 values, told by their form")
  func width() {
    let few: [Iteration] = [
      .values(.bool), .values(.range(0, 4095)), .values(.wrapping(8)), .span(.constant(-1), .constant(4094)),
      .span(.constant(5), .constant(0)), .span(.current, .constant(Int.max)),
      .members(.constant(0), of: .range(0, 9)), .processes(KindID(0)),
      .values(.pointer(PoolID(0), capacity: 60)),
    ]
    let many: [Iteration] = [
      .values(.range(0, 4096)), .values(.wrapping(16)), .values(.wrapping(64)),
      .span(.constant(0), .constant(4096)), .span(.constant(Int.min), .constant(Int.max)),
    ]
    #expect(few.allSatisfy { !$0.isWide } && many.allSatisfy(\.isWide))
  }

  @Test("an ill-formed domain is none, and does not trap")
  func illFormed() {
    let iterations: [Iteration] = [
      .values(.wrapping(99)), .values(.range(5, 1)), .values(.range(Int.min, Int.max)),
      .values(.set(.wrapping(64))),
    ]
    #expect(iterations.allSatisfy { !$0.isWide })
  }

  /// A process that picks any word below the one before, then forks, then picks again.
  private func twoPicks() -> Interpreter {
    let b = SystemBuilder("wide", kinds: [("p", 1)])
    let word = b.global("word", .wrapping(64))
    let other = b.global("other", .wrapping(64))
    let (first, second) = (b.bound(), b.bound())
    let below = b.op(.less, .bound(second), .read(b.place(word)), .wrapping(64))
    b.steps { _ in
      [
        [
          .pick(b.place(word), first, .values(.wrapping(64)), filter: .constant(1)),
          .fork([[], [.assign(b.place(word), .constant(3))]]),
          .pick(b.place(other), second, .values(.wrapping(64)), filter: below), .end,
        ]
      ]
    }
    return Interpreter(b.system)
  }

  @Test("take each candidate that fits, and are named by it; forks between them are enumerated")
  func candidates() {
    let interpreter = twoPicks()
    #expect(validate(interpreter.system).isEmpty && interpreter.system.hasWideChoices)
    let start = interpreter.initialStates()[0].state
    let found = interpreter.successors(of: start, process: 0, candidates: [-1, 7, 7])
    // Word 7: nothing is below it but what the fork makes smaller still; word -1 is the largest there is.
    #expect(found.map(\.choices) == [[-1, 0, 7]])
    let more = interpreter.successors(of: start, process: 0, candidates: [2, 7])
    #expect(more.map(\.choices) == [[2, 1, 2], [7, 0, 2], [7, 1, 2]])
    #expect(more.map { $0.picked.map(\.value) } == [[2, 2], [7, 2], [7, 2]])
    #expect(interpreter.successors(of: start, process: 0).isEmpty && !interpreter.isStuck(0, in: start))
  }
}
