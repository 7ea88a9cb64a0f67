import TransitionIR

/// Systems that several tests look at.
enum Sample {
  static var all: [TransitionSystem] { withProcesses + [empty] }
  static var withProcesses: [TransitionSystem] { [counter, list, everything, words, watch] }

  static var empty: TransitionSystem {
    let builder = SystemBuilder("empty", kinds: [])
    builder.property("true", .invariant, .constant(1))
    return builder.system
  }

  /// Two tasks add one under a mutex.
  static var counter: TransitionSystem {
    let b = SystemBuilder("counter", kinds: [("user", 2)])
    let total = b.global("total", .range(0, 2))
    let lock = b.lock("lock", .mutex)
    let owner = b.system.lockClasses[lock.index].owner
    let free = b.op(.equal, b.read(owner), .constant(0))
    let held = b.op(.equal, b.read(owner), .current)
    b.steps(labels: ["begin"]) { at in
      [
        [
          .check(b.op(.notEqual, b.read(owner), .current), b.fails(.selfDeadlock, subject: b.place(owner))),
          .wait(free), .acquiring(lock, subclass: 0, b.place(owner)), .assign(b.place(owner), .current),
          at(1),
        ],
        [.assign(b.place(total), b.op(.add, b.read(total), .constant(1))), at(2)],
        [
          .check(held, b.fails(.unlockNotHeld)), .assign(b.place(owner), .constant(0)),
          .check(b.op(.equal, .heldLockCount, .constant(0)), b.fails(.heldAtReturn, isFatal: false)), .end,
        ],
      ]
    }
    let p = b.bound()
    let allEnded = Expression.quantified(.forall, p, .processes(KindID(0)), .hasEnded(.bound(p)))
    b.property(
      "counted", .invariant,
      b.op(.implies, allEnded, .labelled(b.site, b.op(.equal, b.read(total), .constant(2)))),
      antecedents: [(b.site, allEnded)])
    b.property("grows", .step, b.op(.lessEqual, .old(b.read(total)), b.read(total)))
    b.set(builtins: [.selfDeadlock, .unlockNotHeld, .heldAtReturn, .deadlock])
    return b.system
  }

  /// Processes push objects onto a list and take them off; everything about pools happens.
  static var list: TransitionSystem {
    let b = SystemBuilder("list", kinds: [("pusher", 2), ("popper", 1)])
    let (pusher, popper) = (KindID(0), KindID(1))
    let node = b.pool("node", capacity: 3)
    let pointer = b.pointer(to: node)
    let next = b.field(node, "next", pointer)
    let value = b.field(node, "value", .range(0, 3), [.array(count: 2, lower: 1)], initial: 1)
    let lock = b.lock("lock", .rwsem, in: node)
    let owner = b.system.lockClasses[lock.index].owner
    let seen = b.field(b.processPool, "seen", .range(0, 3))
    let head = b.global("head", pointer)
    let removed = b.global("removed", .set(pointer))
    let fresh = b.local(pusher, "fresh", pointer)
    let x = b.local(pusher, "x", .range(0, 3))
    let taken = b.local(popper, "taken", pointer)
    let old = b.local(popper, "old", pointer)
    let (v, n) = (b.bound(), b.bound())
    let object = Index.object(b.mine(fresh))
    b.steps(locals: [fresh, x]) { at in
      [
        [
          .allocate(b.place(fresh, .current), node),
          .branch(
            b.op(.equal, b.mine(fresh), .constant(0)), then: [.end],
            otherwise: [
              .pick(
                b.place(x, .current), v, .span(.constant(1), .constant(3)),
                filter: b.op(.notEqual, .bound(v), .constant(2)))
            ]),
          .assign(b.place(value, object, .element(.constant(1))), b.mine(x)),
          .check(.exclusive(b.mine(fresh), node), b.fails(.unguarded, isFatal: false)), at(1),
        ],
        [
          .assign(b.place(next, object), b.read(head)), .assign(b.place(head), b.mine(fresh)),
          .assign(b.place(seen, .object(.current)), b.mine(x)), .clear([fresh, x]),
          .fork([[at(0)], [.end]]),
        ],
      ]
    }
    let takenObject = Index.object(b.mine(taken))
    b.steps(locals: [taken, old], labels: ["idle"]) { at in
      [
        [
          .wait(.live(b.read(head), node)), .assign(b.place(taken, .current), b.read(head)),
          .assign(b.place(owner, takenObject), .current), at(1),
        ],
        [
          .assign(b.place(head), b.read(next, takenObject)),
          .assign(
            b.place(removed), b.op(.bitOr, b.read(removed), .singleton(b.mine(taken), of: pointer))),
          .assign(b.place(owner, takenObject), .constant(0)), at(2),
        ],
        [
          .free(b.mine(taken), node, b.site),
          .check(b.op(.lessEqual, .heldLockCount, .constant(1)), b.fails(.assertion, isFatal: false)),
          .branch(
            b.op(.less, .cardinality(b.read(removed)), .constant(2)),
            then: [.assign(b.place(removed), .constant(0))],
            otherwise: []),
          .clear([taken, old]), at(0),
        ],
      ]
    }
    b.property(
      "ordered", .invariant,
      .quantified(
        .forall, n, .values(pointer),
        b.op(.lessEqual, b.read(value, .object(.bound(n)), .element(.constant(1))), .constant(3))))
    return b.system
  }

  /// Word arithmetic of two processes without locks.
  static var words: TransitionSystem {
    let b = SystemBuilder("words", kinds: [("a", 1), ("b", 2)])
    let small = b.global("small", .wrapping(8), initial: 250)
    let large = b.global("large", .wrapping(64), initial: -1)
    let table = b.global("table", .range(-2, 2), [.array(count: 3, lower: -1)])
    let i = b.local(KindID(1), "i", .range(-1, 1))
    let v = b.bound()
    b.steps { at in
      [
        [.assign(b.place(small), b.op(.add, b.read(small), .constant(7), .wrapping(8))), at(1)],
        [.assign(b.place(large), b.op(.shiftRight, b.read(large), .constant(9), .wrapping(64))), at(0)],
      ]
    }
    b.steps(locals: [i]) { at in
      [
        [.pick(b.place(i, .current), v, .span(.constant(-1), .constant(1)), filter: .constant(1)), at(1)],
        [
          .assign(
            b.place(table, .element(b.mine(i))), b.op(.add, b.read(table, .element(b.mine(i))), .constant(1))),
          .assign(b.place(table, .element(.constant(0))), .constant(0)), .clear([i]), at(0),
        ],
      ]
    }
    return b.system
  }

  /// Processes that decide by what they see of each other: quantifiers, filters, sets, control points.
  static var watch: TransitionSystem {
    let b = SystemBuilder("watch", kinds: [("maker", 1), ("watcher", 2)])
    let node = b.pool("node", capacity: 2)
    let pointer = b.pointer(to: node)
    let weight = b.field(node, "weight", .range(0, 3), initial: 1)
    let limit = b.global("limit", .range(0, 3), initial: 2)
    let chosen = b.global("chosen", .set(pointer))
    let table = b.global("table", .range(0, 3), [.array(count: 4, lower: 0)])
    let made = b.local(KindID(0), "made", pointer)
    let best = b.local(KindID(1), "best", pointer)
    let ids = (0..<5).map { _ in b.bound() }
    let weightOf = { (id: BoundID) in b.read(weight, .object(.bound(id))) }
    b.steps(locals: [made]) { at in
      [
        [
          .wait(.quantified(.exists, ids[0], .processes(KindID(1)), .isAt(.bound(ids[0]), [LocationID(2)]))),
          .allocate(b.place(made, .current), node),
          .branch(.live(b.mine(made), node), then: [], otherwise: [.clear([made]), at(0)]),
          .assign(b.place(weight, .object(b.mine(made))), b.read(limit)),
          .assign(
            b.place(chosen), b.op(.bitOr, b.read(chosen), .singleton(b.mine(made), of: pointer))), at(1),
        ],
        [
          .pick(
            b.place(limit), ids[1], .span(.constant(0), .constant(3)),
            filter: b.op(.lessEqual, b.read(table, .element(.bound(ids[1]))), .bound(ids[1]))),
          .clear([made]), at(0),
        ],
      ]
    }
    let light = b.op(.less, weightOf(ids[2]), b.read(limit))
    b.steps(locals: [best]) { at in
      [
        [
          .wait(.quantified(.exists, ids[2], .values(pointer), light)),
          .pick(
            b.place(best, .current), ids[3], .values(pointer),
            filter: .member(.bound(ids[3]), set: b.read(chosen), of: pointer)), at(1),
        ],
        [
          .assign(
            b.place(table, .element(b.read(limit))),
            .select(
              .hasEnded(.constant(1)), .constant(3),
              .quantified(.count, ids[4], .members(b.read(chosen), of: pointer), .live(.bound(ids[4]), node)))
          ),
          .free(b.mine(best), node, b.site), .assign(b.place(chosen), .constant(0)), .clear([best]), at(0),
        ],
      ]
    }
    return b.system
  }
}
