import Foundation
import Synchronization

/// Standard output and error.
enum Terminal {
  static var usesColor: Bool { isatty(STDOUT_FILENO) == 1 && allowsColor }
  static var usesColorOnError: Bool { isatty(STDERR_FILENO) == 1 && allowsColor }
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  private static var allowsColor: Bool {
    let environment = ProcessInfo.processInfo.environment
    return environment["NO_COLOR"]?.isEmpty ?? true && environment["TERM"] != "dumb"
  }

  static func printError(_ text: String) {
    FileHandle.standardError.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  /// Replaces the progress line.
  static func showProgress(_ text: String) {
    FileHandle.standardError.write(Data("\r\u{1b}[K\(text.prefix(100))".utf8))
  }

  static func clearProgress() {
    if showsProgress { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}

/// Ctrl-C: the first asks the search to stop and report what it has; the second ends the program.
enum Interruption {
  private static let isRequested = Atomic<Bool>(false)

  static func catchSignal() {
    signal(SIGINT) { _ in
      if Interruption.isRequested.exchange(true, ordering: .relaxed) { _exit(130) }
    }
  }

  static var hasHappened: Bool { isRequested.load(ordering: .relaxed) }
}
