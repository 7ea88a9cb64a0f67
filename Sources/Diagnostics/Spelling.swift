/// The candidate that `name` was probably meant to be, or nil if none is close.
///
/// Close is: equal but for upper and lower case, or within one edit for each three letters. An edit is a letter
/// inserted, left out, replaced, or swapped with its neighbour. Of equally close candidates the first wins.
public func nearest(_ name: String, in candidates: [String]) -> String? {
  let wanted = Array(name.unicodeScalars)
  // Longer names are no slips of the keyboard, and the distance takes time in the product of the lengths.
  guard !wanted.isEmpty, wanted.count <= 100 else { return nil }
  let limit = max(1, wanted.count / 3)
  var best: (distance: Int, candidate: String)?
  for candidate in candidates where candidate != name {
    if candidate.lowercased() == name.lowercased() { return candidate }
    let letters = Array(candidate.unicodeScalars)
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = editDistance(wanted, letters)
    // A name of one or two letters is near to everything: one edit must leave a part of it.
    guard distance <= limit, distance < min(wanted.count, letters.count) else { continue }
    if distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  return best?.candidate
}

/// The number of edits between two names (optimal string alignment).
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for row in 1..<(first.count + 1) {
    var current = [row] + Array(repeating: 0, count: second.count)
    for column in 0..<second.count {
      let isSame = first[row - 1] == second[column]
      var distance = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
      let isSwap =
        row > 1 && column > 0 && first[row - 1] == second[column - 1] && first[row - 2] == second[column]
      if isSwap { distance = min(distance, beforeLast[column - 1] + 1) }
      current[column + 1] = distance
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
