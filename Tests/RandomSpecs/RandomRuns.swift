import Foundation

/// How many specs tests look at, and where they begin.
///
/// `MMCK_RANDOM_SPECS` asks for more than what is quick, `MMCK_RANDOM_SEED` for others.
public enum RandomRuns {
  public static func seeds(_ quickCount: Int, share: Int = 1) -> Range<UInt64> {
    let first = number("MMCK_RANDOM_SEED") ?? 0
    let count = number("MMCK_RANDOM_SPECS").map { max(1, $0 / share) } ?? quickCount
    return UInt64(first)..<UInt64(first + count)
  }

  public static var isThorough: Bool { number("MMCK_RANDOM_SPECS") != nil }

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }
}
