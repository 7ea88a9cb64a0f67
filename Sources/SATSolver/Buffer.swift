/// A growing array without checks and without copies on write: what the inner loops of a solver are made of.
///
/// Requires: indices are in bounds, and `free` is called once, at the end.
struct Buffer<Element: BitwiseCopyable> {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 4) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  func free() { base.deallocate() }

  subscript(index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  @inline(__always) mutating func append(_ element: Element) {
    if count == capacity { grow(to: capacity * 2) }
    base[count] = element
    count += 1
  }

  @inline(__always) mutating func removeLast() -> Element {
    count -= 1
    return base[count]
  }

  @inline(__always) mutating func shrink(to size: Int) { count = size }

  private mutating func grow(to size: Int) {
    let wider = UnsafeMutablePointer<Element>.allocate(capacity: size)
    wider.update(from: base, count: count)
    base.deallocate()
    base = wider
    capacity = size
  }
}
