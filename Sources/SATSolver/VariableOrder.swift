/// The variables that are not decided yet, the most active first.
///
/// Those that took part in a conflict are in a binary heap. The others, most of all, follow by number.
struct VariableOrder {
  private var heap = Buffer<Int32>()
  /// Where a variable is in the heap; -1 if it is not.
  private var places = Buffer<Int32>()
  private var activity = Buffer<Double>()
  private var increment = 1.0

  func free() {
    heap.free()
    places.free()
    activity.free()
  }

  mutating func addVariable() {
    let variable = Int32(activity.count)
    activity.append(0)
    places.append(-1)
    cursor = min(cursor, variable)
  }

  /// No variable of a smaller number that is not in the heap is open.
  private var cursor: Int32 = 0

  mutating func insert(_ variable: Int32) {
    if places[Int(variable)] >= 0 { return }
    if activity[Int(variable)] == 0 {
      cursor = min(cursor, variable)
      return
    }
    places[Int(variable)] = Int32(heap.count)
    heap.append(variable)
    rise(heap.count - 1)
  }

  /// The most active variable; nil if there is none.
  mutating func removeFirst() -> Int32? {
    if heap.count == 0 {
      while Int(cursor) < activity.count {
        cursor += 1
        if activity[Int(cursor) - 1] == 0 { return cursor - 1 }
      }
      return nil
    }
    let first = heap[0]
    let last = heap.removeLast()
    places[Int(first)] = -1
    if heap.count > 0 {
      heap[0] = last
      places[Int(last)] = 0
      sink(0)
    }
    return first
  }

  /// The variable took part in a conflict.
  mutating func bump(_ variable: Int) {
    activity[variable] += increment
    if activity[variable] > 1e100 { rescale() }
    // Assigned now; it comes into the heap when it is open again.
    if places[variable] >= 0 { rise(Int(places[variable])) }
  }

  mutating func decay() { increment /= 0.95 }

  private mutating func rescale() {
    for index in 0..<activity.count {
      activity[index] = activity[index] == 0 ? 0 : max(activity[index] * 1e-100, .leastNormalMagnitude)
    }
    increment *= 1e-100
  }

  private func isBefore(_ a: Int32, _ b: Int32) -> Bool {
    let (x, y) = (activity[Int(a)], activity[Int(b)])
    return x > y || x == y && a < b
  }

  private func rise(_ start: Int) {
    var index = start
    let variable = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard isBefore(variable, heap[parent]) else { break }
      heap[index] = heap[parent]
      places[Int(heap[index])] = Int32(index)
      index = parent
    }
    heap[index] = variable
    places[Int(variable)] = Int32(index)
  }

  private func sink(_ start: Int) {
    var index = start
    let variable = heap[index]
    while true {
      var child = 2 * index + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, isBefore(heap[child + 1], heap[child]) { child += 1 }
      guard isBefore(heap[child], variable) else { break }
      heap[index] = heap[child]
      places[Int(heap[index])] = Int32(index)
      index = child
    }
    heap[index] = variable
    places[Int(variable)] = Int32(index)
  }
}
