import RandomTerms
import Terms
import Testing

@Suite("What terms mean")
struct MeaningTests {
  @Test("simplification changes no value of a random term", arguments: 0..<30)
  func randomTerms(_ seed: Int) {
    // Few widths, so that equal operands and constants meet; all widths, so that none is special.
    let widths: [[Int]] = [[1], [1, 2, 3], [8, 16], [63, 64], Array(1...64)]
    var generator = TreeGenerator(seed: UInt64(seed), widths: widths[seed % widths.count])
    for _ in 0..<30 {
      let sort: Sort = generator.chance(40) ? .bool : .bits(generator.width())
      let tree = generator.tree(sort, depth: 5)
      let term = tree.term(in: generator.store)
      #expect(generator.store.sort(of: term) == sort)
      for _ in 0..<4 {
        let values = generator.assignment()
        let expected = tree.value { values[$0] }
        #expect(generator.store.evaluate([term]) { values[$0] } == [expected], "\(tree)")
      }
    }
  }
}
