import Glibc
import Synchronization

/// Some states of one level, packed, one after the other; in memory or on disk.
final class Chunk: @unchecked Sendable {
  // Unchecked: one thread fills a chunk, then it is only read.
  /// States in a chunk at most.
  static let capacity = 1 << 11
  private(set) var words: UnsafeMutablePointer<UInt64>?
  var count = 0
  /// Where its words are in the spill file, if they are not in memory.
  fileprivate(set) var place = (half: 0, offset: 0)

  init(wordCount: Int) { words = .allocate(capacity: Chunk.capacity * wordCount) }

  deinit { words?.deallocate() }

  /// Nobody reads them here again.
  func dropWords() {
    words?.deallocate()
    words = nil
  }
}

/// The states of one level.
struct LevelStates {
  var chunks: [Chunk] = []
  var count: Int { chunks.reduce(0) { $0 + $1.count } }
}

/// Collects the states of the next level from all threads; writes them to disk when there is a folder for that and memory is short.
final class Frontier: Sendable {
  let wordCount: Int
  /// By worker, in the order in which it filled them.
  private let full: Mutex<[[Chunk]]>
  private let spill: SpillFile?

  /// Without a file everything stays in memory.
  init(wordCount: Int, workers: Int, spill: SpillFile?) {
    self.wordCount = wordCount
    full = Mutex(Array(repeating: [], count: workers))
    self.spill = spill
  }

  private var chunkBytes: Int { Chunk.capacity * wordCount * 8 }

  /// Adds a chunk that a worker filled to the next level.
  func append(_ chunk: Chunk, from worker: Int) {
    if chunk.count == 0 { return }
    if let spill, full.withLock({ $0.reduce(0) { $0 + $1.count } }) * chunkBytes > spill.memoryLimit {
      spill.write(chunk, wordCount)
    }
    full.withLock { $0[worker].append(chunk) }
  }

  /// What was collected of the next level so far; what one worker found is together.
  var chunks: [Chunk] { full.withLock { Array($0.joined()) } }

  /// States of the next level so far.
  var count: Int { chunks.reduce(0) { $0 + $1.count } }

  /// Bytes of the next level in memory.
  var byteCount: Int { chunks.count { $0.words != nil } * chunkBytes }

  /// The chunks collected so far; the collection begins anew.
  func take() -> LevelStates {
    spill?.turn()
    return full.withLock { chunks in
      let level = LevelStates(chunks: Array(chunks.joined()))
      chunks = Array(repeating: [], count: chunks.count)
      return level
    }
  }

  /// Calls `body` with the words of a chunk, reading them from disk if they are there.
  func withWords<T>(of chunk: Chunk, _ buffer: inout [UInt64], _ body: (UnsafePointer<UInt64>) -> T) -> T {
    if let words = chunk.words { return body(words) }
    if buffer.isEmpty { buffer = [UInt64](repeating: 0, count: Chunk.capacity * wordCount) }
    return buffer.withUnsafeMutableBufferPointer { memory in
      guard let base = memory.baseAddress, let spill else { preconditionFailure("a chunk without words") }
      spill.read(chunk, wordCount, into: base)
      return body(base)
    }
  }
}

/// A file without a name that holds states for which there is no room in memory; the system removes it with the process.
///
/// It has two halves, for the level that is read and the one that is written; in fact two files, so that both can shrink.
public final class SpillFile: Sendable {
  private let descriptors: [Int32]
  private let state = Mutex<(half: Int, end: Int)>((0, 0))
  /// Bytes of one level that stay in memory.
  let memoryLimit: Int

  /// Nil if no file can be made in the folder.
  public init?(folder: String, memoryLimit: Int) {
    self.memoryLimit = memoryLimit
    var descriptors: [Int32] = []
    for _ in 0..<2 {
      var template = Array((folder + "/mmck-frontier-XXXXXX").utf8CString)
      let descriptor = mkstemp(&template)
      if descriptor >= 0 {
        unlink(template)
        descriptors.append(descriptor)
      }
    }
    self.descriptors = descriptors
    if descriptors.count < 2 {
      for descriptor in descriptors { close(descriptor) }
      return nil
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }

  /// A new level begins to be written: the one before the last is done with, and its half is used again.
  func turn() {
    state.withLock { state in
      state = (1 - state.half, 0)
      ftruncate(descriptors[state.half], 0)
    }
  }

  /// Moves the words of a chunk to the file; they stay in memory if the disk is full.
  func write(_ chunk: Chunk, _ wordCount: Int) {
    guard let words = chunk.words else { return }
    let length = chunk.count * wordCount * 8
    let (half, offset) = state.withLock { state in
      defer { state.end += length }
      return (state.half, state.end)
    }
    var done = 0
    while done < length {
      let written = pwrite(
        descriptors[half], UnsafeRawPointer(words) + done, length - done, off_t(offset + done))
      if written <= 0 { return }
      done += written
    }
    chunk.place = (half, offset)
    chunk.dropWords()
  }

  func read(_ chunk: Chunk, _ wordCount: Int, into memory: UnsafeMutablePointer<UInt64>) {
    let length = chunk.count * wordCount * 8
    var done = 0
    while done < length {
      let bytes = pread(
        descriptors[chunk.place.half], UnsafeMutableRawPointer(memory) + done, length - done,
        off_t(chunk.place.offset + done))
      precondition(bytes > 0, "the spill file cannot be read back")
      done += bytes
    }
  }
}
