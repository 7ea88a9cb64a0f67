import CheckDriver
import Foundation
import RandomSpecs
import RandomTerms
import SMTSolver
import Terms
import Testing
import TransitionIR

@testable import SymbolicEngine

@Suite("Exported questions ask what the spec says")
struct ExportTests {
  static let classics = [
    "mutex", "peterson", "rwlock", "refcount", "buffer", "ptshare", "barrier", "mcslock",
  ]

  @Test("circuits of classic specs do what the interpreter does", arguments: classics)
  func classic(name: String) throws {
    let path =
      #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/specs/classic/\(name).mmck"
    let system = try compile(path, overrides: [], scope: nil, granularity: .statement, host: .system).system
    for (language, isBinary) in [(QuestionLanguage.btor2, false), (.aiger, false), (.aiger, true)] {
      let comparison = try ExportComparison(system, language, isBinary: isBinary)
      let found = try #require(comparison.difference(limit: 20))
      #expect(found.text == nil && found.count >= 18)
    }
  }

  @Test("circuits of random specs do what the interpreter does", arguments: 0..<4)
  func random(part: UInt64) throws {
    var count = 0
    for seed in part * 10..<part * 10 + 10 {
      let spec = RandomSpec(seed: seed)
      let system = try compile(spec.text)
      for language in [QuestionLanguage.btor2, .aiger] {
        do {
          let comparison = try ExportComparison(system, language, isBinary: seed % 2 == 0)
          guard let (compared, text) = comparison.difference(limit: 15) else { continue }
          if let text { Issue.record("seed \(seed), \(language): \(text)\n\(spec.text)") }
          count += compared
        } catch is EncodingRefusal { continue }
      }
    }
    #expect(count > 50)
  }

  @Test("gates compute what terms mean", arguments: 0..<8)
  func gates(seed: UInt64) {
    var trees = TreeGenerator(seed: seed, widths: [1, 2, 3, 4, 5, 7, 8, 13])
    let roots = (0..<60).map { number in
      trees.tree(number % 2 == 0 ? .bool : .bits(trees.width()), depth: 3).term(in: trees.store)
    }
    let (store, widths) = (trees.store, trees.store.variables.map { trees.store.sort(of: $0).width })
    let graph = AndGraph(leafCount: widths.reduce(0, +))
    var (leaves, next): ([Term: [Int]], Int) = ([:], 0)
    for (variable, width) in zip(store.variables, widths) {
      leaves[variable] = (0..<width).map { graph.leaf(next + $0) }
      next += width
    }
    var blaster = BitBlaster(store, graph, leaves: leaves)
    let literals = blaster.literals(of: roots)
    for _ in 0..<20 {
      let assignment = trees.assignment()
      let bits = blaster.graph.values(of: zip(assignment, widths).flatMap(bits))
      let found = literals.map { word(of: $0, bits) }
      #expect(found == store.evaluate(roots) { assignment[$0] })
    }
  }

  private func bits(_ word: UInt64, _ width: Int) -> [Bool] {
    (0..<width).map { word >> UInt64($0) & 1 == 1 }
  }

  private func word(of literals: [Int], _ nodes: [Bool]) -> UInt64 {
    var result: UInt64 = 0
    for literal in literals.reversed() {
      let isSet = nodes[literal / 2] != (literal & 1 == 1)
      result = result << 1 | (isSet ? 1 : 0)
    }
    return result
  }

  @Test("Z3 reads the clauses, and where it decides it never contradicts the search", arguments: 0..<3)
  func horn(part: UInt64) throws {
    var options = SolverOptions(.general)
    options.timeout = .milliseconds(400)
    var decided = 0
    for seed in part * 8..<part * 8 + 8 {
      let system = try compile(RandomSpec(seed: seed).text)
      guard let bytes = try? SafetyQuestion(system).bytes(in: .smtlib, header: []) else { continue }
      let answer = try check(smtlib: String(decoding: bytes, as: UTF8.self), options: options)
      guard let isBroken = try isBroken(system) else { continue }
      switch answer {
      case .sat: #expect(!isBroken, "seed \(seed)")
      case .unsat: #expect(isBroken, "seed \(seed)")
      case .unknown: continue
      }
      decided += 1
    }
    #expect(decided > 0)
  }

  /// Whether the search finds anything that the clauses ask about; nil if it sees too much.
  private func isBroken(_ system: TransitionSystem) throws -> Bool? {
    let comparison = BoundedComparison(system: system, limit: 0)
    let broken = try comparison.searched().keys
    return !broken.isEmpty
  }

  @Test("the same question is the same text, in every language")
  func determinism() throws {
    let spec = RandomSpec(seed: 3)
    for language in QuestionLanguage.allCases {
      let texts = try (0..<2).map { _ in
        try SafetyQuestion(compile(spec.text)).bytes(in: language, header: ["a test"])
      }
      #expect(texts[0] == texts[1])
    }
  }

  @Test("a property that is not there, or is about all runs together, is refused by name")
  func refusals() throws {
    let system = try compile(tinySpec)
    #expect(throws: EncodingRefusal.self) { try SafetyQuestion(system, about: ["nothing"]) }
    #expect(throws: EncodingRefusal.self) { try SafetyQuestion(system, about: ["lock.order"]) }
    #expect(try SafetyQuestion(system, about: ["small"]).properties == ["small"])
  }

  @Test("a tiny spec, in full", arguments: QuestionLanguage.allCases)
  func golden(language: QuestionLanguage) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let file = folder.appending(path: "tiny.\(language.rawValue)")
    let bytes = try SafetyQuestion(compile(tinySpec), about: ["small", "assert"]).bytes(
      in: language, header: ["a tiny spec"])
    #expect(try String(decoding: bytes, as: UTF8.self) == String(contentsOf: file, encoding: .utf8))
  }

  private let tinySpec = """
    spec tiny "two processes count to two";
    typedef 0..3 count_t;
    count_t count;
    process counter[2] {
        count = count + 1;
        assert(count != 0);
    }
    invariant small "never three": count <= 2;
    expect holds *;
    """
}

extension AndGraph {
  /// The values of all nodes, from those of the leaves.
  fileprivate func values(of leaves: [Bool]) -> [Bool] {
    var values = [false] + leaves
    func value(_ literal: Int) -> Bool { values[literal / 2] != (literal & 1 == 1) }
    for gate in gates { values.append(value(gate.left) && value(gate.right)) }
    return values
  }
}
