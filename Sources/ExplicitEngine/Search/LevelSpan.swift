import Synchronization

/// Some states of a chunk: what a worker takes at one time.
struct WorkUnit {
  let chunk: Chunk
  /// The first state that is not expanded yet.
  var position: Int
  let end: Int
}

/// Chunks of a level that follow each other, for one worker; the others help when they are done with their own.
///
/// States next to each other have much in common, and so have their successors: steps take the same branches, parts are found in
/// the same lines of the tables. It pays to keep them together, so each worker expands what it found itself, in the order in which
/// it found it; when workers took turns in one list, order was lost from level to level.
final class LevelSpan: Sendable {
  private let units: [WorkUnit]
  private let cursor = Atomic<Int>(0)
  /// The first units, whose chunks are given back.
  private let releasedCount = Atomic<Int>(0)

  private init(_ units: [WorkUnit]) { self.units = units }

  /// Cuts a level into spans that are about equally long, in order.
  static func divide(_ states: LevelStates, among count: Int) -> [LevelSpan] {
    let chunks = states.chunks
    // Whole chunks, unless there are few: then smaller units, so that nobody has long to wait.
    let length = chunks.count >= 16 * count ? Chunk.capacity : Chunk.capacity / 16
    return (0..<count).map { index in
      let range = chunks.count * index / count..<chunks.count * (index + 1) / count
      return LevelSpan(
        chunks[range].flatMap { chunk in
          stride(from: 0, to: chunk.count, by: length).map {
            WorkUnit(chunk: chunk, position: $0, end: min($0 + length, chunk.count))
          }
        })
    }
  }

  var unitCount: Int { units.count }

  /// Nil if all are taken.
  func nextUnit() -> WorkUnit? {
    // Asked first, so that the cursor stays where it is.
    guard cursor.load(ordering: .relaxed) < units.count else { return nil }
    let index = cursor.add(1, ordering: .relaxed).oldValue
    return index < units.count ? units[index] : nil
  }

  /// What nobody has taken yet.
  var untaken: ArraySlice<WorkUnit> { units[min(cursor.load(ordering: .relaxed), units.count)...] }

  /// Gives back the states of units that are taken, but for chunks of which something is in hand or not taken.
  func releaseTaken(but inHand: [WorkUnit]) {
    let stop = untaken.first?.chunk
    var isPrefix = true
    for index in releasedCount.load(ordering: .relaxed)..<units.count {
      let chunk = units[index].chunk
      if chunk === stop { return }
      if inHand.contains(where: { $0.chunk === chunk }) { isPrefix = false } else { chunk.dropWords() }
      if isPrefix { releasedCount.store(index + 1, ordering: .relaxed) }
    }
  }
}
