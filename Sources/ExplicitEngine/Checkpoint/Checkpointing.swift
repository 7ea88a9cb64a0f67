import Glibc
import TransitionIR

/// Where and how often a long search writes down how far it is, and where it goes on from.
public struct Checkpointing: Sendable {
  /// The file to write; nil: none.
  public var path: String?
  /// Seconds between two writings.
  public var interval = 60.0
  /// The file to go on from.
  public var resumesFrom: String?
  /// Tells searches apart: a checkpoint is only good for the system, settings and version it was made with.
  public var key: String

  public init(key: String) { self.key = key }
}

extension Search {
  private static let magic = "mmck checkpoint 2"
  private static let end = "end of checkpoint"

  /// Writes everything that going on needs.
  ///
  /// The file appears under its name only when it is complete, in place of the one before; so there is a good one at any moment.
  /// - Precondition: no worker runs, and none has successors that are not stored.
  func writeCheckpoint(_ path: String, key: String) throws(CheckpointError) {
    let temporary = path + ".new"
    let writer = try BinaryWriter(path: temporary)
    writer.write(Self.magic)
    writer.write(key)
    writeProgress(writer)
    shared.store.write(to: writer)
    writeStates(workers.compactMap(\.unit) + shared.untaken, writer)
    let next = workers.map(\.open) + shared.next.chunks
    writeStates(next.map { WorkUnit(chunk: $0, position: 0, end: $0.count) }, writer)
    writer.write(Self.end)
    try writer.finish()
    if rename(temporary, path) != 0 { throw CheckpointError(path: path, reason: "cannot be written") }
  }

  private func writeStates(_ units: [WorkUnit], _ writer: BinaryWriter) {
    writer.write(units.reduce(0) { $0 + $1.end - $1.position })
    var buffer: [UInt64] = []
    for unit in units {
      shared.next.withWords(of: unit.chunk, &buffer) { words in
        writer.write(
          UnsafeRawBufferPointer(
            start: words + unit.position * shared.wordCount,
            count: (unit.end - unit.position) * shared.wordCount * 8))
      }
    }
  }

  /// Takes up a search where `writeCheckpoint` left it.
  func readCheckpoint(_ path: String, key: String) throws(CheckpointError) {
    let reader = try BinaryReader(path: path)
    guard try reader.text() == Self.magic else { throw reader.damaged }
    guard try reader.text() == key else {
      throw CheckpointError(
        path: path, reason: "was made with another spec, scope, option or version of the tool")
    }
    try readProgress(reader)
    try shared.readStore(from: reader)
    let level = try readStates(reader)
    for chunk in try readStates(reader).chunks { shared.next.append(chunk, from: 0) }
    guard try reader.text() == Self.end else { throw reader.damaged }
    shared.resume(level)
  }

  private func readStates(_ reader: BinaryReader) throws(CheckpointError) -> LevelStates {
    var count = try reader.count(of: shared.wordCount * 8)
    var level = LevelStates()
    while count > 0 {
      let chunk = Chunk(wordCount: shared.wordCount)
      chunk.count = min(Chunk.capacity, count)
      try reader.read(
        into: UnsafeMutableRawBufferPointer(start: chunk.words, count: chunk.count * shared.wordCount * 8))
      count -= chunk.count
      level.chunks.append(chunk)
    }
    return level
  }
}

extension TreeStore {
  func write(to writer: BinaryWriter) {
    writer.write(cut?.position ?? 0)
    space.write(to: writer)
    writer.write(count)
    for table in tables { table.write(to: writer) }
    root.write(to: writer)
  }

  /// Reads what follows the cut.
  func read(from reader: BinaryReader) throws(CheckpointError) {
    let space = try KeySpace(from: reader)
    let count = try reader.number(in: 0...Int.max)
    for table in tables { try table.read(from: reader) }
    let root = try KeyTable(from: reader)
    guard root.shape.baseBits == space.baseBits, root.shape.tiles == space.tileCount else {
      throw reader.damaged
    }
    restore(root: root, space: space, count: count)
  }
}
