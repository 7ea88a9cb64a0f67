import Testing

@testable import ExplicitEngine

@Suite("Spans of a level")
struct LevelSpanTests {
  /// A level whose states are their own numbers.
  private func level(_ counts: [Int]) -> LevelStates {
    var next: UInt64 = 0
    return LevelStates(
      chunks: counts.map { count in
        let chunk = Chunk(wordCount: 1)
        for _ in 0..<count {
          chunk.words?[chunk.count] = next
          chunk.count += 1
          next += 1
        }
        return chunk
      })
  }

  private func states(_ unit: WorkUnit) -> [UInt64] {
    (unit.position..<unit.end).compactMap { unit.chunk.words?[$0] }
  }

  private static let shapes: [[Int]] = [
    [], [1], [Chunk.capacity], [Chunk.capacity, 7], [3, Chunk.capacity, Chunk.capacity, 5, 1],
    Array(repeating: Chunk.capacity, count: 50) + [9],
  ]

  @Test("have each state once, in order", arguments: shapes, [1, 2, 3])
  func partition(counts: [Int], jobs: Int) {
    let spans = LevelSpan.divide(level(counts), among: jobs)
    #expect(spans.count == jobs)
    var taken: [UInt64] = []
    for span in spans {
      while let unit = span.nextUnit() { taken += states(unit) }
      #expect(span.nextUnit()?.end == nil)
      #expect(span.untaken.isEmpty)
    }
    #expect(taken == Array(0..<UInt64(counts.reduce(0, +))))
  }

  @Test("are about equally long, and cut finely if they are short")
  func lengths() {
    let long = LevelSpan.divide(level(Array(repeating: Chunk.capacity, count: 64)), among: 2)
    #expect(long.map(\.unitCount) == [32, 32])
    let short = LevelSpan.divide(level([Chunk.capacity, Chunk.capacity]), among: 2)
    #expect(short.map(\.unitCount) == [16, 16])
  }

  @Test("give back what is taken, but not what is in hand or shared with what is not taken")
  func release() throws {
    let level = level([Chunk.capacity, Chunk.capacity, Chunk.capacity])
    let span = LevelSpan.divide(level, among: 1)[0]
    func kept() -> [Bool] { level.chunks.map { $0.words != nil } }
    let first = try #require(span.nextUnit())
    span.releaseTaken(but: [first])
    #expect(kept() == [true, true, true])
    // To the middle of the second chunk.
    for _ in 0..<24 { _ = span.nextUnit() }
    span.releaseTaken(but: [first])
    #expect(kept() == [true, true, true], "something of the first is in hand")
    span.releaseTaken(but: [])
    #expect(kept() == [false, true, true], "half of the second is not taken")
    while span.nextUnit() != nil {}
    span.releaseTaken(but: [])
    #expect(kept() == [false, false, false])
  }
}
