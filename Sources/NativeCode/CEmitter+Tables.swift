import TransitionIR

/// Constant tables: the layout of states, pools, locks and processes.
extension CEmitter {
  mutating func emitTables() {
    line("#define WORDS \(packing.wordCount)")
    line("#define PROCESSES \(system.processCount)")
    line("#define POOLS \(system.pools.count)")
    line("#define COVERS \(system.coverPoints.count)")
    line("#define COVER_WORDS \(max(1, (system.coverPoints.count + 63) / 64))")
    line("#define ORDER_LIMIT \((system.steps.map { orderCount($0.body) }.max() ?? 0) + 1)")
    emitFields()
    emitProcesses()
    emitPools()
    emitLocks()
  }

  /// How many locks one way through a body can take at most: all that it names.
  private func orderCount(_ body: [Statement]) -> Int {
    body.reduce(0) { sum, statement in
      switch statement {
      case .acquiring: sum + 1
      case .branch(_, let then, let otherwise): sum + orderCount(then) + orderCount(otherwise)
      case .fork(let branches): sum + branches.reduce(0) { $0 + orderCount($1) }
      default: sum
      }
    }
  }

  private mutating func table(_ declaration: String, _ rows: [String]) {
    line("static const \(declaration)[] = {\(rows.isEmpty ? "{0}" : rows.joined(separator: ", "))};")
  }

  private mutating func emitFields() {
    line("typedef struct { uint64_t mask; int64_t lower; uint32_t word, shift; } field;")
    table(
      "field fields",
      fields.map { field in
        guard let field else { return "{0, 0, 0, 0}" }
        return "{\(Term.literal(field.mask)), \(Term.literal(field.lower)), \(field.word), \(field.shift)}"
      })
  }

  private mutating func emitProcesses() {
    let processes = system.kinds.flatMap { kind in (0..<kind.count).map { (kind, $0) } }
    table(
      "int64_t control_slot", processes.map { "\(system.variables[$0.control.index].slot + $1)" })
    table("int64_t location_count", processes.map { kind, _ in "\(kind.locationCount)" })
    table("int64_t first_location", processes.map { kind, _ in "\(kind.firstLocation)" })
    table("uint8_t is_environment", processes.map { kind, _ in kind.isEnvironment ? "1" : "0" })
    let deadlocks = system.locations.map { location -> String in
      let kind = system.kinds[location.kind.index]
      return kind.isDaemon || kind.isEnvironment ? "-1" : "\(number(of: .deadlock, location.site))"
    }
    table("int32_t deadlock_failure", deadlocks)
  }

  private mutating func emitPools() {
    line(
      "typedef struct { int64_t capacity, live; uint32_t field_start, field_end, pointer_start, pointer_end; } pool;"
    )
    line("typedef struct { int64_t slot, size, initial; uint32_t is_lock; } pool_field;")
    line(
      "typedef struct { int64_t slot; uint32_t is_set; int32_t process, owner_pool, owner_object; } pointer_slot;"
    )
    var rows: [String] = []
    var fieldRows: [String] = []
    var pointerRows: [String] = []
    for (index, pool) in system.pools.enumerated() {
      let fieldStart = fieldRows.count
      for id in pool.fields where pool.live != nil {
        let variable = system.variables[id.index]
        fieldRows.append(
          "{\(variable.slot), \(variable.slotCount / max(1, pool.capacity)), \(Term.literal(variable.initial)), "
            + "\(variable.lockPart == nil ? 0 : 1)}")
      }
      let pointerStart = pointerRows.count
      pointerRows += pointerSlots(of: index)
      let live = pool.live.map { system.variables[$0.index].slot } ?? -1
      rows.append(
        "{\(pool.capacity), \(live), \(fieldStart), \(fieldRows.count), \(pointerStart), \(pointerRows.count)}"
      )
    }
    table("pool pools", rows)
    table("pool_field pool_fields", fieldRows)
    table("pointer_slot pointer_slots", pointerRows)
  }

  /// Slots that may hold a pointer into a pool; locals of equal domain may share one, which is listed once.
  private func pointerSlots(of pool: Int) -> [String] {
    var rows: [String] = []
    var seen = Set<Int>()
    for variable in system.variables {
      let isSet: Bool
      switch variable.domain {
      case .pointer(let target, _) where target.index == pool: isSet = false
      case .set(.pointer(let target, _)) where target.index == pool: isSet = true
      default: continue
      }
      for offset in 0..<variable.slotCount where seen.insert(variable.slot + offset).inserted {
        var process = -1
        var owner = (pool: -1, object: -1)
        switch variable.role {
        case .local(let kind):
          let kind = system.kinds[kind.index]
          process = kind.firstProcess + offset / max(1, variable.slotCount / max(1, kind.count))
        case .field(let id) where system.pools[id.index].live != nil:
          owner = (id.index, offset / max(1, variable.slotCount / system.pools[id.index].capacity))
        default: break
        }
        rows.append(
          "{\(variable.slot + offset), \(isSet ? 1 : 0), \(process), \(owner.pool), \(owner.object)}")
      }
    }
    return rows
  }

  // MARK: Locks

  private struct LockSlot {
    let slot: Int
    let lock: LockClassID
    let isOwner: Bool
  }

  private var lockSlots: [LockSlot] {
    system.variables.flatMap { variable -> [LockSlot] in
      guard let part = variable.lockPart else { return [] }
      return (0..<variable.slotCount).map { offset in
        switch part {
        case .owner(let lock): LockSlot(slot: variable.slot + offset, lock: lock, isOwner: true)
        case .readers(let lock): LockSlot(slot: variable.slot + offset, lock: lock, isOwner: false)
        }
      }
    }
  }

  var lockSlotCount: Int { lockSlots.count }

  private mutating func emitLocks() {
    line("typedef struct { int64_t slot; uint32_t lock, is_owner; } lock_slot;")
    let slots = lockSlots
    line("#define LOCK_SLOTS \(slots.count)")
    table("lock_slot lock_slots", slots.map { "{\($0.slot), \($0.lock.index), \($0.isOwner ? 1 : 0)}" })
  }

  /// The classes of the locks that a process holds: looked at one by one if there are few, which lets clang do it in registers.
  mutating func emitHeldClasses() {
    let slots = lockSlots
    line("")
    line("static inline uint64_t held_classes(const uint64_t *w, int64_t p) {")
    if slots.count > Self.straightLockLimit {
      line("  uint64_t classes = 0;")
      line("  for (uint32_t i = 0; i < LOCK_SLOTS; i++)")
      line("    if (holds(w, i, p)) classes |= UINT64_C(1) << lock_slots[i].lock;")
      line("  return classes;")
    } else {
      for slot in slots {
        guard let field = fields[slot.slot] else { continue }
        let value = "G(w, \(field.word), \(field.shift), \(Term.literal(field.mask)))"
        let test = slot.isOwner ? "(\(value) == p + 1)" : "(\(value) >> p & 1)"
        line("  \(slot.slot == slots.first?.slot ? "return" : "|") (uint64_t)\(test) << \(slot.lock.index)")
      }
      line(slots.isEmpty ? "  return 0;" : "  ;")
    }
    line("}")
  }

  private static var straightLockLimit: Int { 24 }

  // MARK: Objects

  /// For each pool, the test whether a pointer leads to an object, and the step from the pointer to the object's number.
  mutating func emitPoolFunctions() {
    for (index, pool) in system.pools.enumerated() {
      var test = "v > 0 && v <= \(pool.capacity)"
      if let live = pool.live {
        if let run = packing.run(of: live) {
          test += " && G(w, \(run.word), \(run.shift) + (v - 1) * \(run.strides[0]), 1)"
        } else {
          test += " && get(w, \(system.variables[live.index].slot) + v - 1)"
        }
      }
      line(
        """

        FN int64_t live_\(index)(const uint64_t *w, int64_t v) { return \(test); }
        FN int64_t object_\(index)(run *s, const uint64_t *w, int64_t v, uint32_t null, uint32_t stale) {
          if (LIKELY(live_\(index)(w, v))) return v - 1;
          fail(s, v ? stale : null);
          return 0;
        }
        """)
    }
  }
}
