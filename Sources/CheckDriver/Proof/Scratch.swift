import ExplicitEngine
import LemmaMining
import SMTSolver
import SymbolicEngine
import TransitionIR
import Foundation

public func scratchProve(_ path: String, _ overrides: [(name: String, value: String)], _ scope: String?, _ explore: String?, _ seconds: Double, _ certificates: String? = nil) throws {
  let host = Host.system
  let t0 = host.now()
  func log(_ s: String) { FileHandle.standardError.write(String(format: "%6.2f ", host.now() - t0).data(using: .utf8)! + (s + "\n").data(using: .utf8)!) }
  let compiled = try compile(path, overrides: overrides, scope: scope, granularity: .statement, host: host)
  let large = compiled.system
  let small = try compile(path, overrides: overrides.filter { $0.name.hasPrefix("FIX") || $0.name.hasPrefix("BUG") }, scope: explore ?? scope, granularity: .statement, host: host).system
  log("compiled: \(large.slotCount) slots, \(large.steps.count) locations")
  var source: MinedLemmas?
  do {
    let pair = try SystemPair(small: small, large: large)
    let build = NativeBuild(small)
    var limits = SearchLimits(clock: host.now)
    limits.seconds = 20
    let steps = StepFactory(Interpreter(small), patience: 10000, compiledSteps: { build.poll() })
    let states = try ReachableStates(of: Interpreter(small), limits: limits, steps: steps)
    log("explored \(states.count) complete \(states.isComplete)")
    source = MinedLemmas(pair, states)
  } catch { log("\(error)") }
  let goals = Goals(SymbolicSystem(large)) { _ in true }
  log("goals on states \(goals.onStates.count) refused \(goals.refused) terms \(goals.encoded.store.count)")
  let proof = try InductiveProof(goals, source: source, options: SolverOptions())
  log("steps encoded: terms \(goals.encoded.store.count), goals \(proof.allGoals.count)")
  proof.log = log
  try proof.run { host.now() - t0 > seconds }
  log("done: \(proof.lemmas.count) lemmas, \(proof.lemmas.filter(\.isActive).count) active, \(proof.counterexampleCount) ctis")
  for goal in proof.allGoals.sorted() {
    switch proof.result(goal) {
    case .proven(let lemmas): print("proven \(goal.property) \(goal.site.index) with \(lemmas.count)")
    case .open(_, let mover): print("open \(goal.property) \(goal.site.index) mover \(mover.map(String.init) ?? "-")")
    case .gaveUp(let reason): print("gave up \(goal.property) \(goal.site.index): \(reason)")
    }
  }
  if let certificates {
    let end = host.now() + seconds
    let written = try writeCertificates(
      of: proof, meta: compiled.meta, into: certificates, host: host, isOver: { host.now() > end })
    for one in written {
      print("certificate \(one.property): \(one.lemmaCount) lemmas\(one.isMinimal ? ", minimal" : "") \(one.refusal ?? one.folder ?? "")")
    }
    log("certificates written")
  }
}
