/// The text of one source file, with the byte offsets of its lines.
///
/// Offsets everywhere are UTF-8 byte offsets from the start of the file; lines and columns are 1-based.
public struct SourceText: Sendable {
  /// The path as shown in messages: relative to where the user started, never resolved.
  public let path: String
  /// The whole file.
  public let bytes: [UInt8]
  /// Byte offset of the first byte of each line; the first entry is 0.
  public let lineStarts: [Int]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// The 1-based line that holds `offset`; O(log lines).
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The 1-based byte column of `offset` in its line.
  public func column(at offset: Int) -> Int {
    offset - lineStarts[line(at: offset) - 1] + 1
  }

  /// The text of a 1-based line without its line end; empty for a line that does not exist.
  public func text(ofLine line: Int) -> String {
    guard line >= 1, line <= lineStarts.count else { return "" }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// The text between two byte offsets, clamped to the file.
  public func text(from start: Int, to end: Int) -> String {
    let low = min(max(0, start), bytes.count)
    let high = min(max(low, end), bytes.count)
    return String(decoding: bytes[low..<high], as: UTF8.self)
  }
}

/// Names a file of a `SourceMap`.
public struct FileID: Hashable, Sendable {
  public let index: Int
  public init(index: Int) { self.index = index }
}

/// A half-open byte range of one file.
public struct SourceRange: Hashable, Sendable {
  public let file: FileID
  public let start: Int
  public let end: Int

  public init(file: FileID, start: Int, end: Int) {
    self.file = file
    self.start = start
    self.end = max(start, end)
  }

  /// The smallest range that covers both; both must be of the same file.
  public func union(_ other: SourceRange) -> SourceRange {
    SourceRange(file: file, start: min(start, other.start), end: max(end, other.end))
  }
}

/// All files of one spec: the root file first, then its imports in the order of their first use.
public struct SourceMap: Sendable {
  public private(set) var files: [SourceText] = []

  public init() {}

  public mutating func add(_ text: SourceText) -> FileID {
    files.append(text)
    return FileID(index: files.count - 1)
  }

  public subscript(file: FileID) -> SourceText { files[file.index] }

  /// The source text that `range` covers.
  public func text(of range: SourceRange) -> String {
    self[range.file].text(from: range.start, to: range.end)
  }
}
