import Evidence
import ExplicitEngine
import Foundation
import SMTSolver
import Testing
import TransitionIR

@testable import CheckDriver
@testable import SymbolicEngine

/// A shipped spec, and lemmas that are the bodies of its properties.
struct ClassicSpec {
  let compiled: CompiledSpec
  let goals: Goals
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  init(_ name: String, _ values: [(name: String, value: String)] = [], scope: String) throws {
    compiled = try compile(
      "\(Self.root)/specs/classic/\(name).mmck", overrides: values, scope: scope, granularity: .statement,
      host: .system)
    goals = Goals(SymbolicSystem(compiled.system)) { _ in true }
  }

  func lemma(_ name: String, negated: Bool = false) throws -> CandidateLemma {
    let property = try #require(compiled.system.properties.first { $0.name == name })
    return CandidateLemma(
      expression: negated ? .unary(.not, property.body, mask: 0) : property.body,
      text: negated ? "not \(name)" : name)
  }

  func certificate(of property: String, _ lemmas: [String], allProcesses: Bool = false) throws -> Certificate
  {
    let obligations = try Obligations(goals, allProcesses: allProcesses)
    return try Certificate(
      of: property, lemmas: lemmas.map { try lemma($0) }, try ObligationSolver(obligations), isOver: { false }
    )
  }

  func states() throws -> [[Int]] {
    let found = try ReachableStates(of: Interpreter(compiled.system), limits: SearchLimits(clock: { 0 }))
    var states: [[Int]] = []
    found.forEach { states.append($0) }
    return states
  }
}

/// A script with several questions as one script for each.
struct Questions {
  private(set) var scripts: [String] = []

  init(_ text: String) {
    var levels = [""]
    for line in text.components(separatedBy: "\n") {
      switch line {
      case "(push 1)": levels.append("")
      case "(pop 1)": levels.removeLast()
      case "(check-sat)": scripts.append(levels.joined() + line)
      default: levels[levels.count - 1] += line + "\n"
      }
    }
  }

  /// What Z3 says when it reads them as text.
  func answers() throws -> [Satisfiability] { try scripts.map { try check(smtlib: $0) } }
}

@Suite("A certificate")
struct CertificateTests {
  private func mutex() throws -> ClassicSpec { try ClassicSpec("mutex", [("TASKS", "4")], scope: "small") }

  @Test("keeps only the lemmas that are needed")
  func fewest() throws {
    let certificate = try mutex().certificate(
      of: "mutual_exclusion", ["lock_pairing", "mutual_exclusion_builtin", "mutual_exclusion"])
    #expect(certificate.lemmas.map(\.text) == ["mutual_exclusion", "lock_pairing"], "nearest first")
    #expect(certificate.isMinimal)
  }

  @Test("is refused if a lemma is missing, or the lemmas say nothing of the property")
  func refusal() throws {
    let spec = try mutex()
    #expect(throws: Certificate.Refusal.self) {
      try spec.certificate(of: "mutual_exclusion", ["mutual_exclusion"])
    }
    #expect(throws: Certificate.Refusal.self) { try spec.certificate(of: "mutual_exclusion", []) }
  }

  @Test("is refused if a lemma is false")
  func falseLemma() throws {
    let spec = try mutex()
    let solver = try ObligationSolver(try Obligations(spec.goals))
    #expect(throws: Certificate.Refusal.self) {
      try Certificate(
        of: "mutual_exclusion", lemmas: [spec.lemma("lock_pairing", negated: true)], solver, isOver: { false }
      )
    }
  }

  @Test(
    "has only queries that are unsat for whoever reads them, for one process and for all",
    arguments: [false, true])
  func queries(allProcesses: Bool) throws {
    let spec = try mutex()
    let certificate = try spec.certificate(
      of: "mutual_exclusion", ["lock_pairing", "mutual_exclusion"], allProcesses: allProcesses)
    let files = CertificateText(certificate, title: "a test").files()
    #expect(files.count { $0.name.hasPrefix("steps-") } == (allProcesses ? 4 : 1))
    for file in files {
      let answers = try Questions(file.text).answers()
      #expect(answers == Array(repeating: .unsat, count: file.queryCount), "\(file.name)")
    }
  }

  @Test("asks of each step about every lemma that it may break, and assumes few")
  func parts() throws {
    let certificate = try mutex().certificate(of: "mutual_exclusion", ["lock_pairing", "mutual_exclusion"])
    let files = CertificateText(certificate, title: "a test").files()
    let text = try #require(files.first { $0.name == "steps-user.smt2" }).text
    let sections = text.components(separatedBy: "\n; Step ").dropFirst()
    let steps = certificate.obligations.movers.flatMap(\.steps).map(\.step)
    #expect(sections.count == steps.count)
    let store = certificate.obligations.encoded.store
    var assumed = 0
    for (section, step) in zip(sections, steps) {
      for (number, lemma) in certificate.lemmas.enumerated() {
        let mayBreak = !store.variables(in: lemma.instances).isDisjoint(with: step.written)
        #expect(section.contains("(assert (not (|lemma \(number + 1)| ") == mayBreak)
      }
      assumed += section.components(separatedBy: "\n(assert (|lemma ").count - 1
    }
    let questions = sections.reduce(0) { $0 + $1.components(separatedBy: "break lemma ").count - 1 }
    #expect(assumed < questions * certificate.lemmas.count, "some need only one")
  }

  @Test("asks about steps from where control leads, and says that nobody stands elsewhere")
  func places() throws {
    let system = try compile(
      """
      spec s "s";
      param SPLIT = 0;
      0..9 x = 0;
      process p[2] symmetric {
        while (x < 3) {
          choose {
          case SPLIT == 1:
            x = 2;
            x = 9;
          case: x = 1;
          }
        }
      }
      invariant small "": x <= 1;
      """)
    let small = try #require(system.properties.first)
    let goals = Goals(SymbolicSystem(system)) { $0 == small.name }
    let certificate = try Certificate(
      of: small.name, lemmas: [CandidateLemma(expression: small.body, text: small.name)],
      try ObligationSolver(try Obligations(goals)), isOver: { false })
    let mover = try #require(certificate.obligations.movers.first)
    #expect(mover.steps.count < mover.kind.locationCount)
    for file in CertificateText(certificate, title: "a test").files() {
      #expect(
        try Questions(file.text).answers() == Array(repeating: .unsat, count: file.queryCount), "\(file.name)"
      )
      if file.name == "steps-p.smt2" {
        #expect(file.text.components(separatedBy: "\n; Step ").count == mover.steps.count + 1)
        // Without the places somebody may stand elsewhere.
        let spoiled = file.text.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { !$0.hasPrefix("(assert (|places|") }.joined(separator: "\n")
        #expect(try Questions(spoiled).answers().first == .sat)
      }
    }
  }

  @Test("has a query that is sat once a lemma is taken out of its text")
  func tampering() throws {
    let certificate = try mutex().certificate(of: "mutual_exclusion", ["lock_pairing", "mutual_exclusion"])
    let files = CertificateText(certificate, title: "a test").files()
    for number in 1...2 {
      let spoiled = files.map { file in
        file.text.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { !$0.hasPrefix("(assert (|lemma \(number)|") }.joined(separator: "\n")
      }
      let answers = try spoiled.flatMap { try Questions($0).answers() }
      #expect(answers.contains(.sat), "lemma \(number)")
    }
  }

  @Test("defines one invariant for all its files, and lists them")
  func folder() throws {
    let spec = try mutex()
    let certificate = try spec.certificate(of: "mutual_exclusion", ["lock_pairing", "mutual_exclusion"])
    let folder = CertificateFolder(
      certificate, from: .init(spec.compiled.meta, scope: "any number of user"),
      .init(count: 12, isAll: false))
    #expect(folder.path == "mutexes/any_number_of_user/mutual_exclusion")
    let scripts = folder.files.filter { $0.path.hasSuffix(".smt2") }
    let invariant = try #require(scripts.first { $0.path.hasSuffix("/invariant.smt2") })
    #expect(scripts.allSatisfy { $0.text.hasPrefix(invariant.text) })
    let manifest = try #require(folder.files.first { $0.path.hasSuffix("/manifest.json") })
    for script in scripts { #expect(manifest.text.contains(script.path.split(separator: "/").last ?? "?")) }
    #expect(manifest.text.contains("any number of user"))
  }
}
