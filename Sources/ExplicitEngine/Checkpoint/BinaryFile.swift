import Glibc

/// Why a checkpoint cannot be written or read.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}

/// Writes numbers, texts and blocks of memory, one after the other.
final class BinaryWriter {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var hasFailed = false

  init(path: String) throws(CheckpointError) {
    self.path = path
    guard let file = fopen(path, "wb") else {
      throw CheckpointError(path: path, reason: "cannot be written")
    }
    self.file = file
  }

  deinit { fclose(file) }

  func write(_ number: Int) { write(UInt64(bitPattern: Int64(number))) }

  func write(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { write($0) }
  }

  func write(_ text: String) {
    write(text.utf8.count)
    text.utf8CString.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
  }

  func write(_ flags: [Bool]) {
    write(flags.count)
    flags.map { $0 ? UInt8(1) : 0 }.withUnsafeBytes { write($0) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0, let base = bytes.baseAddress else { return }
    if fwrite(base, 1, bytes.count, file) != bytes.count { hasFailed = true }
  }

  /// Makes sure that everything is on the disk.
  func finish() throws(CheckpointError) {
    if fflush(file) != 0 || fsync(fileno(file)) != 0 { hasFailed = true }
    if hasFailed { throw CheckpointError(path: path, reason: "cannot be written completely") }
  }
}

/// Reads what a `BinaryWriter` wrote; whatever the file holds, a wrong length is an error and never a crash.
final class BinaryReader {
  let path: String
  private let file: UnsafeMutablePointer<FILE>
  /// Bytes that are left.
  private var rest: Int

  init(path: String) throws(CheckpointError) {
    self.path = path
    guard let file = fopen(path, "rb") else { throw CheckpointError(path: path, reason: "cannot be read") }
    self.file = file
    fseek(file, 0, SEEK_END)
    rest = ftell(file)
    rewind(file)
  }

  deinit { fclose(file) }

  var damaged: CheckpointError { CheckpointError(path: path, reason: "is no checkpoint, or is damaged") }

  func read(into bytes: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    guard bytes.count > 0, let base = bytes.baseAddress else { return }
    guard bytes.count <= rest, fread(base, 1, bytes.count, file) == bytes.count else { throw damaged }
    rest -= bytes.count
  }

  func word() throws(CheckpointError) -> UInt64 {
    var number: UInt64 = 0
    guard rest >= 8, fread(&number, 1, 8, file) == 8 else { throw damaged }
    rest -= 8
    return UInt64(littleEndian: number)
  }

  /// A number in a range; anything else means that the file is damaged.
  func number(in range: ClosedRange<Int>) throws(CheckpointError) -> Int {
    let number = Int(Int64(bitPattern: try word()))
    guard range.contains(number) else { throw damaged }
    return number
  }

  /// How many things of at least `size` bytes follow.
  func count(of size: Int) throws(CheckpointError) -> Int { try number(in: 0...rest / max(1, size)) }

  func text() throws(CheckpointError) -> String {
    String(decoding: try bytes(), as: UTF8.self)
  }

  func flags() throws(CheckpointError) -> [Bool] { try bytes().map { $0 != 0 } }

  private func bytes() throws(CheckpointError) -> [UInt8] {
    let count = try count(of: 1)
    var bytes = [UInt8](repeating: 0, count: count)
    guard fread(&bytes, 1, count, file) == count else { throw damaged }
    rest -= count
    return bytes
  }
}
