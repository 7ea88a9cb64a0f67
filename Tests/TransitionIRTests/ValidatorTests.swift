import Testing
import TransitionIR

/// Each rule is broken once, by an edit of a sample's text or, where text cannot say it, of the system.
@Suite("The validator")
struct ValidatorTests {
  @Test("has nothing to say about well-formed systems", arguments: Sample.all.indices)
  func wellFormed(index: Int) {
    #expect(validate(Sample.all[index]) == [])
  }

  /// What is replaced in the text of `Sample.list` (only the first place), and what the validator then says.
  static let edits: [(old: String, new: String, says: String)] = [
    // Indices.
    (
      "node.next[(object fresh[current]@0)]@0 head@0", "node.next@0 head@0",
      "node.next has 1 dimensions, not 0"
    ),
    ("[(object fresh[current]@0)]@0 head@0", "[(element 1)]@0 head@0", "an index of node.next does not fit"),
    (
      "(live node head@0)", "(live node fresh[(process 1)]@0)",
      "fresh of another process is used outside of a property"
    ),
    ("(live node head@0)", "(live node fresh[current]@0)", "the running process has no fresh"),
    // Variables.
    ("(array 2 1)) (initial 1)", "(array 2 1)) (initial 9)", "its initial value 9 is outside of 0..3"),
    ("(slots 32)", "(slots 31)", "variable old: slot 31 and the 1 from there on are outside"),
    ("(slot 24)", "(slot 25)", "head and removed: they share slots but are not locals of one kind"),
    (
      "(process pusher 2)) (initial 0) (slot 28)", "(process pusher 2)) (initial 0) (slot 26)",
      "different domains"
    ),
    ("(slot 31)", "(slot 30)", "taken and old share slots and are both in scope"),
    (
      "x (range 0 3) (local pusher) (dimensions (process pusher 2)) (initial 0) (slot 28)",
      "x (pointer node 3) (local pusher) (dimensions (process pusher 2)) (initial 0) (slot 27)",
      "different processes share a slot"
    ),
    ("(pointer node 3) (field node)", "(pointer node 2) (field node)", "a pointer into a pool of 3, not 2"),
    (
      "(dimensions (pool node 3) (array 2 1))", "(dimensions (array 2 1) (pool node 3))",
      "first dimension of a field"
    ),
    (
      "(dimensions (pool node 3) (array 2 1))", "(dimensions (pool node 2) (array 2 1))",
      "a slot for each of 2 objects"
    ),
    (
      "(local pusher) (dimensions (process pusher 2))", "(local pusher) (dimensions)",
      "first dimension of a local"
    ),
    (
      "(local pusher) (dimensions (process pusher 2))", "(local pusher) (dimensions (process pusher 1))",
      "each of 1 processes"
    ),
    ("global (dimensions)", "global (dimensions (process pusher 2))", "only the first dimension of a local"),
    // Pools.
    ("(live node.live))", ")", "pool node: it has no live variable"),
    (
      "(variable node.live bool (live node)", "(variable node.live (range 0 1) (live node)",
      "not a bool for each object"
    ),
    (
      "node.live bool (live node) (dimensions (pool node 3)) (initial 0)",
      "node.live bool (live node) (dimensions (pool node 3)) (initial 1)", "that starts as false"
    ),
    ("(fields node.live ", "(fields ", "the live variable is not among the fields"),
    (
      "node.live node.next node.value ", "node.live node.value ",
      "variable node.next: the pool does not list it"
    ),
    ("(fields task.seen)", "(fields task.seen task.seen)", "a field is listed twice"),
    ("(fields task.seen)", "(fields task.seen head)", "head is listed as a field but is none"),
    ("(pool task 3 processes", "(pool task 4 processes", "4 objects for 3 processes"),
    ("(pool task 3 processes", "(pool task 3", "the process pool: pool 0 is not one"),
    ("(pool node 3", "(pool node 3 processes", "a second pool of processes"),
    // Kinds and control points.
    ("(processes 2 1)", "(processes 1 1)", "kind popper: its first process is not number 2"),
    ("(control popper.pc)", "(control pusher.pc)", "pusher.pc does not hold its control points"),
    (
      "(location pusher @0 (locals fresh x)", "(location popper @0 (locals)",
      "control point #0 belongs to another kind"
    ),
    ("(locals taken old)", "(locals taken fresh)", "fresh is not a local of its kind"),
    ("; pusher\n(start\n  (jump pusher/0))", "", "1 start bodies for 2 kinds"),
    ("(site 0 1 5", "(site 1 1 5", "there is no file 1"),
    (
      "(property ordered", "(builtins deadlock deadlock)\n(property ordered",
      "a built-in property is listed twice"
    ),
    // Locks.
    ("(class node.lock rwsem", "(class node.lock mutex", "only an rwsem has readers"),
    (
      "(owner node.lock.owner) (readers node.lock.readers)", "(owner node.lock.owner)",
      "an rwsem needs readers"
    ),
    ("(lock owner node.lock) ", "", "node.lock.owner does not hold its owner"),
    ("(lock readers node.lock) ", "", "node.lock.readers does not hold its readers"),
    (
      "head (pointer node 3) global (dimensions) (initial 0)",
      "head (pointer node 3) global (dimensions) (initial 0) (lock owner node.lock)",
      "its lock class does not know it"
    ),
    // Paths.
    ("\n  (jump popper/1))", ")", "step popper/0: a path does not end in jump or end"),
    ("(jump popper/1))", "(jump popper/1) (end))", "step popper/0: a statement follows the end of its path"),
    ("(branch\n      (end))))", "(branch)))", "step pusher/1: a path does not end"),
    ("(clear taken old)", "(clear taken old) (fork)", "a fork without branches"),
    ("(jump popper/1))", "(jump pusher/1))", "it jumps to pusher/1, which is not of its kind"),
    ("(initial\n  (end))", "(initial (jump pusher/0))", "the initial body: it jumps to pusher/0"),
    ("(initial\n  (end))", "(initial)", "the initial body: a path does not end"),
    // What may be said where.
    ("(initial\n", "(initial (wait current)", "current means nothing where no process runs"),
    ("(initial\n", "(initial (wait held-locks)", "held-locks means nothing"),
    ("(initial\n", "(initial (wait (exclusive node head@0))", "exclusive means nothing"),
    ("(initial\n", "(initial (acquiring node.lock 0 node.lock.owner[(object 1)]@0)", "nobody runs here"),
    ("(holds (forall", "(holds (old (forall", "old means something only in step properties"),
    ("(wait (live", "(wait (old (live", "old means something only in step properties"),
    ("(wait (live", "(wait (label @0 (live", "only properties have labels"),
    ("(live node head@0)", "(not $1)", "bound variable $1 has no value here"),
    ("(bounds 2)", "(bounds 1)", "there is no bound variable $1"),
    ("(holds (forall $1", "(holds (forall $1 (values bool) (forall $1", "bound variable $1 is bound twice"),
    ("(where (notEqual $0 2 @0))", "(where (exists $0 (values bool) 1))", "bound variable $0 is bound twice"),
    (
      "(where (notEqual $0 2 @0))", "(where (exists $1 (values (word 16)) 1))",
      "a quantifier over more than 4096 values"
    ),
    (
      "(where (notEqual $0 2 @0))", "(where (exists $1 (span 0 4096) 1))",
      "a quantifier over more than 4096 values"
    ),
    ("(span 1 3)", "(span 1 4)", "x cannot hold every value that is picked"),
    ("(span 1 3)", "(values (pointer node 3))", "x cannot hold every value that is picked"),
    ("(span 1 3)", "(processes popper)", "x cannot hold every value that is picked"),
    (
      "(pick x[current]@0", "(pick task.seen[(object current)]@0",
      "task.seen is picked but neither a local nor a global"
    ),
    (
      "(assign head@0 fresh", "(assign pusher.pc[current]@0 fresh",
      "a control variable is written only by jump"
    ),
    (
      "(assign head@0 fresh", "(assign node.live[(object 1)]@0 fresh",
      "a live variable is written only by allocate"
    ),
    ("(allocate fresh[current]@0 node)", "(allocate x[current]@0 node)", "x cannot hold a pointer to a node"),
    (
      "(allocate fresh[current]@0 node)", "(allocate fresh[current]@0 task)",
      "nothing can be allocated from pool task"
    ),
    ("(free node", "(free task", "nothing can be freed from pool task"),
    ("(clear taken old)", "(clear taken head)", "head is cleared but not a local"),
    ("(clear taken old)", "(clear taken fresh)", "fresh is cleared but not of its own process"),
    ("(wait (live", "(acquiring node.lock 0 head@0) (wait (live", "head is not part of lock class node.lock"),
    ("(start\n", "(start (assign head@0 0)", "the start of pusher: head is not a local"),
    ("(start\n", "(start (allocate fresh[current]@0 node)", "objects come and go only in steps"),
  ]

  @Test("notices each broken rule", arguments: edits.indices)
  func broken(index: Int) throws {
    let edit = Self.edits[index]
    let text = Self.replaced(renderIR(Sample.list), edit.old, edit.new)
    let problems = validate(try parsed(text))
    #expect(problems.contains { $0.contains(edit.says) }, "\(edit.new): \(problems)")
  }

  /// Replaces the first `old`; closes parentheses that `new` opens and leaves open.
  private static func replaced(_ text: String, _ old: String, _ new: String) -> String {
    guard let range = text.firstRange(of: old) else { return "cannot find \(old)" }
    let change = balance(new) - balance(old)
    var rest = text[range.upperBound...]
    var close = ""
    if change > 0 {
      // The form that was wrapped ends where the parentheses opened before it are closed again.
      var depth = balance(old)
      let end = rest.firstIndex { character in
        depth += character == "(" ? 1 : character == ")" ? -1 : 0
        return depth == 0
      }
      if let end {
        close = String(rest[...end]) + String(repeating: ")", count: change)
        rest = rest[rest.index(after: end)...]
      }
    }
    return text[..<range.lowerBound] + new + close + rest
  }

  private static func balance(_ text: String) -> Int {
    text.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
  }

  @Test("notices names of a type that do not match its values")
  func valueNames() throws {
    let text = Self.replaced(renderIR(Sample.everything), "(enum color#0 2)", "(enum color#0 3)")
    #expect(validate(try parsed(text)).contains { $0.contains("a type of 3 values with 2 names") })
  }
}
