import Testing

/// Each of the other built-in properties, violated once: its name, the line and the object.
@Suite("range.*, deadlock and assert")
struct RangePropertyTests {
  @Test("range.overflow: a range and a refcount above its bound")
  func overflow() throws {
    try check(
      """
      0..3 x;
      process p {
          x = 3;
          x++; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.overflow @here: x"])
    try check(
      """
      refcount_t r = 7;
      process p { refcount_inc(&r); } // @here
      """, states: 1, transitions: 1, violations: ["range.overflow @here: r"])
  }

  @Test("range.overflow: a result that no number holds")
  func hugeNumbers() throws {
    try check(
      """
      bool x;
      bool b;
      process p {
          b = (x ? 1 : 9223372036854775807) + 1 > 0; // @here
          x = true;
      }
      """, states: 1, transitions: 1, violations: ["range.overflow @here"])
  }

  @Test("range.index: reading and writing out of bounds")
  func index() throws {
    try check(
      """
      bool a[2];
      u8 i;
      process p {
          i = 5;
          a[i] = true; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.index @here: a"])
    try check(
      """
      bool a[2];
      bool b;
      u8 i;
      process p {
          i = 5;
          b = a[i]; // @here
          a[0] = b;
      }
      """, states: 2, transitions: 2, violations: ["range.index @here: a"])
  }

  @Test("range.division: by zero, and shifts by the width of the word or more")
  func division() throws {
    try check(
      """
      0..3 x;
      process p {
          x = 6 / x; // @here
      }
      """, states: 1, transitions: 1, violations: ["range.division @here"])
    try check(
      """
      u8 w;
      u8 n;
      process p {
          n = 8;
          w = w % 2 << n; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.division @here"])
    try check(
      """
      -3..3 n;
      bool b;
      process p {
          n = -1;
          b = 1 << n == 2; // @here
      }
      """, states: 2, transitions: 2, violations: ["range.division @here"])
  }

  @Test("range.pool: a full pool")
  func pool() throws {
    try check(
      """
      struct obj pool 1 { bool b; };
      process p {
          struct obj *a = alloc_nofail(struct obj);
          struct obj *b = alloc_nofail(struct obj); // @full
          free(a);
          free(b);
      }
      """, states: 2, transitions: 2, violations: ["range.pool @full"])
  }

  @Test("deadlock: said to be where a process waits")
  func deadlock() throws {
    // p and q each take one lock: 3 * 3 + ... places; the deadlock is one of them.
    try check(
      """
      mutex a;
      mutex b;
      process p {
          mutex_lock(&a);
          mutex_lock(&b); // @p
          mutex_unlock(&b);
          mutex_unlock(&a);
      }
      process q {
          mutex_lock(&b);
          mutex_lock(&a); // @q
          mutex_unlock(&a);
          mutex_unlock(&b);
      }
      """, violations: ["lock.order @q", "deadlock @p"])
  }

  @Test("deadlock: daemons may wait, environments do not count, and who has ended does not either")
  func deadlockKinds() throws {
    try check(
      "bool b; process d daemon { wait_event(b); } process p { b = false; }", states: 2, transitions: 1)
    // The hardware goes on for ever, and still p is stuck in both states of it.
    try check(
      """
      bool tick;
      bool go;
      process hardware environment { loop tick = !tick; }
      process p { wait_event(go); go = true; } // @p
      """, states: 2, transitions: 2, violations: ["deadlock @p"])
    // A daemon that can step keeps p alive; an environment that waits is no deadlock.
    try check(
      "bool b; process d daemon { b = true; } process p { wait_event(b); }", states: 3, transitions: 2)
    try check("bool b; process e environment { wait_event(b); b = true; }", states: 1, transitions: 0)
  }

  @Test("assert: its line, and the search goes on")
  func assertion() throws {
    try check(
      """
      0..3 x;
      process p { assert(x == 1); } // @before
      """, states: 1, transitions: 0, violations: ["assert @before"])
    try check(
      """
      0..3 x;
      process p {
          assert(x == 1); // @first
          x = 2;
          assert(x == 1, "with a text"); // @second
      }
      """, states: 4, transitions: 3, violations: ["assert @first", "assert @second"])
  }
}
