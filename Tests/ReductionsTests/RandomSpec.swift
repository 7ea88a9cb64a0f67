/// A small spec put together by chance: locks, trylocks, objects that are freed too early, loops, waiting.
///
/// Most of them break something, in several ways; that is what a comparison of two searches needs.
struct RandomSpec {
  private var random: Numbers
  private var usesObjects = false
  private var usesArrays = false
  private var budget = 0

  /// SplitMix64: the same numbers everywhere.
  private struct Numbers {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }

  /// The text of spec number `seed`.
  static func text(_ seed: Int) -> String {
    var spec = RandomSpec(random: Numbers(state: UInt64(seed)))
    return spec.whole()
  }

  private mutating func chance(_ percent: Int) -> Bool { random.next(100) < percent }

  private mutating func one(_ choices: [String]) -> String { choices[random.next(choices.count)] }

  private mutating func whole() -> String {
    usesObjects = chance(60)
    usesArrays = chance(50)
    var text = """
      spec chance "made by chance";
      typedef 0..1 ix;
      mutex m;
      rwsem rw;
      mutex lk[ix];
      0..2 arr[ix];
      0..2 x;
      0..2 y\(chance(40) ? " guarded_by m" : "");
      0..2 z\(chance(40) ? " guarded_by rw" : "");
      bool b;
      struct obj pool 2 {
          mutex lock;
          rwsem sem;
          0..2 n\(chance(50) ? " guarded_by lock" : "");
          0..2 k\(chance(50) ? " guarded_by sem" : "");
          struct obj *next;
      };
      struct obj *g;
      struct obj *h;
      init {
      \(usesObjects && chance(60) ? "    g = alloc_nofail(struct obj);" : "    x = 0;")
      \(usesObjects && chance(30) ? "    h = g;" : "    y = 0;")
      }

      """
    let kinds = 1 + random.next(2)
    var left = kinds == 1 ? 16 : 20
    for number in 0..<kinds {
      let count = kinds == 1 || number == 0 && chance(50) ? 2 : 1
      let role = kinds > 1 && number > 0 ? one(["", "", "", " daemon", " environment"]) : ""
      budget = left / (count * (kinds - number))
      left -= budget * count
      text += process("p\(number)", count, role)
    }
    return text + properties()
  }

  private mutating func process(_ name: String, _ count: Int, _ role: String) -> String {
    var text = "process \(name)\(count > 1 ? "[\(count)]" : "")\(role) {\n"
    text += "    0..2 a;\n    0..2 c;\n    ix i;\n    ix j;\n    struct obj *o;\n    struct obj *r;\n"
    if usesArrays, chance(60) { text += "    choose { case: i = 0; case: i = 1; }\n" }
    if usesArrays, chance(40) {
      text += "    \(one(["j = i;", "j = 1;", "choose { case: j = 0; case: j = i; }"]))\n"
    }
    if usesObjects, chance(70) {
      text += "    \(one(["o = g;", "o = h;", "o = alloc(struct obj);", "r = g; o = r;"]))\n"
    }
    let body = statements(1)
    text += chance(35) ? "    loop {\n\(body)    x = x;\n    }\n" : body
    return text + "}\n"
  }

  private mutating func statements(_ depth: Int, isAtomic: Bool = false) -> String {
    var text = ""
    for _ in 0..<1 + random.next(3) where budget > 0 {
      text += statement(depth, isAtomic: isAtomic)
    }
    return text.isEmpty ? "    x = x;\n" : text
  }

  private mutating func statement(_ depth: Int, isAtomic: Bool) -> String {
    budget -= 1
    switch random.next(100) {
    case 0..<36 where depth < 4: return block(depth, isAtomic: isAtomic)
    case 36..<44 where depth < 4:
      let condition = one(["x == 1", "b", "a == 1", "y > 0", usesObjects ? "o != null" : "a == c", "maybe"])
      let then = statements(depth + 1, isAtomic: isAtomic)
      return
        "    if (\(condition)) {\n\(then)    }\(chance(40) ? " else {\n\(statements(depth + 1, isAtomic: isAtomic))    }" : "")\n"
    case 44..<50 where depth < 3 && !isAtomic:
      return "    atomic {\n\(statements(depth + 1, isAtomic: true))    }\n"
    case 50..<54: return "    wait_event(\(one(["b", "!b", "x > 0", "y != 1"])));\n"
    case 54..<58: return "    assert(\(one(["x != 2", "a == c", "y == 0 || b", "z < 2"])), \"chance\");\n"
    case 58..<80 where usesObjects: return object()
    case 58..<70 where usesArrays:
      return one(["arr[i] = a;", "a = arr[i];", "arr[j] = 1;", "c = arr[j];", "i = j;", "arr[0] = 2;"]).line
    default: return simple().line
    }
  }

  private mutating func simple() -> String {
    let v = one(["x", "y", "z"])
    return one([
      "\(v) = (\(v) + 1) % 3;", "a = \(v);", "\(v) = a;", "c = \(v);", "b = !b;", "\(v) = 0;", "a = c;",
      "b = maybe;", "choose { case: a = 1; case: a = 2; }", "\(v)++;",
    ])
  }

  private mutating func object() -> String {
    let p = one(["o", "o", "r"])
    let guardian = chance(80) ? "if (\(p) != null) " : ""
    return one([
      "\(p) = g;", "\(p) = h;", "g = \(p);", "h = \(p);", "g = null;", "\(p) = null;", "o = r;", "r = o;",
      "\(p) = alloc(struct obj);", "\(guardian)\(p)->n = a;", "\(guardian)a = \(p)->n;",
      "\(guardian)\(p)->k = 1;",
      "\(guardian)c = \(p)->k;", "\(guardian)\(p)->next = \(one(["g", "o", "r", "null"]));",
      "\(guardian)\(p) = \(p)->next;", "free(\(p));", "if (g == \(p)) b = true;", "\(p) = any obj in obj;",
      "h = any e in obj where e != g;",
    ]).line
  }

  private mutating func block(_ depth: Int, isAtomic: Bool) -> String {
    var locks = ["m", "m", "rw", "rw"]
    if usesArrays { locks += ["lk[i]", "lk[j]", "lk[0]"] }
    if usesObjects { locks += ["o->lock", "o->lock", "r->lock", "o->sem", "g->lock", "r->sem"] }
    let lock = one(locks)
    let isShared = lock == "rw" || lock.hasSuffix("sem")
    let body = statements(depth + 1, isAtomic: isAtomic)
    let release = chance(94)
    let (take, attempt, drop): (String, String, String)
    if !isShared {
      (take, attempt, drop) = ("mutex_lock", "mutex_trylock", "mutex_unlock")
    } else if chance(60) {
      (take, attempt, drop) = ("down_read", "down_read_trylock", "up_read")
    } else {
      (take, attempt, drop) = ("down_write", "down_write_trylock", "up_write")
    }
    let end = release ? "    \(drop)(&\(lock));\n" : ""
    let whole: String
    if chance(18) {
      whole = "    if (\(attempt)(&\(lock))) {\n\(body)\(end)    }\n"
    } else if take == "down_write", chance(25) {
      whole =
        "    down_write(&\(lock));\n\(body)    downgrade_write(&\(lock));\n\(statements(depth + 1))    up_read(&\(lock));\n"
    } else {
      whole = "    \(take)(&\(lock));\n\(body)\(end)"
    }
    let pointer = lock.prefix { $0 != "-" }
    return lock.contains("->") && chance(85) ? "    if (\(pointer) != null) {\n\(whole)    }\n" : whole
  }

  private mutating func properties() -> String {
    var text = ""
    if chance(30) {
      text += "invariant small \"x and y\": \(one(["x + y < 4", "x == 2 ==> y == 0", "!(b && x == 2)"]));\n"
    }
    if chance(20) {
      text += "reachable both \"z\": \(one(["z == 2 && b", "x == 1 && z == 1", "arr[0] == 2"]));\n"
    }
    if chance(12) {
      text += "step slow \"x\": \(one(["x == old(x) || y == old(y)", "old(b) ==> x != 2", "x <= 1"]));\n"
    }
    if usesObjects, chance(20) {
      text +=
        "invariant objects \"n\": forall e in obj: \(one(["e->n != 2", "e->next != e", "e->n == 1 ==> g != null"]));\n"
    }
    if chance(15) {
      text += "reachable over \"ended\": exists t in p0: ended(t)\(chance(50) ? " && x == 1" : "");\n"
    }
    return text
  }
}

extension String {
  /// As a line of a body.
  fileprivate var line: String { "    \(self)\n" }
}
