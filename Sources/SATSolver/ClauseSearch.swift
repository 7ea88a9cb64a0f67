/// All that a `ClauseSolver` knows.
///
/// A struct of buffers with one owner, so that no access has to be checked at run time. `free` is called once, at the end.
struct ClauseSearch {
  /// For each literal: 1 true, -1 false, 0 open.
  private var values = Buffer<Int8>()
  private var levels = Buffer<Int32>()
  /// The clause that a variable follows from; -1 for decisions.
  private var reasons = Buffer<Int32>()
  private var phases = Buffer<Int8>()
  private var marks = Buffer<Int8>()
  private var order = VariableOrder()
  private var watches = Buffer<WatchList>()

  /// All clauses, one after the other: the length, the number of levels (0: not learnt), then literals; a clause's number is where
  /// its literals begin.
  private var arena = Buffer<Int32>(capacity: 1024)
  private var learnt: [Int32] = []
  private var learntLimit = 4_000

  private var trail = Buffer<Int32>()
  private var trailStarts = Buffer<Int32>()
  private var head = 0
  private var isContradictory = false
  private var model = Buffer<Int8>()
  private(set) var conflictCount = 0

  private struct Watch: BitwiseCopyable {
    let clause: Int32
    /// Another literal of the clause: if it is true, the clause need not be looked at.
    let other: Int32
  }

  private struct WatchList: BitwiseCopyable {
    var base: UnsafeMutablePointer<Watch>?
    var count: Int32 = 0
    var capacity: Int32 = 0

    mutating func append(_ watch: Watch) {
      if count == capacity {
        let size = max(4, capacity * 2)
        let wider = UnsafeMutablePointer<Watch>.allocate(capacity: Int(size))
        if let base {
          wider.update(from: base, count: Int(count))
          base.deallocate()
        }
        base = wider
        capacity = size
      }
      base![Int(count)] = watch
      count += 1
    }
  }

  mutating func free() {
    for index in 0..<watches.count { watches[index].base?.deallocate() }
    for buffer in [values, phases, marks, model] { buffer.free() }
    for buffer in [levels, reasons, arena, trail, trailStarts] { buffer.free() }
    watches.free()
    order.free()
  }

  // MARK: Clauses

  mutating func newVariable() -> Literal {
    let variable = Int32(levels.count)
    values.append(0)
    values.append(0)
    levels.append(0)
    reasons.append(-1)
    phases.append(-1)
    marks.append(0)
    watches.append(WatchList())
    watches.append(WatchList())
    order.addVariable()
    return Literal(code: variable << 1)
  }

  /// One of the literals is true.
  mutating func add(_ clause: [Literal]) {
    backtrack(to: 0)
    if isContradictory { return }
    var literals: [Int32] = []
    for literal in clause {
      let code = literal.code
      if values[Int(code)] > 0 || literals.contains(code ^ 1) { return }
      if values[Int(code)] < 0 || literals.contains(code) { continue }
      literals.append(code)
    }
    switch literals.count {
    case 0: isContradictory = true
    case 1:
      assign(literals[0], reason: -1)
      if propagate() >= 0 { isContradictory = true }
    default: _ = store(literals, spanned: 0)
    }
  }

  private mutating func store(_ literals: [Int32], spanned: Int32) -> Int32 {
    arena.append(Int32(literals.count))
    arena.append(spanned)
    let clause = Int32(arena.count)
    for literal in literals { arena.append(literal) }
    watches.base[Int(literals[0] ^ 1)].append(Watch(clause: clause, other: literals[1]))
    watches.base[Int(literals[1] ^ 1)].append(Watch(clause: clause, other: literals[0]))
    return clause
  }

  // MARK: Asking

  /// Gives up after `conflictLimit` conflicts.
  mutating func solve(assuming assumptions: [Literal], conflictLimit: Int) -> ClauseSolver.Answer {
    backtrack(to: 0)
    if isContradictory { return .unsat(core: []) }
    var left = conflictLimit
    var round = 1
    while true {
      let part = min(left, 100 * Self.luby(round))
      round += 1
      if let answer = search(assumptions, conflictLimit: part) {
        if answer != .sat { backtrack(to: 0) }
        return answer
      }
      left -= part
      backtrack(to: 0)
      if left <= 0 { return .unknown }
      if learnt.count > learntLimit { dropLearnt() }
    }
  }

  /// What the last `sat` was about.
  func isTrue(_ literal: Literal) -> Bool {
    literal.index < model.count && model[literal.index] > 0
  }

  /// Nil after so many conflicts.
  private mutating func search(_ assumptions: [Literal], conflictLimit: Int) -> ClauseSolver.Answer? {
    var conflicts = 0
    while true {
      let conflict = propagate()
      if conflict >= 0 {
        conflictCount += 1
        conflicts += 1
        if trailStarts.count == 0 {
          isContradictory = true
          return .unsat(core: [])
        }
        learn(from: conflict)
        order.decay()
      } else {
        if conflicts >= conflictLimit { return nil }
        if let answer = decide(assumptions) { return answer }
      }
    }
  }

  /// Assumes the next assumption, or decides an open variable; an answer if there is nothing left to decide.
  private mutating func decide(_ assumptions: [Literal]) -> ClauseSolver.Answer? {
    while trailStarts.count < assumptions.count {
      let next = assumptions[trailStarts.count]
      if values[next.index] < 0 { return .unsat(core: core(of: next)) }
      trailStarts.append(Int32(trail.count))
      if values[next.index] == 0 {
        assign(next.code, reason: -1)
        return nil
      }
    }
    while let variable = order.removeFirst() {
      if values[Int(variable) << 1] != 0 { continue }
      trailStarts.append(Int32(trail.count))
      assign(variable << 1 | (phases[Int(variable)] > 0 ? 0 : 1), reason: -1)
      return nil
    }
    model.shrink(to: 0)
    for index in 0..<values.count { model.append(values[index]) }
    return .sat
  }

  // MARK: Propagation

  private mutating func assign(_ literal: Int32, reason: Int32) {
    values[Int(literal)] = 1
    values[Int(literal ^ 1)] = -1
    let variable = Int(literal >> 1)
    levels[variable] = Int32(trailStarts.count)
    reasons[variable] = reason
    trail.append(literal)
  }

  /// Draws all conclusions; a clause of which all literals are false, or -1.
  private mutating func propagate() -> Int32 {
    while head < trail.count {
      let literal = trail[head]
      head += 1
      let conflict = propagate(literal)
      if conflict >= 0 {
        head = trail.count
        return conflict
      }
    }
    return -1
  }

  private mutating func propagate(_ literal: Int32) -> Int32 {
    let values = values.base
    let arena = arena.base
    let isFalse = literal ^ 1
    let count = Int(watches[Int(literal)].count)
    guard count > 0, let list = watches[Int(literal)].base else { return -1 }
    var read = 0
    var written = 0
    while read < count {
      let watch = list[read]
      read += 1
      if values[Int(watch.other)] > 0 {
        list[written] = watch
        written += 1
        continue
      }
      let lits = arena + Int(watch.clause)
      if lits[0] == isFalse {
        lits[0] = lits[1]
        lits[1] = isFalse
      }
      let first = lits[0]
      let kept = Watch(clause: watch.clause, other: first)
      if first != watch.other, values[Int(first)] > 0 {
        list[written] = kept
        written += 1
        continue
      }
      let size = Int(lits[-2])
      var next = 2
      while next < size, values[Int(lits[next])] < 0 { next += 1 }
      if next < size {
        lits[1] = lits[next]
        lits[next] = isFalse
        watches.base[Int(lits[1] ^ 1)].append(kept)
        continue
      }
      list[written] = kept
      written += 1
      if values[Int(first)] < 0 {
        while read < count {
          list[written] = list[read]
          written += 1
          read += 1
        }
        watches.base[Int(literal)].count = Int32(written)
        return watch.clause
      }
      assign(first, reason: watch.clause)
    }
    watches.base[Int(literal)].count = Int32(written)
    return -1
  }

  private mutating func backtrack(to level: Int) {
    guard trailStarts.count > level else { return }
    let start = Int(trailStarts[level])
    var index = trail.count - 1
    while index >= start {
      let literal = trail[index]
      let variable = Int(literal >> 1)
      values[Int(literal)] = 0
      values[Int(literal ^ 1)] = 0
      phases[variable] = literal & 1 == 0 ? 1 : -1
      order.insert(Int32(variable))
      index -= 1
    }
    trail.shrink(to: start)
    trailStarts.shrink(to: level)
    head = start
  }

  // MARK: Learning

  private var learning: [Int32] = []
  private var marked: [Int32] = []

  /// The first unique implication point, minimised by the reasons of its literals; goes back and asserts it.
  private mutating func learn(from conflict: Int32) {
    learning.removeAll(keepingCapacity: true)
    learning.append(0)
    marked.removeAll(keepingCapacity: true)
    let level = Int32(trailStarts.count)
    var open = 0
    var index = trail.count - 1
    var clause = conflict
    var literal: Int32 = -1
    repeat {
      let size = Int(arena[Int(clause) - 2])
      for offset in 0..<size {
        let other = arena[Int(clause) + offset]
        let variable = Int(other >> 1)
        if other == literal || marks[variable] != 0 || levels[variable] == 0 { continue }
        marks[variable] = 1
        marked.append(Int32(variable))
        order.bump(variable)
        if levels[variable] == level { open += 1 } else { learning.append(other) }
      }
      while marks[Int(trail[index] >> 1)] == 0 { index -= 1 }
      literal = trail[index]
      index -= 1
      clause = reasons[Int(literal >> 1)]
      open -= 1
    } while open > 0
    learning[0] = literal ^ 1
    learning = [learning[0]] + learning.dropFirst().filter { !isImplied($0) }
    for variable in marked { marks[Int(variable)] = 0 }
    assertLearnt()
  }

  /// The rest of the clause being learnt implies that the literal is false.
  private func isImplied(_ literal: Int32) -> Bool {
    let reason = reasons[Int(literal >> 1)]
    if reason < 0 { return false }
    for offset in 0..<Int(arena[Int(reason) - 2]) {
      let variable = Int(arena[Int(reason) + offset] >> 1)
      if variable != Int(literal >> 1), marks[variable] == 0, levels[variable] > 0 { return false }
    }
    return true
  }

  private mutating func assertLearnt() {
    if learning.count == 1 {
      backtrack(to: 0)
      return assign(learning[0], reason: -1)
    }
    var highest = 1
    for index in 2..<max(2, learning.count)
    where levels[Int(learning[index] >> 1)] > levels[Int(learning[highest] >> 1)] { highest = index }
    learning.swapAt(1, highest)
    let spanned = Set(learning.map { levels[Int($0 >> 1)] }).count
    backtrack(to: Int(levels[Int(learning[1] >> 1)]))
    let clause = store(learning, spanned: Int32(spanned))
    learnt.append(clause)
    assign(learning[0], reason: clause)
  }

  /// The assumptions from which it follows that one of them is false.
  private mutating func core(of failed: Literal) -> [Literal] {
    var result = [failed]
    marks[failed.variable] = 1
    var index = trail.count - 1
    let start = trailStarts.count > 0 ? Int(trailStarts[0]) : trail.count
    while index >= start {
      let literal = trail[index]
      let variable = Int(literal >> 1)
      index -= 1
      if marks[variable] == 0 { continue }
      marks[variable] = 0
      let reason = reasons[variable]
      if reason < 0 {
        if literal != failed.code { result.append(Literal(code: literal)) }
        continue
      }
      for offset in 0..<Int(arena[Int(reason) - 2]) {
        let other = Int(arena[Int(reason) + offset] >> 1)
        if levels[other] > 0 { marks[other] = 1 }
      }
      marks[variable] = 0
    }
    marks[failed.variable] = 0
    return result
  }

  // MARK: Forgetting

  /// Drops the half of what was learnt that spans most levels; nothing is assigned above level 0.
  ///
  /// Their room in the arena is not used again.
  private mutating func dropLearnt() {
    learntLimit += 500
    let sorted = learnt.sorted { (arena[Int($0) - 1], $0) < (arena[Int($1) - 1], $1) }
    var dropped = Set<Int32>()
    for clause in sorted[(sorted.count / 2)...] where arena[Int(clause) - 1] > 2 { dropped.insert(clause) }
    for variable in 0..<levels.count where values[variable << 1] != 0 { dropped.remove(reasons[variable]) }
    learnt = learnt.filter { !dropped.contains($0) }
    for index in 0..<watches.count {
      guard let list = watches[index].base else { continue }
      var kept: Int32 = 0
      for place in 0..<Int(watches[index].count) where !dropped.contains(list[place].clause) {
        list[Int(kept)] = list[place]
        kept += 1
      }
      watches.base[index].count = kept
    }
  }

  /// 1, 1, 2, 1, 1, 2, 4, ...
  private static func luby(_ number: Int) -> Int {
    var index = number
    while true {
      var size = 1
      while size < index { size = 2 * size + 1 }
      if size == index { return (size + 1) / 2 }
      index -= size / 2
    }
  }
}
