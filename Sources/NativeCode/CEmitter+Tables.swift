import TransitionIR

/// Constant tables: the layout of states, pools, locks and processes.
extension CEmitter {
  mutating func emitTables() {
    text += "#define WORDS \(packing.wordCount)\n"
    text += "#define PROCESSES \(system.processCount)\n"
    text += "#define POOLS \(system.pools.count)\n"
    text += "#define COVER_LIMIT \((system.steps.map { coverCount($0.body) }.max() ?? 0) + 1)\n"
    emitFields()
    emitProcesses()
    emitPools()
    emitLocks()
  }

  /// How many cover points one way through a body can pass at most: all that stand in it.
  private func coverCount(_ body: [Statement]) -> Int {
    body.reduce(0) { sum, statement in
      switch statement {
      case .cover: sum + 1
      case .branch(_, let then, let otherwise): sum + coverCount(then) + coverCount(otherwise)
      case .fork(let branches): sum + branches.reduce(0) { $0 + coverCount($1) }
      default: sum
      }
    }
  }

  private mutating func table(_ declaration: String, _ rows: [String]) {
    text += "static const \(declaration)[] = {\(rows.isEmpty ? "{0}" : rows.joined(separator: ", "))};\n"
  }

  private mutating func emitFields() {
    var rows = [String](repeating: "{0, 0, 0, 0}", count: system.slotCount)
    for field in packing.fields {
      rows[field.slot] = "{\(field.word), \(field.shift), UINT64_C(\(field.mask)), \(literal(field.lower))}"
    }
    text += "typedef struct { uint32_t word, shift; uint64_t mask; int64_t lower; } field;\n"
    table("field fields", rows)
  }

  private mutating func emitProcesses() {
    var control: [String] = []
    var counts: [String] = []
    var first: [String] = []
    for kind in system.kinds {
      for number in 0..<kind.count {
        control.append("\(system.variables[kind.control.index].slot + number)")
        counts.append("\(kind.locationCount)")
        first.append("\(kind.firstLocation)")
      }
    }
    table("int64_t control_slot", control)
    table("int64_t location_count", counts)
    table("int64_t first_location", first)
  }

  private mutating func emitPools() {
    text +=
      "typedef struct { int64_t capacity, live; uint32_t field_start, field_end, pointer_start, pointer_end; } pool;\n"
    text += "typedef struct { int64_t slot, size, initial; uint32_t is_lock; } pool_field;\n"
    text +=
      "typedef struct { int64_t slot; uint32_t is_set; int32_t process, owner_pool, owner_object; } pointer_slot;\n"
    var rows: [String] = []
    var fieldRows: [String] = []
    var pointerRows: [String] = []
    for (index, pool) in system.pools.enumerated() {
      let fieldStart = fieldRows.count
      for id in pool.fields where pool.live != nil {
        let variable = system.variables[id.index]
        fieldRows.append(
          "{\(variable.slot), \(variable.slotCount / max(1, pool.capacity)), \(literal(variable.initial)), "
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

  private mutating func emitLocks() {
    text += "typedef struct { int64_t slot; uint32_t lock, is_owner; } lock_slot;\n"
    var rows: [String] = []
    for variable in system.variables {
      guard let part = variable.lockPart else { continue }
      for offset in 0..<variable.slotCount {
        switch part {
        case .owner(let lock): rows.append("{\(variable.slot + offset), \(lock.index), 1}")
        case .readers(let lock): rows.append("{\(variable.slot + offset), \(lock.index), 0}")
        }
      }
    }
    text += "#define LOCK_SLOTS \(rows.count)\n"
    table("lock_slot lock_slots", rows)
  }
}
