import Evidence
import LemmaMining
import SMTSolver
import SpecSemantics
import SymbolicEngine
import Terms
import TransitionIR

/// From a proof for some number of processes to one for any number of them.
///
/// The lemmas of the proof are tried again with as many processes as are enough for all larger numbers (`ProcessCutoff`), and with
/// each smaller number. What is missing is mined, as for the proof itself; what is not shown everywhere is proven for its own
/// scope only.
struct AnyNumberStage {
  private let run: ProofRun
  init(_ run: ProofRun) { self.run = run }

  /// More processes of one kind, or more combinations of numbers, would take long.
  private static let processLimit = 24
  private static let combinationLimit = 64

  /// What this stage does may take this part of the time that is left.
  private static let share = 0.5
  /// In seconds: what takes longer is in the way of other proofs.
  private static let longest = 120.0

  /// Says of each property that was proven whether it holds for any number, or why that is not known.
  func prove(_ before: LemmaStage.Result) throws {
    let properties = before.proven.filter { !run.isReachability($0) }
    if properties.isEmpty || !run.system.kinds.contains(where: \.isSymmetric) { return }
    let growing = GrowingKinds(run.loaded, run.spec)
    if growing.found.isEmpty { return refuse(properties, growing.refusals.joined(separator: "; ")) }
    let end = run.host.now() + min(Self.longest, run.remaining * Self.share)
    var groups = [growing.found]
    if growing.found.count > 1 { groups += growing.found.map { [$0] } }
    var open = properties
    var reasons: [String: String] = [:]
    for group in groups where !open.isEmpty {
      var claim = AnyNumberClaim(run, group, before, end: end)
      do { try claim.prove(open) } catch let refusal as CutoffRefusal {
        for property in open { reasons[property] = reasons[property] ?? refusal.description }
        continue
      } catch let error as UsageError {
        for property in open { reasons[property] = reasons[property] ?? error.description }
        continue
      }
      for (property, lemmas) in claim.proven.sorted(by: { $0.key < $1.key }) {
        run.answer(property, .anyNumber(of: group.map(\.name), lemmas: lemmas))
      }
      for (property, reason) in claim.refusals { reasons[property] = reasons[property] ?? reason }
      open.removeAll { claim.proven[$0] != nil }
    }
    for property in open { refuse([property], reasons[property] ?? "it is not known") }
  }

  private func refuse(_ properties: [String], _ reason: String) {
    for property in properties { run.say(.onlyHere(property: property, refusal: reason)) }
  }

  static func limits() -> (processes: Int, combinations: Int) { (processLimit, combinationLimit) }
}

/// That properties hold for any number of processes of some kinds.
private struct AnyNumberClaim {
  private let run: ProofRun
  private let kinds: [GrowingKind]
  private let before: LemmaStage.Result
  private let end: Double
  private let sized: Set<String>
  /// With the number of lemmas that the proof needs.
  private(set) var proven: [String: Int] = [:]
  private(set) var refusals: [String: String] = [:]

  init(_ run: ProofRun, _ kinds: [GrowingKind], _ before: LemmaStage.Result, end: Double) {
    self.run = run
    self.kinds = kinds
    self.before = before
    self.end = end
    sized = kinds.reduce(into: []) { $0.formUnion($1.sized) }
  }

  private var isOver: Bool { run.isOver || run.host.now() > end }

  /// Fills `proven` and `refusals`.
  mutating func prove(_ properties: [String]) throws {
    let growing = Set(kinds.map(\.kind))
    let cutoff = try ProcessCutoff(run.system, growing: growing)
    var need = ProcessCutoff.Need()
    var open: [String] = []
    for property in properties {
      do throws(CutoffRefusal) {
        if sized.contains(property) { throw CutoffRefusal.sized }
        need.formMax(try cutoff.need(ofProperty: property))
        open.append(property)
      } catch { refusals[property] = error.description }
    }
    var lemmas: [CandidateLemma] = []
    var leftOut: CutoffRefusal?
    for case .candidate(let lemma) in before.lemmas.map(\.origin) {
      do throws(CutoffRefusal) {
        need.formMax(try cutoff.need(ofLemma: lemma.expression))
        lemmas.append(lemma)
      } catch { leftOut = leftOut ?? error }
    }
    if open.isEmpty { return }
    // What is mined speaks of two.
    for kind in growing { need.include(witnesses: 2, of: kind) }
    let most = try withinLimits(kinds.map { cutoff.count(of: $0.kind, for: need) })
    try compareShapes(at: most, growing)
    // What is mined on the way has to do with so many, and without counts, which would have to be rewritten.
    let isUsable = { [kinds] (lemma: CandidateLemma) in
      guard let needed = try? cutoff.need(ofLemma: lemma.expression), !needed.counts else { return false }
      return zip(kinds, most).allSatisfy { cutoff.count(of: $0.kind, for: needed) <= $1 }
    }
    let counts = try check(
      &open, &lemmas, at: most, of: most, isUsable: isUsable, whyNot: leftOut?.description)
    for smaller in Self.smaller(than: most) where !open.isEmpty {
      var these = lemmas
      _ = try check(&open, &these, at: smaller, of: most, isUsable: isUsable, whyNot: nil)
    }
    for property in open { proven[property] = counts[property] }
  }

  // MARK: Numbers

  private func withinLimits(_ most: [Int]) throws(CutoffRefusal) -> [Int] {
    let limits = AnyNumberStage.limits()
    if most.contains(where: { $0 > limits.processes }) || most.reduce(1, *) > limits.combinations {
      throw .tooMany(text(most))
    }
    return most
  }

  /// All smaller combinations of numbers.
  private static func smaller(than most: [Int]) -> [[Int]] {
    most.reduce([[]]) { lists, most in lists.flatMap { list in (1...most).map { list + [$0] } } }
      .filter { $0 != most }
  }

  private func text(_ numbers: [Int]) -> String {
    zip(numbers, kinds).map { "\($0) \($1.name)" }.joined(separator: ", ")
  }

  private func compiled(_ numbers: [Int]) throws -> TransitionSystem {
    var overrides = run.request.overrides
    for (number, kind) in zip(numbers, kinds) { overrides[kind.param] = "\(number)" }
    let settings = Settings(
      overrides: overrides, scope: run.request.scope, granularity: run.spec.granularity)
    guard let system = try? compile(run.loaded, path: run.request.path, settings: settings).system,
      zip(numbers, kinds).allSatisfy({ system.kinds[$1.kind.index].count == $0 })
    else { throw CutoffRefusal.notCompiled(text(numbers)) }
    return system
  }

  /// What is compiled for one more is the same.
  private func compareShapes(at most: [Int], _ growing: Set<KindID>) throws {
    func shape(_ system: TransitionSystem) -> SystemShape {
      SystemShape(system, growing: growing) { !sized.contains($0) }
    }
    let here = shape(run.system)
    var all = [most]
    for index in most.indices {
      var more = most
      more[index] += 1
      all.append(more)
    }
    for numbers in all where try shape(compiled(numbers)) != here { throw CutoffRefusal.differs }
  }

  // MARK: Proofs

  private static func mined(from small: SmallScope?, for system: TransitionSystem) -> MinedLemmas? {
    guard let small,
      let pair = try? SystemPair(small: small.pair.small, large: system)
    else { return nil }
    return MinedLemmas(pair, small.states, sample: [])
  }

  /// Drops the properties that are not shown for these numbers; the number of lemmas that each of the others needs.
  ///
  /// A number that is as large as that in `most` stands for all larger ones. `lemmas` become those that are inductive here.
  private mutating func check(
    _ open: inout [String], _ lemmas: inout [CandidateLemma], at numbers: [Int], of most: [Int],
    isUsable: @escaping (CandidateLemma) -> Bool, whyNot: String?
  ) throws -> [String: Int] {
    let plain = try compiled(numbers)
    let resizing = ProcessResizing(
      plain.processPool, capacity: plain.pools[plain.processPool.index].capacity)
    let unlimited = kinds.indices.filter { numbers[$0] == most[$0] }.map { kinds[$0].kind }
    var counted = CountedOthers(plain, growing: Set(unlimited))
    var plainLemmas: [String: CandidateLemma] = [:]
    let known = try lemmas.map { lemma in
      let resized = resizing.resized(lemma.expression)
      plainLemmas[lemma.text] = lemma
      return CandidateLemma(expression: try counted.rewritten(resized), text: lemma.text)
    }
    let system = try counted.finished()
    // Where nobody is left out, everything may be used.
    let source = KnownLemmas(
      known, in: plain, mined: { [small = before.small] in Self.mined(from: small, for: plain) }
    ) { unlimited.isEmpty || isUsable($0) }
    let wanted = Set(open)
    let goals = Goals(
      SymbolicSystem(system), allowedOrders: before.goals.allowedOrders, wanted: wanted.contains)
    let proof = try InductiveProof(goals, source: source, options: run.options(seconds: end - run.host.now()))
    try proof.run { _ in isOver }
    var used: [String: Set<Int>] = [:]
    var isOpen = Set(goals.refused.keys)
    for goal in proof.allGoals {
      if case .proven(let lemmas) = proof.result(goal) {
        used[goal.property, default: []].formUnion(lemmas)
      } else {
        isOpen.insert(goal.property)
      }
    }
    let reason =
      isOver
      ? "there was no time to find out"
      : "not inductive with \(text(numbers))"
        + (whyNot.map { "; a lemma could not be used: \($0)" } ?? "")
    for property in open where isOpen.contains(property) || isOver { refusals[property] = reason }
    open.removeAll { isOpen.contains($0) || isOver }
    return Dictionary(
      uniqueKeysWithValues: open.map { property in
        let count = (used[property] ?? []).count {
          if case .candidate = proof.lemmas[$0].origin { true } else { false }
        }
        return (property, count)
      })
  }
}

/// Lemmas that are known already, and others that may be used with them.
private final class KnownLemmas: LemmaSource {
  private let known: [CandidateLemma]
  /// Mostly nothing else is needed, and collecting takes long.
  private lazy var mined = makeMined()
  private let makeMined: () -> MinedLemmas?
  private let system: TransitionSystem
  private let isUsable: (CandidateLemma) -> Bool

  init(
    _ known: [CandidateLemma], in system: TransitionSystem, mined: @escaping () -> MinedLemmas?,
    isUsable: @escaping (CandidateLemma) -> Bool
  ) {
    self.known = known
    makeMined = mined
    self.system = system
    self.isUsable = isUsable
  }

  func sampledStates() -> [[Int]] { [] }

  func likelyLemmas() -> [CandidateLemma] { known }

  func ideas(against state: [Int]) -> [CandidateLemma] { [] }

  func lemmas(against state: [Int], mover: Int?, relevantTo relevant: Set<VariableID>) -> [CandidateLemma] {
    guard let mined else { return [] }
    // Those who are left out are counted in variables that nobody has seen.
    let seen = relevant.filter { $0.index < system.variables.count }
    return mined.lemmas(against: Array(state.prefix(system.slotCount)), mover: mover, relevantTo: seen)
      .filter(isUsable)
  }
}

extension CutoffRefusal {
  fileprivate static let sized = CutoffRefusal("its text depends on the number")
  fileprivate static let differs = CutoffRefusal("with another number the steps are others")
  fileprivate static func tooMany(_ needed: String) -> CutoffRefusal {
    CutoffRefusal("it would have to be shown for \(needed)")
  }
  fileprivate static func notCompiled(_ numbers: String) -> CutoffRefusal {
    CutoffRefusal("there is no scope with \(numbers)")
  }
}
