import TransitionIR

extension Sample {
  /// Every kind of declaration, statement, expression, index and iteration at least once, with awkward names.
  static var everything: TransitionSystem {
    let b = SystemBuilder("every \"thing\"\n", kinds: [("user", 2), ("odd kind", 1)])
    let color = b.names("color", ["RED", "a b"])
    let mode = b.names("color", ["R", "W", "X"])
    let node = b.pool("node", capacity: 2)
    let pointer = b.pointer(to: node)
    let task = b.pointer(to: b.processPool)
    let field = b.field(node, "value", .range(-1, 5), [.array(count: 2, lower: 3)])
    let lock = b.lock("sem", .rwsem, in: node)
    let spin = b.lock("spin", .spinlock)
    let x = b.global("current", .range(0, 9), initial: 4)
    let y = b.global("x", .wrapping(16))
    let twin = b.global("x", .enumeration(color, count: 2))
    let bits = b.global("5bits", .flags(mode, count: 3))
    let set = b.global("set/of", .set(pointer))
    let head = b.global("head", pointer)
    let flag = b.global("", .bool)
    let mine = b.local(KindID(0), "mine", pointer)
    let other = b.local(KindID(0), "other", pointer, sharing: mine)
    let hidden = b.local(KindID(0), "hidden", task, isHidden: true)
    let (k, l, m, n) = (b.bound(), b.bound(), b.bound(), b.bound())
    let covers = [b.cover(), b.cover(.branchTaken), b.cover(.branchNotTaken)]
    let object = Index.object(b.mine(mine))
    let place = b.place(field, object, .element(b.op(.add, .constant(3), b.read(x))))
    b.steps(locals: [mine], labels: ["begin", "odd label"]) { at in
      [
        [
          .cover(covers[0]), .allocate(b.place(mine, .current), node),
          .branch(
            .select(.live(b.mine(mine), node), .constant(1), .constant(0)), then: [.cover(covers[1])],
            otherwise: [.cover(covers[2]), .wait(.constant(0))]),
          .acquiring(lock, subclass: 1, b.place(b.system.lockClasses[0].owner, object)),
          .acquiring(spin, subclass: 0, b.place(b.system.lockClasses[1].owner)),
          .pick(b.place(x), k, .values(.range(0, 1)), filter: .unary(.not, .bound(k), mask: 0)),
          .assign(place, .unary(.negate, b.read(x), mask: 0)),
          .assign(b.place(y), .unary(.complement, b.read(y), mask: 0xffff)),
          .assign(b.place(y), b.op(.multiply, b.read(y), .constant(3), .wrapping(16))), at(1),
        ],
        [
          .check(
            .samePointer(b.read(head), b.mine(mine), node, strict: true, b.site),
            b.fails(.staleCompare, subject: b.place(head))),
          .check(
            .samePointer(b.read(head), .constant(0), node, strict: false, b.site),
            b.fails(.null, isFatal: false)),
          .check(.member(b.mine(mine), set: b.read(set), of: pointer), b.fails(.assertion, isFatal: false)),
          .check(.exclusive(b.mine(mine), node), b.fails(.unguarded, isFatal: false)),
          .check(b.op(.equal, .heldLockCount, .constant(0)), b.fails(.heldAtReturn, isFatal: false)),
          .assign(b.place(set), .singleton(b.mine(mine), of: pointer)),
          .assign(b.place(hidden, .process(.current)), .current),
          .assign(b.place(bits), b.op(.without, b.read(bits), .constant(4))),
          .assign(b.place(twin), .constant(1)), .free(b.mine(mine), node, b.site), .clear([mine, other]),
          .fork([[at(0)], [.end], [.check(.constant(0), b.fails(.pool))]]),
        ],
      ]
    }
    b.steps { at in
      [
        [
          .wait(.isAt(.constant(1), [LocationID(0), LocationID(1)])), .assign(b.place(flag), .constant(1)),
          at(0),
        ]
      ]
    }
    let inner = Expression.quantified(
      .exists, m, .members(b.read(set), of: pointer), b.op(.equal, .bound(m), .bound(l)))
    b.property(
      "odd name", .step,
      .quantified(
        .forall, l, .values(pointer),
        b.op(.implies, .old(.constant(Int.min)), .labelled(b.newSite("a\tb\u{1}é"), inner))),
      antecedents: [(b.site, .constant(1))])
    b.property(
      "processes", .reachable,
      b.op(
        .less,
        .quantified(.count, n, .processes(KindID(0)), .hasEnded(.read(b.place(hidden, .process(.bound(n)))))),
        .cardinality(b.read(set))))
    b.set(initialBody: [.assign(b.place(x), .constant(5)), .end])
    b.set(builtins: BuiltinProperty.allCases)
    return b.system
  }
}
