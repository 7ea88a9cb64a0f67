import CheckDriver
import Reports
import Testing

/// Declared properties, expectations, scopes and settings.
@Suite("Properties and scopes")
struct PropertyTests {
  @Test("an invariant is checked in every state, the first one too")
  func invariants() throws {
    try check(
      """
      0..2 x;
      process p { x = 1; x = 2; }
      invariant never_zero "": x != 0; // @zero
      invariant never_two "": x != 2; // @two
      invariant at_most_two "": x <= 2;
      """, states: 3, transitions: 2, violations: ["never_zero @zero", "never_two @two"])
  }

  @Test("the trace to a broken invariant is a shortest one")
  func shortest() throws {
    let found = try SpecRun(
      """
      0..3 x;
      process p {
          choose {
          case: x = 1; x = 2; x = 3;
          case: x = 3;
          }
      }
      invariant never_three "": x != 3;
      """)
    #expect(try found.result("never_three").trace?.steps.count == 2)
  }

  @Test("a step property sees the state before, after, and who took the step")
  func steps() throws {
    try check(
      """
      0..3 x;
      process p { x = 1; x = 2; }
      process q { x = 3; }
      step grows "x never shrinks": x >= old(x); // @grows
      step only_q "only q makes three": x == 3 && old(x) != 3 ==> current == q;
      step p_counts "p adds one": current == p && old(x) != 3 ==> x == old(x) + 1;
      step nobody "nobody writes": x == old(x); // @nobody
      """, states: 8, transitions: 8, violations: ["grows @grows", "nobody @nobody"])
  }

  @Test("old reaches through pointers and into arrays")
  func oldPaths() throws {
    try check(
      """
      struct obj pool 1 { 0..3 n; };
      struct obj *o;
      0..3 a[2];
      init { o = alloc_nofail(struct obj); }
      process p {
          o->n = 1;
          a[1] = 2;
          free(o);
      }
      step calm "one thing at a time": live(o) ==> (o->n == old(o->n) || a[1] == old(a[1]));
      """, states: 4, transitions: 3)
  }

  @Test("reachable asks for a witness")
  func witnesses() throws {
    let found = try SpecRun(
      """
      0..3 x;
      process p { x = 1; x = 2; }
      reachable two "": x == 2;
      reachable first "": x == 0;
      reachable three "": x == 3; // @three
      """)
    #expect(found.violations == ["three"])
    #expect(try found.result("two").trace?.steps.count == 2)
    #expect(try found.result("first").trace?.steps.isEmpty == true)
    #expect(try found.result("three").trace == nil)
    #expect(try found.result("three").message == "no reachable state satisfies it")
  }

  @Test("at tells where a process stands")
  func places() throws {
    try check(
      """
      mutex m;
      0..1 x;
      process p[2] {
          mutex_lock(&m);
      inside:
          x = 1;
          mutex_unlock(&m);
      }
      invariant alone "one at a time": (count i in p: at(i, inside)) <= 1;
      invariant nobody "": !(exists i in p: at(i, inside)); // @nobody
      """, violations: ["nobody @nobody"])
  }

  @Test("ended, held, held_by, held_for_write and is_locked")
  func lockPredicates() throws {
    try check(
      """
      rwsem s;
      mutex m;
      bool b;
      process p {
          down_read(&s);
          assert(held(s) && !held_for_write(s) && held_by(s, p) && !held_by(s, q) && is_locked(s));
          up_read(&s);
          down_write(&s);
          assert(held(s) && held_for_write(s) && is_locked(s) && !is_locked(m));
          downgrade_write(&s);
          assert(held(s) && !held_for_write(s));
          up_read(&s);
          mutex_lock(&m);
          assert(held(m) && held_for_write(m));
          mutex_unlock(&m);
          b = true;
      }
      process q { wait_event(ended(p)); b = false; }
      invariant order "q comes last": ended(q) ==> ended(p);
      """, states: 15, transitions: 14)
  }

  @Test("readers share, a writer is alone")
  func sharing() throws {
    // Each reader: out, in, end; both may be in.
    try check(
      """
      rwsem s;
      process r[2] { down_read(&s); up_read(&s); }
      """, states: 9, transitions: 12)
    // A writer excludes: not both in.
    try check(
      """
      rwsem s;
      process r { down_read(&s); up_read(&s); }
      process w { down_write(&s); up_write(&s); }
      """, states: 8, transitions: 8)
    // Downgrading lets the reader in: w: out, writing, reading, end; not (writing, in).
    try check(
      """
      rwsem s;
      process r { down_read(&s); up_read(&s); }
      process w { down_write(&s); downgrade_write(&s); up_read(&s); }
      """, states: 11, transitions: 13)
  }

  @Test("trylocks never wait, and fail on a lock that is held, even by oneself")
  func trylocks() throws {
    try check(
      """
      mutex m; spinlock l; rwsem s;
      bool b;
      process p {
          atomic {
              b = mutex_trylock(&m);
              assert(b);
              b = mutex_trylock(&m);
              assert(!b);
              mutex_unlock(&m);
              b = spin_trylock(&l);
              assert(b);
              spin_unlock(&l);
              b = down_read_trylock(&s);
              assert(b);
              b = down_write_trylock(&s);
              assert(!b);
              up_read(&s);
              b = down_write_trylock(&s);
              assert(b);
              up_write(&s);
          }
      }
      """, states: 2, transitions: 1)
    try check(
      """
      mutex m;
      bool got;
      process p { mutex_lock(&m); wait_event(ended(q)); mutex_unlock(&m); }
      process q { if (mutex_trylock(&m)) { got = true; mutex_unlock(&m); } }
      reachable refused "": ended(q) && !got;
      reachable granted "": ended(q) && got;
      """, violations: [])
  }

  @Test("reference counts are set, read, raised, dropped and tested")
  func refcounts() throws {
    try check(
      """
      refcount_t r;
      bool b;
      process p {
          atomic {
              refcount_set(&r, 1);
              refcount_inc(&r);
              assert(refcount_read(&r) == 2);
              b = refcount_dec_and_test(&r);
              assert(!b);
              b = refcount_inc_not_zero(&r);
              assert(b && refcount_read(&r) == 2);
              refcount_dec(&r);
              b = refcount_dec_and_test(&r);
              assert(b && refcount_read(&r) == 0);
              b = refcount_inc_not_zero(&r);
              assert(!b && refcount_read(&r) == 0);
          }
      }
      """, states: 2, transitions: 1)
  }

  @Test("the more exact expectation wins, then the later one, and conditions choose")
  func expectations() throws {
    let body = """
      param N = 1;
      option BUG = false "";
      0..3 x;
      process p { x = N; assert(x != 1); if (BUG) x = 3; x = x; }
      invariant never_three "": x != 3;
      invariant small "": x < 3;
      scope a { N = 1; }
      scope b { N = 2; }
      expect holds assert;
      expect violated assert in a;
      expect violated *;
      expect holds *;
      expect violated never_three when BUG;
      expect unknown small when BUG && N == 2;
      expect violated small when BUG && N == 1;
      """
    func expected(_ property: String, _ bug: String) throws -> [CheckReport.Kind] {
      try SpecRun.runs(body, overrides: [("BUG", bug)]).compactMap { run in
        run.results.first { $0.property == property }?.expected
      }
    }
    #expect(try expected("assert", "false") == [.violated, .holds])
    #expect(try expected("deadlock", "false") == [.holds, .holds])
    #expect(try expected("never_three", "false") == [.holds, .holds])
    #expect(try expected("never_three", "true") == [.violated, .violated])
    #expect(try expected("small", "true") == [.violated, .unknown])
    let runs = try SpecRun.runs(body, overrides: [("BUG", "true")])
    #expect(exitCode(for: CheckReport(tool: "", toolVersion: "", runs: [runs[0]])) == 0)
    #expect(exitCode(for: CheckReport(tool: "", toolVersion: "", runs: [runs[1]])) == 1)
  }

  @Test("groups stand between names and *")
  func expectedGroups() throws {
    let found = try SpecRun(
      """
      mutex m;
      0..3 x guarded_by m;
      process p { x = 1; mutex_unlock(&m); }
      expect violated lock.*;
      expect holds *;
      expect holds lock.order;
      """)
    #expect(try found.result("lock.unguarded").expected == .violated)
    #expect(try found.result("lock.order").expected == .holds)
    #expect(try found.result("deadlock").expected == .holds)
  }

  @Test("scopes on request run only when asked for, and -D wins over scopes, scopes over defaults")
  func scopes() throws {
    let body = """
      param N = 1;
      option B = false "";
      const TWICE = 2 * N;
      0..9 x;
      process p { x = TWICE; if (B) x = 9; }
      scope one { }
      scope three { N = 3; B = true; }
      scope four on_request { N = 4; }
      invariant small "": x <= 6;
      """
    func summary(_ runs: [CheckReport.Run]) -> [String] {
      runs.map { "\($0.scope) \($0.statistics.states) \($0.parameters.map { "\($0.name)=\($0.value)" })" }
    }
    #expect(try summary(SpecRun.runs(body)) == ["one 2 []", #"three 3 ["N=3"]"#])
    #expect(try summary(SpecRun.runs(body, scope: "four")) == [#"four 2 ["N=4"]"#])
    #expect(
      try summary(SpecRun.runs(body, overrides: [("N", "2"), ("B", "false")])) == [
        #"one 2 ["N=2"]"#, #"three 2 ["N=2"]"#,
      ])
    #expect(try SpecRun(body, overrides: [("N", "4")]).violations == ["small @line 9"])
  }

  @Test("a kind of zero processes is switched off")
  func noProcesses() throws {
    try check(
      """
      param N = 0;
      0..3 x;
      process p { x = 1; }
      process off[N] { x = 2; }
      invariant never_two "": x != 2;
      """, states: 2, transitions: 1)
  }
}
