import Reductions
import Testing
import TransitionIR

/// A system of two processes, three objects and one step, in which a test puts what it wants.
private func refusals(
  step: String = "", property: String = "1", group: String = "invariant", symmetric: Bool = true,
  initial: Int = 0, bounds: Int = 2
) throws -> [String] {
  let text = """
    (system "t" "t" (process-pool task) (bounds \(bounds)) (slots 20))
    (file "t")
    (pool task 2 processes (fields))
    (pool node 3 (fields node.live node.next) (live node.live))
    (kind p (processes 0 2) (control p.pc) (locations 0 1)\(symmetric ? " symmetric" : ""))
    (variable p.pc (location p 1) (control p) (dimensions (process p 2)) (initial 0) (slot 0))
    (variable node.live bool (live node) (dimensions (pool node 3)) (initial 0) (slot 2))
    (variable node.next (pointer node 3) (field node) (dimensions (pool node 3)) (initial \(initial)) (slot 5))
    (variable head (pointer node 3) global (dimensions) (initial 0) (slot 8))
    (variable nodes (set (pointer node 3)) global (dimensions) (initial 0) (slot 9))
    (variable who (pointer task 2) global (dimensions) (initial 0) (slot 10))
    (variable tasks (set (pointer task 2)) global (dimensions) (initial 0) (slot 11))
    (variable number (range 0 9) global (dimensions) (initial 0) (slot 12))
    (variable flags bool global (dimensions (array 2 1)) (initial 0) (slot 13))
    (variable few bool global (dimensions (array 1 1)) (initial 0) (slot 15))
    (variable list bool global (dimensions (array 3 1)) (initial 0) (slot 16))
    (location p @0 (locals) (labels))
    (step p/0 \(step) (jump p/0))
    (start (jump p/0))
    (initial (end))
    (property q \(group) "q" @0 (holds \(property)))
    (builtins)
    (site 0 1 1 "s" "f" "")
    """
  let system = try parseIR(text).get()
  #expect(validate(system).isEmpty)
  return Symmetry(system).refusals.map { "\($0.name): \($0.reason)" }.sorted()
}

@Suite("Symmetry is refused")
struct SymmetryRefusalTests {
  static let harmless = [
    "(assign head@0 0)", "(assign head@0 node.next[(object head@0)]@0)", "(assign who@0 current)",
    "(assign tasks@0 3)", "(assign tasks@0 (bitOr tasks@0 (singleton current (pointer task 2)) @0))",
    "(assign nodes@0 (without nodes@0 7 @0))", "(assign flags[(element current)]@0 1)",
    "(assign flags[(element 1)]@0 1)", "(pick head@0 $0 (values (pointer node 3)) (where 1))",
    "(wait (lessEqual 1 current @0))", "(wait (less current 3 @0))",
    "(assign number@0 (cardinality nodes@0))", "(allocate head@0 node)", "(free node head@0 @0)",
    """
    (assign nodes@0 (bitOr (bitOr (select (live node 1) 1 0) (select (live node 2) 2 0) @0) (select (live node 3) 4 0) @0))
    """,
    "(wait (exists $0 (values (pointer node 3)) (equal node.next[(object $0)]@0 head@0 @0)))",
    "(wait (exists $0 (processes p) flags[(element $0)]@0))",
  ]

  @Test("for nothing that treats all members alike", arguments: harmless)
  func treatsAllAlike(step: String) throws {
    #expect(try refusals(step: step) == [])
  }

  static let harmful = [
    ("(assign head@0 2)", "node: one of its members is named by number"),
    ("(wait (equal who@0 1 @0))", "p: one of its members is named by number"),
    ("(assign tasks@0 1)", "p: a set of some of its members is written as a number"),
    ("(assign nodes@0 (bitAnd nodes@0 5 @0))", "node: a set of some of its members is written as a number"),
    ("(wait (less current 2 @0))", "p: its members are compared by number"),
    ("(wait (lessEqual head@0 2 @0))", "node: its members are compared by number"),
    ("(wait (less head@0 node.next[(object head@0)]@0 @0))", "node: its members are compared by number"),
    ("(assign number@0 head@0)", "node: its pointers are mixed with other values"),
    ("(assign head@0 number@0)", "node: its pointers are mixed with other values"),
    ("(assign number@0 (add head@0 1 @0))", "node: its pointers are computed with"),
    ("(assign list[(element head@0)]@0 1)", "node: an array is indexed by its objects"),
    ("(assign few[(element current)]@0 1)", "p: an array has room for some of its processes only"),
    (
      "(assign flags[(element current)]@0 1) (assign flags[(element number@0)]@0 1)",
      "p: an array is indexed by its processes and by numbers"
    ),
    (
      "(assign nodes@0 (bitOr (select (live node 1) 1 0) (select (live node 2) 2 0) @0))",
      "node: one of its members is named by number"
    ),
    (
      """
      (wait (exists $0 (values (pointer node 3)) \
      (equal node.next[(object node.next[(object $0)]@0)]@0 head@0 @0)))
      """, "node: a quantifier over them can fail before it is decided"
    ),
  ]

  @Test("where members are told apart", arguments: harmful)
  func tellsApart(step: String, reason: String) throws {
    #expect(try refusals(step: step).contains(reason))
    // It is the same in a property, if it is an expression.
    if step.hasPrefix("(wait "), !step.contains("current"), !reason.contains("quantifier") {
      #expect(try refusals(property: String(step.dropFirst(6).dropLast())).contains(reason))
    }
  }

  @Test("for kinds that are not declared symmetric, and fields that begin with a pointer")
  func declarations() throws {
    #expect(try refusals(symmetric: false) == ["p: it is not declared symmetric"])
    #expect(try refusals(initial: 2) == ["node: one of its members is named by number"])
  }

  @Test("for failing quantifiers of properties only where it matters that they are false")
  func properties() throws {
    let follows = "(equal node.next[(object node.next[(object $0)]@0)]@0 head@0 @0)"
    let all = "(forall $0 (values (pointer node 3)) \(follows))"
    let some = "(exists $0 (values (pointer node 3)) \(follows))"
    let reason = ["node: a quantifier over them can fail before it is decided"]
    #expect(try refusals(property: all) == [])
    #expect(try refusals(property: some) == reason)
    #expect(try refusals(property: "(not \(some) (mask 1))") == [])
    #expect(try refusals(property: "(not \(all) (mask 1))") == reason)
    #expect(try refusals(property: "(implies \(all) 1 @0)") == reason)
    #expect(try refusals(property: "(implies number@0 \(all) @0)") == [])
  }
}
