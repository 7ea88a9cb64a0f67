import TransitionIR

/// Cuts states of one or two words into two halves.
///
/// The used bits of both words are taken as one number, and cut at a bit. Where that is decides how often halves repeat, and so
/// how much memory they and the keys made of them take: see `best`.
struct StateCut: Equatable {
  /// Bits that the first word uses; the second follows.
  private let firstBits: UInt64
  private let totalBits: Int
  /// Bits of the lower half.
  let position: Int

  /// Nil for states of more than two words.
  init?(_ packing: StatePacking, position: Int? = nil) {
    guard packing.wordCount <= 2 else { return nil }
    var used = [0, 0]
    for field in packing.fields {
      let bits = 64 - field.mask.leadingZeroBitCount
      used[field.word] = max(used[field.word], Int(field.shift) + bits)
    }
    firstBits = UInt64(used[0])
    totalBits = used[0] + used[1]
    let all = Self.positions(totalBits)
    // Globals that are no locks below, locks and processes above; of two words, the words.
    let natural = packing.wordCount == 2 ? used[0] : packing.globalBits
    self.position = min(max(position ?? natural, all.lowerBound), all.upperBound)
  }

  /// Both halves must fit into a word.
  private static func positions(_ totalBits: Int) -> ClosedRange<Int> {
    max(0, totalBits - 64)...min(64, totalBits)
  }

  /// Writes the halves of some states into two columns.
  func split(
    _ states: UnsafePointer<UInt64>, count: Int, _ left: UnsafeMutablePointer<UInt64>,
    _ right: UnsafeMutablePointer<UInt64>, wordCount: Int
  ) {
    // Shifts by 64 give 0 here, which is what is wanted of them.
    let cut = UInt64(position)
    let mask: UInt64 = cut == 64 ? .max : (1 << cut) - 1
    if wordCount == 1 {
      for i in 0..<count {
        left[i] = states[i] & mask
        right[i] = states[i] >> cut
      }
    } else if cut <= firstBits {
      let rest = firstBits - cut
      for i in 0..<count {
        left[i] = states[2 &* i] & mask
        right[i] = states[2 &* i] >> cut | states[2 &* i &+ 1] << rest
      }
    } else {
      let rest = cut - firstBits
      for i in 0..<count {
        left[i] = (states[2 &* i] | states[2 &* i &+ 1] << firstBits) & mask
        right[i] = states[2 &* i &+ 1] >> rest
      }
    }
  }

  /// Makes states of their halves again: the inverse of `split`.
  func join(
    _ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>, count: Int,
    _ states: UnsafeMutablePointer<UInt64>, wordCount: Int
  ) {
    let cut = UInt64(position)
    if wordCount == 1 {
      for i in 0..<count { states[i] = left[i] | right[i] << cut }
      return
    }
    let firstMask: UInt64 = firstBits == 64 ? .max : (1 << firstBits) - 1
    for i in 0..<count {
      if cut <= firstBits {
        states[2 &* i] = (left[i] | right[i] << cut) & firstMask
        states[2 &* i &+ 1] = right[i] >> (firstBits - cut)
      } else {
        states[2 &* i] = left[i] & firstMask
        states[2 &* i &+ 1] = left[i] >> firstBits | right[i] << (cut - firstBits)
      }
    }
  }

  /// All cuts of such states.
  static func all(_ packing: StatePacking) -> [StateCut] {
    guard let natural = StateCut(packing) else { return [] }
    return positions(natural.totalBits).compactMap { StateCut(packing, position: $0) }
  }
}
