import Reductions
import Testing
import TransitionIR

/// Which accesses a lock keeps apart.
@Suite("Locks and safe steps")
struct SafeStepsLockTests {
  /// Whether the step at `first` conflicts with what a process at the start of `q` may do.
  private func conflicts(_ first: String, with other: String, _ text: String, knowsLocks: Bool = true) throws
    -> Bool
  {
    let system = try Specimens.system(text: text)
    let kinds: Set<Reduction> = knowsLocks ? [.partialOrder, .atomicity] : [.partialOrder]
    return SafeSteps(system, kinds: kinds).conflicts(
      try #require(system.location(first)), withFutureOf: try #require(system.location(other)))
  }

  private let counter = """
    mutex m;
    0..3 x;
    0..3 y;
    process p { mutex_lock(&m); x = 1; mutex_unlock(&m); y = 1; }
    process q { 0..3 a; a = 0; mutex_lock(&m); x = 2; mutex_unlock(&m); y = 2; }
    """

  @Test("what it protects, and its release")
  func protected() throws {
    #expect(try !conflicts("x = 1", with: "mutex_lock(&m)", counter))
    #expect(try !conflicts("mutex_unlock", with: "mutex_lock(&m)", counter))
    #expect(try conflicts("x = 1", with: "mutex_lock(&m)", counter, knowsLocks: false))
  }

  @Test("not the taking of it, nor what it does not protect")
  func unprotected() throws {
    #expect(try conflicts("mutex_lock", with: "mutex_lock(&m)", counter))
    #expect(try conflicts("y = 1", with: "mutex_lock(&m)", counter))
  }

  @Test("a trylock sees the release")
  func trylock() throws {
    let text = """
      mutex m;
      0..3 x;
      process p { mutex_lock(&m); x = 1; mutex_unlock(&m); }
      process q { if (mutex_trylock(&m)) { x = 2; mutex_unlock(&m); } }
      """
    #expect(try conflicts("mutex_unlock", with: "if (mutex_trylock", text))
  }

  @Test("who holds it for reading keeps writers out, but not those who should write and only read")
  func readers() throws {
    let text = """
      rwsem s;
      0..3 x;
      process p { 0..3 a; down_read(&s); a = x; up_read(&s); }
      process q { down_write(&s); x = 2; up_write(&s); }
      process r { 0..3 c; c = 0; down_read(&s); x = 1; up_read(&s); }
      """
    #expect(try !conflicts("a = x", with: "down_write(&s)", text))
    #expect(try conflicts("a = x", with: "x = 1", text))
  }

  @Test("each element of an array of locks protects its own element")
  func array() throws {
    func text(_ index: String) -> String {
      """
      typedef 0..1 ix;
      mutex m[ix];
      0..3 x[ix];
      process p { ix i; ix j; choose { case: i = 0; case: i = 1; } j = \(index); mutex_lock(&m[i]); x[j] = 1; mutex_unlock(&m[i]); }
      process q { ix i; choose { case: i = 0; case: i = 1; } mutex_lock(&m[i]); x[i] = 2; mutex_unlock(&m[i]); }
      """
    }
    let system = try Specimens.system(text: text("i"))
    let start = try #require(system.locations.firstIndex { system.kinds[$0.kind.index].name == "q" })
    #expect(try !isBlocked(text("i"), "x[j] = 1", by: start))
    #expect(try isBlocked(text("1 - i"), "x[j] = 1", by: start))
  }

  private func isBlocked(_ text: String, _ first: String, by location: Int) throws -> Bool {
    let system = try Specimens.system(text: text)
    return SafeSteps(system, kinds: [.partialOrder, .atomicity]).conflicts(
      try #require(system.location(first)), withFutureOf: LocationID(location))
  }

  @Test("a lock in an object protects the object, until somebody may free it")
  func object() throws {
    func text(_ end: String) -> String {
      """
      struct obj pool 1 { mutex lock; 0..3 n; };
      struct obj *g;
      init { g = alloc_nofail(struct obj); }
      process p { struct obj *o = g; mutex_lock(&o->lock); o->n = 1; mutex_unlock(&o->lock); }
      process q { struct obj *r = g; mutex_lock(&r->lock); r->n = 2; mutex_unlock(&r->lock); \(end) }
      """
    }
    #expect(try !conflicts("o->n = 1", with: "mutex_lock(&r->lock)", text("")))
    #expect(try conflicts("o->n = 1", with: "mutex_lock(&r->lock)", text("free(r);")))
  }

  @Test("two locks that may be one: releasing one is not trusted to leave the other")
  func alias() throws {
    let text = """
      struct obj pool 2 { rwsem sem; 0..3 n; };
      struct obj *g;
      struct obj *h;
      init { g = alloc_nofail(struct obj); h = maybe ? g : g; }
      process p[2] {
          struct obj *o = g;
          struct obj *r = h;
          down_read(&o->sem);
          if (down_read_trylock(&r->sem))
              up_read(&r->sem);
          o->n = 1;
          up_read(&o->sem);
      }
      """
    let system = try Specimens.system(text: text)
    let whole = Explorer(system)
    for way in Way.allCases { #expect(way.explore(system).found == whole.found) }
  }
}
