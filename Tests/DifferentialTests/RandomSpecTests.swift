import CheckDriver
import Diagnostics
import Evidence
import ExplicitEngine
import RandomSpecs
import SpecFormat
import Testing
import TransitionIR

/// The generator of random specs: what the other tests of this target are worth depends on it.
@Suite("Random specs")
struct RandomSpecTests {
  @Test("are the same for the same seed, and others for another")
  func seeds() {
    #expect(RandomSpec(seed: 7).text == RandomSpec(seed: 7).text)
    #expect(Set((0..<100).map { RandomSpec(seed: $0).text }).count == 100)
  }

  @Test("always compile")
  func compiling() throws {
    for seed in RandomRuns.seeds(400) {
      let spec = RandomSpec(seed: seed)
      do {
        let system = try compile(spec.text, granularity: granularity(of: spec))
        #expect(validate(system).isEmpty, "seed \(seed)")
      } catch let errors as SpecErrors {
        Issue.record("seed \(seed): \(errors.diagnostics.map { "\($0.code) \($0.message)" })\n\(spec.text)")
      }
    }
  }

  @Test("between them use every part of the language", arguments: Self.parts)
  func coverage(part: String) {
    #expect(Self.texts.contains { $0.contains(part) })
  }

  private static let texts = (UInt64(0)..<600).map { RandomSpec(seed: $0).text }

  static let parts = [
    "enum ", "flags ", "option ", "typedef ", " pool ", " per process ", "struct pair", "set of ", "mutex ",
    "spinlock ", "rwsem ", "refcount_t ", " guarded_by ", "[proc", "u8 ", "u64 ", "init {", "entry ", "(*a",
    " symmetric", " daemon", " environment", "while (", "do {", "loop {", "for (", "choose {", "case:",
    "wait;",
    "switch (", "default:", "atomic {", "goto ", "break;", "continue;", "exit;", "return ", "wait_event(",
    "assert(", "alloc(", "alloc_nofail(", "free(", "live(", "ended(", "held(", "held_by(", "held_for_write(",
    "is_locked(", "mutex_lock(", "mutex_trylock(", "spin_lock(", "spin_trylock(", "down_read(", "down_write(",
    "down_read_trylock(", "downgrade_write(", "_nested(", "refcount_inc(", "refcount_dec_and_test(",
    "refcount_inc_not_zero(", "refcount_set(", "refcount_read(", "maybe", "(any ", " where ", "(forall ",
    "(exists ", "(count ", " ==> ", " ? ", "size(", "old(", "at(", "current->", "->", "invariant ", "step ",
    "reachable ", "null", " in {", "<<", ">>", "~", " % ", " / ", "|=", "-=", "u8(",
  ]

  @Test("violate properties of every kind, and some none")
  func violations() throws {
    var violated = Set<String>()
    var cleanCount = 0
    var sizes: [Int] = []
    for seed in UInt64(0)..<600 {
      let interpreter = Interpreter(try compile(RandomSpec(seed: seed).text))
      guard let states = reachableStates(interpreter, limit: 400) else { continue }
      sizes.append(states.count)
      let outcome = try checkExplicitly(interpreter, limits: SearchLimits(clock: { 0 }))
      let found = outcome.answers.filter { answer in
        answer.verdicts.contains { if case .violated = $0 { true } else { false } }
      }
      violated.formUnion(found.map { BuiltinProperty(rawValue: $0.property) == nil ? $0.group : $0.property })
      if found.allSatisfy({ $0.group == "reachable" }) { cleanCount += 1 }
    }
    #expect(cleanCount > 30)
    #expect(sizes.count > 400)
    #expect(sizes.count { $0 >= 10 } > sizes.count / 2)
    for group in ["invariant", "step"] { #expect(violated.contains(group)) }
    let missing = BuiltinProperty.allCases.map(\.rawValue).filter { !violated.contains($0) }
    // Which rare ones these specs miss is left to chance.
    #expect(missing.count <= 4, "\(missing)")
  }
}
