import Glibc

/// Zeroed memory straight from the system: only pages that were touched take room, and parts can be given back.
final class Mapping: @unchecked Sendable {
  // Unchecked: whoever shares the memory orders the accesses to it.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// - Precondition: the system has the address space; it is not asked for memory yet.
  init(byteCount: Int) {
    self.byteCount = max(4096, byteCount)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let memory = mmap(nil, self.byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED
    else { fatalError("the system has no address space left") }
    base = memory
    // Tables are read at random: fewer, larger pages save most of the address translation.
    if self.byteCount >= 4 << 20 { madvise(base, self.byteCount, Int32(MADV_HUGEPAGE)) }
  }

  deinit { munmap(base, byteCount) }

  /// Gives back the memory of whole pages below `end`, to be called with growing ends.
  func releasePrefix(from start: Int, to end: Int) {
    let page = 1 << 21
    let first = start / page * page
    let last = end / page * page
    if last > first { madvise(base + first, last - first, MADV_DONTNEED) }
  }
}
