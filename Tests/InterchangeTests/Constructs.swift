import Foundation
import Testing

/// Small specs, each for something that the translation treats on its own; `make test-peers` runs them through the peers, too.
enum Constructs {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Constructs")

  /// The names of their files.
  static let all: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".mmck") }.sorted()
}
