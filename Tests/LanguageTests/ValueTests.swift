import Testing

/// Types and expressions.
///
/// Most cases are one atomic step with assertions: 2 states, 1 transition.
@Suite("Values")
struct ValueTests {
  /// Declarations and a body that must run through in one step.
  private func holds(
    _ declarations: String = "", _ body: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try check(
      "\(declarations)\nbool done;\nprocess p { atomic { // @step\n\(body)\ndone = true;\n} }", states: 2,
      transitions: 1, sourceLocation: sourceLocation)
  }

  @Test("words wrap", arguments: [8, 16, 32, 64])
  func words(bits: Int) throws {
    let top = bits == 64 ? "18446744073709551615" : String((1 << bits) - 1)
    try holds(
      "u\(bits) a; u\(bits) b;",
      """
      a = \(top);
      a++;
      assert(a == 0);
      a--;
      assert(a == \(top) && a > 0);
      a += 2;
      assert(a == 1);
      a = 0 - 2;
      assert(a == \(top) - 1 && ~a == 1 && -a == 2);
      a = 3;
      b = \(top);
      assert(a * b == 0 - 3);
      b = 1;
      b = b << \(bits - 1);
      assert(b + b == 0 && b >> \(bits - 1) == 1 && b << 1 == 0);
      assert(b / 2 == b >> 1 && b % 2 == 0);
      """)
  }

  @Test("constants adapt to the word beside them, and conversions cut and extend")
  func conversions() throws {
    try holds(
      "u8 a; u64 b; 0..300 n;",
      """
      b = 0x1ff;
      a = u8(b);
      assert(a == 255);
      b = u64(a) + 1;
      assert(b == 256);
      n = 300;
      a = u8(n);
      assert(a == 44 && u16(n) == 300);
      n = a;
      assert(n == 44);
      """)
  }

  @Test("comparisons of words are unsigned")
  func unsigned() throws {
    try holds(
      "u64 a; u64 b;",
      """
      a = 0xffffffff00000000;
      b = 1;
      assert(a > b && !(a < b) && a / 2 == 0x7fffffff80000000);
      """)
  }

  @Test("ranges hold both ends, start next to zero, and compute without wrapping")
  func ranges() throws {
    try holds(
      "-3..3 a; 2..5 b; -9..-4 c; 0..0x10000000000 big;",
      """
      assert(a == 0 && b == 2 && c == -4 && big == 0);
      a = -3;
      a = -a;
      assert(a == 3 && a * b - 7 == -1 && -7 / 2 == -3 && -7 % 2 == -1);
      assert((5 & 6) == 4 && (5 | 6) == 7 && (5 ^ 6) == 3 && 1 << 3 == 8 && 9 >> 2 == 2);
      big = 0x10000000000;
      big -= 1;
      assert(big == 0xffffffffff);
      assert(a in 0..3 && !(a in 4..9));
      """)
  }

  @Test("enums have values and no order")
  func enums() throws {
    try holds(
      "enum color { RED, GREEN }; color c; 0..3 n[color];",
      """
      assert(c == RED);
      c = GREEN;
      n[c] = 2;
      assert(n[GREEN] == 2 && n[RED] == 0 && c in color && c in {GREEN});
      assert((count k in color: n[k] == 0) == 1);
      """)
  }

  @Test("flags are bits")
  func flags() throws {
    try holds(
      "flags mode { READ, WRITE, EXEC }; mode m;",
      """
      assert(m == 0 && !m);
      m = READ | EXEC;
      assert((m & READ) && !(m & WRITE) && (m & ~READ) == EXEC);
      m ^= READ | WRITE;
      assert(m == (WRITE | EXEC));
      m &= ~WRITE;
      m |= READ;
      assert(m == (READ | EXEC));
      m = 0;
      assert(~m == (READ | WRITE | EXEC));
      """)
  }

  @Test("sets have members, union, intersection, difference and size")
  func sets() throws {
    try holds(
      "typedef -3..3 k; set of k s; set of bool b;",
      """
      assert(s == {} && size(s) == 0);
      s = {-3, 3};
      assert(size(s) == 2 && -3 in s && !(0 in s));
      s |= {0};
      s -= {3};
      assert(s == {0, -3} && (s & {0}) == {0} && (s ^ {0, 1}) == {-3, 1});
      s = s | {1, 2};
      assert((forall e in s: e != 3) && (exists e in s: e == 2) && (count e in s: e > 0) == 2);
      b = {true};
      assert(true in b && !(false in b));
      """)
  }

  @Test("struct values are copied, arrays in them too")
  func structs() throws {
    try holds(
      "struct inner { 0..3 n; bool f[3]; }; struct outer { struct inner i; bool b; }; struct outer x; struct outer y;",
      """
      struct outer z;
      x.i.n = 2;
      x.i.f[1] = true;
      y = x;
      x.i.n = 3;
      assert(y.i.n == 2 && y.i.f[1] && !y.i.f[0]);
      z = y;
      z.b = true;
      y.i = x.i;
      assert(y.i.n == 3 && !y.b && z.i.n == 2 && z.i.f[1]);
      """)
  }

  @Test("arrays are indexed by a count, a range, a bool, an enum or processes")
  func arrays() throws {
    try check(
      """
      typedef -2..2 k;
      0..3 a[3];
      bool b[k];
      0..1 c[bool];
      0..3 d[2][k];
      bool e[q];
      process q[2] daemon { wait_event(false); }
      process p {
          atomic {
              a[2] = 1;
              b[-2] = true;
              c[true] = 1;
              d[1][-1] = 3;
              assert(a[2] == 1 && a[0] == 0 && b[-2] && !b[2] && c[true] == 1 && c[false] == 0);
              assert(d[1][-1] == 3 && d[0][-1] == 0 && d[1][1] == 0);
              e[q[1]] = true;
              assert((count i in q: e[i]) == 1);
          }
      }
      """, states: 2, transitions: 1)
  }

  @Test("reference parameters are other names for the caller's variables")
  func references() throws {
    try holds(
      """
      typedef -2..2 k;
      struct v { 0..3 n; };
      struct v s;
      bool a[k];
      k i;
      struct obj pool 1 { 0..3 n; };
      struct obj *o;
      void mark(bool *x) { *x = true; }
      void bump(struct v *x) { x->n++; }
      void twice(0..3 *x) { *x = *x + 1; again(x); }
      void again(0..3 *x) { (*x)++; }
      void make(struct obj **x) { *x = alloc_nofail(struct obj); }
      """,
      """
      0..3 n;
      i = -1;
      mark(&a[i]);
      assert(a[-1] && !a[1]);
      bump(&s);
      twice(&s.n);
      assert(s.n == 3);
      twice(&n);
      assert(n == 2);
      make(&o);
      twice(&o->n);
      assert(o->n == 2);
      free(o);
      """)
  }

  @Test("a reference stays with its variable while the index changes")
  func frozenReference() throws {
    try holds(
      """
      bool a[3];
      0..2 i;
      void move(bool *x) { i = 2; *x = true; }
      """,
      """
      move(&a[i]);
      assert(a[0] && !a[2]);
      """)
  }

  @Test("pointers are compared, stored and followed")
  func pointers() throws {
    try holds(
      "struct node pool 3 { struct node *next; 0..3 n; }; struct node *head;",
      """
      struct node *a = alloc_nofail(struct node);
      struct node *b = alloc_nofail(struct node);
      assert(a && b && a != b && a->next == null && live(a) && !live(head));
      a->next = b;
      b->n = 3;
      head = a;
      assert(head->next->n == 3 && head == a && (exists o in node: o->n == 3) && (count o in node: true) == 2);
      free(b);
      assert(!live(a->next));
      free(a);
      free(null);
      head = null;
      """)
  }

  @Test("an object that is allocated again starts with default fields")
  func reuse() throws {
    try holds(
      "struct obj pool 1 { 0..3 n = 1; set of bool s; };",
      """
      struct obj *o = alloc_nofail(struct obj);
      o->n = 3;
      o->s = {true};
      free(o);
      o = alloc_nofail(struct obj);
      assert(o->n == 1 && o->s == {});
      free(o);
      """)
  }

  @Test("alloc may fail")
  func failingAllocation() throws {
    // Start; got it; end. Not getting it leads to the end at once.
    try check(
      """
      struct obj pool 1 { bool b; };
      process p {
          struct obj *o = alloc(struct obj);
          if (o)
              free(o);
      }
      """, states: 3, transitions: 3)
  }

  @Test("and, or, implies and ?: do not evaluate what they do not need")
  func shortCircuit() throws {
    try holds(
      "struct obj pool 1 { bool b; }; struct obj *o; 0..3 zero; bool a[2]; 0..5 far = 5;",
      """
      assert(!(o && o->b) && (!o || o->b) && (o ==> o->b) && (o ? o->b : true));
      assert(zero == 0 || 6 / zero == 1);
      assert(!(far < 2 && a[far]));
      """)
  }

  @Test("implies associates to the right and binds looser than or")
  func implication() throws {
    try holds(
      "",
      """
      assert(false ==> false ==> false);
      assert(!((false ==> false) ==> false));
      assert(true || true ==> true);
      """)
  }

  @Test("pure functions are called in invariants")
  func pureFunctions() throws {
    try check(
      """
      0..3 x;
      0..4 next(0..3 v) { return v + 1; }
      bool fits(0..3 v) { return next(v) <= 3; }
      process p { x = 2; x = 3; }
      invariant small "there is one more": fits(x); // @small
      """, states: 3, transitions: 2, violations: ["small @small"])
  }

  @Test("quantifiers over several variables, types and processes")
  func quantifiers() throws {
    try holds(
      "bool r[2][3];",
      """
      for (i in 0..1)
          for (j in 0..2)
              r[i][j] = i < j;
      assert(forall i in 0..1, j in 0..2: r[i][j] == (i < j));
      assert((count i in 0..1: exists j in 0..2: r[i][j]) == 2);
      assert((forall b in bool: b || !b) && (exists t in task: t == current) && !(exists i in 1..0: true));
      assert((forall i in 0..1 where i == 1: r[i][2]) && (count j in 0..2 where j > 0: r[0][j]) == 2);
      """)
  }

  @Test("bounds of any may be computed, if their range is known")
  func computedBounds() throws {
    try holds(
      "0..50 w; 0..100 y;",
      """
      w = 40;
      y = any v in w + w..2 * w;
      assert(y == 80);
      """)
  }
}
