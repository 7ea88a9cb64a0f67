/// Specs with mistakes that only the types and names of a spec show, and the codes that they must give in source order, each with the
/// text that it marks.
struct SemanticMistake: Sendable, CustomStringConvertible {
  let text: String
  let expected: [String]
  var description: String { "\(expected.first ?? "none"): \(text.suffix(50))" }

  /// A whole file, with a process if it needs none of its own.
  static func file(_ text: String, _ expected: String...) -> SemanticMistake {
    SemanticMistake(text: "spec s \"s\";\nprocess idle { }\n\(text)\n", expected: expected)
  }

  /// Statements of a process, after the declarations of `world`.
  static func statements(_ text: String, _ expected: String...) -> SemanticMistake {
    SemanticMistake(text: "spec s \"s\";\n\(world)process main {\n\(text)\n}\n", expected: expected)
  }

  /// A condition of an invariant, after the declarations of `world`.
  static func invariant(_ text: String, _ expected: String...) -> SemanticMistake {
    SemanticMistake(
      text: "spec s \"s\";\n\(world)process main { }\ninvariant i \"i\": \(text);\n", expected: expected)
  }

  private static let world = """
    enum color { RED, GREEN };
    flags mode { READ, WRITE };
    struct obj pool 2 { 0..3 n; struct obj *next; mutex lock; refcount_t refs; };
    struct pair { 0..3 a; bool b; };
    typedef 0..3 small;
    0..3 x;
    bool b;
    u8 w8;
    u16 w16;
    color c;
    mode m;
    struct obj *o;
    struct pair v;
    bool flag[4];
    set of 0..3 s;
    mutex mu;
    rwsem rw;
    refcount_t refs;
    process many[3] { }
    process sym[2] symmetric { }
    void work() { x = 1; }
    0..3 get() { x = 1; return x; }
    bool pure(0..3 n) { return n > x; }
    void take(0..3 n) { x = n; }
    void change(0..3 *n) { *n = 1; }

    """

  static let names: [SemanticMistake] = [
    .file("bool a; bool a;", "E0301 a"),
    .file("bool mutex_lock;", "E0301 mutex_lock"),
    .file("struct t { bool a; bool a; };", "E0301 a"),
    .file("scope a { } scope a { }", "E0301 a"),
    .file("void f(bool a, bool a) { }", "E0301 a"),
    .file("spec again \"again\";", "E0301 spec again \"again\";"),
    .statements("bool a; bool a;", "E0301 a"),
    .statements("l: ; l: ;", "E0301 l"),
    SemanticMistake(text: "process p { }\n", expected: ["E0303 "]),
    .file("scope a { NONE = 1; }", "E0304 NONE"),
    .file("expect holds assert in nowhere;", "E0305 nowhere"),
    .file("expect holds nothing;", "E0306 nothing"),
    .file("expect holds lok.*;", "E0306 lok.*"),
    .file("const A = B; const B = A;", "E0307 A"),
    .file("const A = NONE + 1;", "E0308 NONE"),
    .file("struct a per process { }; struct z per process { };", "E0309 z"),
    SemanticMistake(text: "spec s \"s\";\nbool b;\n", expected: ["E0310 bool b"]),
    .file("colour c;", "E0311 colour"),
    .file("struct nothing *c;", "E0311 nothing"),
    .statements("y = 1;", "E0312 y"),
    .statements("o->nn = 1;", "E0313 nn"),
    .statements("v.c = 1;", "E0313 c"),
    .statements("wrok();", "E0314 wrok"),
    .statements("goto away;", "E0315 away"),
    .invariant("exists p in many: at(p, away)", "E0315 away"),
  ]

  static let types: [SemanticMistake] = [
    .file("param P = true;", "E0401 P"),
    .file("option O = 3 \"o\";", "E0401 O"),
    .file("const A = true; bool a[A];", "E0402 A"),
    .file("const A = 1 && 2;", "E0402 1 && 2"),
    .file("const A = !3;", "E0402 3"),
    .file("expect holds * when 3;", "E0402 3"),
    .file("const A = 9223372036854775807 + 1;", "E0403 9223372036854775807 + 1"),
    .file("const A = 18446744073709551615;", "E0403 18446744073709551615"),
    .file("const A = 1 << 63;", "E0403 1 << 63"),
    .file("bool a; const A = a;", "E0308 a"),
    .file("bool a; bool c[a];", "E0404 a"),
    .file("const A = maybe;", "E0404 maybe"),
    .file("const A = 3 / (1 - 1);", "E0405 3 / (1 - 1)"),
    .file("const A = 3 % 0;", "E0405 3 % 0"),
    .file("enum e { };", "E0406 e"),
    .file("flags f { \((0...32).map { "F\($0)" }.joined(separator: ", ")) };", "E0407 f"),
    .file("struct t pool 0 { };", "E0408 0"),
    .file("struct t pool 61 { };", "E0408 61"),
    .file("process q[17] { }", "E0409 17"),
    .file("process q[0 - 1] { }", "E0409 0 - 1"),
    .file("bool l; bool a guarded_by l;", "E0410 l"),
    .file("bool a guarded_by none;", "E0410 none"),
    .file("struct t pool 1 { bool l; bool a guarded_by l; };", "E0410 l"),
    .file("struct t pool 1 { bool a guarded_by 3; };", "E0410 3"),
    .file("struct t { struct u f; }; struct u { struct t g; };", "E0411 t"),
    .file("void v;", "E0412 void v"),
    .file("set of u8 s;", "E0413 u8"),
    .file("set of 0..62 s;", "E0413 0..62"),
    .file("enum e { A }; enum f { B }; e a = B;", "E0414 B"),
    .file("0..3 a = 4;", "E0415 4"),
    .file("refcount_t r = 8;", "E0415 8"),
    .statements("x = 4;", "E0415 4"),
    .statements("take(7);", "E0415 7"),
    .file("mutex a = 1;", "E0416 1"),
    .file("struct t pool 1 { }; struct t *a = 1;", "E0416 1"),
    .file("bool a[0];", "E0417 0"),
    .file("bool a[5000];", "E0417 5000"),
    .file("bool a[4096][4096];", "E0417 4096"),
    .file("typedef u8 byte; bool a[byte];", "E0417 byte"),
    .file("struct t pool 1 { }; struct t a;", "E0418 struct t a"),
    .file("bool *a;", "E0419 bool *a"),
    .file("struct t pool 1 { }; struct t **a;", "E0419 struct t **a"),
    .file("3..1 a;", "E0420 3..1"),
    .file("0..99999999999999 a;", "E0420 0..99999999999999"),
    .statements("x = \"text\";", "E0422 \"text\""),
    .statements("assert(&b);", "E0423 &b"),
    .invariant("old(x) == x", "E0424 old(x)"),
    .statements("x = old(x);", "E0424 old(x)"),
    .invariant("maybe", "E0425 maybe"),
    .invariant("(any i in 0..3) == 1", "E0425 any i in 0..3"),
    .invariant("alloc(struct obj) == null", "E0425 alloc(struct obj)"),
    .invariant("mutex_trylock(&mu)", "E0425 mutex_trylock(&mu)"),
    .invariant("current == null", "E0426 current"),
    .file("task t; init { t = current; }", "E0426 current"),
    .file("init { exit; }", "E0426 exit;"),
  ]

  static let expressions: [SemanticMistake] = [
    .statements("x = get;", "E0427 get"),
    .statements("x = color;", "E0428 color"),
    .invariant("i", "E0429 i"),
    .statements("assert(many == current);", "E0430 many"),
    .statements("if (c) x = 1;", "E0431 c"),
    .statements("if (s) x = 1;", "E0431 s"),
    .statements("if (v) x = 1;", "E0431 v"),
    .statements("if (null) x = 1;", "E0431 null"),
    .statements("x = -b ? 1 : 0;", "E0432 -b"),
    .statements("c = ~c;", "E0432 ~c"),
    .statements("x = b ? 1 : c;", "E0433 b ? 1 : c"),
    .statements("x = *o;", "E0434 *o"),
    .statements("x = *x;", "E0434 *x"),
    .statements("o.n = 1;", "E0435 n"),
    .statements("v->a = 1;", "E0436 a"),
    .statements("x.n = 1;", "E0437 x.n"),
    .statements("x = x[1];", "E0438 x"),
    .statements("flag[4] = true;", "E0439 4"),
    .statements("assert(many[3] == current);", "E0439 many[3]"),
    .statements("assert(sym[0] == current);", "E0440 sym[0]"),
    .statements("assert({1, 2} == {1});", "E0441 {1, 2}", "E0441 {1}"),
    .invariant("forall p in pair: true", "E0442 pair"),
    .invariant("forall p in x: true", "E0443 x"),
    .invariant("forall p in mode: true", "E0443 mode"),
    .file("typedef 0..5000 big; invariant i \"i\": forall v in big: true;", "E0444 big"),
    .statements("u64 a = any v in u64;", "E0443 u64"),
    .statements("w8 = any v in u8;", "E0443 u8"),
    .statements("u64 a = any v in 0..(1 << 47);", "E0444 0..(1 << 47)"),
    .statements("assert(c == 1);", "E0445 c == 1"),
    .statements("assert(v == v);", "E0445 v == v"),
    .statements("assert(w8 == w16);", "E0445 w8 == w16"),
    .statements("assert(RED < GREEN);", "E0446 RED < GREEN"),
    .statements("assert(o < o);", "E0446 o < o"),
    .statements("x = x + b;", "E0447 x + b"),
    .statements("w16 = w16 + w8;", "E0447 w16 + w8"),
    .statements("m = m + READ;", "E0447 m + READ"),
    .statements("o = o + 1;", "E0447 o + 1"),
    .statements("b = x;", "E0448 x"),
    .statements("o = 0;", "E0448 0"),
    .statements("w8 = w16;", "E0448 w16"),
    .statements("c = 1;", "E0448 1"),
    .statements("b = live(x);", "E0448 x"),
    .statements("x = size(x);", "E0448 x"),
    .statements("x();", "E0449 x"),
    .statements("take();", "E0450 take()"),
    .statements("mutex_lock();", "E0450 mutex_lock()"),
    .statements("x = u8(1, 2);", "E0450 u8"),
    .statements("take(struct obj);", "E0451 struct obj"),
    .statements("free(struct obj);", "E0451 struct obj"),
    .statements("take(&x);", "E0452 &x"),
    .statements("change(x);", "E0453 x"),
    .statements("mutex_lock(mu);", "E0453 mu"),
    .statements("change(&get());", "E0454 &get()"),
    .statements("o = alloc(struct pair);", "E0455 pair"),
    .statements("o = alloc(3);", "E0455 alloc(3)"),
    .statements("b = at(main, here);\nhere: ;", "E0456 at(main, here)"),
    .statements("mutex_lock(&rw);", "E0457 &rw"),
    .statements("refcount_inc(&x);", "E0457 &x"),
    .file("struct t { bool a; }; struct t f() { exit; }", "E0458 struct t"),
    .file("struct t { bool a; }; void f(struct t a) { }", "E0459 struct t a"),
    .file("bool f(bool a) { if (a) return true; }", "E0460 f"),
    .file("liveness l \"l\": true;", "E0461 liveness l \"l\": true;"),
    .invariant("get() == 1", "E0462 get()"),
    .statements("break;", "E0463 break;"),
    .statements("mutex local;", "E0464 mutex local"),
    .statements("refcount_t local;", "E0464 refcount_t local"),
    .statements("RED = c;", "E0465 RED"),
    .statements("assert(forall i in 0..3: pure(i));\nget() = 1;", "E0465 get()"),
    .statements("refs = 1;", "E0466 refs = 1;"),
    .statements("flag = flag;", "E0467 flag = flag;"),
    .statements("mu = mu;", "E0467 mu = mu;"),
    .statements("x + 1;", "E0468 x + 1"),
    .statements("size(s);", "E0468 size(s)"),
    .statements("alloc(struct obj);", "E0468 alloc(struct obj)"),
    .statements("choose { case maybe: x = 1; else: x = 2; }", "E0469 maybe"),
    .statements("switch (v) { default: break; }", "E0470 v"),
    .statements("return;", "E0471 return;"),
    .file("void f() { return 1; }", "E0472 1"),
    .file("bool f() { return; }", "E0472 return;"),
    .statements("w8 = w8 << 8;", "E0473 8"),
    .statements("goto inside;\natomic { x = 1; inside: x = 2; }", "E0474 inside"),
    .file("process q { atomic { here: ; } }\ninvariant i \"i\": exists p in q: at(p, here);", "E0475 here"),
  ]

  static let lowering: [SemanticMistake] = [
    .file("void f() { f(); }", "E0501 f()"),
    .file("void f() { g(); } void g() { h(); } void h() { f(); }", "E0501 f()"),
    .statements("while (true) { }", "E0502 while (true) { }"),
    .statements("0..3 a; while (a < 3) a++;", "E0502 while (a < 3) a++;"),
    .statements("l: goto l;", "E0502 l:"),
    .statements("for (i in 0..99) x = 1;", "E0503 for (i in 0..99) x = 1;"),
    .statements("b = forall i in 0..3: get() == i;", "E0504 get()"),
    .statements("mutex_lock_nested(&mu, x);", "E0506 x"),
    .statements("mutex_lock_nested(&mu, 8);", "E0506 8"),
    .file(
      "u64 top guarded_by l; mutex l; process q { u64 a = any v in u64 where v < top; } scope s symbolic { }",
      "E0508 v < top"),
    .file((0..<17).map { "bool b\($0)[4096];" }.joined(), "E0507 spec s \"s\";"),
  ]
}
