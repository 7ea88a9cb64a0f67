import Testing
import TransitionIR

@testable import Evidence

@Suite("Replay")
struct ReplayTests {
  private func changedMeta() -> Trace.Meta {
    var meta = LockExample.meta
    meta.specHash = "changed"
    return meta
  }

  @Test(
    "an unchanged spec still violates",
    arguments: ["counted", "lifetime.use_after_free", "both_done", "range.overflow", "lifetime.never_freed"])
  func unchanged(property: String) throws {
    let example = LockExample()
    let trace = try #require(try example.trace(property))
    let read = try Trace(itf: Array(trace.itf.utf8))
    #expect(
      replay(read, on: example.interpreter, meta: LockExample.meta) == .stillViolates(step: trace.steps.count)
    )
  }

  @Test("a lock that is held now blocks, and its holder is named")
  func blocked() throws {
    let trace = try #require(try LockExample().trace("lifetime.use_after_free"))
    let changed = LockExample(forgetsUnlock: true)
    var shortened = trace
    shortened.steps.remove(at: 2)
    let result = replay(shortened, on: LockExample().interpreter, meta: changedMeta())
    #expect(
      result.description == "no longer possible at step 3: user[0] now executes `mutex_unlock(&root);` "
        + "(specs/lock.mmck:15) here")
    shortened.steps = [trace.steps[0], trace.steps[1], trace.steps[5]]
    #expect(
      replay(shortened, on: changed.interpreter, meta: changedMeta()).description
        == "no longer possible at step 3: user[1] is blocked at `mutex_lock(&root);`: wants root, held by user[0]"
    )
  }

  @Test("a statement in between is named")
  func newStatement() throws {
    let trace = try #require(try LockExample().trace("counted"))
    let changed = LockExample(extraStatement: "audit(mm);")
    #expect(
      replay(trace, on: changed.interpreter, meta: changedMeta())
        == .noLongerPossible(step: 3, why: "user[0] now executes `audit(mm);` (specs/lock.mmck:15) here"))
  }

  @Test("a statement that is gone means that the spec has changed, unless only an option did")
  func goneStatement() throws {
    let trace = try #require(try LockExample().trace("counted"))
    let changed = LockExample(lockText: "down_write(&mm->mmap_lock);")
    let why =
      "user[0] now executes `down_write(&mm->mmap_lock);` (specs/lib/mm.mmck:11) here; "
      + "`down_read(&mm->mmap_lock);` of find_vma does not exist any more"
    #expect(replay(trace, on: changed.interpreter, meta: changedMeta()) == .specChanged(step: 4, why: why))
    var meta = LockExample.meta
    meta.options = [.init("FIX_A", "true")]
    #expect(replay(trace, on: changed.interpreter, meta: meta) == .noLongerPossible(step: 4, why: why))
    #expect(
      replay(trace, on: changed.interpreter, meta: LockExample.meta) == .internalError(step: 4, why: why))
  }

  @Test("a process that has ended, and a property that holds, are said to")
  func endedAndHolds() throws {
    let example = LockExample()
    var trace = try #require(try example.trace("counted"))
    trace.steps.append(trace.steps[0])
    trace.steps[5].chosen = [.init(name: "amount", value: .integer(1))]
    trace.steps[5].choices = [1, 0]
    trace.steps[5].state = trace.steps[4].state
    #expect(
      replay(trace, on: example.interpreter, meta: changedMeta())
        == .noLongerPossible(step: 7, why: "user[0] has ended"))
    trace.steps.removeLast()
    #expect(
      replay(trace, on: example.interpreter, meta: changedMeta())
        == .noLongerPossible(step: 6, why: "counted holds here"))
  }

  @Test("unknown processes and properties mean that the spec has changed")
  func unknownNames() throws {
    let example = LockExample()
    var trace = try #require(try example.trace("counted"))
    trace.processes[0] = "kswapd"
    #expect(
      replay(trace, on: example.interpreter, meta: changedMeta())
        == .specChanged(step: 1, why: "there is no process kswapd any more"))
    trace.property = "renamed"
    #expect(
      replay(trace, on: example.interpreter, meta: changedMeta())
        == .specChanged(step: 0, why: "there is no property renamed any more"))
  }

  @Test("a run that now ends in another violation says so")
  func otherViolation() throws {
    let example = LockExample()
    var trace = try #require(try example.trace("lifetime.use_after_free"))
    trace.property = "deadlock"
    trace.steps.append(trace.steps[9])
    let result = replay(trace, on: example.interpreter, meta: changedMeta())
    #expect(
      result.description.hasPrefix(
        "no longer possible at step 10: the run ends here with lifetime.use_after_free"))
  }
}
