import ExplicitEngine
import Testing
import TransitionIR

@testable import LemmaMining

@Suite("Numbers that are sums of counts")
struct CountingTests {
  private func lemmas(_ example: Scopes.Example) throws -> (SystemPair, [CountingLemma]) {
    let pair = try example.pair()
    let finder = CountingFinder(Observations(pair, try Scopes.states(pair.small)))
    return (pair, finder.lemmas())
  }

  private func value(_ lemma: CountingLemma, in state: [Int], _ system: TransitionSystem) throws -> Bool {
    let expression = lemma.expression(in: system, firstBound: BoundID(system.boundCount))
    return try Interpreter(system.withRoom).value(expression, in: state) != 0
  }

  @Test("the counters of a lock are found to count who is inside, and count three as well as two")
  func countersOfALock() throws {
    let (pair, lemmas) = try lemmas(Scopes.examples[1])
    let texts = Set(lemmas.map { $0.description(in: pair.large) })
    #expect(texts.contains("waiting_writers == (count x in writer: x at lines 62-63, 67-68 of write_lock)"))
    #expect(
      texts.contains(
        "active_writer == (count x in writer: x at line 71 of write_lock, lines 76-77 of write_unlock)"))
    #expect(lemmas.count == 3)
    let states = try Scopes.states(pair.large)
    #expect(states.isComplete)
    try states.forEach { state throws in
      for lemma in lemmas {
        #expect(try value(lemma, in: state, pair.large), "\(lemma.description(in: pair.large))")
      }
    }
  }

  @Test(
    "what is found is true in every small state, and has the interpreter's value in any",
    arguments: Scopes.examples + [Scopes.refcount])
  func lemmasAreTrueOfTheSmallSystem(_ example: Scopes.Example) throws {
    let (pair, lemmas) = try lemmas(example)
    let scopes = ScopeTable(pair.small)
    var random = SystemRandom(state: 5)
    try Scopes.states(pair.small).forEach { state throws in
      for lemma in lemmas {
        #expect(try value(lemma, in: state, pair.small))
        var other = state
        for kind in pair.small.kinds where kind.count > 0 {
          other[pair.small.variables[kind.control.index].slot] = random.below(kind.locationCount + 1)
        }
        var check = CountingCheck(lemma, in: pair.small, scopes)
        #expect(try check.isTrue(PlainState(slots: other)) == value(lemma, in: other, pair.small))
      }
    }
  }

  @Test("a reference count is found to count the pointers to its object")
  func referenceCount() throws {
    let (pair, lemmas) = try lemmas(Scopes.files)
    let texts = lemmas.map { $0.description(in: pair.large) }
    let found = try #require(
      lemmas.first { $0.description(in: pair.large).hasPrefix("forall o in file: o->refs ==") })
    #expect(texts.contains { $0.contains("user.f[x] == o") && $0.hasSuffix("+ [table == o]") }, "\(texts)")
    try Scopes.states(pair.large, limit: 2_000).forEach { state throws in
      #expect(try value(found, in: state, pair.large), "\(found.description(in: pair.large))")
    }
  }

  @Test("an object whose count is gone is found to be held by the one who is about to free it")
  func countIsGone() throws {
    let (pair, lemmas) = try lemmas(Scopes.refcount)
    let texts = lemmas.map { $0.description(in: pair.large) }
    let number = try #require(
      texts.firstIndex { $0.hasPrefix("forall o in object: [o->refs == 0] == (count x in user: x at ") },
      "\(texts)")
    #expect(texts[number].hasSuffix("&& put.mine[x] == o)"), "\(texts[number])")
    try Scopes.states(pair.large).forEach { state throws in
      #expect(try value(lemmas[number], in: state, pair.large))
    }
  }

  @Test("a column is written with the columns before it, or not at all")
  func relations() {
    var relations = LinearRelations(columns: 3, targets: 2)
    // The third column is the sum of the others; the first target is twice the first less the second, the second no sum.
    for (a, b, other) in [(1, 0, 1), (0, 1, 1), (1, 1, 0), (2, 1, 7)] {
      relations.add([a, b, a + b, 2 * a - b, other])
    }
    let solution = relations.solution(0)
    #expect(solution?.map(\.column) == [0, 1])
    #expect(solution?.map(\.coefficient) == [2, -1])
    #expect(relations.solution(1) == nil)
  }
}
