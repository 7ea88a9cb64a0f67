import Foundation
import SMTSolver
import Terms
import Testing

@Suite("A solver that is stopped", .serialized)
struct LimitTests {
  @Test(
    "says unknown beyond its resource limit, and answers the next query",
    arguments: SolverOptions.Logic.allCases)
  func resourceLimit(_ logic: SolverOptions.Logic) {
    var options = SolverOptions(logic)
    options.resourceLimit = 2_000_000
    let query = HardQuery(options)
    let reason = query.solver.check().reason
    #expect(reason?.isEmpty == false)
    #expect(reason?.contains("interrupted") == false)
    #expect(query.solver.check(assuming: [query.hint]).isSat)
    #expect(HardQuery(options).solver.check().reason == reason)
  }

  @Test(
    "says unknown when its time is over", .timeLimit(.minutes(5)), arguments: SolverOptions.Logic.allCases)
  func timeout(_ logic: SolverOptions.Logic) {
    var options = SolverOptions(logic)
    options.timeout = .milliseconds(200)
    #expect(HardQuery(options).solver.check().reason?.isEmpty == false)
  }

  @Test("stops for another thread", .timeLimit(.minutes(5)), arguments: SolverOptions.Logic.allCases)
  func interrupt(_ logic: SolverOptions.Logic) {
    let query = HardQuery(SolverOptions(logic))
    let interrupter = query.solver.interrupter
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.2)
      interrupter.interrupt()
    }
    thread.start()
    #expect(query.solver.check().reason?.hasPrefix("interrupted") == true)
    #expect(query.solver.check(assuming: [query.hint]).reason == "interrupted")
    interrupter.resume()
    #expect(query.solver.check(assuming: [query.hint]).isSat)
  }

  @Test("is never missed by an interrupt, whenever it comes", .timeLimit(.minutes(5)))
  func interruptAtAnyTime() {
    for delay in 0..<60 {
      let query = HardQuery(SolverOptions())
      let interrupter = query.solver.interrupter
      let thread = Thread {
        usleep(UInt32(delay * delay * 10))
        interrupter.interrupt()
      }
      thread.start()
      #expect(query.solver.check().reason?.hasPrefix("interrupted") == true)
    }
  }

  @Test("stops together with others that share its interrupter")
  func sharedInterrupter() {
    let store = TermStore()
    let interrupter = Interrupter()
    let solvers = (0..<2).map { _ in Solver(store: store, interrupter: interrupter) }
    interrupter.interrupt()
    #expect(solvers.allSatisfy { $0.check().reason == "interrupted" })
    interrupter.resume()
    #expect(solvers.allSatisfy { $0.check().isSat })
  }

  @Test("says unknown when memory is used up")
  func memory() async {
    await #expect(processExitsWith: .success) {
      // A process of its own: the limit is for all solvers.
      Z3Memory.limit(megabytes: 60)
      let store = TermStore()
      let solver = Solver(store: store)
      for number in 0..<40 {
        let (x, y) = (store.variable("x\(number)", .bits(64)), store.variable("y\(number)", .bits(64)))
        let quotient = store.equal(store.divide(x, y), store.remainder(y, store.add(x, y)))
        solver.assert(store.and(quotient, store.less(store.multiply(x, y), store.multiply(x, x))))
      }
      let reason = solver.check().reason
      #expect(reason?.contains("memory") == true, "\(reason ?? "answered")")
    }
  }
}
