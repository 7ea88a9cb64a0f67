import Foundation

/// The outside world: the only way in which libraries touch files and the clock.
///
/// Tests use their own.
public struct Host: Sendable {
  /// The bytes of a file.
  public var read: @Sendable (_ path: String) throws(HostError) -> [UInt8]
  /// Writes a file, with the folders above it.
  public var write: @Sendable (_ path: String, _ text: String) throws(HostError) -> Void
  public var kind: @Sendable (_ path: String) -> EntryKind
  /// Files below a folder with one of these endings, sorted by path.
  public var files: @Sendable (_ folder: String, _ endings: [String]) -> [String]
  /// Seconds since some fixed moment.
  public var now: @Sendable () -> Double

  /// Bytes that this process holds in memory; 0 where the system does not tell.
  public var residentBytes: @Sendable () -> Int

  public enum EntryKind: Sendable { case file, folder, missing }

  public init(
    read: @escaping @Sendable (String) throws(HostError) -> [UInt8],
    write: @escaping @Sendable (String, String) throws(HostError) -> Void,
    kind: @escaping @Sendable (String) -> EntryKind,
    files: @escaping @Sendable (String, [String]) -> [String],
    now: @escaping @Sendable () -> Double,
    residentBytes: @escaping @Sendable () -> Int = { 0 }
  ) {
    self.read = read
    self.write = write
    self.kind = kind
    self.files = files
    self.now = now
    self.residentBytes = residentBytes
  }
}

/// What the operating system refused.
public struct HostError: Error, Sendable, CustomStringConvertible {
  public let path: String
  public let reason: String
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
  public var description: String { "\(path): \(reason)" }
}

extension Host {
  /// Larger files are refused: no spec or trace needs them.
  public static let fileSizeLimit = 64 << 20

  /// The real one.
  public static let system = Host(
    read: { path throws(HostError) in
      guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
        throw HostError(path: path, reason: "no such file")
      }
      if size > fileSizeLimit {
        throw HostError(path: path, reason: "larger than \(fileSizeLimit >> 20) MiB")
      }
      guard let data = FileManager.default.contents(atPath: path) else {
        throw HostError(path: path, reason: "cannot be read")
      }
      return [UInt8](data)
    },
    write: { path, text throws(HostError) in
      let url = URL(fileURLWithPath: path)
      do {
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      } catch {
        throw HostError(path: path, reason: "cannot be written")
      }
    },
    kind: { path in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .missing }
      return isFolder.boolValue ? .folder : .file
    },
    files: { folder, endings in
      guard let walker = FileManager.default.enumerator(atPath: folder) else { return [] }
      return walker.compactMap { $0 as? String }
        .filter { name in endings.contains { name.hasSuffix($0) } }
        .map { folder.hasSuffix("/") ? folder + $0 : folder + "/" + $0 }.sorted()
    },
    now: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
    residentBytes: {
      let text = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
      let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
      return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    })
}
